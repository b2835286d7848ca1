from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from eval.record import FoundCitation, FoundHit, Reply, RunHead, line
from eval.run import Plan, located, run
from eval.runfile import find_runs, read_run
from eval.suite import load
from eval.systems.base import Wish, build, looks_refused
from rag.errors import UserError
from tests.eval import fakes
from tests.eval.conftest import ARTICLE, write_suite


def do(tiny: Path, out: Path, name: str = "good", timeout: float = 5.0) -> Path:
    suite = load(tiny)
    system = build(Wish(name=f"python:tests.eval.fakes:{name}"), suite)
    run(suite, system, Plan(system=name, out=out, timeout=timeout))
    return out


def test_a_run_holds_question_reply_and_places(tiny: Path, tmp_path: Path) -> None:
    made = read_run(do(tiny, tmp_path / "r" / "run.jsonl"))
    assert [c.outcome for c in made.cases] == ["answered", "refused", "answered"]
    first = made.cases[0]
    assert first.reply is not None
    assert first.gold[0].span == first.reply.citations[0].span == first.reply.hits[0].span == (0, 42)
    assert made.end is not None
    assert (made.end.n, made.end.failures) == (3, 0)


def test_earlier_questions_are_asked_first_and_only_once(tiny: Path, tmp_path: Path) -> None:
    fakes.calls.clear()
    do(tiny, tmp_path / "run.jsonl")
    assert fakes.calls == [
        ("When did talks end?", 0),
        ("Who won the prize?", 0),
        ("When did talks end?", 0),
        ("And when did they meet again?", 1),
    ]


def test_a_case_that_raises_is_a_failure_with_its_traceback(tiny: Path, tmp_path: Path) -> None:
    made = read_run(do(tiny, tmp_path / "run.jsonl", "raises"))
    failed = made.cases[1]
    assert failed.outcome == "failed"
    assert failed.error == "ValueError: no such prize"
    assert failed.trace is not None
    assert "in raises" in failed.trace
    assert made.end is not None
    assert made.end.failures == 1


def test_nonsense_is_a_failure(tiny: Path, tmp_path: Path) -> None:
    made = read_run(do(tiny, tmp_path / "run.jsonl", "nonsense"))
    assert {c.outcome for c in made.cases} == {"failed"}
    assert "returned int" in (made.cases[0].error or "")


def test_a_system_that_hangs_is_left_behind(tiny: Path, tmp_path: Path) -> None:
    made = read_run(do(tiny, tmp_path / "run.jsonl", "hangs", timeout=0.05))
    assert [c.error for c in made.cases] == ["no answer in 0.05 s"] * 3


def test_a_system_that_ends_the_process_or_complains_in_half_a_character_fails_at_once(
    tiny: Path, tmp_path: Path
) -> None:
    made = read_run(do(tiny, tmp_path / "run.jsonl", "leaves"))
    assert [c.error for c in made.cases] == ["SystemExit: 4", "ValueError: no such prize ?", "SystemExit: 4"]


def test_what_no_file_and_no_sum_could_hold_is_a_failure_of_its_case(tiny: Path, tmp_path: Path) -> None:
    """The last case asks first what half a character answers."""
    made = read_run(do(tiny, tmp_path / "run.jsonl", "unstorable"))
    assert [(c.outcome, (c.error or "").split(":")[0]) for c in made.cases] == [("failed", "ValidationError")] * 3
    assert made.troubles == ()


@pytest.mark.parametrize(
    "usage",
    [{"cost": 1e308}, {"cost": -1e308}, {"tokens_in": 10**400}, {"tokens_out": -(10**400)}],
    ids=["dear", "paid", "read", "wrote"],
)
def test_amounts_that_no_sum_holds_are_refused(usage: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Reply.model_validate({"text": "x", "answered": True, "usage": usage})
    assert Reply.model_validate({"text": "x", "answered": True, "usage": {"tokens_in": 9, "cost": 0.5}}).usage.cost


def test_every_question_of_a_conversation_has_the_whole_time(tiny: Path, tmp_path: Path) -> None:
    made = read_run(do(tiny, tmp_path / "run.jsonl", "hesitates", timeout=0.7))
    assert [c.outcome for c in made.cases] == ["answered"] * 3, "the last one asks two, 0.8 s together"


def test_two_runs_differ_in_times_only(tiny: Path, tmp_path: Path) -> None:
    def lines(path: Path) -> list[dict[str, object]]:
        records = [json.loads(text) for text in path.read_text(encoding="utf-8").splitlines()]
        return [{k: v for k, v in record.items() if k != "times"} for record in records]

    first, second = (do(tiny, tmp_path / name / "run.jsonl") for name in "ab")
    assert lines(first) == lines(second)


def test_an_interrupted_run_goes_on_where_it_stopped(tiny: Path, tmp_path: Path) -> None:
    path = do(tiny, tmp_path / "run.jsonl")
    whole = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(whole[:2]) + whole[2][:20], encoding="utf-8")
    fakes.calls.clear()
    do(tiny, path)
    assert fakes.calls[0][0] == "Who won the prize?"
    assert [c.case.id for c in read_run(path).cases] == ["when", "won", "again"]
    assert read_run(path).cases[0].times == json.loads(whole[1])["times"]


def test_an_unfinished_run_of_other_work_is_not_overwritten(tiny: Path, tmp_path: Path) -> None:
    path = do(tiny, tmp_path / "run.jsonl")
    head = read_run(path).head.model_copy(update={"seed": 9})
    path.write_text(line(head), encoding="utf-8")
    with pytest.raises(UserError, match="unfinished run of other work"):
        do(tiny, path)
    assert path.read_text(encoding="utf-8") == line(head)
    suite = load(tiny)
    run(suite, build(Wish(name="python:tests.eval.fakes:good"), suite), Plan(out=path, ours=True))
    assert len(read_run(path).cases) == 3, "a place that the user did not name is ours to reuse"


def test_a_finished_run_of_other_work_is_replaced_only_afresh(tiny: Path, tmp_path: Path) -> None:
    path = do(tiny, tmp_path / "run.jsonl")
    before = path.read_bytes()
    with pytest.raises(UserError, match="a finished run of other work"):
        do(tiny, path, "always")
    assert path.read_bytes() == before
    suite = load(tiny)
    run(suite, build(Wish(name="python:tests.eval.fakes:always"), suite), Plan(out=path, system="always", fresh=True))
    assert read_run(path).head.system == "always"


@pytest.mark.parametrize("torn", ["", '{"ty', '{"type":"run","format":1,"sui'])
def test_a_file_that_holds_no_whole_head_is_as_good_as_none(tiny: Path, tmp_path: Path, torn: str) -> None:
    (tmp_path / "run.jsonl").write_text(torn, encoding="utf-8")
    assert len(read_run(do(tiny, tmp_path / "run.jsonl")).cases) == 3


def test_what_was_answered_is_kept_when_going_on_is_killed_at_once(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = do(tiny, tmp_path / "run.jsonl")
    whole = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(whole[:3]), encoding="utf-8")

    def killed(record: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("eval.run.line", killed)
    with pytest.raises(KeyboardInterrupt):
        do(tiny, path)
    assert path.read_text(encoding="utf-8") == "".join(whole[:3])


def test_a_file_of_another_version_is_named(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text('{"type": "run", "format": 99}\n', encoding="utf-8")
    with pytest.raises(UserError, match="format 99"):
        read_run(path)
    path.write_text("hello\n", encoding="utf-8")
    with pytest.raises(UserError, match="not a run file"):
        read_run(path)


def test_a_broken_line_is_named_and_the_rest_read(tiny: Path, tmp_path: Path) -> None:
    path = do(tiny, tmp_path / "run.jsonl")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[2] = '{"type": "case"}\n'
    path.write_text("".join(lines), encoding="utf-8")
    made = read_run(path)
    assert [c.case.id for c in made.cases] == ["when", "again"]
    assert [t.line for t in made.troubles] == [3]


def test_runs_are_found_below_a_folder(tiny: Path, tmp_path: Path) -> None:
    path = do(tiny, tmp_path / "runs" / "x" / "tiny" / "run.jsonl")
    assert find_runs([tmp_path / "runs"]) == [path]
    assert read_run(path).name == "x"
    with pytest.raises(UserError, match="No run at"):
        find_runs([tmp_path / "nowhere"])


@pytest.mark.parametrize("name", ["robot", "python:tests.eval.fakes:gone", "python:nowhere:f", "openai:x", "python:x"])
def test_an_unknown_system_says_what_to_use(tiny: Path, name: str) -> None:
    with pytest.raises(UserError, match="Use "):
        build(Wish(name=name), load(tiny))


def test_head_without_its_times_is_the_same_work() -> None:
    head = RunHead(suite="s", suite_sha256="x", suite_path="p", unit="quote", n=1, system="f")
    assert head.same_work(head.model_copy(update={"times": {"started": "now"}}))
    assert not head.same_work(head.model_copy(update={"code": "other"}))


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("", True),
        ("Empty Response", True),
        ("I'm sorry, but I cannot find that in the documents.", True),
        ("The provided context does not mention a prize.", True),
        ("The articles do not answer this question.", True),
        ("Based on the provided context, I cannot determine this.", True),
        ("Unfortunately, the articles do not say.", True),
        ("I'm afraid I can't find that.", True),
        ("There is no information on who won.", True),
        ("No information about the prize is given in the articles.", True),
        ("No answer found.", True),
        ("I don't have enough information to answer.", True),
        ("This question is not answered by the articles.", True),
        ("It is not mentioned in the articles.", True),
        ("I am unable to find this in the articles.", True),
        ("There isn't any information about that in the articles.", True),
        ("Not enough information.", True),
        ("I'm sorry to say the minister did not resign.", False),
        ("It is not stated by whom, but the line was cut.", False),
        ("No, the talks ended in March.", False),
        ("No information was shared with Washington after the visit.", False),
        ("No answer was given by the ministry.", False),
        ("Sorry for the delay: another report", False),
        ("Unfortunately, the talks did not resume.", False),
        ("Based on the articles, they met in June.", False),
        ("The text says that they met.", False),
        ("Nobody knows; the army said it was sorry.", False),
    ],
)
def test_foreign_refusals_are_known_by_their_opening(text: str, refused: bool) -> None:
    assert looks_refused(text) is refused


def test_a_hit_may_lack_its_middle_and_a_citation_may_not(tmp_path: Path) -> None:
    first = "The first sentence says where the talks were held that spring."
    last = "The last one says who was there and why."
    suite = write_suite(tmp_path / "tiny")
    (suite / "corpus" / "talks.md").write_text(f"{ARTICLE}\n{first} {last}\n", encoding="utf-8")
    words = f"{first} Nobody else came to the talks. {last}"
    cited = FoundCitation(article="talks.md", quote=words)
    hit = FoundHit(article="talks.md", text=words)
    found = located(load(suite), Reply(text="x", answered=True, hits=(hit,), citations=(cited,)))
    assert found.hits[0].span is not None
    assert found.citations[0].span is None


def test_a_function_that_was_edited_does_not_go_on_with_an_interrupted_run(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, out = tmp_path / "edited_system.py", tmp_path / "run.jsonl"
    file.write_text("def ask(question, history):\n    return 'March 2022'\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    suite, wish = load(tiny), Wish(name="python:edited_system:ask")
    run(suite, build(wish, suite), Plan(out=out))
    whole = out.read_text(encoding="utf-8").splitlines(keepends=True)
    out.write_text("".join(whole[:2]), encoding="utf-8")
    file.write_text("def ask(question, history):\n    return 'June 2023'\n", encoding="utf-8")
    with pytest.raises(UserError, match="unfinished run of other work"):
        run(suite, build(wish, suite), Plan(out=out))


def test_the_draft_of_another_process_is_left_alone(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "run.tmp").write_text("of another", encoding="utf-8")
    do(tiny, tmp_path / "run.jsonl")
    assert (tmp_path / "run.tmp").read_text(encoding="utf-8") == "of another"
    assert sorted(p.name for p in tmp_path.glob("run.*")) == ["run.jsonl", "run.tmp"]
