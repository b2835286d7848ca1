"""Questions are shown only when their own article answers them."""

from __future__ import annotations

import asyncio
import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from stand_in import ANSWER, CUT, REFUSAL, SHIPS, TALKS, StandIn

from rag.records import Filter, Turn
from ui.suggest.asked import FILE, Calm, Context, Idea, Suggestions, answers
from ui.suggest.questions import candidates
from ui.suggest.worker import MOST, Worker

WHY = "Why did Beijing cut the military channels?"


@pytest.fixture
def corpus(tmp_path: Path) -> StandIn:
    return StandIn(path=tmp_path)


def suggestions(corpus: StandIn) -> Suggestions:
    return Suggestions(corpus, Calm())  # type: ignore[arg-type]


def idea(question: str) -> Idea:
    text = StandIn().text("talks")
    (one,) = (one for one in candidates(text) if one.text == question)
    return Idea(article=TALKS, candidate=one, worth=1.0)


def test_an_answer_counts_when_it_quotes_the_sentence_that_was_asked_for() -> None:
    assert answers(ANSWER, idea(WHY))
    assert not answers(replace(ANSWER, citations=ANSWER.citations[2:]), idea(WHY))
    assert not answers(REFUSAL, idea(WHY))
    moved = replace(CUT, article=SHIPS)
    assert not answers(replace(ANSWER, citations=(moved,)), idea(WHY))


def test_first_questions_are_asked_once_and_kept_beside_the_corpus(corpus: StandIn, tmp_path: Path) -> None:
    assert suggestions(corpus).first() == [WHY]
    asked = len(corpus.asked)
    assert json.loads((tmp_path / FILE).read_text(encoding="utf-8"))["verdicts"][WHY] is True
    assert suggestions(corpus).first() == [WHY]
    assert len(corpus.asked) == asked


def test_another_state_of_the_corpus_or_a_damaged_file_is_asked_anew(corpus: StandIn, tmp_path: Path) -> None:
    suggestions(corpus).first()
    for damage in ("{", '{"state": 1}', json.dumps({"state": "other", "verdicts": {WHY: False}})):
        (tmp_path / FILE).write_text(damage, encoding="utf-8")
        assert suggestions(corpus).first() == [WHY]


def test_a_filter_is_kept_to(corpus: StandIn) -> None:
    where = Filter(source="The Post")
    assert suggestions(corpus).first(where) == [WHY]
    assert {asked for _, asked in corpus.asked} == {where}


def test_what_is_not_answered_is_not_shown(corpus: StandIn) -> None:
    corpus.refuses = True
    assert suggestions(corpus).first() == []


def test_questions_to_go_on_with_leave_out_what_was_quoted_or_asked(corpus: StandIn) -> None:
    other = replace(ANSWER, citations=(replace(CUT, start=0, end=14),))
    find = suggestions(corpus).further
    assert find(ANSWER, Context()) == []
    assert find(other, Context(history=(Turn(question="Who?", answer=other),))) == [WHY]
    assert WHY not in find(other, Context(history=(Turn(question=WHY.lower(), answer=other),)))


def test_an_article_that_is_gone_yields_nothing(corpus: StandIn) -> None:
    gone = replace(TALKS, id="gone")
    cited = replace(CUT, article=gone)
    assert suggestions(corpus).further(replace(ANSWER, citations=(cited,)), Context()) == []


def test_looking_waits_until_nobody_waits_for_an_answer() -> None:
    calm = Calm()
    with calm.answering():
        assert not calm.wait(0.01)
    assert calm.wait(0.01)


def test_the_worker_shares_work_and_survives_its_failures() -> None:
    done: list[int] = []
    go = threading.Event()

    def work() -> str:
        go.wait(5)
        done.append(1)
        return "found"

    async def all_at_once() -> list[str]:
        worker = Worker()
        same = [asyncio.create_task(worker.run("one", work)) for _ in range(3)]
        broken = asyncio.create_task(worker.run("broken", lambda: str(1 / 0)))
        await asyncio.sleep(0)
        many = [asyncio.create_task(worker.run(n, lambda: "late")) for n in range(MOST)]
        await asyncio.sleep(0)
        go.set()
        return [*await asyncio.gather(*same), await broken, *await asyncio.gather(*many)]

    assert asyncio.run(all_at_once()) == ["found"] * 3 + [""] + ["late"] * (MOST - 2) + [""] * 2
    assert done == [1]
