"""One answer of a model, however many calls it takes: two retries at most, and none once text has come."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence

from rag.llm.base import Delta, LanguageModel, Limits, Message, Stopped
from rag.llm.faults import Fault
from rag.llm.pump import TICK

RETRIES = 2
_FIRST_WAIT = 0.4
_WORTHWHILE = 0.5
"""Seconds that must be left after waiting for another call to make sense."""


def stream(
    model: LanguageModel, messages: Sequence[Message], limits: Limits, *, retries: int = RETRIES
) -> Iterator[Delta | None]:
    """Yield what the model says; a call that failed before its first text is made again.

    A server that asks to wait is waited for, when the deadline allows. A connection that nothing takes is tried once
    more only: whoever asks should not wait three times for a machine that is off.

    Raises:
        Fault: the last call failed, or text had come.
        Stopped: nobody wants the answer any more.
    """
    for attempt in range(retries + 1):
        begun = False
        try:
            for delta in model.stream(messages, limits):
                begun = begun or bool(delta and delta.text)
                yield delta
            return
        except Fault as fault:
            wait = _wait(fault, attempt)
            last = attempt == (min(retries, 1) if fault.kind == "unreachable" else retries)
            if begun or last or not fault.retryable or limits.left < wait + _WORTHWHILE:
                raise
            yield from _pause(wait, limits)


def _wait(fault: Fault, attempt: int) -> float:
    spread = _FIRST_WAIT * 2**attempt
    return spread * random.uniform(0.75, 1.25) if fault.wait is None else fault.wait


def _pause(seconds: float, limits: Limits) -> Iterator[None]:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if limits.stop.wait(min(TICK, left)):
            raise Stopped
        yield None
