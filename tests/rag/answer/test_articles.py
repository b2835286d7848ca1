"""Each article that answers is named with its best sentence."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from rag.answer import articles
from rag.answer.extract import Quote
from rag.models.reader import Evidence, Reading
from rag.records import Article, Hit, Passage

TEXT = "The line was cut. It rang twice."


def hit(article: str, place: int) -> Hit:
    passage = Passage(id=f"{article}-{place}", article_id=article, start=0, end=len(TEXT), text=TEXT)
    about = Article(id=article, title=article.title(), chars=len(TEXT), sha256="")
    return Hit(passage=passage, article=about, score=1.0, relevance=0.5, ranks={})


READING = Reading(
    relevance=0.5,
    answerable=0.9,
    sentences=(Evidence(start=0, end=17, probability=0.9), Evidence(start=18, end=32, probability=0.1)),
)


def test_each_article_that_answers_is_named_with_its_best_sentence() -> None:
    lines, citations = articles.write(
        articles.best([(hit("alpha", 0), READING), (hit("gamma", 0), READING)]), lambda _: TEXT
    )
    assert lines == ["Alpha: The line was cut [1].", "Gamma: The line was cut [2]."]
    assert [(c.article.id, c.quote) for c in citations] == [("alpha", TEXT[:17]), ("gamma", TEXT[:17])]


def test_each_sentence_of_a_quote_bears_the_marker() -> None:
    quote = Quote(hit=hit("alpha", 0), start=0, end=len(TEXT), probability=0.9)
    lines, citations = articles.write([quote], lambda _: TEXT)
    assert lines == ["Alpha: The line was cut [1]. It rang twice [1]."]
    assert [c.quote for c in citations] == [TEXT]


def test_a_brief_that_has_no_long_sentence_is_named_with_its_first() -> None:
    long = "The line between the two commands was cut on Friday after a year of silence."
    stored = {"alpha": TEXT, "gamma": long}
    lines, _ = articles.name([hit("alpha", 0), hit("gamma", 0)], stored.__getitem__)
    assert lines == ["Alpha: The line was cut [1].", f"Gamma: {long[:-1]} [2]."]


def test_an_article_without_a_sentence_is_not_named() -> None:
    assert articles.best([(hit("alpha", 0), replace(READING, sentences=()))]) == []


def test_what_somebody_said_is_told_of_each_article_the_oldest_first() -> None:
    def spoken(article: str, place: int, day: int, text: str) -> tuple[Hit, Reading]:
        passage = Passage(id=f"{article}-{place}", article_id=article, start=0, end=len(text), text=text)
        about = Article(id=article, title=article, chars=99, sha256="", published=date(2024, 1, day))
        at = text.index(". ") + 1
        found = (
            Evidence(start=0, end=at, probability=0.9),
            Evidence(start=at + 1, end=len(text), probability=0.2),
        )
        read = Reading(relevance=0.5, answerable=0.9, sentences=found)
        return Hit(passage=passage, article=about, score=1.0, relevance=0.5, ranks={}), read

    told = articles.statements(
        re.compile("Salo (?:said|warned)"),
        [
            spoken("late", 0, 9, "The ferry sank. “It was old,” Mr. Salo said."),
            spoken("late", 1, 9, "Salo said no. Nobody asked."),
            spoken("early", 0, 2, "Salo warned of ice. Lind said nothing of it."),
            spoken("none", 0, 1, "Salo slept. Lind said that the ferry was new."),
        ],
    )
    texts = [quote.hit.passage.text[quote.start : quote.end] for quote in told]
    assert texts == ["Salo warned of ice.", "“It was old,” Mr. Salo said."]
