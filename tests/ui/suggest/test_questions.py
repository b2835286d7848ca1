"""Statements as questions: each kind, and what is left alone."""

import pytest

from ui.suggest.questions import candidates
from ui.suggest.sound import sound


def made(text: str) -> dict[str, str]:
    return {one.text: one.expected for one in candidates(text)}


@pytest.mark.parametrize(
    ("sentence", "question", "expected"),
    [
        ("China broke off climate talks in August 2022.", "When did China break off climate talks?", "August 2022"),
        ("General Li has been barred because of a purchase.", "Why has General Li been barred?", ""),
        ("China shut its channels after Nancy Pelosi visited Taiwan.", "Why did China shut its channels?", ""),
        ("Xu Qiling met American officers in Fiji.", "Where did Xu Qiling meet American officers?", "Fiji"),
        ("China means to have about 1,000 warheads.", "How many warheads does China mean to have?", "1,000"),
        ("Twelve miners died in Port Ellery.", "How many miners died in Port Ellery?", "twelve"),
        ("Voltane paid £1.6bn for Tarnwick Hall.", "How much did Voltane pay for Tarnwick Hall?", "£1.6bn"),
        ("Kestria agreed to reopen the line in May 2020.", "What did Kestria agree to do in May 2020?", ""),
        ("Xi accused the United States of containment.", "What did Xi accuse the United States of?", ""),
        ("The aim of the Kestrian accord is to end the war.", "What is the aim of the Kestrian accord?", ""),
        ("Dovania signed the accord with Kestria.", "Who signed the accord with Kestria?", "Dovania"),
        ("It was called a “Sputnik moment” by some.", "What is the “Sputnik moment”?", ""),
        ("So said Daryl Kimball, who heads the association.", "Who is Daryl Kimball?", ""),
        ("## Why the channels were cut\n\nBecause of a visit.", "Why were the channels cut?", ""),
        ("How to build a resilient bridge\n\nSlowly.", "How do you build a resilient bridge?", ""),
    ],
)  # fmt: skip
def test_a_statement_becomes_a_question(sentence: str, question: str, expected: str) -> None:
    assert made(sentence).get(question) == expected


def test_a_question_knows_the_sentence_that_should_answer_it() -> None:
    text = "Nobody knew.\n\nChina broke off climate talks in August 2022. It rained."
    (one,) = (one for one in candidates(text) if one.kind == "when")
    assert text[one.start : one.end] == "China broke off climate talks in August 2022."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "He left in 2019.",
        "La Chine a rompu les négociations en août 2022.",
        "中国于2022年8月中断了气候谈判。",
        "## Why\n\nNo.",
    ],
)
def test_what_cannot_stand_alone_or_is_not_english_yields_nothing(text: str) -> None:
    assert made(text) == {}


@pytest.mark.parametrize(
    "question",
    [
        "When did it end?", "How much did the company lose in the year to March?", "Why did China sign the deal?",
        "Where did “the talks end?", f"Who {'really ' * 20}won in China?", "When did Mr Blinken leave for China?",
    ],
)  # fmt: skip
def test_unsound_questions(question: str) -> None:
    assert not sound(question)
