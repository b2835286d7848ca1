"""Passages that a search confuses with the right one: hard negatives."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from rag.models import embedder
from rag.retrieve.fuse import fuse
from rag.settings import Retrieve
from tools.reader.records import Text

DEEP = 50
"""Passages that each search gives."""


class Confusers:
    """Passages that a question might be confused with: a search by meaning and one by words (TF-IDF), fused."""

    def __init__(self, passages: Sequence[Text]) -> None:
        self._passages = list(passages)
        self._vectoriser = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 1), stop_words="english")
        texts = [f"{p.title} {p.text}" for p in self._passages]
        self._matrix = self._vectoriser.fit_transform(texts)
        self._embedder = embedder.load()
        self._vectors = np.asarray(self._embedder.embed(texts))

    def of(self, asked: str, count: int, keep: Callable[[Text], bool]) -> list[Text]:
        """Return the `count` passages nearest to what is asked that pass `keep`, nearest first."""
        scores = {
            "lexical": (self._matrix @ self._vectoriser.transform([asked]).T).toarray().ravel(),
            "dense": self._vectors @ np.asarray(self._embedder.embed([asked])[0]),
        }
        lists = {name: np.argsort(-s, kind="stable")[:DEEP].tolist() for name, s in scores.items()}
        fused = fuse(lists, k=Retrieve().rrf_k)
        found = [self._passages[f.number] for f in fused if keep(self._passages[f.number])]
        return found[:count]
