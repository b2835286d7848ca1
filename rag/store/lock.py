"""One writer at a time, and a second one learns who the first is."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import CorpusError, LockedError

WAIT_SECONDS = 1.0
"""How long a second writer waits before it gives up."""


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the corpus's write lock.

    The operating system drops the lock with the process, so a dead writer blocks nobody.

    Raises:
        LockedError: another process holds it; the message names its pid.
        CorpusError: the folder cannot be written, or its file system knows no locks.
    """
    holder = folder / "writer.json"
    lock = FileLock(folder / "write.lock", timeout=WAIT_SECONDS)
    try:
        lock.acquire()
    except Timeout:
        raise LockedError(f"{folder} is being written by {_name(holder)}. Wait for it, or stop it.") from None
    except NotImplementedError:
        raise CorpusError(f"The file system of {folder} knows no locks: keep the corpus on a local disk.") from None
    except OSError as error:
        raise CorpusError(f"{folder} cannot be written: {error.strerror or error}.") from None
    try:
        with suppress(OSError):  # it only names us, and a full disk is told elsewhere
            holder.write_text(json.dumps({"pid": os.getpid(), "command": sys.argv[:3]}), encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _name(holder: Path) -> str:
    try:
        record = json.loads(holder.read_text(encoding="utf-8"))
        return f"process {int(record['pid'])}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
