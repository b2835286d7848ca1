"""Questions for articles rather than for a fact."""

from __future__ import annotations

import pytest

from rag.records import Article, Hit, Passage
from rag.retrieve import listing


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Which articles mention the hotline?", "What is said about the hotline?"),
        ("which of these", None),
        ("What articles are about trade", "What is said about trade?"),
        ("list all articles on climate talks", "What is said about climate talks?"),
        ("Which reports say that the line was cut?", "the line was cut"),
        ("which outlets reported the line was cut", "the line was cut"),
        ("Which article of the treaty bans mines?", None),
        ("What report did the ministry publish?", None),
        ("why were the channels cut?", None),
    ],
)
def test_which_questions_ask_for_articles(question: str, asked: str | None) -> None:
    assert listing.asked(question) == asked


def hit(article: str, place: int) -> Hit:
    passage = Passage(id=f"{article}-{place}", article_id=article, start=0, end=3, text="one")
    about = Article(id=article, title=article.title(), chars=3, sha256="")
    return Hit(passage=passage, article=about, score=1.0, relevance=0.5, ranks={})


def test_one_hit_of_every_article_the_best() -> None:
    hits = [hit("a", 2), hit("b", 0), hit("a", 1), hit("c", 0), hit("b", 1)]
    assert [h.passage.id for h in listing.one_each(hits)] == ["a-2", "b-0", "c-0"]
