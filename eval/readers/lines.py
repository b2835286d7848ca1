"""Read JSON lines and JSON files, plain or gzipped, naming every line that does not fit."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO, TypeVar

from pydantic import BaseModel, ValidationError

from eval.cases import Case, SourceArticle, SuiteFile, Trouble
from rag.errors import UserError

Model = TypeVar("Model", bound=BaseModel)
Named = TypeVar("Named", Case, SourceArticle)
UNREADABLE = (OSError, EOFError, zlib.error)
"""What reading raises of a file that is cut off or damaged, gzipped ones above all."""
NOT_JSON = (ValueError, RecursionError)
"""What `json` raises: of a number of thousands of digits and of very deep nesting its own error is none of these."""


def open_text(path: Path) -> TextIO:
    """Open a file as UTF-8 text, unpacking `.gz`. A byte order mark is dropped, undecodable bytes become U+FFFD."""
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", errors="replace")
    return path.open(encoding="utf-8-sig", errors="replace")


def find(folder: Path, *names: str) -> Path | None:
    """Return the first of these files that exists in the folder, plain or gzipped."""
    for name in names:
        for candidate in (folder / name, folder / f"{name}.gz"):
            if candidate.is_file():
                return candidate
    return None


def lines(path: Path, troubles: list[Trouble]) -> Iterator[tuple[int, str]]:
    """Yield line number (from 1) and text of every line, of a damaged file up to the damage."""
    number = 0
    try:
        with open_text(path) as file:
            for number, line in enumerate(file, 1):
                yield number, line
    except UNREADABLE as error:
        troubles.append(Trouble(file=str(path), line=number + 1, what=f"not readable from here on: {error}"))


def objects(path: Path, troubles: list[Trouble]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield line number (from 1) and JSON object of every good line."""
    for number, line in lines(path, troubles):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except NOT_JSON as error:
            what = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
            troubles.append(Trouble(file=str(path), line=number, what=f"not JSON: {what}"))
            continue
        if isinstance(record, dict):
            yield number, record
        else:
            troubles.append(Trouble(file=str(path), line=number, what="not a JSON object"))


def models(path: Path, model: type[Model], troubles: list[Trouble]) -> Iterator[tuple[int, Model]]:
    """Yield line number and validated record of every line that fits the model."""
    for number, record in objects(path, troubles):
        try:
            yield number, model.model_validate(record)
        except ValidationError as error:
            troubles.append(Trouble(file=str(path), line=number, what=reason(error)))


def first_of(
    records: Iterable[tuple[int | None, Named]], path: Path, troubles: list[Trouble]
) -> Iterator[tuple[int | None, Named]]:
    """Yield the records with their lines; of several with one id the first counts and the others are named."""
    seen: set[str] = set()
    for number, record in records:
        if record.id in seen:
            troubles.append(Trouble(file=str(path), line=number, what=f"duplicate id {record.id!r}"))
        else:
            seen.add(record.id)
            yield number, record


def foreign(place: Path, name: str, **fields: Any) -> SuiteFile:
    """Return what a `suite.toml` would say of a suite in a form of others, which takes its name from its place.

    Raises:
        UserError: the name is none for a suite.
    """
    try:
        return SuiteFile(name=name, **fields)
    except ValidationError as error:
        raise UserError(f"{place} cannot be a suite: {reason(error)}. Rename it.") from None


def reason(error: ValidationError) -> str:
    """Return what is wrong with a record on one line.

    The first three faults are enough to mend a line by.
    """
    parts = [f"{'.'.join(str(p) for p in e['loc']) or 'record'}: {e['msg']}" for e in error.errors()[:3]]
    return "; ".join(parts)
