"""The reader's order on top of the fused one, and how far it reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import pytest

from rag.models.reader import Reading
from rag.records import Article, Hit, Passage
from rag.retrieve.rank import Ranker, Ranking
from rag.settings import Retrieve


class Told:
    """A reader that knows which passages answer, and is as sure as the surest of what it read."""

    name = "told"
    threshold = 0.5

    def __init__(self, **answerable: float) -> None:
        self.answerable = answerable
        self.read_passages = ""

    def confidence(self, readings: Sequence[Reading]) -> float:
        return max((reading.answerable for reading in readings), default=0.0)

    def read(self, question: str, passages: Sequence[tuple[Passage, Article]]) -> list[Reading]:
        self.read_passages += "".join(passage.id for passage, _ in passages)
        chances = [self.answerable.get(passage.id, 0.0) for passage, _ in passages]
        return [Reading(relevance=chance, answerable=chance, sentences=()) for chance in chances]


def hits(names: str) -> list[Hit]:
    return [
        Hit(
            passage=Passage(id=name, article_id=name, start=0, end=1, text=name),
            article=Article(id=name, title=name, chars=1, sha256=""),
            score=1 / rank,
            relevance=0.0,
        )
        for rank, name in enumerate(names, start=1)
    ]


def read(reader: Told, question: str = "Who?", names: str = "abcdefg", **settings: Any) -> Ranking:
    ranker = Ranker(cast(Any, None), cast(Any, None))
    return ranker.read(question, hits(names), reader, Retrieve(**{"first": 2, "read": 4} | settings), sure=0.7)


@pytest.mark.parametrize(
    ("settings", "surest", "expected"),
    [
        ({}, 0.7, "ab"),
        ({}, 0.69, "abcd"),
        ({"read": 1}, 0.1, "a"),
        ({"read": 9}, 0.1, "abcdefg"),
        ({"first": 9}, 1, "abcd"),
    ],
)
def test_it_reads_on_until_it_is_sure(settings: dict[str, int], surest: float, expected: str) -> None:
    reader = Told(b=surest)
    assert len(read(reader, **settings).readings) == len(reader.read_passages)
    assert reader.read_passages == expected


def test_what_was_read_comes_in_the_readers_order_and_the_rest_as_it_was() -> None:
    ranking = read(Told(d=0.9))
    assert "".join(hit.passage.id for hit in ranking.hits) == "dabcefg"
    assert [reading.answerable for reading in ranking.readings] == [0.9, 0, 0, 0]


def test_articles_that_are_listed_are_each_read() -> None:
    reader = Told(a=1.0)
    assert read(reader, "Which articles mention the hotline?").listed
    assert reader.read_passages == "abcdefg"


def test_nothing_found_is_nothing_read() -> None:
    assert read(Told(), names="") == Ranking(hits=(), readings=())
