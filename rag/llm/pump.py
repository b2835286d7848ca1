"""A model call in a thread of its own, so that a deadline or a cancelled question never waits for a server.

The consumer takes what has come from a queue and looks at clock and stop signal a few times a second. When it goes
away, the call's task is cancelled, which closes its connection at once.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, suppress

from rag.llm.base import Delta, Limits, Stopped
from rag.llm.faults import Fault

TICK = 0.25
"""Seconds between two looks at the stop signal while nothing comes."""
_PARTING = 0.5
"""Seconds that a cancelled call gets to close its connection before it is left alone."""

Source = Callable[[], AsyncIterator[Delta]]
Block = Callable[[], Iterator[Delta]]


def pump(source: Source, limits: Limits) -> Iterator[Delta | None]:
    """Yield what an asynchronous source gives, and None whenever nothing came for a moment.

    Raises:
        Fault: the deadline has passed.
        Stopped: `limits.stop` was set.
    """
    call = _Call()

    async def work() -> None:
        call.begun(asyncio.get_running_loop(), asyncio.current_task())
        async with aclosing(source()) as deltas:  # type: ignore[type-var]
            async for delta in deltas:
                call.put(delta)

    yield from call.follow(lambda: asyncio.run(work()), limits)


def pump_block(source: Block, limits: Limits) -> Iterator[Delta | None]:
    """`pump` for a source that blocks; one that is stuck when time is up is left behind in its thread."""
    call = _Call()

    def work() -> None:
        for delta in source():
            if call.cancelled.is_set():
                return
            call.put(delta)

    yield from call.follow(work, limits)


class _Call:
    """The thread of one call, and the queue between it and its consumer."""

    def __init__(self) -> None:
        self.cancelled = threading.Event()
        self._queue: queue.SimpleQueue[Delta | BaseException | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None

    def put(self, delta: Delta) -> None:
        self._queue.put(delta)

    def begun(self, loop: asyncio.AbstractEventLoop, task: asyncio.Task[None] | None) -> None:
        with self._lock:
            self._loop, self._task = loop, task
        if self.cancelled.is_set() and task:
            task.cancel()

    def follow(self, work: Callable[[], None], limits: Limits) -> Iterator[Delta | None]:
        thread = threading.Thread(target=self._run, args=(work,), name="llm", daemon=True)
        thread.start()
        try:
            while True:
                if limits.stop.is_set():
                    raise Stopped
                if limits.left <= 0:
                    raise Fault("late", "the language model took too long")
                try:
                    item = self._queue.get(timeout=max(0.001, min(TICK, limits.left)))
                except queue.Empty:
                    yield None
                    continue
                if item is None:
                    return
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            self._cancel()
            thread.join(_PARTING)

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
            self._queue.put(None)
        except BaseException as error:  # whatever it is, the consumer is told
            self._queue.put(error)

    def _cancel(self) -> None:
        self.cancelled.set()
        with self._lock:
            loop, task = self._loop, self._task
        if loop and task:
            with suppress(RuntimeError):  # the loop has ended by itself
                loop.call_soon_threadsafe(task.cancel)
