"""The bytes of a file, read so that no path can block, overrun memory or change underneath."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from rag.errors import SourceError

_REASONS = {
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.ENOENT: "not found",
    errno.EISDIR: "a folder, not a file",
    errno.ELOOP: "a link that leads nowhere",
    errno.ENXIO: "not a regular file",
}


def content(path: Path, *, max_bytes: int) -> bytes:
    """Return the bytes of a regular file, unchanged while they were read; never wait for a pipe.

    Raises:
        SourceError: with a short reason: `permission denied`, `not a regular file`, ….
    """
    try:
        for _ in range(2):
            data, same = _read(path, max_bytes)
            if same:
                return data
    except OSError as error:
        dangling = path.is_symlink() and not path.exists()
        reason = _REASONS.get(error.errno or 0, os.strerror(error.errno or 0))
        raise SourceError("a link that leads nowhere" if dangling else reason) from None
    raise SourceError("changed while it was read")


def _read(path: Path, max_bytes: int) -> tuple[bytes, bool]:
    """Return the content, and whether the file was the same before and after."""
    with open(path, "rb", opener=_without_waiting) as file:
        before = os.fstat(file.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise SourceError("not a regular file")
        if before.st_size > max_bytes:
            raise SourceError(f"larger than the limit of {max_bytes / 1e6:g} MB")
        data = file.read(max_bytes + 1)
        after = os.fstat(file.fileno())
    unchanged = (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size)
    return data, unchanged and after.st_size == len(data)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
