"""Which questions name the articles that they are meant for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rag.records import Article, Filter
from rag.retrieve.inferred import Names, infer

NAMES = Names(
    outlets=("Coastal Wire", "Orsk Post", "The Harbour Times (retold)", "The Meridian Post"),
    authors=("Leila Marchetti and Edward Wong (retold)", "Mara Lind"),
)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("question", "asked", "where", "note"),
    [
        (
            "What did the Times report in July 2023 about the talks?",
            "What is said about the talks?",
            Filter(source="The Harbour Times", published_from=day("2023-07-01"), published_to=day("2023-07-31")),
            "Only articles in The Harbour Times from July 2023 were searched.",
        ),
        (
            "According to the Harbour Times, who died?",
            "Who died?",
            Filter(source="The Harbour Times"),
            "Only articles in The Harbour Times were searched.",
        ),
        (
            "How many people died, according to coastal wire?",
            "How many people died?",
            Filter(source="Coastal Wire"),
            "Only articles in Coastal Wire were searched.",
        ),
        (
            "What did the Post say about trains?",
            "What is said about trains?",
            Filter(source="Post"),
            "Only articles in Orsk Post or The Meridian Post were searched.",
        ),
        (
            "What does Edward Wong write about mines?",
            "What is said about mines?",
            Filter(author="Edward Wong"),
            "Only articles by Edward Wong were searched.",
        ),
        (
            "Which articles did Mara Lind write?",
            "",
            Filter(author="Mara Lind"),
            "Only articles by Mara Lind were searched.",
        ),
        (
            "What articles has Coastal Wire published since 2023?",
            "",
            Filter(source="Coastal Wire", published_from=day("2023-01-01")),
            "Only articles in Coastal Wire published since 2023 were searched.",
        ),
        (
            "Which articles published in 2023 mention the ferry?",
            "Which articles mention the ferry?",
            Filter(published_from=day("2023-01-01"), published_to=day("2023-12-31")),
            "Only articles from 2023 were searched.",
        ),
        (
            "Which articles by Mara Lind mention the ferry?",
            "Which articles mention the ferry?",
            Filter(author="Mara Lind"),
            "Only articles by Mara Lind were searched.",
        ),
        (
            "Which articles by Mara Lind are there?",
            "",
            Filter(author="Mara Lind"),
            "Only articles by Mara Lind were searched.",
        ),
        (
            "articles published since March 2024",
            "",
            Filter(published_from=day("2024-03-01")),
            "Only articles published since March 2024 were searched.",
        ),
        (
            "What did Coastal Wire report before 2022?",
            "",
            Filter(source="Coastal Wire", published_to=day("2021-12-31")),
            "Only articles in Coastal Wire published before 2022 were searched.",
        ),
        (
            "Which articles were published after February 2024?",
            "",
            Filter(published_from=day("2024-03-01")),
            "Only articles published after February 2024 were searched.",
        ),
        (
            "Which articles from 2023 to 2024 mention the ferry?",
            "Which articles mention the ferry?",
            Filter(published_from=day("2023-01-01"), published_to=day("2024-12-31")),
            "Only articles from 2023 to 2024 were searched.",
        ),
        (
            "What did Coastal Wire report in 2023 and 2024 about mines?",
            "What is said about mines?",
            Filter(source="Coastal Wire", published_from=day("2023-01-01"), published_to=day("2024-12-31")),
            "Only articles in Coastal Wire from 2023 to 2024 were searched.",
        ),
        (
            "List the articles published between March 2023 and May 2024",
            "",
            Filter(published_from=day("2023-03-01"), published_to=day("2024-05-31")),
            "Only articles from March 2023 to May 2024 were searched.",
        ),
        (
            "Which articles from 2024 onwards mention the ferry?",
            "Which articles mention the ferry?",
            Filter(published_from=day("2024-01-01")),
            "Only articles published since 2024 were searched.",
        ),
        (
            "Which articles from 2024 on the ferry are there?",  # its topic
            "Which articles on the ferry are there?",
            Filter(published_from=day("2024-01-01"), published_to=day("2024-12-31")),
            "Only articles from 2024 were searched.",
        ),
        (
            "Which articles from 2024 on that mention the ferry are there?",
            "Which articles that mention the ferry are there?",
            Filter(published_from=day("2024-01-01")),
            "Only articles published since 2024 were searched.",
        ),
        (
            "articles in 2022 on covert operations",
            "Articles on covert operations",
            Filter(published_from=day("2022-01-01"), published_to=day("2022-12-31")),
            "Only articles from 2022 were searched.",
        ),
        (
            "Which articles from 2021 on coverage of the flood mention Orvane?",
            "Which articles on coverage of the flood mention Orvane?",
            Filter(published_from=day("2021-01-01"), published_to=day("2021-12-31")),
            "Only articles from 2021 were searched.",
        ),
        (
            "Which articles from 2021 on that ferry crash mention Orvane?",
            "Which articles on that ferry crash mention Orvane?",
            Filter(published_from=day("2021-01-01"), published_to=day("2021-12-31")),
            "Only articles from 2021 were searched.",
        ),
        (
            "articles before 2021 on discussions with Orvane",
            "Articles on discussions with Orvane",
            Filter(published_to=day("2020-12-31")),
            "Only articles published before 2021 were searched.",
        ),
        (
            "What did Coastal Wire report about the bridge after 2022?",
            "What is said about the bridge?",
            Filter(source="Coastal Wire", published_from=day("2023-01-01")),
            "Only articles in Coastal Wire published after 2022 were searched.",
        ),
        (
            "What did Coastal Wire report about the bridge in 2022?",  # the bridge's time, it may be
            "What is said about the bridge in 2022?",
            Filter(source="Coastal Wire"),
            "Only articles in Coastal Wire were searched.",
        ),
        (
            "What did Coastal Wire report about the bridge before 2022?",  # it may tell of that time now
            "What is said about the bridge before 2022?",
            Filter(source="Coastal Wire"),
            "Only articles in Coastal Wire were searched.",
        ),
        (
            "articles in 2021 by Mara Lind",
            "",
            Filter(author="Mara Lind", published_from=day("2021-01-01"), published_to=day("2021-12-31")),
            "Only articles by Mara Lind from 2021 were searched.",
        ),
        (
            "What did Coastal Wire report in 2023 and about whom?",  # the time goes on in words not known
            "What did Coastal Wire report in 2023 and about whom?",
            Filter(source="Coastal Wire"),
            "Only articles in Coastal Wire were searched.",
        ),
    ],
)
def test_articles_that_are_named(question: str, asked: str, where: Filter, note: str) -> None:
    aim = infer(question, lambda: NAMES)
    assert aim is not None and (aim.question, aim.where, aim.note) == (asked, where, note)


@pytest.mark.parametrize(
    "question",
    [
        "What happened in July 2023?",  # the event's date
        "What did the union say in July 2023?",
        "What did the report published in 2023 say?",
        "According to the inquiry, what happened?",
        "What does Edward Wong say about mines?",  # others may quote him
        "What does Wong write about mines?",  # not in full
        "What did the wire report?",  # a thing, not the outlet's short form
        "Who founded Coastal Wire in 2020?",
        "Which articles from 2021 and 2024 mention the ferry?",  # not those between
        "Which articles from 2024 to 2021 mention the ferry?",
    ],
)
def test_other_questions_name_none(question: str) -> None:
    assert infer(question, lambda: NAMES) is None


@pytest.mark.parametrize("word", ["before", "since"])
def test_a_time_at_the_end_is_the_articles_or_that_of_what_happened(word: str) -> None:
    aim = infer(f"What did Coastal Wire report about mines {word} 2022?", lambda: NAMES)
    assert aim is not None and aim.instead is not None
    dated = [one.where.published_from or one.where.published_to for one in (aim, aim.instead)]
    assert [bool(day) for day in dated] == [word == "since", word == "before"]


def test_which_articles_are_those_that_are_named() -> None:
    aim = infer("What did Coastal Wire report in 2022 about mines?", lambda: NAMES)
    assert aim is not None and aim.by == "in Coastal Wire from 2022"
    ours = Article(id="a", title="Mines", source="Coastal Wire", published=day("2022-12-31"), chars=1, sha256="")
    others = [
        replace(ours, source="Orsk Post"),
        replace(ours, published=day("2023-01-01")),
        replace(ours, published=None),
    ]
    assert [aim.holds(one) for one in (ours, *others)] == [True, False, False, False]


def test_a_name_within_another_outlets_is_not_taken() -> None:
    both = Names(outlets=("The Times", "The Times of Halvik"), authors=("Mara Lind", "Mara Lindqvist"))
    assert infer("According to the Times, who died?", lambda: both) is None
    assert infer("What does Mara Lind write about mines?", lambda: both) is None
    assert infer("What does Mara Lindqvist write about mines?", lambda: both) is not None


def test_what_an_outlet_is_of_is_not_the_outlet() -> None:
    outlets = Names(outlets=("Times of Tessaly", "Voice of the Union", "Orvane Times"), authors=())
    assert infer("What did Tessaly say about the border talks?", lambda: outlets) is None
    assert infer("According to the Union, who died?", lambda: outlets) is None
    aim = infer("What did the Times of Tessaly say about the border talks?", lambda: outlets)
    assert aim is not None and aim.where == Filter(source="Times of Tessaly")


def test_names_are_read_only_when_the_words_suggest_one() -> None:
    def never() -> Names:
        raise AssertionError

    assert infer("Why were the channels cut in July 2023?", never) is None
