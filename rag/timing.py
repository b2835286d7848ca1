"""How long the stages of an answer took."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import TypeVar

_T = TypeVar("_T")


class Stopwatch:
    """Milliseconds per stage; a stage that is entered again goes on counting.

    >>> clock = Stopwatch()
    >>> with clock("read"):
    ...     answer = 42
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
            self._add(stage, began)

    def each(self, stage: str, events: Generator[_T, None, None]) -> Generator[_T, None, None]:
        """Yield events; the time that each takes to come counts, not what is done with it."""
        with closing(events):
            began = time.perf_counter()
            for event in events:
                self._add(stage, began)
                yield event
                began = time.perf_counter()

    def _add(self, stage: str, began: float) -> None:
        spent = (time.perf_counter() - began) * 1000
        self.timings[stage] = round(self.timings.get(stage, 0.0) + spent, 3)
