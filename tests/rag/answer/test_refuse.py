"""When a question is answered."""

from __future__ import annotations

import pytest

from rag.answer import refuse
from rag.models import reader
from rag.records import Article, Hit, Passage
from rag.settings import AnswerSettings


@pytest.mark.parametrize(
    ("threshold", "confidence", "answered"),
    [(0.5, 0.5, True), (0.5, 0.49, False), (0.0, 0.01, True), (0.0, 0.0, False)],
)
def test_from_the_threshold_on_and_never_from_nothing(threshold: float, confidence: float, answered: bool) -> None:
    settings = AnswerSettings(threshold=threshold)
    assert refuse.answers(confidence, settings, reader.load("fake:overlap")) == answered


def test_a_number_in_a_title_is_no_marker_of_a_refusal() -> None:
    article = Article(id="a", title="Interview [2]", chars=1, sha256="")
    passage = Passage(id="a:0-1", article_id="a", start=0, end=1, text="x")
    assert "Interview (2)" in refuse.text([Hit(passage=passage, article=article, score=1.0, relevance=0.0)])
