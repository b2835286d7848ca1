"""Files of an index: are they what was written, and will they survive a power cut?"""

from __future__ import annotations

import os
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

_OPENINGS = "acquire_write"
"""The table in which Chroma notes each opening; nothing else in its database changes."""


def said(error: Exception) -> str:
    """Return what an error says of an index, short and in one line: Tantivy quotes whole files."""
    return " ".join(str(error).split())[:100]


def sizes(folder: Path) -> dict[str, int]:
    """Return the size in bytes of every file of a Chroma folder, by its path within."""
    # chroma.sqlite3 is left out: each opening adds a row to it, see `database_crc`
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("chroma.sqlite3"))
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in sorted(paths)}


def crc(path: Path) -> int:
    """Return the CRC-32 of a file."""
    found = 0
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            found = zlib.crc32(block, found)
    return found


def is_database(path: Path) -> bool:
    """Tell whether a SQLite file has its header and all of its pages."""
    with open(path, "rb") as file:
        header = file.read(100)
    pages, size = int.from_bytes(header[28:32]), int.from_bytes(header[16:18])
    return header.startswith(b"SQLite format 3\0") and path.stat().st_size >= pages * (65_536 if size == 1 else size)


def database_crc(path: Path) -> int:
    """Return the CRC-32 of what Chroma's SQLite file says, however its pages lie.

    Raises:
        ValueError: its pages contradict each other.
        sqlite3.Error: it cannot be read.
    """
    found = 0
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as database:
        if (wrong := database.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            raise ValueError(wrong)
        for statement in database.iterdump():
            if not statement.startswith(f'INSERT INTO "{_OPENINGS}"'):
                found = zlib.crc32(statement.encode("utf-8", "surrogatepass"), found)
    return found


def to_disk(folder: Path) -> None:
    """Make sure that all of a folder survives a power cut."""
    for path in (*folder.rglob("*"), folder, folder.parent):
        _fsync(path)


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old or the new content, also after a power cut."""
    temporary = path.with_suffix(".tmp")
    with open(temporary, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    _fsync(path.parent)
