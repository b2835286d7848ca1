"""The corpus of the bundled articles: taken in on first use, and again when they or how they are read have changed."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING

from rag.errors import LockedError
from rag.home import seeds
from rag.ingest.document import READER_VERSION
from rag.store.store import Store

if TYPE_CHECKING:
    from rag.corpus import Corpus

_SECONDS = 60
"""How long to wait for another process that is taking them in."""


def take_in(corpus: Corpus, store: Store) -> None:
    """Bring the corpus up to date with the bundled articles.

    Raises:
        LockedError: another process has been writing for a minute.
    """
    texts = [path.read_bytes() for path in sorted(seeds().glob("*.md"))]
    state = hashlib.sha256(b"\0".join([str(READER_VERSION).encode(), *texts])).hexdigest()
    deadline = time.monotonic() + _SECONDS
    while not store.read_only and store.ledger.meta("seeds") != state:
        try:
            corpus.sync(seeds())
            store.ledger.set_meta("seeds", state)
        except LockedError:
            if time.monotonic() > deadline:
                raise
