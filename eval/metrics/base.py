"""What a metric is: numbers drawn from each case, and how they combine over cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from eval.record import CaseRun

Values = NDArray[np.float64]
Combine = Callable[[Values], Values]
"""From cases, shape (…, n, columns), to figures, shape (…): many resamples at once. NaN where undefined,
which `eval.stats` turns into None before anyone sees it."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One case that did not fail, with what is computed for all cases at once."""

    run: CaseRun
    ranking: Mapping[str, float] = field(default_factory=dict)
    """Ranking measures of this case by name; empty when no evidence is known."""


def mean(values: Values) -> Values:
    """Return the mean of the first column."""
    figures: Values = np.mean(values[..., 0], axis=-1)
    return figures


def ratio(over: Values, under: Values) -> Values:
    """Return the quotient, NaN where there is nothing to divide by."""
    quotient: Values = np.divide(over, under, out=np.full(np.shape(over), np.nan), where=np.asarray(under) > 0)
    return quotient


def everything(values: Values) -> int:
    """Return how many cases the figure rests on: all that have a value."""
    return len(values)


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One figure. `draw` gives a case's numbers or None where the metric does not apply to it."""

    name: str
    formula: str
    """In words, for the documentation and the report."""
    source: str
    draw: Callable[[Row], tuple[float, ...] | None]
    combine: Combine = mean
    count: Callable[[Values], int] = everything
    higher_is_better: bool | None = True
    """None when neither is."""
    unit: str = "share"
    """`share` (0 to 1), `ms`, `words`, `tokens` or `usd`."""
    family: str = ""
    interval: Literal["share", "plain", "shifted"] = "share"
    """How the interval is taken from resamples: a `share` gets the exact one where all its cases agree, `plain` are the

    percentiles as they are, and `shifted` those less what resampling adds, for a figure that noise can only raise.
    """

    @property
    def of_search(self) -> bool:
        """Whether it says something of a search alone, which answers nothing."""
        return self.family in {"retrieval", "cost"}
