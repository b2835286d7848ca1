"""Is what the corpus holds what it should hold? Every invariant, checked against the ledger."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from rag.records import Problem
from rag.store.dense import DenseIndex
from rag.store.ledger import Ledger, Numbers
from rag.store.lexical import LexicalIndex

_PURGE = "Run `rag sync` again: the index is made anew without them."
_TAKE_IN_ANEW = "Remove {id} (`rag remove {id}`) and sync its source, or add it, again."
_REINDEX = "Run `rag sync` again: the index is made anew from the ledger, nothing is embedded again."

_CLOSED = "cannot be opened here, because its files may not be read or written: questions are answered without it"
_OPEN = "Open the corpus as a user who may read and write its files, or open a copy of it."


def verify(ledger: Ledger, dense: DenseIndex, lexical: LexicalIndex) -> list[Problem]:
    """Return everything that is wrong, and how to mend it; empty when all is well."""
    if damage := ledger.check():
        return [Problem(what=f"The ledger is damaged: {damage}", mend="Sync the articles into a new folder.")]
    return [*_articles(ledger), *_passages(ledger), *_vectors(ledger), *_indexes(ledger, dense, lexical)]


def _articles(ledger: Ledger) -> Iterator[Problem]:
    for article in ledger.articles():
        text = ledger.text(article.id) or ""
        mend = _TAKE_IN_ANEW.format(id=article.id)
        if len(text) != article.chars or hashlib.sha256(text.encode()).hexdigest() != article.sha256:
            yield Problem(what=f"The text of {article.id} is not the one that was stored.", mend=mend)
        if not ledger.passages_of(article.id):
            yield Problem(what=f"{article.id} has no passages, so that nothing of it is found.", mend=mend)


def _passages(ledger: Ledger) -> Iterator[Problem]:
    for batch in ledger.passages_after(0):
        for passage, article in batch.values():
            inside = 0 <= passage.start < passage.end <= article.chars
            if not inside or len(passage.text) != passage.end - passage.start:
                mend = _TAKE_IN_ANEW.format(id=article.id)
                yield Problem(what=f"Passage {passage.id} is not a slice of its article.", mend=mend)


def _vectors(ledger: Ledger) -> Iterator[Problem]:
    numbers, vectors = ledger.vectors()
    lengths = np.linalg.norm(vectors, axis=1) if numbers.size else np.array([])
    bad = numbers[~np.isclose(lengths, 1.0, atol=1e-3)]  # also true for NaN
    for id, count in _owners(ledger, bad).items():
        yield Problem(what=f"{count} vectors of {id} are not unit vectors.", mend=_TAKE_IN_ANEW.format(id=id))
    for id, count in _owners(ledger, np.setdiff1d(ledger.numbers(), numbers)).items():
        yield Problem(what=f"{count} passages of {id} have no vector.", mend=_TAKE_IN_ANEW.format(id=id))


def _owners(ledger: Ledger, numbers: Numbers) -> Counter[str]:
    """Return how many of these passages each article has."""
    return Counter(article.id for _, article in ledger.passages([int(number) for number in numbers]).values())


def _indexes(ledger: Ledger, dense: DenseIndex, lexical: LexicalIndex) -> Iterator[Problem]:
    alive = ledger.numbers()
    indexed = lexical.numbers()
    if alive.size and not indexed.size and _is_closed(lexical.folder):
        yield Problem(what=f"The lexical index {_CLOSED}.", mend=_OPEN)
    elif difference := _difference(alive, indexed):
        yield Problem(what=f"The lexical index {difference}.", mend=_REINDEX)
    generation = dense.published()
    if generation and dense.holds_removed(generation):
        yield Problem(what="The dense index still holds passages of articles that were removed.", mend=_PURGE)
    if alive.size and generation is None:
        yield Problem(what="The dense index is missing or torn; every question compares all vectors.", mend=_REINDEX)
    if generation and (reason := dense.check()):
        closed = _is_closed(dense.folder / generation.name)
        what, mend = (_CLOSED, _OPEN) if closed else (f"is damaged: {reason}", _REINDEX)
        yield Problem(what=f"The dense index {what}.", mend=mend)


def _is_closed(folder: Path) -> bool:
    """Tell whether an index is there that could not be opened: Tantivy takes a lock for it, Chroma writes a row."""
    try:
        return folder.exists() and not all(os.access(path, os.W_OK) for path in (folder, *folder.iterdir()))
    except OSError:  # the folder may not even be looked into
        return True


def _difference(alive: Numbers, indexed: Numbers) -> str | None:
    lacks, extra = np.setdiff1d(alive, indexed).size, np.setdiff1d(indexed, alive).size
    if not lacks and not extra:
        return None
    return f"lacks {lacks} passages and holds {extra} that are gone"
