"""Tables for a terminal. They stay readable without colour and when piped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from eval.bench import Bench
from eval.compare import Comparison
from eval.metrics import METRICS, Row, metric_of
from eval.score import Scores, figure
from eval.stats import Difference, Estimate


def number(value: float | None, unit: str = "share") -> str:
    """Return a figure as people read it.

    >>> number(0.8751), number(1234.5, "ms"), number(None)
    ('0.875', '1234', '-')
    """
    if value is None:
        return "-"
    if unit == "usd":
        return f"{value:.4f}"
    if unit == "share":
        return f"{value:.3f}"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}"


def cells(name: str, estimate: Estimate) -> tuple[str, str, str]:
    """Return figure, interval and n of one metric."""
    unit = metric_of(name).unit
    if estimate.mean is None:
        return "-", "", "0"
    interval = f"{number(estimate.low, unit)} … {number(estimate.high, unit)}"
    return number(estimate.mean, unit), interval, str(estimate.n)


def headline(scores: Scores) -> str:
    """Return what was run, on one line."""
    failed = f", {scores.failures} failed" if scores.failures else ""
    return printable(f"{scores.suite} · {scores.system} · {scores.n} cases{failed}")


def scores_table(scores: Scores) -> Table:
    """Return the shown metrics with their 95 % intervals."""
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("metric")
    for heading in ("figure", "95 % interval", "n"):
        table.add_column(heading, justify="right")
    for name in scores.shown:
        if name in scores.metrics and scores.metrics[name].mean is not None:
            table.add_row(name, *cells(name, scores.metrics[name]))
    return table


def groups_table(parts: Mapping[str, list[Row]], names: Sequence[str]) -> Table:
    """Return one row for each group of cases."""
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("kind")
    for heading in ("n", *names):
        table.add_column(heading, justify="right")
    for kind, rows in parts.items():
        figures = [number(figure(name, rows), METRICS[name].unit) for name in names]
        table.add_row(printable(kind), str(len(rows)), *figures)
    return table


def comparison_headline(found: Comparison) -> str:
    """Return what is compared, on one line."""
    left = f", {found.unpaired}" if found.unpaired else ""
    gained = sum(change.better for change in found.changes)
    sides = f"{gained} cases gained, {len(found.changes) - gained} lost"
    return printable(f"{found.suite} · A {found.a} · B {found.b} · {found.n} shared cases{left} · {sides}")


def comparison_tables(found: Comparison) -> list[Table]:
    """Return the differences, then the cases that changed sides."""
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("metric")
    for heading in ("A", "B", "B - A", "95 % interval", "p", "n"):
        table.add_column(heading, justify="right")
    for name in found.shown:
        if name in found.differences:
            table.add_row(name, *_difference(name, found.differences[name]))
    return [table, _changes(found)] if found.changes else [table]


def _difference(name: str, gap: Difference) -> tuple[str, ...]:
    unit = metric_of(name).unit
    interval = f"{number(gap.low, unit)} … {number(gap.high, unit)}"
    p = f"{gap.p:.3f}{' *' if gap.p < 0.05 else ''}"
    return number(gap.a, unit), number(gap.b, unit), number(gap.delta, unit), interval, p, str(gap.n)


def _changes(found: Comparison) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("", "case", "question", "A", "B"):
        table.add_column(heading)
    for change in sorted(found.changes, key=lambda c: c.better):
        sign, question = "+" if change.better else "-", printable(change.question)[:70]
        table.add_row(sign, printable(change.id), question, change.a, change.b)
    return table


def bench_table(found: Bench) -> Table:
    """Return one row for each measurement."""
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("what")
    for heading in ("figure", "least … most", "n"):
        table.add_column(heading, justify="right")
    table.add_column("how")
    for f in found.figures:
        spread = "" if f.low is None or f.high is None else f"{f.low:.3g} … {f.high:.3g}"
        table.add_row(f.name, f"{f.value:.3g} {f.unit}", spread, str(f.n), f.note)
    size, largest = found.size, ", ".join(f"{name} {mb:.0f}" for name, mb in found.size.largest)
    if size.distributions:
        packages = f"{size.distributions} distributions; largest in MB: {largest}"
        table.add_row("install size", f"{size.total_mb:.0f} MB", "", "1", packages)
    return table


def bench_about(found: Bench) -> str:
    """Return machine and versions on one line."""
    parts = {**found.about["machine"], **found.about["versions"], "code": found.about["code"]}
    return " · ".join(f"{key} {value}" for key, value in parts.items())


def printable(text: str) -> str:
    """Return text of others on one line without control characters.

    >>> printable("safe\\x1b[31m?\\n")
    'safe [31m? '
    """
    return "".join(c if c.isprintable() else " " for c in text)


def console(stderr: bool = False) -> Console:
    """Return a console that reads no markup and wraps little when it is not a terminal."""
    screen = Console(stderr=stderr, markup=False, highlight=False)
    return screen if screen.is_terminal else Console(stderr=stderr, markup=False, highlight=False, width=140)
