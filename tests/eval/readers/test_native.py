from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.suite import load
from tests.eval.conftest import CASES

HALF = "\ud83d"


def written(folder: Path, articles: list[dict[str, Any]], cases: list[dict[str, Any]], mark: bytes = b"") -> Path:
    folder.mkdir()
    (folder / "suite.toml").write_bytes(mark + b'name = "x"\n')
    for name, records in (("corpus.jsonl", articles), ("cases.jsonl", cases)):
        (folder / name).write_bytes(mark + "\n".join(map(json.dumps, records)).encode())
    return folder


def test_a_byte_order_mark_costs_no_line(tmp_path: Path) -> None:
    asked = {"id": "c", "question": "Did it rain?"}
    plain, marked = (
        load(written(tmp_path / name, [{"id": "a", "text": "It rained."}], [asked], mark))
        for name, mark in (("plain", b""), ("marked", b"\xef\xbb\xbf"))
    )
    assert marked.troubles == ()
    assert (marked.name, list(marked.articles), marked.sha256) == ("x", ["a"], plain.sha256)


@pytest.mark.parametrize("field", ["answers", "kind", "history"])
def test_half_a_character_in_a_case_is_named_with_its_line(tmp_path: Path, field: str) -> None:
    bad = {"id": "bad", "question": "Who?", field: HALF if field == "kind" else [HALF]}
    folder = written(tmp_path / "s", [{"id": "a", "text": "It rained."}], [{"id": "c", "question": "Which?"}, bad])
    suite = load(folder)
    assert [case.id for case in suite.cases] == ["c"]
    assert [(trouble.line, trouble.what.split(":")[0].split(".")[0]) for trouble in suite.troubles] == [(2, field)]


def test_half_a_character_in_a_title_is_named_with_its_line(tmp_path: Path) -> None:
    articles = [{"id": "a", "text": "It rained."}, {"id": "b", "text": "It snowed.", "title": HALF}]
    suite = load(written(tmp_path / "s", articles, [{**CASES[1]}]))
    assert list(suite.articles) == ["a"]
    assert [(trouble.line, trouble.what.split(":")[0]) for trouble in suite.troubles] == [(2, "title")]
