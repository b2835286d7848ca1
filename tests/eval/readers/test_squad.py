from __future__ import annotations

import json
from pathlib import Path

from eval.suite import load

CONTEXT = "Alice met Bob in Paris. Grade A was given."


def squad_file(path: Path, qas: list[object], mark: bytes = b"") -> Path:
    data = {"data": [{"title": "Talks", "paragraphs": [{"context": CONTEXT, "qas": qas}]}]}
    path.write_bytes(mark + json.dumps(data).encode())
    return path


def asked(id: str, answer: str, start: int) -> dict[str, object]:
    return {"id": id, "question": "Which?", "answers": [{"text": answer, "answer_start": start}]}


def test_one_bad_question_is_named_and_the_others_of_its_title_stay(tmp_path: Path) -> None:
    qas = [asked("city", "Paris", 17), asked("empty", "", 0), asked("beyond", "given", 99), "no question"]
    suite = load(squad_file(tmp_path / "dev.json", qas))
    assert [case.id for case in suite.cases] == ["city"]
    told = [trouble.what for trouble in suite.troubles]
    assert told[0] == "data[0]: question 'empty' left out: answers: Value error, an accepted answer is empty"
    assert told[1].startswith("data[0]: question 'beyond' left out: ValueError")
    assert told[2].startswith("data[0]: question without an id left out: AttributeError")


def test_an_answer_that_could_never_match_is_named(tmp_path: Path) -> None:
    suite = load(squad_file(tmp_path / "dev.json", [asked("city", "Paris", 17), asked("grade", "A", 30)]))
    assert [case.id for case in suite.cases] == ["city"]
    assert [t.what.split(":")[0] for t in suite.troubles] == ["case 'grade' left out"]


def test_a_byte_order_mark_is_none_of_the_file(tmp_path: Path) -> None:
    path = squad_file(tmp_path / "dev.json", [asked("city", "Paris", 17)], mark=b"\xef\xbb\xbf")
    assert [case.id for case in load(path).cases] == ["city"]
