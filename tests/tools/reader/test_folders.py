"""Corpora of five articles: what they hold, and the units that are trained on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

FOLDERS = Path(__file__).resolve().parents[3] / "tools/reader/folders"
NONE: dict[str, Any] = {"answerable": False, "history": [], "answers": [], "evidence": []}


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
    if (path := folder / "rewordings.jsonl").exists():
        asked = {case["id"]: case["question"] for case in cases}
        for row in rows(path):
            assert row["questions"] and asked[row["id"]] not in row["questions"]


def keep(home: Path, articles: list[dict[str, Any]], cases: list[dict[str, Any]]) -> None:
    (home / "f").mkdir()
    for name, found in (("corpus", articles), ("cases", cases)):
        (home / "f" / f"{name}.jsonl").write_text("\n".join(map(json.dumps, found)), "utf-8")


def test_a_question_is_trained_on_among_passages_of_its_folder_that_do_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    from tools.reader import folders

    texts = {"a": "The ferry sank on Monday. It was old.", "b": "Divers found the ferry.", "c": "The mayor wept."}
    articles = [{"id": name, "title": "", "published": None, "text": text} for name, text in texts.items()]
    known = {"answers": ["Monday"], "evidence": [{"article": "a", "quote": "The ferry sank on Monday."}]}
    cases = [
        {"id": "1", "question": "When did the ferry sink?", "answerable": True, "history": [], **known},
        {
            "id": "2",
            "question": "Who built the ferry?",
            "answerable": False,
            "history": [],
            "answers": [],
            "evidence": [],
        },
        {"id": "3", "question": "And why?", "answerable": True, "history": ["When did the ferry sink?"], **known},
    ]
    keep(tmp_path, articles, cases)
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


def test_a_question_over_two_articles_is_also_trained_on_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    from tools.reader import folders

    texts = {"a": "Salo says it was the fog (or ice).", "b": "Lind blames the pilot.", "c": "The mayor wept."}
    articles = [{"id": name, "title": "", "published": None, "text": text} for name, text in texts.items()]
    case = {
        "id": "1",
        "question": "What do Salo and Lind each say about the crash?",
        "answers": [r"re:(?s)(?=.*(?:the\ fog\ \(or\ ice\)|mist))(?=.*(?:the\ pilot))"],
        "evidence": [{"article": name, "quote": texts[name]} for name in "ab"],
        "answerable": True, "history": [],
    }  # fmt: skip
    keep(tmp_path, articles, [case])
    monkeypatch.setattr(folders, "FOLDERS", tmp_path)

    golds = [unit.pairs[0] for unit in folders.units(words=50, negatives=2)]
    told = [(gold.question, gold.passage.article, gold.span) for gold in golds]
    assert told == [
        (case["question"], "a", None),
        (case["question"], "b", None),
        ("What did Salo say about the crash?", "a", (17, 33)),
        ("What did Lind say about the crash?", "b", (12, 21)),
    ]


def test_a_question_without_an_answer_comes_in_all_wordings_beside_what_the_reader_took_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    from tools.reader import folders

    texts = {"a": "The ferry sank on Monday. It was old.", "b": "Divers found the ferry.", "c": "The mayor wept."}
    articles = [{"id": name, "title": "", "published": None, "text": text} for name, text in texts.items()]
    cases = [
        {"id": f"q{n}", "question": asked, **NONE} for n, asked in enumerate(["Who built the ferry?", "Who wept?"])
    ]
    keep(tmp_path, articles, cases)
    for path, row in (
        (tmp_path / "f/rewordings.jsonl", {"id": "q0", "questions": ["Whose yard made the boat?"]}),
        (tmp_path / "hard.jsonl", {"id": "q0", "places": [["c", 8], ["b", 12]]}),
    ):
        path.write_text(json.dumps(row), "utf-8")
    monkeypatch.setattr(folders, "FOLDERS", tmp_path)
    monkeypatch.setattr(folders, "HARD", tmp_path / "hard.jsonl")
    monkeypatch.setattr(folders, "training", lambda: ["f"])

    pairs = [pair for unit in folders.units(words=50, negatives=2, reworded=True) for pair in unit.pairs]
    assert [(pair.question, pair.passage.article) for pair in pairs] == [
        ("Who built the ferry?", "c"),
        ("Who built the ferry?", "b"),
        ("Whose yard made the boat?", "c"),
        ("Whose yard made the boat?", "b"),
    ]
    assert not any(pair.answerable for pair in pairs)
