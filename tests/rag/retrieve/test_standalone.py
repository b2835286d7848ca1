from typing import Any

import pytest

from rag.errors import QuestionError
from rag.records import Answer, Turn
from rag.retrieve.standalone import clean, names_something, standalone, topic_apart

HISTORY = [Turn(question="Why did Tessaly cut the hotline?", answer="A drone crossed the border.")]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("And when was that?", "And when was that? (Tessaly cut hotline)"),
        ("Why?", "Why? (Tessaly cut hotline)"),
        ("And when?", "When did Tessaly cut the hotline?"),
        ("Who owns the Halcyon Star?", "Who owns the Halcyon Star?"),
        ("When will ministers of both sides meet in Halvik?", "When will ministers of both sides meet in Halvik?"),
    ],
)
def test_only_what_leans_on_the_turn_before_carries_its_topic(question: str, expected: str) -> None:
    assert standalone(question, HISTORY) == expected


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        ("What is throat cancer?", "Is it treatable?", "Is throat cancer treatable?"),
        ("Tell me about the Halcyon Star.", "What was its speed?", "What was Halcyon Star’s speed?"),
        ("What are the different types of sharks?", "Are they endangered?", "Are sharks endangered?"),
        ("Why did Tessaly cut the hotline?", "What is the target?", "What is the target? (Tessaly cut hotline)"),
        (
            "How did parliament vote on Lisse?",
            "How did Thessor react?",
            "How did Thessor react? (parliament vote Lisse)",
        ),
        ("What is ketosis?", "What are Cubesats?", "What are Cubesats?"),
        ("What causes rust on bridges?", "How is oxygen made in big plants?", "How is oxygen made in big plants?"),
    ],
)
def test_a_thing_takes_the_pronouns_place_and_other_topics_stand_in_brackets(
    before: str, question: str, expected: str
) -> None:
    assert standalone(question, [Turn(question=before, answer="")]) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Why did Orvane sell its phone business?",
        "Why did Thessor keep the ships that it had bought?",
        "Why did Salo give up the post that she had won?",
        "What is the Galileo system and why is it important?",
        "Is it true that Thessor closed the border?",
        "Is it true Thessor closed the border?",
        "How likely is it that Thessor will close the border?",
        "How long did it take to build the bridge in Tessaly?",
        "How much does it cost to enter Halvik?",
    ],
)
def test_a_pronoun_that_may_stand_for_a_name_in_its_own_question_is_not_replaced(question: str) -> None:
    """At most the topic of the turn before is added: words too many cost less than words that lack."""
    told = standalone(question, [Turn(question="What is throat cancer?", answer="")])
    assert told.removesuffix(" (throat cancer)") == question


@pytest.mark.parametrize(
    "question", ["What did Salo say after it was signed?", "What was Tessaly's reaction to its signing?"]
)
def test_a_name_before_a_pronoun_does_not_cost_the_topic(question: str) -> None:
    told = standalone(question, [Turn(question="When was the Orvane treaty signed?", answer="")])
    assert told.startswith(question) and "Orvane treaty" in told


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Why did Salo sell it?", "Why did Salo sell Halcyon Star?"),  # an object is not the subject again
        ("What did Salo say about it?", "What did Salo say about Halcyon Star?"),
        ("How much did it cost?", "How much did Halcyon Star cost?"),
        ("How much did it cost to build?", "How much did Halcyon Star cost to build?"),
        ("In Thessor, when was it sold to a bank?", "In Thessor, when was Halcyon Star sold to a bank?"),
        ("Is it true that it sank?", "Is it true that Halcyon Star sank?"),
        ("When did Salo say she would resign?", "When did Salo say she would resign? (Halcyon Star)"),
    ],
)
def test_a_pronoun_of_the_turn_before_gives_way_beside_a_name(question: str, expected: str) -> None:
    assert standalone(question, [Turn(question="What is the Halcyon Star?", answer="")]) == expected


def test_a_person_that_a_turn_was_answered_with_is_carried() -> None:
    said = Answer(question="?", standalone_question="?", text="Piet Halloran took over [1].", answered=True,
                  short="Piet Halloran", confidence=1.0, generator="extractive")  # fmt: skip
    question = standalone("What did he say about cuts?", [Turn(question="Who runs Voltane?", answer=said)])
    assert question == "What did he say about cuts? (runs Voltane Piet Halloran)"


def test_a_long_conversation_adds_a_few_words_only() -> None:
    history = [
        *HISTORY,
        *(Turn(question=f"And what about the alpha{n} beta{n} gamma{n}?", answer="") for n in range(50)),
    ]
    question = standalone("And then?", history)
    assert "Tessaly" in question and len(question.split()) <= 9


@pytest.mark.parametrize("question", ["And when was that?", "Why?", "how much is the toll", "Who runs it?"])
def test_the_topic_in_brackets_is_set_apart_again(question: str) -> None:
    carried = standalone(question, HISTORY)
    alone, before = topic_apart(carried)
    assert carried == f"{question} (Tessaly cut hotline)" and alone == question
    assert standalone(question, before) == carried  # nothing of it is lost


@pytest.mark.parametrize(
    "question", ["Who runs the Halvik line (HL) in Orvane?", "When did Salo sell Orvane Line (OL)"]
)
def test_brackets_of_whoever_asked_stay(question: str) -> None:
    assert topic_apart(question) == (question, [])


def test_without_history_a_question_stays_as_it_is() -> None:
    assert standalone("And when was that?", []) == "And when was that?"


def test_a_chain_of_follow_ups_reaches_back_to_its_topic() -> None:
    history = [*HISTORY, Turn(question="And when?", answer="On 3 July.")]
    assert "hotline" in standalone("Who said so?", history)


def test_control_characters_and_surrogates_are_cleaned_away() -> None:
    assert clean(" why\x00 were\x1b[31m\ud800 they\u202e cut? ", 100) == "why were [31m they cut?"


def test_what_no_reader_sees_parts_no_word() -> None:
    assert clean("Why was the fer\u00adry\u200b line closed\ufeff?", 100) == "Why was the ferry line closed?"


@pytest.mark.parametrize("question", ["", " \n\t", "\x00\x1b", "\ud800"])
def test_an_empty_question_is_refused(question: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        clean(question, 100)


@pytest.mark.parametrize("question", [None, 5, ["a"], b"why?"])
def test_what_is_no_text_is_refused(question: Any) -> None:
    with pytest.raises(QuestionError, match="not text"):
        clean(question, 100)


def test_an_oversized_question_is_refused_with_the_limit() -> None:
    with pytest.raises(QuestionError, match="1,000,000 characters, 8,000 is the limit"):
        clean("a" * 1_000_000, 8_000)


@pytest.mark.parametrize(
    ("question", "idle"),
    [
        ("ok", True),
        ("Thank you very much!", True),
        ("Who are you?", True),
        ("Good morning", True),
        ("Thanks, and why?", False),
        ("And in the evening?", False),
        ("Is it ok?", False),
        ("Who was that?", False),
        ("Can you help me?", True),
        ("What about you?", True),
        ("Help, please", True),
        ("What should you do?", False),  # anyone
        ("And what should you not do?", False),
        ("When should you?", False),
        ("Did we help?", False),
        ("did the us help?", False),
        ("Was help good?", False),
        ("Will help be by morning?", False),
    ],
)
def test_small_talk_carries_no_topic_and_names_nothing(question: str, idle: bool) -> None:
    alone = standalone(question, HISTORY)
    assert (alone == question) is idle and names_something(alone) is not idle
