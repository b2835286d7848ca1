"""Keep stdout for the one JSON document that a user asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress


@contextmanager
def stdout_aside(wanted: bool) -> Iterator[None]:
    """Let whatever is printed meanwhile go to stderr, where it is wanted: what goes to the descriptor itself too."""
    if not wanted:
        yield
        return
    sys.stdout.flush()
    kept = _over(2, 1)
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        sys.stdout.flush()  # some may hold on to it, and what they wrote must not come out with the document
        if kept is not None:
            os.dup2(kept, 1)
            os.close(kept)


def _over(source: int, target: int) -> int | None:
    """Put one descriptor in the place of another and return a copy of that; None where either is closed."""
    with suppress(OSError):
        kept = os.dup(target)
        os.dup2(source, target)
        return kept
    return None
