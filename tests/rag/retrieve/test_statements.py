"""Questions for what somebody has said."""

from __future__ import annotations

import pytest

from rag.retrieve import statements


@pytest.mark.parametrize(
    ("question", "theirs", "others"),
    [
        (
            "What has Nancy Lind said about the hotline?",
            [
                "Ms. Lind said no",
                "“No,” said Lind",
                "On Monday Lind, the envoy, also warned",
                "according to Nancy Lind",
            ],
            ["Carl Lind said no", "Salo told Lind no", "Critics said that Lind slept", "Linda said"],
        ),
        ("what has Lind told reporters about ships", ["Lind says", "Carl Lind said"], ["Linda said", "“a” Lind slept"]),
        ("What has Xi Jinping said about Taiwan?", ["Mr Xi said", "President Xi Jinping has said"], ["Peng Xi said"]),
        (
            "What has the White House said about timber?",
            ["the White House said"],
            ["The House of Lords said", "Mr. House said"],
        ),
        ("What has North Thessor said about the treaty?", ["North Thessor said"], ["South Thessor said"]),
    ],
)
def test_whose_statements_are_asked_for(question: str, theirs: list[str], others: list[str]) -> None:
    who = statements.speaker(question)
    assert who is not None
    assert all(map(who.search, theirs)) and not any(map(who.search, others))


@pytest.mark.parametrize(
    "question",
    ["What have officials said about the hotline?", "What did Lind say about the hotline?", "What has Lind said?"],
)
def test_questions_for_no_ones_statements(question: str) -> None:
    assert statements.speaker(question) is None
