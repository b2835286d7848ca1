"""Several rankings made one."""

from __future__ import annotations

from typing import Any, cast

import pytest

from rag.models.overlap import OverlapReader
from rag.models.reader import Reading
from rag.records import Article, Hit, Passage
from rag.retrieve.find import Finder, merge
from rag.retrieve.rank import Ranking
from rag.settings import Settings


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


@pytest.mark.parametrize(("threshold", "sure"), [(0.5, 0.7), (0.9, 0.9)])
def test_nothing_is_refused_before_all_is_read(threshold: float, sure: float) -> None:
    asked = []

    class Watched:
        names = None

        def search(self, *_: Any) -> list[Hit]:
            return []

        def read(self, *_: Any, sure: float) -> Ranking:
            asked.append(sure)
            return Ranking(hits=(), readings=())

    finder = Finder(ranker=cast(Any, Watched()), reader=OverlapReader(), settings=Settings(), threshold=threshold)
    assert finder.find("When was the hotline cut?", None).confidence == 0.0
    assert asked == [sure]
