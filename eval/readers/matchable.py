"""Accepted answers that some text could hold: of a lone `A` or `%` nothing is left to compare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from eval.cases import PATTERN, Case, Trouble
from eval.metrics.answer import comparable


def matchable(
    cases: Iterable[tuple[int | None, Case]], path: Path, troubles: list[Trouble]
) -> Iterator[tuple[int | None, Case]]:
    """Yield the cases of whose accepted answers, if they have any, some text could hold one."""
    for number, case in cases:
        never = [given for given in case.answers if not given.startswith(PATTERN) and not comparable(given)]
        lost = bool(never) and len(never) == len(case.answers)
        if never:
            left_out = " left out" if lost else ""
            what = f"case {case.id!r}{left_out}: nothing of the accepted answer {never[0]!r} is compared; use `re:`"
            troubles.append(Trouble(file=str(path), line=number, what=what))
        if not lost:
            yield number, case
