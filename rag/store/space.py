"""A full disk: how it is told from other failures, and what is said of it."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

from rag.errors import SpaceError

_CODES = frozenset([errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
_WORDS = ("no space left", "disk is full", "disk full", "file too large", "quota exceeded")


def is_full(error: BaseException) -> bool:
    """Tell whether an error, or what it came from, is a disk, quota or file that is full."""
    if isinstance(error, OSError) and error.errno in _CODES:
        return True
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
        return True
    if any(words in str(error).lower() for words in _WORDS):  # Tantivy and Chroma pass on text only
        return True
    cause = error.__cause__ or error.__context__
    return cause is not None and is_full(cause)


def full(path: Path, need: int) -> SpaceError:
    """Return what to say when writing `need` more bytes under `path` failed for want of space."""
    return SpaceError(
        f"The disk of {path} is full: about {need / 1e6:,.1f} MB are needed, {free(path) / 1e6:,.1f} MB are free. "
        "What was stored is kept and answers; make room and run the same command again."
    )


def free(path: Path) -> int:
    """Return how many bytes may still be written where `path` is."""
    while not path.exists():
        path = path.parent
    found = os.statvfs(path)
    return found.f_bavail * found.f_frsize
