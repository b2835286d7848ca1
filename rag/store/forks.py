"""Forked processes: threads of Chroma's that their parent had started do not exist in them, so any call would hang."""

from __future__ import annotations

import ctypes
import os

_user: int | None = None
"""The process that has used Chroma; closing a client does not end all of the threads that it has started."""
open_now: set[object] = set()
"""Whatever holds a client that is open."""


def used() -> None:
    """Note that this process uses Chroma from now on."""
    global _user
    _user = os.getpid()


def forked() -> bool:
    """Tell whether this process was forked from one that had used Chroma."""
    return _user not in (None, os.getpid())


def _keep_for_ever() -> None:
    """Let a forked process end: giving back what its parent had opened would wait for threads that it has not."""
    for opened in open_now:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(opened))


if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
    os.register_at_fork(after_in_child=_keep_for_ever)
