"""How sure is a figure, and is a difference more than noise? Both by resampling the cases, seeded."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass

import numpy as np

from eval.metrics.base import Metric, Values

DRAWS = 1000
"""Resamples of an interval and swaps of a test: enough that two digits stand."""
LEVEL = 0.95
_BLOCK = 2_000_000


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A figure with its 95 % interval."""

    mean: float | None
    """None when the metric applies to no case: never 0, never NaN."""
    low: float | None
    high: float | None
    n: int
    """How many cases it rests on."""

    def to_dict(self) -> dict[str, float | int | None]:
        return {"mean": self.mean, "low": self.low, "high": self.high, "n": self.n}


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A paired difference B - A over the cases that both runs have."""

    a: float
    b: float
    low: float
    high: float
    p: float
    """Two-sided, by permutation: how often swapping the runs at random gives as much."""
    n: int

    @property
    def delta(self) -> float:
        return self.b - self.a


def rng(seed: int, name: str) -> np.random.Generator:
    """Return a generator of its own for each figure, so that adding a metric changes no other."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def figure(metric: Metric, values: Values) -> float | None:
    """Return one figure; None where it is undefined."""
    found = float(metric.combine(values)) if len(values) else math.nan
    return None if math.isnan(found) else found


def estimate(metric: Metric, values: Values, seed: int = 0) -> Estimate:
    """Return the figure and its percentile bootstrap interval (Efron 1979) over cases, or what the metric has instead.

    Args:
        metric: what to compute.
        values: one row for each case, shape (n, columns).
        seed: of the resampling.
    """
    middle = figure(metric, values)
    if middle is None:
        return Estimate(mean=None, low=None, high=None, n=0)
    draws, n = rng(seed, metric.name), len(values)
    blocks = [metric.combine(values[draws.integers(0, n, (size, n), dtype=np.int32)]) for size in _blocks(values)]
    low, high = _bounds(metric, blocks, middle, metric.count(values))
    return Estimate(mean=middle, low=low, high=high, n=metric.count(values))


def estimate_of(name: str, values: list[float], seed: int = 0) -> Estimate:
    """Return the mean of some numbers that belong to no metric of the table."""
    metric = Metric(name=name, formula="", source="", draw=lambda row: None)
    return estimate(metric, np.array(values, dtype=np.float64).reshape(-1, 1), seed)


def paired(metric: Metric, a: Values, b: Values, seed: int = 0) -> Difference | None:
    """Return the difference between two runs over the same cases, in the same order.

    The interval is a bootstrap over cases, the test a permutation test that swaps the two runs' values
    case by case (Fisher 1935; Smucker, Allan and Carterette 2007). None when the figure is undefined.
    """
    first, second = figure(metric, a), figure(metric, b)
    if first is None or second is None:
        return None
    draws, n, delta = rng(seed, metric.name), len(a), second - first
    shifts, chance = [], []
    for size in _blocks(a):
        at = draws.integers(0, n, (size, n), dtype=np.int32)
        shifts.append(metric.combine(b[at]) - metric.combine(a[at]))
    for size in _blocks(a):
        swap = draws.integers(0, 2, (size, n, 1), dtype=bool)
        chance.append(metric.combine(np.where(swap, a, b)) - metric.combine(np.where(swap, b, a)))
    low, high = _interval(shifts, delta)
    swapped = np.concatenate(chance)
    swapped = swapped[~np.isnan(swapped)]
    as_large = int((np.abs(swapped) >= abs(delta) - 1e-12).sum())
    return Difference(a=first, b=second, low=low, high=high, p=(as_large + 1) / (len(swapped) + 1), n=n)


def _blocks(values: Values) -> list[int]:
    """Return how many resamples to draw at a time: memory stays flat however many cases there are."""
    step = max(1, _BLOCK // values.size)
    return [min(step, DRAWS - done) for done in range(0, DRAWS, step)]


def _bounds(metric: Metric, blocks: list[Values], middle: float, n: int) -> tuple[float, float]:
    """Return the interval of one figure, taken as its metric says."""
    low, high = _interval(blocks, middle)
    if metric.interval == "shifted":
        added = float(np.nanmean(np.concatenate(blocks))) - middle
        return max(low - added, 0.0), max(high - added, middle)
    if metric.interval == "share" and metric.unit == "share" and low == high == middle and middle in (0.0, 1.0):
        return _agreed(middle, n)
    return low, high


def _agreed(share: float, n: int) -> tuple[float, float]:
    """Return the exact interval (Clopper and Pearson 1934) where all cases agree: resamples of them do not differ.

    >>> [round(bound, 2) for bound in _agreed(1.0, 3)], [round(bound, 2) for bound in _agreed(0.0, 30)]
    ([0.29, 1.0], [0.0, 0.12])
    """
    least = ((1 - LEVEL) / 2) ** (1 / n)
    return (least, 1.0) if share else (0.0, 1 - least)


def _interval(blocks: list[Values], otherwise: float) -> tuple[float, float]:
    """Return the percentiles of the resamples in which the figure is defined."""
    figures = np.concatenate(blocks)
    figures = figures[~np.isnan(figures)]
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.percentile(figures, [tail, 100 - tail]) if len(figures) else (otherwise, otherwise)
    return float(low), float(high)
