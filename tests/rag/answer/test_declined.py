import pytest

from rag.answer.declined import declines, refused

PASSAGES = [
    "Tessaly suspended its hotline on Monday. The documents do not say who ordered it.",
    "There was no information on casualties.",
]


@pytest.mark.parametrize(
    "said",
    [
        "The articles do not answer this question.",
        "the articles do not answer the question.",
        "> The articles do not answer this question. Nearest: Talks.",
        "### **Answer:** The articles do not answer this question.",
        "Answer: “The articles do not answer this question.”",
    ],
)
def test_the_refusal_of_the_prompt_is_known_in_other_dress(said: str) -> None:
    assert refused(said)


def test_what_only_mentions_the_refusal_is_none() -> None:
    assert not refused("He said: The articles do not answer this question.")
    assert not refused("*" * 50_000)


@pytest.mark.parametrize(
    "sentence",
    [
        "The passages do not say why Tessaly suspended its hotline.",
        "The provided context doesn’t explicitly mention why.",
        "Unfortunately, the articles provided do not give a reason.",
        "Based on the passages, there is no information on the date.",
        "There is no mention of a date in the passages.",
        "None of the passages explains why.",
        "The passages contain no information about it.",
        "It is not stated in the articles when it happened.",
        "I cannot find in the passages why it was suspended.",
        "I'm sorry, but this cannot be answered.",
        "Sorry, the articles do not answer when the ferry rolled over.",
    ],
)
def test_a_refusal_in_the_models_own_words(sentence: str) -> None:
    assert declines(sentence, PASSAGES)


@pytest.mark.parametrize(
    "sentence",
    [
        "The report does not say who ordered it.",
        "The documents do not say who ordered it.",
        "There is no information on casualties.",
        "According to the passages, the report does not say who ordered it.",
        "The passages do not say why, but Tessaly suspended its hotline on Monday.",
        "The articles do not agree on how many died.",
        "The passages report no casualties.",
        "Tessaly does not say why.",
        "",
    ],
)
def test_what_is_a_statement_of_the_articles(sentence: str) -> None:
    assert not declines(sentence, PASSAGES)
