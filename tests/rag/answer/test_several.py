"""The quotes for a question over several articles."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answer import several
from rag.models.reader import Evidence, Reading
from rag.records import Article, Hit, Passage
from rag.retrieve.find import Found, Sought
from rag.retrieve.rank import Ranking
from rag.settings import AnswerSettings


def state(text: str, published: date | None) -> tuple[Hit, Reading]:
    passage = Passage(id=text, article_id=text, start=0, end=len(text), text=text)
    article = Article(id=text, title=text, chars=len(text), sha256="", published=published)
    found = (Evidence(start=0, end=len(text), probability=0.9),)
    hit = Hit(passage=passage, article=article, score=1.0, relevance=0.5, ranks={})
    return hit, Reading(relevance=0.9, answerable=0.9, sentences=found)


def part(text: str, confidence: float) -> Sought:
    hit, reading = state(text, None)
    return Sought(
        asked=f"On {text}", question=text, ranking=Ranking(hits=(hit,), readings=(reading,)), confidence=confidence
    )


@pytest.mark.parametrize(
    ("first", "second", "quoted", "note"),
    [
        (0.9, 0.5, 2, ()),
        (0.9, 0.31, 2, ("Not sure on: On It cost five.",)),
        (0.9, 0.29, 1, ("Nothing sure was found on: On It cost five.",)),
    ],
)
def test_a_part_may_be_less_sure_beside_one_that_is_sure(
    first: float, second: float, quoted: int, note: tuple[str, ...]
) -> None:
    parts = (part("The bridge is red.", first), part("It cost five.", second))
    found = Found(ranking=Ranking(hits=(), readings=()), confidence=first, parts=parts)
    quotes, notes = several.choose(found, AnswerSettings(), 0.5)
    assert (len(quotes), notes) == (quoted, note)


def test_an_article_without_a_date_stands_last_and_the_note_says_so() -> None:
    dated = (state("It costs ten.", date(2023, 1, 1)), state("It cost five.", date(2021, 1, 1)))
    undated = state("It might be free.", None)
    empty = Ranking(hits=(), readings=())
    for states, note in ((dated, several.IN_ORDER), ((undated, *dated), several.UNDATED_LAST)):
        found = Found(ranking=empty, confidence=0.9, develops=True, states=states)
        quotes, notes = several.choose(found, AnswerSettings(), 0.5)
        told = [quote.hit.passage.text for quote in quotes]
        assert told == ["It cost five.", "It costs ten.", "It might be free."][: len(states)] and notes == (note,)
