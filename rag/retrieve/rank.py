"""Question to hits: two searches, one fused ranking, and the reader's order on top of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.models.embedder import Embedder
from rag.models.reader import Reader, Reading
from rag.records import Filter, Hit
from rag.retrieve import listing, statements
from rag.retrieve.fuse import fuse
from rag.retrieve.gist import gist
from rag.retrieve.inferred import Names
from rag.retrieve.repeats import without_repeats
from rag.settings import Retrieve
from rag.store.store import Store

_WEIGHT = 0.5
"""What the fused rank and answerability each count beside relevance; chosen on dev questions, see `docs/reader.md`."""


def merit(relevance: float, answerable: float, fused: float) -> float:
    """Return what a passage that was read is ordered by; `fused` is its share of the best fused score. All 0…1."""
    return relevance + _WEIGHT * answerable + _WEIGHT * fused


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """Hits, best first, and what the reader said of those that it read."""

    hits: tuple[Hit, ...]
    readings: tuple[Reading, ...]
    """One for each of the first hits, in the same order."""
    selected: float | None = None
    """Log odds that the best sentences answer, read side by side; None where they were not."""
    listed: bool = False
    """Whether articles were asked for rather than a fact: each hit is another article then."""


class Ranker:
    """Finds passages for a question in one corpus."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder

    def names(self) -> Names:
        """Return who writes in the corpus."""
        ledger = self._store.ledger
        return Names(outlets=ledger.distinct("source"), authors=ledger.distinct("author"))

    def first(self, where: Filter, limit: int) -> list[Hit]:
        """Return the first passage of each article that a filter lets through, the newest article first."""
        ledger = self._store.ledger
        articles = ledger.articles(where, limit=limit)
        return [
            Hit(passage=passages[0], article=article, score=1.0, relevance=1.0)
            for article in articles
            if (passages := ledger.passages_of(article.id))
        ]

    def search(self, question: str, where: Filter | None, settings: Retrieve) -> list[Hit]:
        """Return the fused candidates, best first, relevance not yet judged.

        A question for articles gets each article's best passage.
        """
        listed = listing.asked(question)
        hits = self._search(listed or question, where, settings)
        if topic := listing.topic(question):
            hits.sort(key=lambda hit: not topic.is_in(hit))
        return listing.one_each(hits) if listed else hits

    def _search(self, question: str, where: Filter | None, settings: Retrieve) -> list[Hit]:
        within = None if where is None else self._store.ledger.numbers(where)
        if within is not None and not within.size:
            return []
        vector = self._embedder.embed([question])[0]
        lists = {
            "dense": self._store.dense.search(vector, settings.candidates, within),
            "lexical": self._store.lexical.search(question, settings.candidates, within),
        }
        fused = fuse(lists, k=settings.rrf_k)
        found = self._store.ledger.passages([f.number for f in fused], where)
        hits = [
            Hit(passage=passage, article=article, score=f.score, relevance=0.0, ranks=f.ranks)
            for f in fused
            if f.number in found
            for passage, article in [found[f.number]]
        ]
        return without_repeats(hits)

    def read(self, question: str, hits: Sequence[Hit], reader: Reader, settings: Retrieve, *, sure: float) -> Ranking:
        """Let the reader judge the first hits and order them; the others follow as they were.

        It reads on when what it read first leaves it less than `sure`, and for what somebody has said anywhere.
        """
        listed = listing.asked(question)
        if listed:
            readings = _readings(listed, hits[: listing.READ], reader)
            if topic := listing.topic(question):
                readings = [listing.read_as_named(*one, topic) for one in zip(readings, hits, strict=False)]
        else:
            readings = _readings(question, hits[: min(settings.first, settings.read)], reader)
            if reader.confidence(readings) < sure or statements.speaker(question):
                readings += _readings(question, hits[len(readings) : settings.read], reader)
        top = max((hit.score for hit in hits), default=1.0)
        judged = [
            (replace(hit, relevance=one.relevance, score=merit(one.relevance, one.answerable, hit.score / top)), one)
            for hit, one in zip(hits, readings, strict=False)
        ]
        judged.sort(key=lambda pair: -pair[0].score)
        return Ranking(
            hits=(*(hit for hit, _ in judged), *hits[len(readings) :]),
            readings=tuple(reading for _, reading in judged),
            listed=listed is not None,
        )


def _readings(question: str, hits: Sequence[Hit], reader: Reader) -> list[Reading]:
    return reader.read(gist(question), [(hit.passage, hit.article) for hit in hits])
