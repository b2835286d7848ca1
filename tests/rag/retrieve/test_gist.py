import pytest

from rag.retrieve.gist import gist

TOLD = "We talk about it at home every evening, since my uncle once worked on the boats up there. " * 3


@pytest.mark.parametrize(
    ("question", "read"),
    [
        (f"I read of the Queen Maud. {TOLD}When did she sink?", "I read of the Queen Maud. When did she sink?"),
        (f"When did the Queen Maud sink? {TOLD}Do you know?", "When did the Queen Maud sink?"),
        (f"I read of it. {TOLD}When did she sink? (Maud ferry)", "I read of it. When did she sink? (Maud ferry)"),
        (f"{TOLD}Please tell me why she sank.", f"{' '.join(TOLD.split()[:14])} Please tell me why she sank."),
        (f"I read of it. {TOLD}When did she sink? Who was saved?", "I read of it. When did she sink? Who was saved?"),
        (f"I read of it. {TOLD}Did the Maud sink? Do you know?", "I read of it. Did the Maud sink?"),
        ("When did she sink? Do you know?", "When did she sink? Do you know?"),
        ("why " * 60, "why " * 60),
    ],
)
def test_of_a_long_question_the_reader_is_asked_what_it_is_about_and_what_is_asked(question: str, read: str) -> None:
    assert gist(question).strip() == read.strip()
