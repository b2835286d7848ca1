"""A corpus's storage: the ledger, the two indexes derived from it, and the lock that guards them."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rag.errors import CorpusError, LockedError, SpaceError, UserError
from rag.records import Problem, Progress
from rag.store import files, health, schema, space, stories
from rag.store.dense import DenseIndex, OnCount
from rag.store.ledger import Ledger
from rag.store.lexical import LexicalIndex
from rag.store.lock import writing

log = logging.getLogger(__name__)

LEDGER = "ledger.sqlite"
_LEAST = 1_000_000
"""Bytes that even a small change needs for a moment."""


class Store:
    """What a corpus folder holds."""

    def __init__(self, path: Path, *, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self.ledger = Ledger(path / LEDGER, read_only=read_only)
        self.dense = DenseIndex(path / "dense", self.ledger)
        self.lexical = LexicalIndex(path / "lexical", self.ledger)

    def close(self) -> None:
        """Let go of the files."""
        self.ledger.close()
        self.dense.close()

    @contextmanager
    def writing(self, on_progress: Callable[[Progress], None] | None = None) -> Iterator[None]:
        """Hold the write lock, and let both indexes catch up with the ledger before it is given back.

        Raises:
            CorpusError: the corpus is open for reading only, or its folder cannot be written.
            LockedError: another process is writing.
            SpaceError: the disk is full.
        """
        report = on_progress or (lambda progress: None)

        def count(done: int, total: int) -> None:
            report(Progress(stage="index", done=done, total=total))

        if self.read_only:
            raise CorpusError(f"{self.path} is open for reading only: open it without read_only.")
        with writing(self.path):
            try:
                yield
            except BaseException as error:
                with suppress(SpaceError, OSError, ValueError):
                    self._follow(dense=False)  # whoever interrupts does not want to wait for a new generation
                if space.is_full(error) and not isinstance(error, SpaceError):
                    raise space.full(self.path, _LEAST) from error
                raise
            try:
                self._follow(count)
            except (PermissionError, ValueError) as error:  # Tantivy tells everything as a ValueError
                raise CorpusError(
                    f"An index in {self.path} cannot be written ({files.said(error)}). "
                    "What was stored is kept and answers; mend that and run the same command again."
                ) from error

    def _follow(self, on_progress: OnCount | None = None, *, dense: bool = True) -> None:
        """Let everything that is derived from the ledger catch up with it.

        Raises:
            SpaceError: the disk is full; the ledger holds all, and what could not be written is made next time.
        """
        try:
            stories.regroup(self.ledger)
            if self.lexical.behind():
                self.lexical.catch_up(on_progress)
            if dense and self.dense.stale():
                self._publish(on_progress)
            self.dense.tidy()
        except Exception as error:
            if not space.is_full(error):
                raise
            raise space.full(self.path, self.dense.bytes_needed()) from error

    def _publish(self, on_progress: OnCount | None) -> None:
        """Build the dense index anew. Of a full disk Chroma says only which step of its own failed.

        Raises:
            SpaceError: it failed where there is less room than it needs.
        """
        try:
            self.dense.publish(on_progress)
        except (UserError, OSError):  # these say themselves what is wrong
            raise
        except Exception as error:
            need = self.dense.bytes_needed()
            if space.free(self.path) >= need:
                raise
            raise space.full(self.path, need) from error

    def heal(self) -> None:
        """After an interrupted write: let the lexical index catch up before anything is asked.

        While another process writes, that is its work; what is there answers then, and also on a full disk, or where
        an index may not be written.

        Raises:
            CorpusError: the ledger is damaged.
        """
        if self.read_only or not self.lexical.behind() or not os.access(self.path, os.W_OK):
            return
        try:
            with suppress(LockedError, SpaceError), writing(self.path):
                self._follow(dense=False)
        except (CorpusError, OSError, ValueError) as error:
            if schema.is_damage(error.__cause__):
                raise
            log.warning("The lexical index cannot catch up (%s); what is there answers.", files.said(error))

    def claim(self, fingerprint: str) -> None:
        """Mark a new corpus with what shapes its index, or compare an old one's mark.

        Raises:
            CorpusError: it was made with other models or settings.
        """
        known = self.ledger.meta("fingerprint")
        if known is None and not self.read_only:
            self.ledger.set_meta("fingerprint", fingerprint)
        elif known != fingerprint:
            raise CorpusError(
                f"{self.path} was made with other models or settings ({known}, now {fingerprint}). "
                "Use those, or sync its articles into a new folder: rag sync SOURCE --corpus NEW"
            )

    def verify(self) -> list[Problem]:
        """Check every invariant; empty when all is well."""
        return health.verify(self.ledger, self.dense, self.lexical)
