"""Work in a child process, which may die."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Callable
from typing import Any


def forked(action: Callable[[], object]) -> tuple[int, Any]:
    """Run an action in a child process; return its wait status and its result."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        ended(action, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    return os.waitpid(pid, 0)[1], json.loads(said) if said else None


def ended(action: Callable[[], object], writing: int) -> None:
    """Run an action, write its result as JSON, and end the process."""
    status = 1
    try:
        os.write(writing, json.dumps(action()).encode())
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)
