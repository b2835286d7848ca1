import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from rag.models.reader import Evidence, Reading
from rag.records import Article, Hit, Passage
from rag.retrieve.rank import Ranking
from rag.retrieve.shortlist import shortlist
from tools.reader.sheets import Known, row

TEXT = "Ten people died. The number is ten people. It rained."
HIT = Hit(
    passage=Passage(id="p", article_id="a", start=0, end=len(TEXT), text=TEXT),
    article=Article(id="a", title="Ferry", chars=len(TEXT), sha256=""), score=1.0, relevance=1.0,
)  # fmt: skip
READING = Reading(
    relevance=1.0, answerable=0.5,
    sentences=tuple(Evidence(start=a, end=b, probability=0.5) for a, b in ((0, 16), (17, 42), (43, 53))),
)  # fmt: skip


def made(*, answerable: bool, places: list[tuple[str, int, int]]) -> dict[str, object]:
    ranking = Ranking(hits=(HIT,), readings=(READING,))
    known = Known(question="How many died?", answerable=answerable, answers=["ten people"], places=places)
    return row(known, ranking, shortlist(ranking))


def test_evidence_is_right_and_an_answers_words_elsewhere_are_not_known() -> None:
    found = made(answerable=True, places=[("a", 0, 16)])
    assert (found["labels"], found["answerable"]) == ([1, -1, 0], 1)


def test_evidence_of_another_article_is_none() -> None:
    assert made(answerable=True, places=[("b", 0, 16)])["answerable"] == -1  # its words are there


def test_nothing_answers_where_there_is_no_answer() -> None:
    found = made(answerable=False, places=[])
    assert (found["labels"], found["answerable"], found["surest"]) == ([0, 0, 0], 0, 0.0)
