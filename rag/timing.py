"""How long the stages of an answer took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stopwatch:
    """Milliseconds per stage; a stage that is entered again goes on counting.

    >>> clock = Stopwatch()
    >>> with clock("read"): ...
    >>> list(clock.timings)
    ['read']
    """

    def __init__(self) -> None:
        self.timings: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            spent = (time.perf_counter() - began) * 1000
            self.timings[stage] = round(self.timings.get(stage, 0.0) + spent, 3)
