"""Notice when sources change, by looking: works on every file system, also over a network."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

EVERY_SECONDS = 2.0

_Look = frozenset[tuple[str, int, int]]


def changes(sources: Sequence[Path], *, every: float = EVERY_SECONDS) -> Iterator[None]:
    """Yield each time that the sources have changed and then stayed as they are for `every` seconds; never ends.

    What is there at the call is what changes are counted from, so call it before the first sync.
    A change shows by a file's name, size or time. One that leaves all three as they were is found by the next sync.
    """
    return _since(_look(sources), sources, every)


def _since(last: _Look, sources: Sequence[Path], every: float) -> Iterator[None]:
    while True:
        time.sleep(every)
        now = _look(sources)
        if now == last:
            continue
        while True:  # wait until whoever copies files is done
            time.sleep(every)
            later = _look(sources)
            if later == now:
                break
            now = later
        last = now
        yield


def _look(sources: Sequence[Path]) -> _Look:
    seen = set()
    for source in sources:
        for path in (source, *source.rglob("*")):
            try:
                found = os.stat(path)
            except OSError:  # gone since it was listed, or a link that leads nowhere
                continue
            if not stat.S_ISDIR(found.st_mode):
                seen.add((str(path), found.st_mtime_ns, found.st_size))
    return frozenset(seen)
