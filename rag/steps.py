"""A generator that blocks, taken step by step from an event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import suppress
from threading import Event
from typing import TypeVar

_T = TypeVar("_T")


async def stepped(steps: Generator[_T, None, None], stop: Event) -> AsyncGenerator[_T, None]:
    """Yield what `steps` yields, each taken in a thread; `stop` is set, and they are closed, when nobody wants more."""
    try:
        while (step := await asyncio.to_thread(next, steps, None)) is not None:
            yield step
    finally:
        stop.set()
        with suppress(ValueError):  # one is under way in its thread, and ends there
            await asyncio.to_thread(steps.close)
