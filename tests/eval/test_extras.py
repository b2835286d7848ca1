"""Proposals, the optional judge and what bench is made of."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata

from eval import bench
from eval.asked import judge_model
from eval.cases import SourceArticle
from eval.footprint import footprint
from eval.judge import Judge, kappa
from eval.machine import machine, peak_mb, resident_mb
from eval.propose import propose
from rag.errors import BackendError, UserError
from rag.llm.faults import Fault
from tests.eval.test_report import made

TEXT = (
    "Divers were unable to enter the hull because of a strong tidal current. "
    "The ferry was not allowed to sail because two lorries had not been lashed down. "
    "The hotline was opened in June 2016. It was closed in May 2020. "
    "Petra Onwudi, a schoolteacher from the outer parishes, was on board that night. "
    "“There was no announcement at all that evening,” said Idris Falla. "
    "About 120 people were pulled from the water by fishing boats."
)


def test_sentences_are_turned_around_and_pronouns_left_alone() -> None:
    cases = propose([SourceArticle(id="a", text=TEXT)], count=50)
    assert {(case.question, case.answers[0]) for case in cases} == {
        ("Why was the ferry not allowed to sail?", "two lorries had not been lashed down"),
        ("When was the hotline opened?", "in June 2016"),
        ("Who is Petra Onwudi?", "a schoolteacher from the outer parishes"),
        ("What did Idris Falla say?", "There was no announcement at all that evening"),
        ("How many people were pulled from the water by fishing boats?", "120"),
    }
    assert all(case.evidence[0].quote in TEXT for case in cases)
    assert [case.id for case in cases][:2] == ["proposed-001", "proposed-002"]


def test_proposals_repeat_for_a_seed_and_are_spread_over_articles() -> None:
    articles = [SourceArticle(id=name, text=TEXT.replace("hotline", f"line {name}")) for name in "abc"]
    few = propose(articles, count=3, seed=1)
    assert few == propose(articles, count=3, seed=1)
    assert {case.evidence[0].article for case in few} == {"a", "b", "c"}


class Fixed(CustomLLM):
    """Says the same to every evaluator and counts."""

    said: str = "5.0\nIt matches."
    calls: int = 0

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata()

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        self.calls += 1
        return CompletionResponse(text="YES" if "YES or NO" in prompt else self.said)

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        raise NotImplementedError


class Failing(Fixed):
    """Fails every call in one way."""

    fault: Any

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        raise self.fault


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_judge_says_its_price_caches_and_reports_agreement(tiny: Path, tmp_path: Path) -> None:
    run = made(tiny, tmp_path / "always", "always")
    judge = Judge(run, "fixed", Fixed())
    quote = judge.quote(price_in=1.0, price_out=1.0)
    assert (quote.calls, quote.cached) == (4, 0), "correct for the one with a plain answer, faithful for all three"
    assert quote.usd == pytest.approx(quote.tokens / 1e6)
    judged = judge.judge()
    assert (judged.correct.mean, judged.faithful.mean, judged.failures) == (1.0, 1.0, 0)
    assert judged.agreement == 1.0
    llm = Fixed()
    again = Judge(run, "fixed", llm)
    assert again.quote(None, None).calls == 0
    assert again.judge().correct == judged.correct
    assert llm.calls == 0


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_judge_that_talks_nonsense_fails_and_is_asked_again(tiny: Path, tmp_path: Path) -> None:
    run = made(tiny, tmp_path / "always", "always")
    judged = Judge(run, "fixed", Fixed(said="banana")).judge()
    assert judged.failures == 1
    assert judged.correct.mean is None
    assert Judge(run, "fixed", Fixed()).quote(None, None).calls == 1


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_call_that_comes_too_late_fails_alone_and_a_wrong_key_ends_it(tiny: Path, tmp_path: Path) -> None:
    run = made(tiny, tmp_path / "always", "always")
    judged = Judge(run, "late", Failing(fault=Fault("late", "the deadline passed"))).judge()
    assert judged.failures == 4 and judged.correct.mean is None
    with pytest.raises(Fault, match="rejected"):
        Judge(run, "key", Failing(fault=Fault("key", "the key was rejected"))).judge()


def test_kappa_by_hand() -> None:
    """Agreement 3/4, chance 1/2."""
    assert kappa([(True, True), (True, False), (False, False), (False, False)]) == 0.5
    assert kappa([(True, True)]) is None
    assert kappa([]) is None


@pytest.mark.parametrize(("name", "said"), [("robot:x", "robot"), ("ollama", "ollama"), ("extractive", "KIND:MODEL")])
def test_an_unknown_judge_says_what_to_use(name: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        judge_model(name)


def test_a_judge_is_any_model_that_answers_could_be_written_by() -> None:
    assert judge_model("fake:silent").complete("Is it so?").text == ""
    assert judge_model("fake:silent").metadata.model_name == "fake:silent"


def test_sizes_and_memory_are_plausible() -> None:
    size = footprint("pydantic")
    assert size.distributions > 2
    assert 1 < size.total_mb < 100
    assert size.largest[0][1] >= size.largest[-1][1]
    assert footprint("no-such-distribution").distributions == 0
    assert (machine()["cores"] or 0) >= 1
    peak, resident = peak_mb(), resident_mb(os.getpid())
    if peak is not None and resident is not None:
        assert 0 < resident <= peak * 1.1


def test_bench_goes_on_when_a_step_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(home: Path, args: list[str]) -> None:
        raise BackendError("no such command")

    monkeypatch.setattr(bench, "_rag", broken)
    monkeypatch.setattr(bench, "_worker", lambda home, what: [bench.Figure(name=what, value=1, unit="ms", n=1)])
    monkeypatch.setattr(bench, "_serve", lambda home, repeat: [])
    found = bench.bench(repeat=1)
    assert [figure.name for figure in found.figures] == ["warm", "sync"]
    assert found.failed[:2] == ("rag --help: no such command", "cold rag ask: no such command")
    assert json.loads(json.dumps(found.to_dict()))["figures"][0] == {"name": "warm", "value": 1, "unit": "ms", "n": 1}
