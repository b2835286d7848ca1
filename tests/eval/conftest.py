"""A tiny suite on disk and a system that answers it, for tests of the harness itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ARTICLE = """---
title: Talks
source: The Post
published: 2023-01-01
---
Talks ended in “March” 2022 after a visit. Nobody spoke for months.

They met again in June 2023. Flights resumed at once.
"""
CASES = [
    {
        "id": "when",
        "question": "When did talks end?",
        "answers": ["March 2022"],
        "evidence": [{"article": "talks.md", "quote": 'Talks ended in "March" 2022 after a visit.'}],
        "kind": "fact",
    },
    {"id": "won", "question": "Who won the prize?", "answerable": False, "kind": "unanswerable"},
    {
        "id": "again",
        "question": "And when did they meet again?",
        "history": ["When did talks end?"],
        "answers": ["re:june\\s+2023"],
        "evidence": [{"article": "talks", "quote": "They met again in June 2023."}],
        "kind": "follow-up",
    },
]


def write_suite(folder: Path, cases: list[dict[str, object]] | None = None) -> Path:
    (folder / "corpus").mkdir(parents=True)
    (folder / "corpus" / "talks.md").write_text(ARTICLE, encoding="utf-8")
    (folder / "suite.toml").write_text('name = "tiny"\nlicence = "CC0"\n', encoding="utf-8")
    lines = [json.dumps(case) for case in cases or CASES]
    (folder / "cases.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return write_suite(tmp_path / "tiny")
