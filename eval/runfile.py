"""Read run files back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from eval.cases import Trouble
from eval.readers.lines import objects, reason
from eval.record import FORMAT, CaseRun, RunEnd, RunHead
from rag.errors import UserError

_OPENING = b'{"type":"run"'
"""How every run begins."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a run file holds."""

    path: Path
    head: RunHead
    cases: tuple[CaseRun, ...]
    end: RunEnd | None
    """None when the run was interrupted."""
    troubles: tuple[Trouble, ...] = ()

    @property
    def name(self) -> str:
        """A short name to tell runs apart: the folders it lies in."""
        return self.path.parent.name if self.path.parent.name != self.head.suite else self.path.parent.parent.name


def read_run(path: Path) -> Run:
    """Read a run file.

    Raises:
        UserError: it has no head, or one that was written by a newer or an unknown version.
    """
    troubles: list[Trouble] = []
    lines = objects(path, troubles)
    head = _head(path, next((record for _, record in lines), None))
    cases: dict[str, CaseRun] = {}
    end = None
    for number, record in lines:
        try:
            if record.get("type") == "end":
                end = RunEnd.model_validate(record)
            else:
                case = CaseRun.model_validate(record)
                cases[case.case.id] = case
        except ValidationError as error:
            troubles.append(Trouble(file=str(path), line=number, what=reason(error)))
    return Run(path=path, head=head, cases=tuple(cases.values()), end=end, troubles=tuple(troubles))


def _head(path: Path, record: dict[str, object] | None) -> RunHead:
    if record is None or record.get("type") != "run":
        raise UserError(f"{path} is not a run file: its first line is no run head. Make one with `eval run`.")
    if record.get("format") != FORMAT:
        found = json.dumps(record.get("format"))
        raise UserError(f"{path} has format {found}; this version reads {FORMAT}. Run it again.")
    try:
        return RunHead.model_validate(record)
    except ValidationError as error:
        raise UserError(f"{path}:1: {reason(error)}. Run it again with this version.") from None


def is_torn(path: Path) -> bool:
    """Tell whether a file holds nothing but the beginning of a run's first line, or nothing at all."""
    with path.open("rb") as file:
        first = file.readline()
    whole = first.endswith(b"\n")
    return not whole and (first.startswith(_OPENING) or _OPENING.startswith(first))


def only_run(path: Path) -> Path:
    """Return the run file at this path.

    Raises:
        UserError: there is none, or several, of which nobody has chosen one.
    """
    first, *more = find_runs([path])
    if more:
        raise several(path, [first, *more])
    return first


def several(path: Path, found: Iterable[Path]) -> UserError:
    """Return what is wrong with a folder that holds several runs where one is wanted."""
    return UserError(f"{path} holds several runs. Name one of them: {', '.join(map(str, found))}.")


def find_runs(paths: Iterable[Path]) -> list[Path]:
    """Return the run files at these paths: files, or folders that hold them at any depth.

    Raises:
        UserError: a path holds none.
    """
    found: list[Path] = []
    for path in paths:
        here = [path] if path.is_file() else sorted(path.rglob("run.jsonl"))
        if not here:
            raise UserError(f"No run at {path}. Make one with `python -m eval run SUITE --out {path}`.")
        found.extend(here)
    return found
