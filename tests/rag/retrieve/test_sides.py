"""Two sides that a question compares; more of them stand in `test_parts.py`, as whole plans."""

from __future__ import annotations

import pytest

from rag.retrieve.sides import clauses, compared


@pytest.mark.parametrize(
    ("bare", "asked"),
    [
        ("How do Salo and Lind differ on the toll", [f"What does {a} say about the toll?" for a in ("Salo", "Lind")]),
        ("Compare the toll of Halvik and Orsk", ["What is the toll of Halvik?", "What is the toll of Orsk?"]),
        ("How do the old and the new law differ on fees", []),  # "the old" names nothing
        ("Who runs Halvik and Orsk", []),
    ],
)
def test_each_side_has_a_question(bare: str, asked: list[str]) -> None:
    assert compared(bare) == asked


def test_two_clauses_are_two_questions() -> None:
    assert clauses("compare what Salo promised to what Lind got") == ["What did Salo promise?", "what Lind got?"]
    assert clauses("what Salo promised") == []
