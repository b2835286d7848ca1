"""Two runs over the same cases, case against case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from eval.metrics import Metric, Row, named
from eval.metrics.answer import verdict
from eval.record import CaseRun
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
    differences: Mapping[str, Difference]
    changes: tuple[Change, ...]

    @property
    def unpaired(self) -> str:
        """What is left out, in words; empty when nothing is."""
        edited = f" ({self.edited} edited between the runs)" if self.edited else ""
        return f"{self.left_out} left out{edited}" if self.left_out else ""

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
    differences = {
        name: difference
        for name, metric in named(a.head.metrics).items()
        if (metric.of_search or a.head.task != "search")
        and (difference := _difference(metric, shared, seed)) is not None
    }
    changes = [change for x, y in shared if (change := _change(x.run, y.run)) is not None]
    earlier, later = ({case.case.id: case for case in run.cases} for run in (a, b))
    both = earlier.keys() & later.keys()
    return Comparison(
        suite=a.head.suite,
        a=a.name,
        b=b.name,
        n=len(shared),
        left_out=len(earlier.keys() | later.keys()) - len(shared),
        edited=sum(not _same(earlier[name], later[name]) for name in both),
        differences=differences,
        changes=tuple(changes),
    )


def _same(a: CaseRun, b: CaseRun) -> bool:
    """Say whether both were judged by the same case: a suite may have been edited between two runs."""
    return a.case == b.case and a.gold == b.gold


def _difference(metric: Metric, shared: list[tuple[Row, Row]], seed: int) -> Difference | None:
    pairs = [(x, y) for a, b in shared if (x := metric.draw(a)) is not None and (y := metric.draw(b)) is not None]
    if not pairs:
        return None
    a, b = (np.array([pair[side] for pair in pairs], dtype=np.float64) for side in (0, 1))
    return paired(metric, a, b, seed)


def _change(a: CaseRun, b: CaseRun) -> Change | None:
    (was_right, was), (is_right, is_now) = verdict(a), verdict(b)
    if was_right == is_right:
        return None
    case = b.case
    return Change(id=case.id, kind=case.kind, question=case.question, better=is_right, a=was, b=is_now)
