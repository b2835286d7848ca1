"""Judge a run from its file alone: no model, no corpus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from eval import stats
from eval.metrics import Metric, Row, metric_of, named, usual
from eval.metrics.base import Values
from eval.metrics.ranking import score as rank
from eval.record import CaseRun
from eval.runfile import Run
from eval.stats import Estimate, estimate

CURVE = tuple(range(1, 21))
"""Ranks at which the recall curve is drawn."""


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Every figure of one run, or of a part of it."""

    suite: str
    system: str
    n: int
    failures: int
    metrics: Mapping[str, Estimate]
    shown: tuple[str, ...]
    """Which of them a table shows."""

    def to_dict(self) -> dict[str, Any]:
        """Return what `--json` prints: undefined figures are left out."""
        return {
            "suite": self.suite,
            "system": self.system,
            "n": self.n,
            "metrics": {name: e.to_dict() for name, e in self.metrics.items() if e.mean is not None},
            "failures": self.failures,
        }


def rows(run: Run, more: Iterable[str] = ()) -> list[Row]:
    """Return the cases that did not fail, with their ranking measures: the usual, the suite's own, and `more`."""
    good = [case for case in run.cases if case.outcome != "failed"]
    ranked = rank(good, run.head.unit, (*run.head.metrics, *more))
    return [Row(run=case, ranking=ranked.get(case.case.id, {})) for case in good]


def draw(metric: Metric, of: Iterable[Row]) -> Values:
    """Return the metric's numbers of every row that it applies to, shape (n, columns)."""
    drawn = [numbers for row in of if (numbers := metric.draw(row)) is not None]
    return np.array(drawn, dtype=np.float64) if drawn else np.empty((0, 1))


def figure(name: str, of: Iterable[Row]) -> float | None:
    """Return one figure without its interval; None when it applies to no case."""
    return stats.figure(metric_of(name), draw(metric_of(name), of))


@dataclass(frozen=True, kw_only=True)
class How:
    """How to score."""

    seed: int = 0
    names: tuple[str, ...] | None = None
    """Which metrics; None is all. A few are slow to begin: ROUGE's library takes seconds to import."""
    also: tuple[str, ...] = ()
    """Which beside them."""


def score(run: Run, of: list[Row] | None = None, how: How | None = None) -> Scores:
    """Return figures with their intervals. `of` saves drawing the rows again where they are at hand."""
    how = how or How()
    chosen = rows(run, how.also) if of is None else of
    failures = sum(case.outcome == "failed" for case in run.cases)
    search_only = run.head.task == "search"
    metrics = {
        name: estimate(metric, draw(metric, chosen), how.seed)
        for name, metric in named((*run.head.metrics, *how.also)).items()
        if (how.names is None or name in (*how.names, *how.also)) and (not search_only or metric.of_search)
    }
    return Scores(
        suite=run.head.suite,
        system=run.head.system,
        n=len(chosen) + failures,
        failures=failures,
        metrics=metrics,
        shown=usual(run.head.metrics),
    )


def groups(of: list[Row], key: str) -> dict[str, list[Row]]:
    """Return the rows by `kind` or `split`, in the order of first appearance."""
    found: dict[str, list[Row]] = {}
    for row in of:
        found.setdefault(_key(row.run, key) or "other", []).append(row)
    return found


def _key(run: CaseRun, key: str) -> str:
    return run.case.kind if key == "kind" else str(run.case.split or "")
