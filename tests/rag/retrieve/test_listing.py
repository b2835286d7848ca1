"""Questions for articles rather than for a fact."""

from __future__ import annotations

import pytest

from rag.models.reader import Evidence, Reading
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
        ("Which report on the dam collapse was withheld?", None),
        ("Which documents about the deal were leaked?", None),
        ("List articles about the ferry that was sold", "What is said about the ferry that was sold?"),
        ("Which articles about Taiwan are there?", "What is said about Taiwan?"),
        ("Which articles on Taiwan have been published?", "What is said about Taiwan?"),
        ("Which articles mention that the line was cut?", "What is said about that the line was cut?"),
        ("What report did the ministry publish?", None),
        ("why were the channels cut?", None),
    ],
)
def test_which_questions_ask_for_articles(question: str, asked: str | None) -> None:
    assert listing.asked(question) == asked


def hit(article: str, place: int, text: str = "one") -> Hit:
    passage = Passage(id=f"{article}-{place}", article_id=article, start=0, end=len(text), text=text)
    about = Article(id=article, title=article.title(), chars=3, sha256="")
    return Hit(passage=passage, article=about, score=1.0, relevance=0.5, ranks={})


def test_one_hit_of_every_article_the_best() -> None:
    hits = [hit("a", 2), hit("b", 0), hit("a", 1), hit("c", 0), hit("b", 1)]
    assert [h.passage.id for h in listing.one_each(hits)] == ["a-2", "b-0", "c-0"]


def test_a_passage_that_has_the_words_mentions_it_in_the_sentence_that_has_them() -> None:
    text = "The line rang. Nancy Lind's visits ended."
    found = (Evidence(start=0, end=14, probability=0.3), Evidence(start=15, end=len(text), probability=0.1))
    unsure = Reading(relevance=0.2, answerable=0.1, sentences=found)
    asked = listing.topic("which articles mention Nancy Lind?")
    assert asked is not None
    read = listing.read_as_named(unsure, hit("a", 0, text), asked)
    assert read.answerable == listing.NAMED and [one.probability for one in read.sentences] == [0.3, 0.98]
    assert listing.read_as_named(unsure, hit("b", 0, "Nancy rang. It was late."), asked) is unsure
    assert listing.topic("Which articles say that Nancy Lind rang?") is None


def test_an_article_is_about_what_its_title_names() -> None:
    asked = listing.topic("Which articles are about the hotlines?")
    assert asked is not None
    assert asked.is_in(hit("Hotline cut", 0)) and not asked.is_in(hit("Talks", 0, "The hotline rang."))


@pytest.mark.parametrize(
    ("question", "text", "mentioned"),
    [
        ("Which articles mention cars?", "A car, or two cars.", True),
        ("Which articles mention cars?", "The carnival returns.", False),
        ("Which articles mention Mars?", "They danced in the market.", False),
        ("Which articles mention the UN?", "The UN’s envoys met.", True),
        ("Which articles mention the UN?", "The hours were cut under a plan.", False),
        ("Which articles mention the US and ferries?", "They told us of ferries.", False),
        ("Which articles mention NATO?", "Nato met.", True),  # as British papers write it
        ("Which articles mention oil AND envoys?", "Oil envoys met.", True),
        ("Which articles mention OIL exports?", "They export oil.", True),
        ("Which articles mention Iran?", "Iranian envoys met.", True),
        ("Which articles mention Iran?", "Irate envoys met.", False),
        ("Which articles mention the vote?", "They are voting.", True),
        ("WHICH ARTICLES MENTION CARS?", "A car.", True),
        ("Which articles mention Libya?", "Libyans fled.", True),
        ("Which articles mention taxes?", "Taxes rose.", True),
        ("Which articles mention the drivers’ union?", "The driver left her union.", True),
        ("Which articles mention both Crane and Marsh?", "Crane met Marsh.", True),
        ("Which articles mention both Crane and Marsh?", "Crane left.", False),
    ],
)
def test_a_word_is_mentioned_by_itself_and_not_by_words_that_begin_with_it(
    question: str, text: str, mentioned: bool
) -> None:
    asked = listing.topic(question)
    assert asked is not None and asked.is_in(hit("a", 0, text)) == mentioned
