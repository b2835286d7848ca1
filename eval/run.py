"""Ask a system every case of a suite and write down what it says. Judging is left to `eval.score`.

A case whose system raises, hangs or returns nonsense is a failure with its traceback, and the run goes
on. A run that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import os
import queue
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from eval.cases import Case, Suite
from eval.copies import Copies
from eval.machine import machine
from eval.place import make
from eval.record import DEPTH, CaseRun, FoundCitation, FoundHit, GoldSpan, Outcome, Reply, RunEnd, RunHead, line
from eval.runfile import is_torn, read_run
from eval.systems.base import Exchange, Said, System
from rag.errors import UserError

_TEXTS = 10
"""How many of the hits are kept with their text."""
_GIVE_UP = 3
"""After so many questions in a row without an answer in time, a system is taken for dead."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How to run."""

    system: str = "footnote"
    """Its name, as the user gave it."""
    out: Path
    """The run file."""
    seed: int = 0
    timeout: float = 60.0
    """Seconds that a system may take for one question, an earlier one of the conversation too."""
    fresh: bool = False
    """Start again, whatever run is there."""
    ours: bool = False
    """The place was not named by the user, so a run of other work there may go."""
    on_case: Callable[[int, int, str], None] = lambda done, total, outcome: None


def run(suite: Suite, system: System, plan: Plan) -> RunEnd:
    """Ask all cases and write the run file.

    Raises:
        UserError: the file holds a run of something else, or its folder cannot be made.
    """
    head = _head(suite, system, plan)
    done = {} if plan.fresh else _earlier(plan, head)
    make(plan.out.parent)
    asker = _Asker(suite, system, plan)
    started = time.perf_counter()
    _replace(plan.out, [head, *done.values()])
    with plan.out.open("a", encoding="utf-8") as file:
        results = _ask_all(suite, asker, done, (file, plan))
    failures = sum(record.outcome == "failed" for record in results)
    end = RunEnd(n=len(results), failures=failures, times={"seconds": time.perf_counter() - started})
    _replace(plan.out, [head, *results, end])  # in the suite's order, whatever was resumed
    return end


def _ask_all(suite: Suite, asker: _Asker, done: dict[str, CaseRun], to: tuple[TextIO, Plan]) -> list[CaseRun]:
    file, plan = to
    results: list[CaseRun] = []
    for number, case in enumerate(suite.cases, 1):
        record = done.get(case.id)
        if record is None:
            record = asker.case(case)
            file.write(line(record))
            file.flush()
        results.append(record)
        plan.on_case(number, len(suite.cases), record.outcome)
    return results


def _replace(path: Path, records: Sequence[RunHead | CaseRun | RunEnd]) -> None:
    """Put these records in the place of the file at once: killed in between, the old ones are still there."""
    draft = path.with_suffix(f".{os.getpid()}.tmp")  # another process may be writing the same run
    with draft.open("w", encoding="utf-8") as file:
        file.writelines(line(record) for record in records)
    draft.replace(path)


def _earlier(plan: Plan, head: RunHead) -> dict[str, CaseRun]:
    """Return the cases of an unfinished run of the same work. Failures are asked again."""
    path = plan.out
    if not path.exists() or is_torn(path):
        return {}
    try:
        earlier = read_run(path)
    except UserError:
        if plan.ours:
            return {}
        raise
    if not earlier.head.same_work(head):
        if plan.ours:
            return {}
        state = "an unfinished" if earlier.end is None else "a finished"
        raise UserError(f"{path} holds {state} run of other work. Give another --out, or --fresh.")
    if earlier.end is not None:
        return {}
    return {record.case.id: record for record in earlier.cases if record.outcome != "failed"}


def _head(suite: Suite, system: System, plan: Plan) -> RunHead:
    about: dict[str, Any] = dict(system.about())
    return RunHead(
        suite=suite.name,
        suite_sha256=suite.sha256,
        suite_path=str(suite.folder),
        unit="quote" if suite.unit == "quote" else "article",
        task=suite.meta.task,
        split=suite.meta.split,
        metrics=suite.meta.metrics,
        n=len(suite.cases),
        system=plan.system,
        seed=plan.seed,
        machine=machine(),
        times={"started": datetime.now(UTC).isoformat(timespec="seconds")},
        **about,
    )


class _Asker:
    """Asks one case after the other in a thread of its own, so that a hang can be left behind."""

    def __init__(self, suite: Suite, system: System, plan: Plan) -> None:
        self._suite, self._system, self._plan = suite, system, plan
        self._copies = Copies(suite)
        self._memory: dict[tuple[str, ...], Exchange] = {}
        self._late = 0

    def case(self, case: Case) -> CaseRun:
        """Return what became of one case."""
        gold = gold_spans(self._suite, case, self._copies)
        if self._late >= _GIVE_UP:
            error = f"not asked: {_GIVE_UP} questions in a row had no answer in {self._plan.timeout:g} s"
            return CaseRun(case=case, gold=gold, outcome="failed", error=error)
        verdict, value, took = self._in_time(lambda begin: self._answer(case, begin))
        self._late = self._late + 1 if verdict == "late" else 0
        times = {"total_ms": took * 1000}
        if isinstance(value, _Answered):
            outcome: Outcome = "answered" if value.reply.answered else "refused"
            times = {"total_ms": value.seconds * 1000}
            reply = located(self._suite, value.reply)
            return CaseRun(case=case, gold=gold, outcome=outcome, reply=reply, times=times)
        error, trace = value
        return CaseRun(case=case, gold=gold, outcome="failed", error=error, trace=trace, times=times)

    def _in_time(self, work: _Work) -> tuple[str, _Answered | tuple[str, str], float]:
        box: _Box = queue.SimpleQueue()
        threading.Thread(target=_work, args=(work, box), daemon=True).start()
        started = time.perf_counter()
        try:
            while (said := box.get(timeout=self._plan.timeout)) is None:
                pass  # another question has begun, and with it its time
            verdict, value = said
        except queue.Empty:
            verdict, value = "late", (f"no answer in {self._plan.timeout:g} s", "")
        return verdict, value, time.perf_counter() - started

    def _answer(self, case: Case, begin: Callable[[], None]) -> _Answered:
        if self._suite.meta.task == "search":
            started = time.perf_counter()
            hits = tuple(self._system.search(case.question, DEPTH))
            seconds = time.perf_counter() - started
            return _Answered(reply=Reply(text="", answered=True, hits=hits), seconds=seconds)
        history = self._history(case.history, begin)
        begin()
        started = time.perf_counter()
        reply = self._system.ask(case.question, history).reply
        seconds = time.perf_counter() - started
        if len(reply.hits) < DEPTH // 2:
            found = tuple(self._system.search(reply.standalone or case.question, DEPTH))
            reply = reply.model_copy(update={"hits": found or reply.hits})
        return _Answered(reply=reply, seconds=seconds)

    def _history(self, questions: tuple[str, ...], begin: Callable[[], None]) -> list[Exchange]:
        """Ask the earlier questions in order; conversations that begin alike are asked once."""
        history: list[Exchange] = []
        for count, question in enumerate(questions, 1):
            key = questions[:count]
            if key not in self._memory:
                begin()
                said: Said = self._system.ask(question, history)
                self._memory[key] = Exchange(question=question, reply=said.reply, native=said.native)
            history.append(self._memory[key])
        return history


@dataclass(frozen=True, kw_only=True)
class _Answered:
    reply: Reply
    seconds: float


_Work = Callable[[Callable[[], None]], _Answered]
"""Answers a case; calls what it is given whenever a question of its conversation begins."""
_Box = queue.SimpleQueue[tuple[str, _Answered | tuple[str, str]] | None]


def _work(work: _Work, box: _Box) -> None:
    try:
        box.put(("done", work(lambda: box.put(None))))
    except BaseException as error:  # `sys.exit` of a system too: it would end this thread without a word
        summary = f"{type(error).__name__}: {error}".splitlines()[0]
        box.put(("raised", (_storable(summary), _storable(traceback.format_exc()))))


def _storable(text: str) -> str:
    """Return the text as UTF-8 can hold it: half of a surrogate pair becomes a question mark."""
    return text.encode(errors="replace").decode()


def gold_spans(suite: Suite, case: Case, copies: Copies) -> tuple[GoldSpan, ...]:
    """Return where a case's evidence stands, in copies of its articles too."""
    spans = []
    for evidence in case.evidence:
        canvas = suite.canvas(evidence.article)
        span = canvas.find(evidence.quote) if canvas and evidence.quote else None
        same = tuple(copies.places(evidence.article, span))
        spans.append(GoldSpan(article=evidence.article, span=span, grade=evidence.grade, copies=same))
    return tuple(spans)


def located(suite: Suite, reply: Reply) -> Reply:
    """Return the reply with the place of every hit and citation in the suite's text."""
    hits = tuple(_located_hit(suite, hit, at < _TEXTS) for at, hit in enumerate(reply.hits[:DEPTH]))
    citations = tuple(_located_citation(suite, citation) for citation in reply.citations)
    return reply.model_copy(update={"hits": hits, "citations": citations})


def _located_hit(suite: Suite, hit: FoundHit, keep_text: bool) -> FoundHit:
    canvas = suite.canvas(hit.article)
    span = canvas.find_hit(hit.text, hit.start) if canvas else None
    return hit.model_copy(update={"span": span, "text": hit.text if keep_text else ""})


def _located_citation(suite: Suite, citation: FoundCitation) -> FoundCitation:
    canvas = suite.canvas(citation.article)
    span = canvas.find(citation.quote, citation.start) if canvas else None
    source = suite.articles.get(citation.article)
    verbatim = citation.quote in source.text if source else None
    return citation.model_copy(update={"span": span, "verbatim": verbatim})
