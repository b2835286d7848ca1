import math

import pytest

from rag.models.reader import Evidence, Reading
from rag.records import Article, Hit, Passage
from rag.retrieve.said import leans, said

TEXT = "A drone came. It crossed the border."
ARTICLE = Article(id="a", title="A", chars=len(TEXT) + 100, sha256="")
HIT = Hit(
    passage=Passage(id="p", article_id="a", start=100, end=100 + len(TEXT), text=TEXT),
    article=ARTICLE, score=2.0, relevance=1.0,
)  # fmt: skip


def reading(*selected: float | None) -> Reading:
    spans = ((100, 113), (114, 136))
    found = tuple(
        Evidence(start=a, end=b, probability=0.5, selected=one) for (a, b), one in zip(spans, selected, strict=True)
    )
    return Reading(relevance=1.0, answerable=1.0, sentences=found)


def test_a_sentence_weighs_its_odds_and_its_passage() -> None:
    assert [one.weight for one in said([HIT], [reading(None, None)])] == [16.0, 16.0]  # even odds, 2 to the 4th


def test_what_was_read_side_by_side_weighs_in() -> None:
    first, second = said([HIT], [reading(-2.0, 1.0)])
    assert first.weight == pytest.approx(4.0 * math.exp(-1.2))
    assert second.weight == pytest.approx(4.0 * math.exp(0.6))
    assert (first.answers, second.answers) == (False, True)


def test_only_what_was_read_side_by_side_counts_where_anything_was() -> None:
    assert [one.text for one in said([HIT], [reading(None, -3.0)])] == ["It crossed the border."]


def test_a_sentence_that_leans_begins_with_the_one_before() -> None:
    first, second = said([HIT], [reading(None, None)])
    assert (first.lead, second.lead) == (100, 100)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("He left.", True), ("“She stays,” he said.", True), ("Heads rolled.", False), ("Ana Lind said so.", False)],
)
def test_leaning(text: str, expected: bool) -> None:
    assert leans(text) is expected
