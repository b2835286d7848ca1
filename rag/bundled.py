"""The corpus of the bundled articles: taken in on first use, and again when they or how they are read have changed."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import LockedError, SpaceError
from rag.home import SEEDS, seeds
from rag.ingest.document import READER_VERSION
from rag.ingest.find import shown
from rag.store.store import Store

if TYPE_CHECKING:
    from rag.corpus import Corpus

_SECONDS = 60
"""How long to wait for another process that is taking them in."""


def take_in(corpus: Corpus, store: Store) -> None:
    """Bring the corpus up to date with the bundled articles.

    Raises:
        LockedError: another process has been writing for a minute.
        SpaceError: the disk is full, and not all of them are stored as they are now.
    """
    texts = [path.read_bytes() for path in sorted(seeds().glob("*.md"))]
    state = hashlib.sha256(b"\0".join([str(READER_VERSION).encode(), *texts])).hexdigest()
    deadline = time.monotonic() + _SECONDS
    while not store.read_only and store.ledger.meta("seeds") != state:
        try:
            corpus.sync(seeds())
            _leave_former(store)
            store.ledger.set_meta("seeds", state)
        except LockedError:
            if time.monotonic() > deadline:
                raise
        except SpaceError:
            if not _are_stored(corpus):
                raise
            return  # an index lacks room, and they answer without it; the next process tries again


def _are_stored(corpus: Corpus) -> bool:
    report = corpus.sync(seeds(), dry_run=True)
    return not (report.added or report.changed)


def _leave_former(store: Store) -> None:
    """Remove what came from the bundled articles of an installation elsewhere: they are the same, or older ones."""
    here, names = shown(seeds().resolve()), {path.name for path in seeds().glob("*.md")}
    known = store.ledger.known().values()
    elsewhere = [one for one in known if one.root and one.root != here and Path(one.root).name in SEEDS]
    former = [one.id for one in elsewhere if Path(one.path).name in names]
    with store.writing():
        store.ledger.remove(former)
