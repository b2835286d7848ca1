"""Read JSON lines and JSON files, plain or gzipped, naming every line that does not fit."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO, TypeVar

from pydantic import BaseModel, ValidationError

from eval.cases import Trouble

Model = TypeVar("Model", bound=BaseModel)


def open_text(path: Path) -> TextIO:
    """Open a file as UTF-8 text, unpacking `.gz`. Undecodable bytes become U+FFFD."""
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", errors="replace")
    return path.open(encoding="utf-8", errors="replace")


def find(folder: Path, *names: str) -> Path | None:
    """Return the first of these files that exists in the folder, plain or gzipped."""
    for name in names:
        for candidate in (folder / name, folder / f"{name}.gz"):
            if candidate.is_file():
                return candidate
    return None


def objects(path: Path, troubles: list[Trouble]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield line number (from 1) and JSON object of every good line."""
    with open_text(path) as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except json.JSONDecodeError as error:
                troubles.append(Trouble(file=str(path), line=number, what=f"not JSON: {error.msg}"))
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


def reason(error: ValidationError) -> str:
    """Return what is wrong with a record on one line.

    The first three faults are enough to mend a line by.
    """
    parts = [f"{'.'.join(str(p) for p in e['loc']) or 'record'}: {e['msg']}" for e in error.errors()[:3]]
    return "; ".join(parts)
