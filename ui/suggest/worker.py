"""One thread that looks for questions while nobody waits for them, however many people read the page."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future

log = logging.getLogger(__name__)

MOST = 8
"""Pieces of work that may wait; under a heavier load nothing is suggested."""

Work = Callable[[], str]


class Worker:
    """Does one piece of work at a time, in a thread that starts with the first one and ends with the process."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, Future[str]] = {}
        self._waiting: queue.SimpleQueue[tuple[Hashable, Work]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    async def run(self, key: Hashable, work: Work) -> str:
        """Return what `work` returns; those who ask for the same `key` meanwhile share it."""
        future = self._join(key, work)
        return await asyncio.shield(asyncio.wrap_future(future)) if future else ""

    def _join(self, key: Hashable, work: Work) -> Future[str] | None:
        with self._lock:
            if key in self._under_way or len(self._under_way) >= MOST:
                return self._under_way.get(key)
            self._under_way[key] = Future()
            self._waiting.put((key, work))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="suggestions", daemon=True)
                self._thread.start()
            return self._under_way[key]

    def _work(self) -> None:
        while True:
            key, work = self._waiting.get()
            found = ""
            try:
                found = work()
            except Exception:
                log.exception("looking for questions failed")
            with self._lock:
                future = self._under_way.pop(key)
            future.set_result(found)
