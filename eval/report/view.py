"""What the report shows, as plain records that the template only has to lay out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.compare import against
from eval.metrics import METRICS, Metric, Row, named, usual
from eval.report.case_view import Shown, shown
from eval.runfile import Run
from eval.score import CURVE, How, Scores, figure, groups, rows, score
from eval.stats import Difference
from eval.table import number

_KIND_METRICS = ("right", "recall@5", "answer_match", "citation_precision", "citation_recall", "answer_words")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One figure of one run."""

    text: str
    interval: str = ""
    n: str = ""
    low: float | None = None
    mean: float | None = None
    high: float | None = None
    """0 to 1, for the bar; None for figures that are no shares."""
    delta: str = ""
    p: str = ""
    change: str = ""
    """`better`, `worse` or empty; set only beyond noise."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One metric over all runs."""

    name: str
    family: str
    formula: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Section:
    """All runs of one suite."""

    suite: str
    runs: tuple[Run, ...]
    names: tuple[str, ...]
    rows: tuple[list[Row], ...]
    scores: tuple[Scores, ...]
    lines: tuple[Line, ...]
    kinds: tuple[tuple[str, int, tuple[tuple[str, ...], ...]], ...]
    """Kind, cases, and for each metric the figure of each run."""
    kind_metrics: tuple[str, ...]
    cases: tuple[Shown, ...]
    unpaired: tuple[str, ...]
    """Which runs could not be compared with the first in all cases, in words."""


def section(suite: str, runs: Sequence[Run], seed: int = 0) -> Section:
    """Put together what is shown of a suite. The first run is what the others are compared with."""
    drawn = tuple(rows(run, [f"recall@{k}" for k in CURVE]) for run in runs)
    scored = tuple(score(run, of, How(seed=seed)) for run, of in zip(runs, drawn, strict=True))
    names = _names(runs)
    found = [against(runs[0], other, seed) for other in runs[1:]]
    gaps = [comparison.differences for comparison in found]
    kind_metrics = tuple(n for n in _KIND_METRICS if any(_has(s, n) for s in scored))
    return Section(
        suite=suite,
        runs=tuple(runs),
        names=names,
        rows=drawn,
        scores=scored,
        lines=tuple(_lines(scored, gaps)),
        kinds=_kinds(drawn, kind_metrics),
        kind_metrics=kind_metrics,
        cases=tuple(shown(runs, names)),
        unpaired=tuple(f"{name}: {c.unpaired}" for name, c in zip(names[1:], found, strict=True) if c.unpaired),
    )


def _names(runs: Sequence[Run]) -> tuple[str, ...]:
    """Return short names that differ."""
    names = [run.name for run in runs]
    return tuple(n if names.count(n) == 1 else f"{n} {at}" for at, n in enumerate(names, 1))


def _has(scores: Scores, name: str) -> bool:
    return name in scores.metrics and scores.metrics[name].mean is not None


def _lines(scored: Sequence[Scores], gaps: Sequence[Mapping[str, Difference]]) -> list[Line]:
    wanted = dict.fromkeys((*usual(scored[0].shown), *usual()))
    lines = []
    for name, metric in named(wanted).items():
        if name not in wanted or not any(_has(s, name) for s in scored):
            continue
        cells = [_cell(scored[0], metric, None)]
        cells += [_cell(s, metric, gap.get(name)) for s, gap in zip(scored[1:], gaps, strict=True)]
        lines.append(Line(name=name, family=metric.family, formula=metric.formula, cells=tuple(cells)))
    return lines


def _cell(scores: Scores, metric: Metric, gap: Difference | None) -> Cell:
    found = scores.metrics.get(metric.name)
    if found is None or found.mean is None:
        return Cell(text="-")
    share = metric.unit == "share"
    change = ""
    if gap is not None and gap.p < 0.05 and gap.delta and metric.higher_is_better is not None:
        change = "better" if (gap.delta > 0) == metric.higher_is_better else "worse"
    return Cell(
        text=number(found.mean, metric.unit),
        interval=f"{number(found.low, metric.unit)} … {number(found.high, metric.unit)}",
        n=str(found.n),
        low=found.low if share else None,
        mean=found.mean if share else None,
        high=found.high if share else None,
        delta=f"{'+' if gap.delta > 0 else ''}{number(gap.delta, metric.unit)}" if gap else "",
        p=f"p = {gap.p:.3f}" if gap else "",
        change=change,
    )


def _kinds(
    drawn: Sequence[list[Row]], names: Sequence[str]
) -> tuple[tuple[str, int, tuple[tuple[str, ...], ...]], ...]:
    by_run = [groups(found, "kind") for found in drawn]
    table = []
    for kind in dict.fromkeys(kind for groups_of in by_run for kind in groups_of):
        parts = [groups_of.get(kind, []) for groups_of in by_run]
        figures = tuple(tuple(number(figure(n, of), METRICS[n].unit) for of in parts) for n in names)
        table.append((kind, len({row.run.case.id for of in parts for row in of}), figures))
    return tuple(table)
