"""What a stage took."""

from __future__ import annotations

from collections.abc import Generator
from types import SimpleNamespace

import pytest

from rag import timing


def test_what_is_done_with_an_event_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    closed = []
    monkeypatch.setattr(timing, "time", SimpleNamespace(perf_counter=lambda: now))

    def events() -> Generator[str, None, None]:
        nonlocal now
        try:
            for event in "abc":
                now += 0.002
                yield event
        finally:
            closed.append(True)

    clock = timing.Stopwatch()
    seen = []
    stream = clock.each("generate", events())
    for _ in stream:
        seen.append(clock.timings["generate"])
        now += 10
        if len(seen) == 2:
            break
    stream.close()
    assert seen == [2.0, 4.0] and closed == [True]
