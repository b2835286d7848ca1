"""Figures that a question names and no passage has."""

from __future__ import annotations

from datetime import date

import pytest

from rag.records import Article, Hit, Passage
from rag.retrieve.figures import doubted

TEXT = "The ferry carried 1,200 people under section 802 in 2019."


def hit() -> Hit:
    article = Article(id="a", title="Ferry 371", published=date(2024, 3, 9), chars=len(TEXT), sha256="")
    passage = Passage(id="p", article_id="a", start=0, end=len(TEXT), text=TEXT, heading="Row 550")
    return Hit(passage=passage, article=article, score=1.0, relevance=1.0)


@pytest.mark.parametrize(
    "question",
    [
        "How many people did ferry 371 carry?",
        "Who were the 1200 people?",
        "What did section 802 say in 2019?",
        "What was said in 2024?",  # the article's own date
        "Who sat in row 550?",
        "What has changed since 1999?",
        "Were there more than 5,000 people?",
        "Which 3 reasons were given on the 2nd?",
        "What was built in the 1950's?",
        "In which band does the 802.11a standard operate?",
        "Why?",
    ],
)
def test_a_figure_that_stands_there_or_need_not_costs_nothing(question: str) -> None:
    assert doubted(0.8, question, [hit()]) == 0.8


@pytest.mark.parametrize(
    "question", ["What was said in 2026?", "How many people did ferry 372 carry?", "Who were the 12,000 people?"]
)
def test_one_that_no_passage_has_makes_an_answer_less_likely(question: str) -> None:
    """Odds of 4 become 0.4."""
    assert doubted(0.8, question, [hit()]) == pytest.approx(0.4 / 1.4)
    assert doubted(0.0, question, [hit()]) == 0
