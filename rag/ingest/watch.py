"""Notice when sources change, by looking: works on every file system, also over a network."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from rag.errors import CorpusError, UserError

EVERY_SECONDS = 2.0
_LOOKS_AFTER_REFUSAL = 15
"""Not at once: a full disk or an upload lasts, and each try reads files again and may print a line."""

_Look = frozenset[tuple[str, int, int]]


class Changes(Iterator[None]):
    """Comes round each time that the sources have changed and then stayed as they are for a while; never ends."""

    def __init__(self, sources: Sequence[Path], every: float) -> None:
        self._sources = sources
        self._every = every
        self._last = _look(sources)
        self._again = False

    def refused(self, error: UserError) -> None:
        """Say that the change was not taken in: it comes again, unless only another change can mend what is wrong."""
        self._again = isinstance(error, CorpusError)

    def __next__(self) -> None:
        again, self._again = self._again, False
        for looks in count(1):
            if self._changed() or (again and looks == _LOOKS_AFTER_REFUSAL):
                return

    def _changed(self) -> bool:
        now = self._later()
        if now == self._last:
            return False
        while (later := self._later()) != now:  # wait until whoever copies files is done
            now = later
        self._last = now
        return True

    def _later(self) -> _Look:
        time.sleep(self._every)
        return _look(self._sources)


def changes(sources: Sequence[Path], *, every: float = EVERY_SECONDS) -> Changes:
    """Return the changes of the sources, each told when they have stayed as they are for `every` seconds.

    What is there at the call is what changes are counted from, so call it before the first sync.
    A change shows by a file's name, size or time. One that leaves all three as they were is found by the next sync.
    """
    return Changes(sources, every)


def _look(sources: Sequence[Path]) -> _Look:
    seen = set()
    for path in _paths(sources):
        try:
            found = os.stat(path)
        except OSError:  # gone since it was listed, or a link that leads nowhere
            continue
        if not stat.S_ISDIR(found.st_mode):
            seen.add((path, found.st_mtime_ns, found.st_size))
    return frozenset(seen)


def _paths(sources: Sequence[Path]) -> Iterator[str]:
    for source in sources:
        yield str(source)
        for folder, _, names in os.walk(source):  # unlike `rglob` it passes over a folder that goes meanwhile
            yield from (os.path.join(folder, name) for name in names)
