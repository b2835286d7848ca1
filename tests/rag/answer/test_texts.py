"""Texts that change while they are asked."""

from __future__ import annotations

import pytest

from rag.answer.texts import steady
from rag.errors import CorpusError, UnknownArticleError
from rag.models.reader import Reading
from rag.records import Article, Hit, Passage
from rag.retrieve.find import Found
from rag.retrieve.rank import Ranking

READING = Reading(relevance=1.0, answerable=1.0, sentences=())


def found(text: str) -> Found:
    passage = Passage(id="p", article_id="a", start=0, end=len(text), text=text)
    hit = Hit(passage=passage, article=Article(id="a", title="A", chars=9, sha256=""), score=1.0, relevance=1.0)
    return Found(ranking=Ranking(hits=(hit,), readings=(READING,)), confidence=1.0)


def test_the_text_stays_as_it_was_read() -> None:
    stored = {"a": "It rang.", "b": "Other."}
    what, text_of = steady(lambda: found("It rang."), stored.__getitem__)
    stored["a"] = "Update: it rang."
    assert what.ranking.hits[0].passage.text == text_of("a") == "It rang." and text_of("b") == "Other."


def test_an_article_that_changed_since_it_was_searched_is_searched_again() -> None:
    searches = iter([found("It rang."), found("Update: it rang.")])
    what, _ = steady(lambda: next(searches), lambda _: "Update: it rang.")
    assert what.ranking.hits[0].passage.text == "Update: it rang."


def test_an_article_that_is_gone_is_searched_for_again_a_few_times() -> None:
    def gone(_: str) -> str:
        raise UnknownArticleError("gone")

    with pytest.raises(CorpusError, match="ask again"):
        steady(lambda: found("It rang."), gone)
