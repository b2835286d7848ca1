"""Two runs over the same cases, case against case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from eval.diagnose import outcome
from eval.metrics import Metric, Row, named, usual
from eval.record import CaseRun, RunHead
from eval.runfile import Run
from eval.score import rows
from eval.stats import Difference, paired
from rag.errors import UserError


@dataclass(frozen=True, kw_only=True)
class Change:
    """A case that one run got right and the other did not."""

    id: str
    kind: str
    question: str
    better: bool
    """Whether B is the one that got it right."""
    a: str
    b: str
    """What became of the case in each run."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """B against A."""

    suite: str
    a: str
    b: str
    n: int
    """Cases that neither run failed."""
    left_out: int
    """Cases that are in one run only, or failed in one, or are not the same in both."""
    edited: int
    """Cases among these that both runs have, but not with the same question, answers or evidence."""
    apart: str = ""
    """How the runs differ in what they judge, so that no case can be held against another; else empty."""
    differences: Mapping[str, Difference]
    shown: tuple[str, ...]
    """Which of them a table shows."""
    changes: tuple[Change, ...]

    @property
    def unpaired(self) -> str:
        """What is left out, in words; empty when nothing is."""
        reason = self.apart or (f"{self.edited} edited between the runs" if self.edited else "")
        return f"{self.left_out} left out{f' ({reason})' if reason else ''}" if self.left_out else ""

    def to_dict(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        figures = {
            name: {"a": d.a, "b": d.b, "delta": d.delta, "low": d.low, "high": d.high, "p": d.p, "n": d.n}
            for name, d in self.differences.items()
        }
        changes = [vars(change) for change in self.changes]
        head = {"suite": self.suite, "a": self.a, "b": self.b}
        counts = {"n": self.n, "left_out": self.left_out, "edited": self.edited}
        return {**head, **counts, "metrics": figures, "changes": changes}


def compare(a: Run, b: Run, seed: int = 0) -> Comparison:
    """Compare two runs of one suite.

    Raises:
        UserError: they share no case.
    """
    found = against(a, b, seed)
    if not found.n:
        raise UserError(f"{a.path} and {b.path} share no case: {found.unpaired}. Compare two runs of one suite.")
    return found


def against(a: Run, b: Run, seed: int = 0) -> Comparison:
    """Hold B against A as `compare` does, for those who have more to tell: it may be that no case is shared."""
    first, second = ({row.run.case.id: row for row in rows(run)} for run in (a, b))
    shared = [(row, second[name]) for name, row in first.items() if name in second and _same(row.run, second[name].run)]
    apart = _apart(a.head, b.head, shared)
    if apart:
        shared = []
    differences = {
        name: difference
        for name, metric in named(a.head.metrics).items()
        if (metric.of_search or a.head.task != "search")
        and (difference := _difference(metric, shared, seed)) is not None
    }
    changes = [change for x, y in shared if (change := _change(x.run, y.run, a.head)) is not None]
    earlier, later = ({case.case.id: case for case in run.cases} for run in (a, b))
    both = earlier.keys() & later.keys()
    return Comparison(
        suite=a.head.suite,
        a=a.name,
        b=b.name,
        n=len(shared),
        left_out=len(earlier.keys() | later.keys()) - len(shared),
        edited=sum(not _same(earlier[name], later[name]) for name in both),
        apart=apart,
        differences=differences,
        shown=usual(a.head.metrics),
        changes=tuple(changes),
    )


def _same(a: CaseRun, b: CaseRun) -> bool:
    """Say whether both were judged by the same case: a suite may have been edited between two runs."""
    return a.case == b.case and a.gold == b.gold


def _apart(a: RunHead, b: RunHead, shared: list[tuple[Row, Row]]) -> str:
    """Say how two runs differ in what they judge. The unit counts where both judge what was found of a case:

    a part of a suite that has no quotes is judged by article, and need not have any evidence at all.
    """
    if a.task != b.task:
        return f"one is of the task {a.task}, the other of {b.task}"
    if a.unit != b.unit and any(x.ranking and y.ranking for x, y in shared):
        return f"one is judged by {a.unit}, the other by {b.unit}"
    return ""


def _difference(metric: Metric, shared: list[tuple[Row, Row]], seed: int) -> Difference | None:
    pairs = [(x, y) for a, b in shared if (x := metric.draw(a)) is not None and (y := metric.draw(b)) is not None]
    if not pairs:
        return None
    a, b = (np.array([pair[side] for pair in pairs], dtype=np.float64) for side in (0, 1))
    return paired(metric, a, b, seed)


def _change(a: CaseRun, b: CaseRun, head: RunHead) -> Change | None:
    (was_right, was), (is_right, is_now) = outcome(a, head), outcome(b, head)
    if was_right == is_right:
        return None
    case = b.case
    return Change(id=case.id, kind=case.kind, question=case.question, better=is_right, a=was, b=is_now)
