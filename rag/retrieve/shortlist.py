"""The best sentences of all passages, read once more side by side: which of them answer, and whether any does.

The reader sees one passage at a time. What it cannot see is that another passage answers better, or that what looks
like an answer is told of something else there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rag.models.pairs import about
from rag.models.reader import Evidence, Reader, Reading
from rag.models.sheet import Group
from rag.records import Hit
from rag.retrieve.gist import gist
from rag.retrieve.rank import Ranking
from rag.retrieve.said import Said, said, text_of

MOST = 10
"""Sentences on a sheet."""


def select(question: str, ranking: Ranking, reader: Reader) -> Ranking:
    """Return the ranking with what the reader says of its best sentences side by side."""
    best = shortlist(ranking)
    if not best:
        return ranking
    found = reader.select(gist(question), groups(best))
    if found is None:
        return ranking
    logits = {(one.hit.passage.id, one.evidence.start): value for one, value in zip(best, found.sentences, strict=True)}
    readings = (
        replace(reading, sentences=_marked(hit, reading, logits))
        for hit, reading in zip(ranking.hits, ranking.readings, strict=False)
    )
    return replace(ranking, readings=tuple(readings), selected=found.answerable)


def shortlist(ranking: Ranking) -> list[Said]:
    """Return the sentences that weigh most, the weightiest first; what is said twice word for word comes once."""
    best: dict[str, Said] = {}
    for one in sorted(said(ranking.hits, ranking.readings), key=lambda one: -one.weight):
        key = " ".join(one.text.split()).lower()
        if key and len(best) < MOST:
            best.setdefault(key, one)
    return list(best.values())


def groups(best: list[Said]) -> list[Group]:
    """Return the sentences by passage, that with the weightiest first; one that leans comes with its lead."""
    passages: dict[str, list[tuple[int, int, Said]]] = {}
    for number, one in enumerate(best):
        passages.setdefault(one.hit.passage.id, []).append((one.lead, number, one))
    return [
        Group(
            context=about(own[0][2].hit.article),
            sentences=tuple((number, text_of(one.hit, lead, one.evidence.end)) for lead, number, one in sorted(own)),
        )
        for own in passages.values()
    ]


def _marked(hit: Hit, reading: Reading, logits: Mapping[tuple[str, int], float | None]) -> tuple[Evidence, ...]:
    return tuple(replace(one, selected=logits.get((hit.passage.id, one.start))) for one in reading.sentences)
