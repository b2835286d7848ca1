"""Corpora of five articles: what they hold, and the units that are trained on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

FOLDERS = Path(__file__).resolve().parents[3] / "tools/reader/folders"


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("folder", sorted(FOLDERS.iterdir()), ids=lambda folder: folder.name)
def test_evidence_is_word_for_word_in_its_article(folder: Path) -> None:
    texts = {row["id"]: row["text"] for row in rows(folder / "corpus.jsonl")}
    cases = rows(folder / "cases.jsonl")
    assert len(texts) == 5 and len(cases) > 50
    for case in cases:
        assert case["answerable"] == bool(case["evidence"]) == bool(case["answers"])
        assert all(quote["quote"] in texts[quote["article"]] for quote in case["evidence"])


def test_a_question_is_trained_on_among_passages_of_its_folder_that_do_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    from tools.reader import folders

    texts = {"a": "The ferry sank on Monday. It was old.", "b": "Divers found the ferry.", "c": "The mayor wept."}
    articles = [{"id": name, "title": "", "published": None, "text": text} for name, text in texts.items()]
    known = {"answers": ["Monday"], "evidence": [{"article": "a", "quote": "The ferry sank on Monday."}]}
    cases = [
        {"question": "When did the ferry sink?", "answerable": True, "history": [], **known},
        {"question": "Who built the ferry?", "answerable": False, "history": [], "answers": [], "evidence": []},
        {"question": "And why?", "answerable": True, "history": ["When did the ferry sink?"], **known},
    ]
    (tmp_path / "f").mkdir()
    for name, found in (("corpus", articles), ("cases", cases)):
        (tmp_path / "f" / f"{name}.jsonl").write_text("\n".join(map(json.dumps, found)), "utf-8")
    monkeypatch.setattr(folders, "FOLDERS", tmp_path)

    gold, *others = list(folders.units(words=50, negatives=2))
    right, *wrong = gold.pairs
    assert right.passage.text[slice(*right.span or (0, 0))] == "Monday" and right.evidence == ((0, 25),)
    assert {pair.passage.article for pair in wrong} == {"b", "c"}
    assert [(pair.answerable, pair.relevant, pair.evidence) for pair in wrong] == [(False, False, ())] * 2
    assert [(len(unit.pairs), unit.pairs[0].answerable, unit.pairs[0].relevant) for unit in others] == [
        (1, False, None),
        (1, False, None),
    ]
