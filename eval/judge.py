"""A language model as judge, for those who want one. Every other figure does without.

LlamaIndex's evaluators ask two questions of an answer: is it correct, held against the accepted answers
(CorrectnessEvaluator, 4 of 5 passes), and do the quotes it cites bear it out (FaithfulnessEvaluator).
Verdicts are cached beside the run, so that judging again costs nothing, and are held against the
judge-free verdict: a judge that does not agree with known answers is not to be trusted with unknown ones.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.cases import PATTERN, Trouble
from eval.metrics.answer import plain, verdict
from eval.readers.lines import objects
from eval.record import CaseRun
from eval.runfile import Run
from eval.stats import Estimate, estimate_of
from rag.llm.faults import Fault

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

_PROMPT_TOKENS = 350
"""About what an evaluator's own prompt takes."""
_REPLY_TOKENS = 120
_HOPELESS = frozenset({"key", "model", "certificate", "redirect"})
"""Faults that every further call would meet again; any other one fails its own call only."""


@dataclass(frozen=True, kw_only=True)
class Quote:
    """What judging would cost, said before it starts."""

    calls: int
    cached: int
    tokens: int
    usd: float | None
    """None when no price was given."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What the judge said of a run."""

    correct: Estimate
    faithful: Estimate
    agreement: float | None
    """Share of the cases with accepted answers on which judge and `right` agree."""
    kappa: float | None
    """The same beyond chance (Cohen 1960); None when one of them never varies."""
    failures: int

    def to_dict(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        figures = {"judge_correct": self.correct.to_dict(), "judge_faithful": self.faithful.to_dict()}
        return {"metrics": figures, "agreement": self.agreement, "kappa": self.kappa, "failures": self.failures}


@dataclass(frozen=True, kw_only=True)
class _Task:
    key: str
    what: str
    run: CaseRun


class Judge:
    """One model judging one run."""

    def __init__(self, run: Run, name: str, llm: LLM) -> None:
        self._run, self._name, self._llm = run, name, llm
        self._cache = run.path.with_name("judge.jsonl")
        self._known = _read_cache(self._cache)
        self._tasks = [task for case in run.cases for task in _tasks(case, name)]

    def quote(self, price_in: float | None, price_out: float | None) -> Quote:
        """Return what is left to ask and what it would cost.

        Args:
            price_in: US dollars for a million tokens read.
            price_out: the same for tokens written.
        """
        from rag.models.tokens import count

        waiting = [task for task in self._tasks if task.key not in self._known]
        read = sum(_PROMPT_TOKENS + count(" ".join(_material(task.run))) for task in waiting)
        wrote = _REPLY_TOKENS * len(waiting)
        usd = None if price_in is None or price_out is None else (read * price_in + wrote * price_out) / 1e6
        cached = len(self._tasks) - len(waiting)
        return Quote(calls=len(waiting), cached=cached, tokens=read + wrote, usd=usd)

    def judge(self, on_case: Callable[[int, int], None] = lambda done, total: None) -> Judged:
        """Ask what is not cached and return the figures. A call that fails is counted and asked again later."""
        failures = 0
        with self._cache.open("a", encoding="utf-8") as file:
            for done, task in enumerate(self._tasks, 1):
                if task.key not in self._known:
                    passed = self._ask(task)
                    if passed is None:
                        failures += 1
                        continue
                    self._known[task.key] = passed
                    file.write(json.dumps({"key": task.key, "what": task.what, "passed": passed}) + "\n")
                    file.flush()
                on_case(done, len(self._tasks))
        return self._figures(failures)

    def _ask(self, task: _Task) -> bool | None:
        from llama_index.core.evaluation import CorrectnessEvaluator, FaithfulnessEvaluator

        reply = task.run.reply
        assert reply is not None, "only answered cases become tasks"
        try:
            if task.what == "correct":
                found = CorrectnessEvaluator(llm=self._llm).evaluate(
                    query=task.run.case.question,
                    response=plain(reply.text),
                    reference=" / ".join(_references(task.run)),
                )
            else:
                quotes = [citation.quote for citation in reply.citations]
                found = FaithfulnessEvaluator(llm=self._llm).evaluate(response=plain(reply.text), contexts=quotes)
        except Exception as error:  # an evaluator raises whatever it likes on a reply that it cannot read
            if isinstance(error, Fault) and error.kind in _HOPELESS:
                raise
            return None
        return None if found.invalid_result or found.passing is None else bool(found.passing)

    def _figures(self, failures: int) -> Judged:
        said: dict[str, list[tuple[CaseRun, bool]]] = {"correct": [], "faithful": []}
        for task in self._tasks:
            if task.key in self._known:
                said[task.what].append((task.run, self._known[task.key]))
        pairs = [(passed, verdict(case)[0]) for case, passed in said["correct"]]
        correct, faithful = (estimate_of(f"judge_{what}", [float(passed) for _, passed in said[what]]) for what in said)
        agreement = sum(a == b for a, b in pairs) / len(pairs) if pairs else None
        return Judged(correct=correct, faithful=faithful, agreement=agreement, kappa=kappa(pairs), failures=failures)


def kappa(pairs: list[tuple[bool, bool]]) -> float | None:
    """Return Cohen's kappa of two raters.

    >>> kappa([(True, True), (False, False), (True, False), (False, False)])
    0.5
    """
    if not pairs:
        return None
    n = len(pairs)
    agree = sum(a == b for a, b in pairs) / n
    yes_a, yes_b = sum(a for a, _ in pairs) / n, sum(b for _, b in pairs) / n
    chance = yes_a * yes_b + (1 - yes_a) * (1 - yes_b)
    return None if chance == 1 else (agree - chance) / (1 - chance)


def _tasks(case: CaseRun, name: str) -> list[_Task]:
    """Return what there is to ask about a case: only answers are judged, and only with something to hold them to."""
    if case.outcome != "answered" or case.reply is None:
        return []
    wanted = []
    if case.case.answerable and _references(case):
        wanted.append("correct")
    if case.reply.citations:
        wanted.append("faithful")
    return [_Task(key=_key(name, what, case), what=what, run=case) for what in wanted]


def _references(case: CaseRun) -> list[str]:
    return [answer for answer in case.case.answers if not answer.startswith(PATTERN)]


def _material(case: CaseRun) -> list[str]:
    reply = case.reply
    quotes = [citation.quote for citation in reply.citations] if reply else []
    return [case.case.question, reply.text if reply else "", *_references(case), *quotes]


def _key(name: str, what: str, case: CaseRun) -> str:
    return hashlib.sha256(json.dumps([name, what, *_material(case)]).encode()).hexdigest()[:32]


def _read_cache(path: Path) -> dict[str, bool]:
    troubles: list[Trouble] = []
    lines: list[Mapping[str, Any]] = [r for _, r in objects(path, troubles)] if path.exists() else []
    return {str(r["key"]): bool(r["passed"]) for r in lines if "key" in r and "passed" in r}
