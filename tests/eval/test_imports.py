"""Sets made for other ends become suites: ranked sentences, claims, judged answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.cases import Suite
from eval.cli import main
from eval.imports import Converted, Source, convert
from eval.suite import load
from rag.errors import UserError

FERRY = ["It rained.", "The ferry sank in March.", "Nobody was hurt.", "It had been old."]
RANKING = {"id": "s1", "question": "When did it sink?", "title": "Ferry", "section": "Loss", "candidates": FERRY}


def imported(folder: Path, records: list[dict[str, Any]], file: str = "examples.jsonl") -> tuple[Suite, Converted]:
    folder.mkdir(exist_ok=True)
    (folder / file).write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    out = folder.with_name(folder.name + "-suite")
    made = convert(Source(place=folder, name="it", licence="CC0", source="set"), out)
    return load(out), made


def evidence(suite: Suite) -> dict[str, list[str]]:
    return {case.id: [piece.quote for piece in case.evidence] for case in suite.cases}


def test_ranked_sentences_are_a_section_and_its_evidence(tmp_path: Path) -> None:
    suite, made = imported(tmp_path / "set", [{**RANKING, "labels": [0, 1, 0, 1]}], "ranking.dev.jsonl")
    (article,) = suite.articles.values()
    assert (article.title, article.text) == ("Ferry: Loss", " ".join(FERRY))
    assert evidence(suite) == {"s1": [FERRY[1], FERRY[3]]}
    assert (suite.meta.task, suite.unit, made.troubles) == ("answer", "quote", ())
    assert suite.cases[0].answerable and suite.cases[0].answers == ()


ASKED = {"question": "Which ferry?", "passage": "The old ferry sank."}


def test_one_accepted_answer_may_stand_alone_and_a_truth_value_is_one(tmp_path: Path) -> None:
    suite, made = imported(
        tmp_path / "set",
        [
            {**ASKED, "id": "a", "answers": "The old"},
            {**ASKED, "id": "b", "answers": ["old", "old"], "answerable": True},
            {**ASKED, "id": "c", "answerable": False},
            {**ASKED, "id": "d", "answerable": "false"},
            {**ASKED, "id": "e", "answers": {"text": ["old"]}},
        ],
    )
    told = [(case.id, case.answers, case.answerable) for case in suite.cases]
    assert told == [("a", ("The old",), True), ("b", ("old",), True), ("c", (), False)]
    assert [trouble.line for trouble in made.troubles] == [4, 5]


def test_a_name_beyond_the_common_characters_is_kept(tmp_path: Path) -> None:
    (tmp_path / "examples.jsonl").write_text(json.dumps({**ASKED, "id": "a"}), encoding="utf-8")
    convert(Source(place=tmp_path, name='news 😀 "é"', licence="CC0", source="set"), tmp_path / "out")
    assert load(tmp_path / "out").name == 'news 😀 "é"'


def test_labels_that_do_not_fit_their_sentences_are_named(tmp_path: Path) -> None:
    good = {**RANKING, "labels": [0, 1, 0, 0]}
    suite, made = imported(tmp_path / "set", [{**RANKING, "id": "s0", "labels": [0, 1]}, good])
    assert list(evidence(suite)) == ["s1"]
    assert [trouble.line for trouble in made.troubles] == [1]


def claim(id: str, label: str, sets: list[list[int]], sentences: list[str] = FERRY, **more: object) -> dict[str, Any]:
    told = {"id": id, "claim": "The ferry sank in May.", "label": label, "title": "Ferry", "sentences": sentences}
    return {**told, "evidence_sets": sets, **more}


def test_a_claim_is_searched_for_and_what_decides_it_must_be_found(tmp_path: Path) -> None:
    other = ["The harbour is new.", "A ferry was lost in May."]
    suite, made = imported(
        tmp_path / "set",
        [
            claim("a", "refuted", [[1], [3, 1]]),
            claim("b", "supported", [[1]], other),
            claim("c", "not_enough_info", [], ["No ferry is named here."]),
        ],
    )
    assert evidence(suite) == {"a": [FERRY[1], FERRY[3], other[1]]}, "one claim held against two articles is one case"
    assert suite.cases[0].kind == "refuted"
    assert (suite.meta.task, len(suite.articles)) == ("search", 3), "what decides nothing is still in the way"
    assert (made.cases, made.not_asked, made.troubles) == (1, 1, ())


def test_the_title_of_a_claims_own_page_is_not_its_sources(tmp_path: Path) -> None:
    suite, _ = imported(tmp_path / "set", [claim("a", "supported", [[1]], context="The page says so.")])
    assert [article.title for article in suite.articles.values()] == [""]


def test_claims_with_one_list_of_sentences_keep_their_passage(tmp_path: Path) -> None:
    given = {"id": "a", "claim": "It sank.", "label": "supported", "passage": "\n".join(FERRY), "evidence": [1]}
    suite, _ = imported(tmp_path / "set", [{**given, "sentences": FERRY}])
    assert [article.text for article in suite.articles.values()] == ["\n".join(FERRY)]
    assert evidence(suite) == {"a": [FERRY[1]]}


@pytest.mark.parametrize("files", [["examples.jsonl"], ["examples.a.jsonl", "examples.b.jsonl"]])
def test_claims_without_deciding_sentences_name_the_command_that_measures_them(
    tmp_path: Path, files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for file in files:
        (tmp_path / file).write_text(json.dumps({"id": "a", "claim": "It sank.", "passage": "It sank.", "label": "x"}))
    assert main(["import", str(tmp_path), str(tmp_path / "out")]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert f"tools/measure_support.py --data {tmp_path.parent} --set {tmp_path.name}" in line


def test_judged_answers_are_a_conversation_with_its_reference(tmp_path: Path) -> None:
    said = [{"speaker": "user", "text": "Which ferry?"}, {"speaker": "agent", "text": "The old one."}]
    turn = {"question": "When did it sink?", "history": said, "contexts": ["It sank in March.", "It was old."]}
    reference = "It sank in March, being old."
    suite, made = imported(
        tmp_path / "set",
        [
            {**turn, "id": "t1|reference", "response": reference, "reference": reference},
            {**turn, "id": "t1|model", "response": "In May.", "reference": reference},
            {**turn, "id": "t2|reference", "contexts": [], "response": "Gladly.", "reference": "Gladly."},
        ],
    )
    (case,) = suite.cases
    assert (case.id, case.history, case.answers) == ("t1", ("Which ferry?",), (reference,))
    assert [suite.articles[piece.article].text for piece in case.evidence] == turn["contexts"]
    assert (suite.unit, suite.meta.task, made.not_asked) == ("article", "answer", 1)
    assert "rouge_l" in suite.meta.metrics and "answer_match" not in suite.meta.metrics


def test_of_several_parts_one_is_chosen_and_a_single_part_needs_no_choice(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    suite, _ = imported(folder, [{**RANKING, "labels": [0, 1, 0, 0]}], "ranking.dev.jsonl")
    assert len(suite.cases) == 1
    (folder / "ranking.test.jsonl").write_text((folder / "ranking.dev.jsonl").read_text())
    with pytest.raises(UserError, match="--part: dev, test"):
        convert(Source(place=folder, name="it", licence="", source=""), tmp_path / "out")
    chosen = convert(Source(place=folder, name="it", licence="", source="", part="test"), tmp_path / "out")
    assert chosen.cases == 1


def test_a_search_suite_is_broken_down_by_what_a_search_finds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = claim("b", "supported", [[1]], ["The sea is calm.", "The harbour is new."], claim="The harbour is new.")
    imported(tmp_path / "set", [claim("a", "refuted", [[1]]), other])
    suite, out = str(tmp_path / "set-suite"), str(tmp_path / "r")
    assert main(["run", suite, "--system", "python:tests.eval.fakes:good", "--out", out]) == 0
    table = capsys.readouterr().out
    assert "refuted" in table and "mrr@10" in table and "right" not in table


def test_an_answer_of_which_nothing_is_compared_is_named(tmp_path: Path) -> None:
    suite, made = imported(tmp_path / "set", [{**ASKED, "id": "a", "answers": ["A"]}, {**ASKED, "id": "b"}])
    assert [case.id for case in suite.cases] == ["b"]
    assert [trouble.what.split(":")[0] for trouble in made.troubles] == ["case 'a' left out"]


def test_a_name_that_no_suite_may_have_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source, here = tmp_path / "set", tmp_path / "here"
    source.mkdir()
    here.mkdir()
    (source / "examples.jsonl").write_text(json.dumps({**ASKED, "id": "a"}), encoding="utf-8")
    assert main(["import", str(source), str(tmp_path / "out"), "--name", "a/b"]) == 2
    assert "'a/b' cannot be a suite's name: " in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    monkeypatch.chdir(here)
    assert main(["import", str(source), "."]) == 0
    assert load(here).name == "here"
