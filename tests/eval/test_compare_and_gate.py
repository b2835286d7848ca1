from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from eval import gate
from eval.compare import against, compare
from eval.diagnose import outcome, why
from eval.record import GoldSpan
from eval.run import Plan, run
from eval.runfile import Run, read_run
from eval.score import How, score
from eval.suite import load
from eval.systems.base import Wish, build
from eval.table import comparison_tables
from rag.errors import UserError
from tests.eval.conftest import CASES, write_suite


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A suite of thirty cases, ten of each kind."""
    cases = [{**case, "id": f"{case['id']}-{at}"} for case in CASES for at in range(10)]
    return write_suite(tmp_path / "tiny", cases)


def made(suite: Path, out: Path, name: str) -> Run:
    loaded = load(suite)
    system = build(Wish(name=f"python:tests.eval.fakes:{name}"), loaded)
    run(loaded, system, Plan(system=name, out=out / "tiny" / "run.jsonl"))
    return read_run(out / "tiny" / "run.jsonl")


def test_a_comparison_is_paired_and_names_what_changed_sides(many: Path, tmp_path: Path) -> None:
    good, poor = made(many, tmp_path / "good", "good"), made(many, tmp_path / "poor", "always")
    found = compare(good, poor)
    assert (found.a, found.b, found.n, found.left_out) == ("good", "poor", 30, 0)
    right = found.differences["right"]
    assert (right.a, right.b) == (1.0, pytest.approx(1 / 3))
    assert right.p < 0.01
    assert right.high < -0.4
    assert {change.id[:-2] for change in found.changes} == {"won", "again"}
    assert not any(change.better for change in found.changes)
    assert found.changes[0].b == "answered, should refuse"


def test_failed_cases_are_left_out_of_a_comparison(many: Path, tmp_path: Path) -> None:
    good, broken = made(many, tmp_path / "good", "good"), made(many, tmp_path / "broken", "raises")
    found = compare(good, broken)
    assert (found.n, found.left_out) == (20, 10)


def test_runs_without_a_shared_case_cannot_be_compared(many: Path, tmp_path: Path) -> None:
    a = made(many, tmp_path / "a", "good")
    b = made(write_suite(tmp_path / "other", CASES), tmp_path / "b", "good")
    with pytest.raises(UserError, match="share no case"):
        compare(a, b)


def test_only_cases_that_are_the_same_in_both_runs_are_paired(many: Path, tmp_path: Path) -> None:
    """One of thirty has other answers, one other evidence in the later run."""
    good = made(many, tmp_path / "good", "good")
    first, second, *rest = good.cases
    edited = first.model_copy(update={"case": first.case.model_copy(update={"answers": ("April",)})})
    moved = second.model_copy(update={"gold": ()})
    found = compare(good, replace(good, cases=(edited, moved, *rest[1:])))
    assert (found.n, found.left_out, found.edited) == (27, 3, 2)
    assert found.unpaired == "3 left out (2 edited between the runs)"


def test_a_comparison_of_searches_says_nothing_of_answers(many: Path, tmp_path: Path) -> None:
    good = made(many, tmp_path / "good", "good")
    searched = replace(good, head=good.head.model_copy(update={"task": "search"}))
    found = compare(searched, searched).differences
    assert "recall@5" in found and "latency_p50_ms" in found
    assert "right" not in found and "quote_exact" not in found


def verdicts(text: str, found: Run, tmp_path: Path) -> dict[str, bool]:
    path = tmp_path / "gate.toml"
    path.write_text(text, encoding="utf-8")
    return {v.what.split(" ")[0]: v.passed for v in gate.judge(path, found, score(found))}


def test_a_gate_closes_only_beyond_noise(many: Path, tmp_path: Path) -> None:
    """`always` is right in 10 of 30: 0.333 with an interval of about 0.17 to 0.5."""
    poor = made(many, tmp_path / "poor", "always")
    assert verdicts("[tiny.min]\nright = 0.4\n", poor, tmp_path)["right"] is True
    assert verdicts("[tiny.min]\nright = 0.6\n", poor, tmp_path)["right"] is False
    assert verdicts("[tiny.max]\nright = 0.3\n", poor, tmp_path)["right"] is True
    assert verdicts("[tiny.max]\nright = 0.1\n", poor, tmp_path)["right"] is False
    assert verdicts("[tiny.exactly]\nquote_exact = 1.0\n", poor, tmp_path)["quote_exact"] is True
    assert verdicts("[tiny.exactly]\nright = 0.4\n", poor, tmp_path)["right"] is False
    assert verdicts("[tiny.min]\ntokens = 1\n", poor, tmp_path)["tokens:"] is False, "no figure is no pass"


def test_a_suite_and_a_gate_may_name_any_depth(tmp_path: Path) -> None:
    """`always` finds the evidence of "when" and not of "again", at any depth."""
    suite = write_suite(tmp_path / "tiny", CASES)
    (suite / "suite.toml").write_text('name = "tiny"\nmetrics = ["recall@20", "hit@2"]\n', encoding="utf-8")
    poor = made(suite, tmp_path / "poor", "always")
    scores = score(poor)
    assert scores.shown == ("recall@20", "hit@2", "words@5")
    assert (scores.metrics["recall@20"].mean, scores.metrics["hit@2"].mean) == (0.5, 0.5)
    assert compare(made(suite, tmp_path / "good", "good"), poor).differences["hit@2"].delta == -0.5
    (tmp_path / "gate.toml").write_text("[tiny.exactly]\n'ndcg@7' = 0.5\n", encoding="utf-8")
    assert gate.named(tmp_path / "gate.toml", "tiny") == ("ndcg@7",)
    gated = score(poor, how=How(also=("ndcg@7",)))
    assert [v.passed for v in gate.judge(tmp_path / "gate.toml", poor, gated)] == [True, True]


def test_a_gate_counts_failures(many: Path, tmp_path: Path) -> None:
    broken = made(many, tmp_path / "broken", "raises")
    assert verdicts("[tiny]\n", broken, tmp_path)["10"] is False
    assert verdicts("[tiny]\nfailures = 10\n", broken, tmp_path)["10"] is True


def test_a_gate_holds_a_run_against_a_stored_baseline(many: Path, tmp_path: Path) -> None:
    good, poor = made(many, tmp_path / "good", "good"), made(many, tmp_path / "poor", "always")
    told = verdicts('[tiny]\nbaseline = "good/tiny/run.jsonl"\n', poor, tmp_path)
    assert told["right"] is False
    assert verdicts('[tiny]\nbaseline = "poor/tiny/run.jsonl"\n', good, tmp_path)["not"] is True


def test_a_run_that_shares_no_case_with_its_baseline_misses_the_gate(many: Path, tmp_path: Path) -> None:
    good, dead = made(many, tmp_path / "good", "good"), made(many, tmp_path / "dead", "nonsense")
    assert against(good, dead).n == 0
    told = verdicts('[tiny]\nfailures = 30\nbaseline = "good/tiny/run.jsonl"\n', dead, tmp_path)
    assert told == {"30": True, "no": False}


def test_an_interrupted_run_misses_the_gate(many: Path, tmp_path: Path) -> None:
    good = made(many, tmp_path / "good", "good")
    path = tmp_path / "gate.toml"
    path.write_text("[tiny]\n", encoding="utf-8")
    torn = replace(good, cases=good.cases[:28], end=None)
    assert [(v.what, v.passed) for v in gate.judge(path, torn, score(torn))] == [
        ("2 of 30 cases are missing", False),
        ("0 failures, at most 0", True),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[tiny.min]\nbeauty = 1\n", "no metric 'beauty'"),
        ("[tiny]\nfloor = 1\n", "does not fit"),
        ("[tiny\n", "cannot be read"),
        ("[other]\n", "says nothing of the suite 'tiny'"),
        ('[tiny]\nbaseline = "gone.jsonl"\n', "has its baseline at .*gone.jsonl, where no file is"),
    ],
)
def test_a_gate_file_that_does_not_fit_is_refused(many: Path, tmp_path: Path, text: str, words: str) -> None:
    found = made(many, tmp_path / "good", "good")
    with pytest.raises(UserError, match=words):
        verdicts(text, found, tmp_path)


def test_runs_that_judge_otherwise_are_not_held_against_each_other(many: Path, tmp_path: Path) -> None:
    good = made(many, tmp_path / "good", "good")
    by_article = replace(good, head=good.head.model_copy(update={"unit": "article"}))
    searched = replace(good, head=good.head.model_copy(update={"task": "search"}))
    with pytest.raises(UserError, match="30 left out \\(one is judged by quote, the other by article\\)"):
        compare(good, by_article)
    with pytest.raises(UserError, match="30 left out \\(one is of the task answer, the other of search\\)"):
        compare(good, searched)
    told = verdicts('[tiny]\nbaseline = "good/tiny/run.jsonl"\n', by_article, tmp_path)
    assert told == {"0": True, "no": False}


def test_a_part_without_evidence_is_compared_with_the_whole(many: Path, tmp_path: Path) -> None:
    """Only by its unanswerable cases alone would the suite be judged by article."""
    good = made(many, tmp_path / "good", "good")
    part = replace(good, head=good.head.model_copy(update={"unit": "article"}), cases=good.cases[10:20])
    assert not any(case.case.answerable for case in part.cases)
    assert compare(good, part).n == 10


def test_a_search_is_right_when_evidence_is_among_the_first_ten(many: Path, tmp_path: Path) -> None:
    """`always` finds the evidence of "when" at rank 1 and not of "again"; "won" has none."""
    good, poor = (made(many, tmp_path / name, name) for name in ("good", "always"))
    good, poor = (replace(run, head=run.head.model_copy(update={"task": "search"})) for run in (good, poor))
    told = {case.case.id: outcome(case, poor.head) for case in poor.cases}
    assert told["when-0"] == (True, "found at rank 1")
    assert told["again-0"] == (False, "not found")
    assert told["won-0"] == (True, "nothing to find")
    again = next(case for case in poor.cases if case.case.id == "again-0")
    assert why(again, poor.head) == "The evidence is not among the first 10 hits."
    changes = compare(good, poor).changes
    assert {(change.id[:-2], change.a, change.b) for change in changes} == {("again", "found at rank 1", "not found")}


def test_a_comparison_shows_the_metrics_that_the_suite_names(many: Path, tmp_path: Path) -> None:
    (many / "suite.toml").write_text('name = "tiny"\nmetrics = ["hit@2", "right"]\n', encoding="utf-8")
    good, poor = made(many, tmp_path / "good", "good"), made(many, tmp_path / "poor", "always")
    figures, _ = comparison_tables(compare(good, poor))
    assert list(figures.columns[0].cells) == ["hit@2", "right", "words@5"]


def test_what_was_judged_not_relevant_is_not_cited_as_evidence(many: Path, tmp_path: Path) -> None:
    poor = made(many, tmp_path / "poor", "always")
    case = poor.cases[0]
    (right,) = case.gold
    missing = GoldSpan(article="talks.md", span=(200, 210))
    asked = case.case.model_copy(update={"answers": ("May",)})
    graded = case.model_copy(update={"case": asked, "gold": (right.model_copy(update={"grade": 0}), missing)})
    assert why(graded, poor.head).endswith("but other sentences are cited.")


def test_why_names_the_stage_that_went_wrong(many: Path, tmp_path: Path) -> None:
    poor = {case.case.id: case for case in made(many, tmp_path / "poor", "always").cases}
    run = made(many, tmp_path / "good", "good")
    good, head = {case.case.id: case for case in run.cases}, run.head
    assert why(good["when-0"], head) == ""
    assert why(poor["won-0"], head) == "Answered although the corpus does not answer this with confidence 0.90."
    assert why(poor["again-0"], head) == (
        "No accepted answer occurs in the text; the evidence is not among the first 10 hits, "
        "but other sentences are cited."
    )
    refused = poor["again-0"].model_copy(update={"outcome": "refused"})
    assert why(refused, head).startswith("Refused with confidence 0.90; the evidence is not")
