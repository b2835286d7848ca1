from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from eval.cli import main
from eval.suite import load
from tests.eval.conftest import write_suite

GOOD = "python:tests.eval.fakes:good"


def do(*args: object) -> int:
    return main([str(arg) for arg in args])


def test_run_prints_a_table_and_where_the_run_is(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert do("run", tiny, "--system", GOOD, "--out", tmp_path / "r") == 0
    out = capsys.readouterr().out
    assert "tiny · python:tests.eval.fakes:good · 3 cases" in out
    assert "answer_match" in out
    assert str(tmp_path / "r" / "tiny" / "run.jsonl") in out


def test_json_is_one_document_in_the_promised_form(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert do("run", tiny, "--system", GOOD, "--out", tmp_path / "r", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["suite"], found["n"], found["failures"]) == ("tiny", 3, 0)
    low = pytest.approx(0.158, abs=0.001)  # both cases agree: Clopper and Pearson's
    assert found["metrics"]["answer_match"] == {"mean": 1.0, "low": low, "high": 1.0, "n": 2}
    assert do("score", tmp_path / "r", "--json") == 0
    again = json.loads(capsys.readouterr().out)
    assert again == found


def test_compare_prints_differences(tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("good", "always"):
        do("run", tiny, "--system", f"python:tests.eval.fakes:{name}", "--out", tmp_path / name)
    capsys.readouterr()
    assert do("compare", tmp_path / "good", tmp_path / "always") == 0
    assert "0 cases gained, 2 lost" in capsys.readouterr().out
    assert do("compare", tmp_path / "good", tmp_path / "always", "--json") == 0
    assert json.loads(capsys.readouterr().out)["metrics"]["right"]["delta"] == pytest.approx(-2 / 3)


@pytest.mark.parametrize(
    ("system", "status", "words"),
    [("raises", 3, "1 of 3 cases failed"), ("nonsense", 3, "3 of 3 cases failed"), ("gone", 2, "cannot be imported")],
)
def test_the_exit_status_tells_what_happened(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], system: str, status: int, words: str
) -> None:
    assert do("run", tiny, "--system", f"python:tests.eval.fakes:{system}", "--out", tmp_path / "r") == status
    assert words in capsys.readouterr().err


def test_bad_lines_give_status_2_and_the_rest_is_scored(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (tiny / "cases.jsonl").open("a", encoding="utf-8") as file:
        file.write("{}\n")
    assert do("run", tiny, "--system", GOOD, "--out", tmp_path / "r") == 2
    said = capsys.readouterr()
    assert "cases.jsonl:4: " in said.err
    assert "3 cases" in said.out


def test_a_gate_sets_the_status(tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gate = tmp_path / "gate.toml"
    gate.write_text("[tiny.min]\nright = 0.9\n", encoding="utf-8")
    assert do("run", tiny, "--system", GOOD, "--out", tmp_path / "r", "--gate", gate) == 0
    gate.write_text("[tiny.max]\nanswer_words = 1\n", encoding="utf-8")
    assert do("score", tmp_path / "r", "--gate", gate) == 1
    assert "MISSED tiny: answer_words" in capsys.readouterr().err
    gate.write_text("[tiny]\n", encoding="utf-8")
    assert do("run", tiny, "--system", "python:tests.eval.fakes:raises", "--out", tmp_path / "b", "--gate", gate) == 1


@pytest.mark.parametrize(
    "args", [["run"], ["run", "nothing-here"], ["score", "nowhere"], ["sing"], ["run", "seeds", "--split", "odd"]]
)
def test_a_callers_mistake_is_status_2(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert do(*args) == 2
    assert capsys.readouterr().err.strip()


def test_a_file_where_a_folder_is_to_be_made_is_status_2(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine", encoding="utf-8")
    for args in (
        ("run", tiny, "--system", GOOD, "--out", taken),
        ("propose", tiny / "corpus", taken),
        ("import", tiny, taken),
        ("run", tiny, "--system", GOOD, "--out", taken / "below"),
    ):
        assert do(*args) == 2
        (said,) = capsys.readouterr().err.strip().splitlines()
        assert str(taken) in said and "Give a" in said
    assert taken.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("option", [["--gate", "gate.toml"], ["--json"], ["--quiet"]], ids=lambda option: option[0])
def test_an_option_before_the_command_is_not_dropped(option: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert do(*option, "score", "nowhere") == 2
    assert capsys.readouterr().err.startswith(f"Put {option[0]} after the command: python -m eval score … ")


@pytest.mark.parametrize("args", [("score", "{}"), ("propose", ".", "{}"), ("run", "{}")], ids=lambda args: args[0])
def test_a_path_that_cannot_be_used_is_one_line_and_2(
    args: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert do(*(arg.format("a" * 300) for arg in args)) == 2
    (said,) = capsys.readouterr().err.strip().splitlines()
    assert "a" * 300 in said


def test_a_review_leaves_only_json_on_stdout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    articles = tmp_path / "articles.jsonl"
    articles.write_text('{"id": "a", "text": "The hotline was opened in June 2016."}\n', encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO("keep\n"))
    assert do("propose", articles, tmp_path / "suite", "--review", "--json") == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["cases"] == 1 and "in June 2016" in said.err


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_judge_that_is_not_started_is_one_json_document_too(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    do("run", tiny, "--system", GOOD, "--out", tmp_path / "r")
    capsys.readouterr()
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert do("judge", tmp_path / "r", "--llm", "fake:silent", "--json") == 0
    assert json.loads(capsys.readouterr().out) is None


def test_two_suites_of_one_name_are_not_run_together(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = write_suite(tmp_path / "other")
    assert do("run", tiny, other, "--system", GOOD, "--out", tmp_path / "r") == 2
    assert "2 of the suites have the name 'tiny'" in capsys.readouterr().err
    assert not (tmp_path / "r").exists()


def test_a_proposed_suite_in_a_folder_with_any_name_can_be_read(tmp_path: Path) -> None:
    articles = tmp_path / "articles.jsonl"
    articles.write_text('{"id": "a", "text": "The hotline was opened in June 2016."}\n', encoding="utf-8")
    assert do("propose", articles, tmp_path / "Grüße 😀") == 0
    assert load(tmp_path / "Grüße 😀").name == "Grüße 😀"


def test_help_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert do("--help") == 0
    assert "compare" in capsys.readouterr().out


def test_import_and_propose_write_suites_that_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "set"
    source.mkdir()
    passage = "It rained. The talks ended on Monday because of a visit. Nobody spoke."
    examples = [
        {"id": "a", "question": "When?", "answers": ["Monday"], "answer_starts": [30], "passage": passage},
        {"id": "b", "question": "Who?", "answers": [], "answerable": False, "passage": passage},
        {"id": "c", "question": "What?", "answers": ["x"], "references": ["Not there."], "passage": passage},
    ]
    (source / "examples.jsonl").write_text("\n".join(map(json.dumps, examples)), encoding="utf-8")
    assert do("import", source, tmp_path / "suite", "--licence", "CC0") == 2
    said = capsys.readouterr()
    assert "1 articles, 2 cases, 0 not asked, 1 left out" in said.out
    assert "examples.jsonl:3: left out: its evidence stands in none" in said.err
    assert do("run", tmp_path / "suite", "--system", GOOD, "--out", tmp_path / "r") == 0
    assert do("import", source, tmp_path / "suite") == 2, "a place that is taken is not overwritten"


def test_without_its_libraries_it_says_how_to_add_them() -> None:
    code = "import sys; sys.modules['ir_measures'] = None; from eval.__main__ import main; sys.exit(main(['run']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("ir_measures is missing: pip install 'footnote-rag[eval]'")


def test_with_json_what_a_system_prints_goes_to_stderr(
    tiny: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    do("run", tiny, "--system", "python:tests.eval.fakes:prints", "--out", tmp_path / "r", "--json")
    said = capfd.readouterr()
    assert json.loads(said.out)["n"] == 3
    assert "thinking\n" in said.err and "thinking hard" in said.err


@pytest.mark.parametrize(
    "option", [("--seed", "-1"), ("--timeout", "inf"), ("--timeout", "nan"), ("--timeout", "1e10")], ids=" ".join
)
def test_a_number_out_of_range_is_status_2(tiny: Path, tmp_path: Path, option: tuple[str, str]) -> None:
    assert do("run", tiny, "--system", GOOD, "--out", tmp_path / "r", *option) == 2
    assert not (tmp_path / "r").exists()


def test_a_gate_that_lacks_a_suite_is_said_before_anything_is_asked(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gate.toml").write_text("[other]\n", encoding="utf-8")
    assert do("run", tiny, "--system", GOOD, "--out", tmp_path / "r", "--gate", tmp_path / "gate.toml") == 2
    assert "says nothing of the suite 'tiny'" in capsys.readouterr().err
    assert not (tmp_path / "r").exists()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_of_several_runs_in_a_folder_none_is_picked(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in "ab":
        do("run", tiny, "--system", GOOD, "--out", tmp_path / "r" / name)
    capsys.readouterr()
    for args in (("compare", tmp_path / "r" / "a", tmp_path / "r"), ("judge", tmp_path / "r", "--llm", "fake:silent")):
        assert do(*args) == 2
        (said,) = capsys.readouterr().err.strip().splitlines()
        assert "holds several runs" in said
        assert all(str(tmp_path / "r" / name / "tiny" / "run.jsonl") in said for name in "ab")


def test_articles_that_a_suite_could_not_have_are_named_and_not_proposed_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = {"id": "a", "text": "The hotline was opened in June 2016."}
    undated = {"id": "b", "text": "The bridge was opened in June 2016.", "published": "spring 2020"}
    articles = tmp_path / "articles.jsonl"
    articles.write_text("\n".join(map(json.dumps, [told, told, undated])), encoding="utf-8")
    assert do("propose", articles, tmp_path / "suite") == 2
    said = capsys.readouterr().err
    assert "articles.jsonl:2: duplicate id 'a'" in said and "article 'b' left out" in said
    assert load(tmp_path / "suite").troubles == ()
