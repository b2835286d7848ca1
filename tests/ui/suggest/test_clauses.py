"""Statements taken apart."""

import pytest

from ui.suggest.clauses import Clause, Names, clauses

TEXT = "Later Jake Sullivan spoke. Mr Sullivan left. The Pentagon and the White House agreed."


def parts(sentence: str, text: str = TEXT) -> list[tuple[str, str, str]]:
    return [(one.subject, one.verb, one.rest) for one in clauses(sentence, Names(text))]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("China broke off climate talks in August 2022.", ("China", "broke", "off climate talks in August 2022")),
        ("In 2019, China left the talks, which failed.", ("China", "left", "the talks")),
        ("Mr Sullivan praised the summit.", ("Jake Sullivan", "praised", "the summit")),
        ("Jake Sullivan, the national security adviser, praised it.", ("Jake Sullivan", "praised", "it")),
        ("The Pentagon wrote on Monday and left.", ("the Pentagon", "wrote", "")),
    ],
)
def test_a_clause_is_subject_verb_and_rest(sentence: str, found: tuple[str, str, str]) -> None:
    assert parts(sentence) == [found]


def test_what_somebody_is_said_to_have_said_is_a_clause_too() -> None:
    assert parts("The Pentagon wrote that China means to have 1,000 warheads.")[1:] == [
        ("China", "means", "to have 1,000 warheads")
    ]


@pytest.mark.parametrize(
    "sentence",
    ["It broke off the talks.", "Warheads punished by sanctions rust.", "Whoever pays wins.", "No."],
)
def test_what_is_not_certain_yields_nothing(sentence: str) -> None:
    assert parts(sentence) == []


@pytest.mark.parametrize(
    ("verb", "rest", "asked"),
    [
        ("broke", "off talks", "did China break off talks"),
        ("wants", "talks", "does China want talks"),
        ("has", "350 warheads", "does China have 350 warheads"),
        ("has", "broken off talks", "has China broken off talks"),
        ("will", "pay", "will China pay"),
    ],
)
def test_a_question_takes_the_verb_before_the_subject(verb: str, rest: str, asked: str) -> None:
    assert Clause(subject="China", verb=verb, rest=rest).asked(rest) == asked
