"""Files of an index: are they what was written, and will they survive a power cut?"""

from __future__ import annotations

import os
import zlib
from pathlib import Path


def sizes(folder: Path) -> dict[str, int]:
    """Return the size in bytes of every file of a Chroma folder, by its path within."""
    # chroma.sqlite3 is left out: opening it rewrites a part of it
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
