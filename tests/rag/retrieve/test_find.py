"""Several rankings made one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, cast

import pytest

from rag.models.overlap import OverlapReader
from rag.models.reader import Reading
from rag.records import Article, Hit, Passage
from rag.retrieve.find import Finder, _tells_of, _years, merge
from rag.retrieve.inferred import Names
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


@pytest.mark.parametrize(("whole", "parts"), [(0.9, 0), (0.3, 2)])
def test_a_question_of_whose_parts_none_is_answered_may_be_answered_as_a_whole(whole: float, parts: int) -> None:
    asked = "When was the hotline cut, and why was the line opened?"

    class Apart:
        names = None

        def search(self, question: str, *_: Any) -> list[Hit]:
            return list(ranking("a", 0).hits)

        def read(self, question: str, hits: Any, *_: Any, sure: float) -> Ranking:
            reading = Reading(relevance=1.0, answerable=whole if question == asked else 0.3, sentences=())
            return Ranking(hits=tuple(hits), readings=(reading,))

    finder = Finder(ranker=cast(Any, Apart()), reader=OverlapReader(), settings=Settings(), threshold=0.5)
    found = finder.find(asked, None)
    assert (found.confidence, len(found.parts)) == (whole, parts)


@pytest.mark.parametrize(
    ("question", "missed"),
    [
        ("According to the Post, who died?", "in The Post"),
        ("According to the Post in 2021, who died?", "in The Post from 2021"),
        ("Which articles from 2021 mention the ferry?", None),  # nobody is named
        ("Who died?", None),
    ],
)
def test_it_is_known_that_the_outlet_named_does_not_answer(question: str, missed: str | None) -> None:
    class Empty:
        def names(self) -> Names:
            return Names(outlets=("The Post",), authors=())

        def search(self, *_: Any) -> list[Hit]:
            return []

        def read(self, *_: Any, sure: float) -> Ranking:
            return Ranking(hits=(), readings=())

    finder = Finder(ranker=cast(Any, Empty()), reader=OverlapReader(), settings=Settings(), threshold=0.5)
    found = finder.find(question, None)
    assert (found.missed and found.missed.by) == missed


@pytest.mark.parametrize(
    ("time", "told"),
    [
        ("since 2023", [2023, 2024, 2026]),
        ("from 2023 to today", [2023, 2024, 2026]),
        ("between 2023 and now", [2023, 2024, 2026]),
        ("before 2023", [2019, 2023, 2024]),  # an article of the year after may tell of it
        ("until the end of 2023", [2019, 2023, 2024]),
        ("from May 2019 to 2023", [2019, 2023, 2024]),
        ("in 2023", [2023, 2024]),
    ],
)
def test_a_time_that_is_open_on_one_side_holds_the_articles_beyond(time: str, told: list[int]) -> None:
    (hit,) = ranking("a", 0).hits
    years = _years(f"How has the cost of the pool changed {time}?")
    dated = {
        year: replace(hit, article=replace(hit.article, published=date(year, 3, 1)))
        for year in (2019, 2023, 2024, 2026)
    }
    assert years is not None and [year for year, one in dated.items() if _tells_of(one, years)] == told


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("How did the toll change from January through June 2021?", range(2021, 2022)),
        ("How did the toll change from January-June 2021?", range(2021, 2022)),
        ("How did the toll change after May through June 2021?", range(2021, 2022)),
        ("How did the toll change from March 2021 to June?", range(2021, 2022)),
        ("How did the toll change from May up to July 2021?", range(2021, 2022)),
        ("How did the toll change between May and before July 2021?", range(2021, 2022)),
        ("How did the toll from the 2021 flood change?", range(2021, 2022)),
        ("How did the toll from the earthquake in 2021 change?", range(2021, 2022)),
        ("How did the toll change from March 2021?", range(2021, 2100)),
        ("How did the toll change from 2021 to the present?", range(2021, 2100)),
        ("How did relations between Tessaly and Orvane change until 2021?", range(1500, 2022)),
    ],
)
def test_a_time_is_open_only_where_its_words_leave_it_so(question: str, years: range) -> None:
    assert _years(question) == years
