"""Where cited passages differ, on quotes written by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from stand_in import ANSWER, CUT, TALKS

from rag.records import Answer
from ui import render
from ui.compare import as_of, differences
from ui.strings import ENGLISH


def citing(*quotes: str, question: str = "q") -> Answer:
    """An answer that cites each quote from an article of its own, a day apart, the last one oldest."""
    citations = tuple(
        replace(CUT, number=n, quote=quote, article=replace(TALKS, id=f"a{n}", published=date(2024, 1, 20 - n)))
        for n, quote in enumerate(quotes, 1)
    )
    return replace(ANSWER, question=question, citations=citations)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("At least 14 people died after a ferry rolled over in Corvan Sound.",
         "The toll of the ferry in Corvan Sound rose to 23 people.", ["23 people", "14 people"]),
        ("The plant at Tarnwick will cost £1.6bn.", "Its Tarnwick plant cost £1.9 billion to build.",
         ["£1.9 billion", "£1.6bn"]),
        ("Auditors found faults in 22% of the first welds.", "All told 30 per cent of its first welds had faults.",
         ["30 per cent", "22%"]),
        ("The Kestrian accord was signed on 14 March 2023.", "Both signed the Kestrian accord on 12 March 2023.",
         ["12 March 2023", "14 March 2023"]),
        ("The list showed 171 people on board, below the limit of 180 for the ferry.",
         "Police counted 184 people on board the ferry, 13 more than the list and four above the limit.",
         ["184 people", "171 people"]),
        ("Thessor's position is 9.6 nautical miles from the Calder Rocks.",
         "The report puts the position at 11.8 nautical miles from the Calder Rocks, not where Thessor does.",
         ["11.8 nautical miles", "9.6 nautical miles"]),
        ("The blast at Tarnwick harbour killed 3 people and wounded 15 people.",
         "The blast at Tarnwick harbour killed 5 people.", ["5 people", "3 people"]),
    ],
)  # fmt: skip
def test_another_number_or_date_for_the_same_is_a_difference(one: str, other: str, said: list[str]) -> None:
    (found,) = differences(citing(one, other))
    assert [words for words, _ in found.said] == said  # the older article first


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The American arsenal has 5,550 warheads.", "China means to have about 1,000 warheads by 2030."),
        ("The Kestrian accord was signed on 12 March 2023.", "Both signed the Kestrian accord in March 2023."),
        ("The ferry carried 171 people in Corvan Sound.", "The Corvan Sound ferry had 171 people on board."),
        ("The Tarnwick plant cost £1.6bn.", "The Tarnwick plant cost £1,600 million."),
        ("Nobody knows.", "Nobody was hurt."),
        ("Of 150 technicians trained at Tarnwick, 37 have been hired.",
         "At Tarnwick 96 of 150 technicians who began to be trained in 2021 have finished, none hired."),
        ("The blast at Tarnwick harbour killed 3 people.", "The blast at Tarnwick harbour injured 12 people."),
        ("The blast at Tarnwick harbour killed 3 people.", "12 people were injured in the blast at Tarnwick harbour."),
        ("The new Halvik bridge is 40 metres high.", "The new Halvik bridge is 900 metres long."),
        ("Arvenia's steel tariffs rose to 25% in March.", "Arvenia's steel exports fell 7% in March."),
        ("Arvenia's steel tariffs rose to 25% in March.", "Arvenia's steel exports rose to 30% in March."),
        ("The Tarnwick plant employed 400 workers in 2021.", "The Tarnwick plant employed 650 workers in 2023."),
        ("The Tarnwick workforce rose to 400 workers.", "The Tarnwick workforce rose by 50 workers."),
        ("The Halvik council spent £3m on the harbour wall.", "The Halvik council spent £9m on the bus station."),
        ("The clinic at Tarnwick treated 14 people for burns.", "The clinic at Halvik treated 23 people for burns."),
        ("The migraine tablet, taken since May, needs a blood test.",
         "The migraine tablet is back from 1 October, after a blood test."),
        ("The Kestrian grain accord was signed on 14 March 2023.",
         "The Kestrian grain accord was rejected on 20 March 2023."),
        ("The Kestrian accord was signed on 14 March 2022.", "The Kestrian accord was signed on 12 March 2023."),
    ],
)  # fmt: skip
def test_other_things_and_the_same_in_other_words_are_none(one: str, other: str) -> None:
    assert differences(citing(one, other)) == ()


def test_an_article_does_not_differ_with_itself() -> None:
    answer = citing("Two ferries sank in Corvan Sound.", "Three ferries sank in Corvan Sound.")
    assert len(differences(answer)) == 1
    same = tuple(replace(one, article=TALKS) for one in answer.citations)
    assert differences(replace(answer, citations=same)) == ()


def test_both_are_shown_with_outlet_and_date() -> None:
    shown = render.answered(
        citing("Two ferries sank in Corvan Sound.", "Three ferries sank in Corvan Sound."), 0, ENGLISH
    )
    assert ENGLISH.other_numbers in shown
    for words in (
        "Two ferries",
        "Three ferries",
        "The Post</bdi> · 19 January 2024",
        "The Post</bdi> · 18 January 2024",
    ):
        assert words in shown


def test_opposite_sides_are_shown_with_outlet_and_date() -> None:
    answer = citing("The council approved the Halvik tunnel.", "Bees hum.", "The council rejected the Halvik tunnel.")
    (found,) = differences(answer)
    assert found.kind == "stance" and [citation.number for _, citation in found.said] == [3, 1]
    shown = render.answered(answer, 0, ENGLISH)
    assert ENGLISH.other_stances in shown
    for words in (
        "rejected the Halvik tunnel<",
        "The Post</bdi> · 17 January 2024",
        "The Post</bdi> · 19 January 2024",
    ):
        assert words in shown


def test_an_answer_that_depends_on_time_says_as_of_when() -> None:
    assert as_of(citing("Talks resumed.", "Talks will resume.")) == date(2024, 1, 19)
    assert as_of(citing("Talks resumed.", question="Who is the current envoy?")) == date(2024, 1, 19)
    assert as_of(citing("Talks resumed.")) is None
    undated = replace(CUT, quote="It will resume.", article=replace(TALKS, published=None))
    assert as_of(replace(ANSWER, citations=(undated,))) is None
    assert "As of 19 January 2024" in render.answered(citing("Talks will resume."), 0, ENGLISH)
