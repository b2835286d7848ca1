"""Several rankings made one."""

from __future__ import annotations

from rag.models.reader import Reading
from rag.records import Article, Hit, Passage
from rag.retrieve.find import merge
from rag.retrieve.rank import Ranking


def ranking(names: str, read: int) -> Ranking:
    hits = [
        Hit(
            passage=Passage(id=name, article_id=name, start=0, end=1, text=name),
            article=Article(id=name, title=name, chars=1, sha256=""),
            score=1.0,
            relevance=0.0,
        )
        for name in names
    ]
    readings = [Reading(relevance=ord(name), answerable=0.5, sentences=()) for name in names[:read]]
    return Ranking(hits=tuple(hits), readings=tuple(readings))


def test_parts_take_turns_and_what_was_read_comes_first() -> None:
    merged = merge([ranking("abxc", 2), ranking("bdxa", 3)])
    assert "".join(hit.passage.id for hit in merged.hits) == "abdxc"
    assert [chr(int(reading.relevance)) for reading in merged.readings] == list("abdx")


def test_nothing_found_is_nothing_merged() -> None:
    assert merge([ranking("", 0), ranking("", 0)]) == Ranking(hits=(), readings=())
