"""What the chat's events do, without a page."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from stand_in import ANSWER, REFUSAL, StandIn

from eval.metrics.answer import accepts, plain
from rag.records import Filter
from ui import feedback
from ui.chat import Chat, Shown
from ui.feedback import FILE, Opinion, cases
from ui.filters import Narrowing
from ui.session import Exchange, Preferences, Session
from ui.strings import ENGLISH

ANY = Narrowing()


@pytest.fixture
def corpus(tmp_path: Path) -> StandIn:
    return StandIn(path=tmp_path)


@pytest.fixture
def chat(corpus: StandIn) -> Chat:
    return Chat(corpus, ENGLISH)  # type: ignore[arg-type]


def session_after(events: Any) -> Session:
    return [shown.session for shown in events if isinstance(shown.session, Session)][-1]


def test_an_answer_ends_in_the_session_and_is_kept(chat: Chat) -> None:
    events = list(chat.ask("why?", Session(), ANY))
    session = session_after(events)
    assert [(one.question, one.state, one.answer) for one in session.exchanges] == [("why?", "done", ANSWER)]
    assert events[0].box == "" and session.id
    assert json.loads(events[-1].keep)["exchanges"][0]["question"] == "why?"


def test_what_had_come_of_an_overtaken_answer_is_kept_with_the_next(chat: Chat) -> None:
    overtaken = Session(id="abc", exchanges=(Exchange(question="one?", partial="Half"),))
    sent = json.loads(list(chat.ask("two?", overtaken, ANY))[-1].keep)
    assert "first" not in sent and [one["question"] for one in sent["exchanges"]] == ["one?", "two?"]
    assert json.loads(list(chat.ask("two?", overtaken.stopped(), ANY))[-1].keep)["first"] == 1


def test_only_the_streaming_exchange_is_sent_again(chat: Chat) -> None:
    first = session_after(chat.ask("one?", Session(), ANY))
    events = list(chat.ask("two?", first, ANY))
    assert "one?" in events[0].done and "two?" not in events[0].done
    assert all(isinstance(shown.done, dict) for shown in events[1:])  # nothing to change


def test_an_empty_question_changes_nothing(chat: Chat, corpus: StandIn) -> None:
    assert list(chat.ask(" \n", Session(), ANY)) == [Shown()]
    assert corpus.heard == []


def test_a_known_failure_is_told_and_an_unknown_one_is_logged(
    chat: Chat, corpus: StandIn, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert session_after(chat.ask("fail", Session(), ANY)).exchanges[0].error == "<b>No</b> such thing: try another."
    monkeypatch.setattr(StandIn, "using", lambda self, settings: 1 / 0)
    one = session_after(chat.ask("why?", Session(), ANY)).exchanges[0]
    assert (one.state, one.error) == ("failed", "")
    assert "ZeroDivisionError" in caplog.text


def test_narrowing_down_reaches_the_corpus_and_a_wrong_date_does_not(chat: Chat, corpus: StandIn) -> None:
    list(chat.ask("why?", Session(), Narrowing(source="The Post")))
    assert corpus.heard[-1][2] == Filter(source="The Post")
    one = session_after(chat.ask("why?", Session(), Narrowing(since="soon"))).exchanges[0]
    assert one.state == "failed" and "“soon” is not a date" in one.error
    assert len(corpus.heard) == 1


def test_asking_again_replaces_the_answer_and_can_lower_the_bar(chat: Chat, corpus: StandIn) -> None:
    session = session_after(chat.ask("who won?", Session(), ANY))
    assert session.exchanges[0].answer == REFUSAL and session.exchanges[0].threshold == 0.4
    session = session_after(chat.again(session, ANY, sureness=0.05))
    assert len(session.exchanges) == 1
    assert session.exchanges[0].answer is not None and session.exchanges[0].answer.answered
    assert [history for _, history, _ in corpus.heard] == [(), ()]
    assert list(chat.again(Session(), ANY)) == [Shown()]


def test_asking_again_after_a_wrong_date_asks_as_the_fields_now_say(chat: Chat, corpus: StandIn) -> None:
    failed = session_after(chat.ask("why?", Session(), Narrowing(since="soon")))
    again = session_after(chat.again(failed, Narrowing(source="The Post")))
    session_after(chat.again(again, Narrowing(source="The Times")))  # it did not fail: narrowed down as it was
    assert [where for _, _, where in corpus.heard] == [Filter(source="The Post")] * 2
    assert session_after(chat.again(failed, Narrowing(since="soon"))).exchanges[0].state == "failed"


def test_asking_again_after_another_failure_is_narrowed_down_as_it_was(chat: Chat, corpus: StandIn) -> None:
    failed = session_after(chat.ask("fail", Session(), ANY))
    list(chat.again(failed, Narrowing(source="The Post")))
    assert [where for _, _, where in corpus.heard] == [None, None]


def test_editing_takes_the_last_question_back(chat: Chat) -> None:
    session = session_after(chat.ask("two?", session_after(chat.ask("one?", Session(), ANY)), ANY))
    shown = chat.edit(session)
    assert shown.box == "two?" and [one.question for one in shown.session.exchanges] == ["one?"]
    assert chat.edit(Session()) == Shown()


def test_stopping_keeps_what_has_come(chat: Chat) -> None:
    session = Session(exchanges=(Exchange(question="q", partial="Half"),))
    assert chat.stop(session).session.exchanges[0].state == "stopped"


def test_opinions_become_cases_and_the_last_one_counts(chat: Chat, corpus: StandIn) -> None:
    session = session_after(chat.ask("who won?", session_after(chat.ask("why?", Session(), ANY)), ANY))
    session = chat.rate(session, 0, Opinion(rating="down")).session
    session = chat.rate(session, 0, Opinion(rating="up")).session
    session = chat.rate(session, 1, Opinion(rating="down")).session
    assert [one.rating for one in session.exchanges] == ["up", "down"]
    good = list(cases(corpus.path))
    assert [(case["question"], case["answers"], case["answerable"]) for case in good] == [
        ("why?", ["Pelosi visited Taiwan"], True)
    ]
    assert [quote["article"] for quote in good[0]["evidence"]] == ["talks", "talks", "ships"]
    chat.rate(session, 1, Opinion(rating="down", comment="The captain"))
    assert [(case["question"], case["answers"], case["history"]) for case in list(cases(corpus.path))[1:]] == [
        ("who won?", ["The captain"], ["why?"])
    ]
    assert len((corpus.path / FILE).read_text(encoding="utf-8").splitlines()) == 4
    with pytest.raises(IndexError):
        chat.rate(session, 7, Opinion(rating="up"))


def test_a_good_answer_without_a_short_form_is_accepted_again(chat: Chat, corpus: StandIn) -> None:
    answer = replace(ANSWER, short=None)
    session = Session(exchanges=(Exchange(question="why?", state="done", answer=answer),))
    chat.rate(session, 0, Opinion(rating="up"))
    ((accepted,),) = (case["answers"] for case in cases(corpus.path))
    assert "[1]" in answer.text and "[" not in accepted
    assert accepts(accepted, plain(answer.text))


def test_an_opinion_that_cannot_be_stored_is_told(chat: Chat, corpus: StandIn) -> None:
    session = session_after(chat.ask("why?", Session(), ANY))
    (corpus.path / FILE).mkdir()  # nothing can be written there
    shown = chat.rate(session, 0, Opinion(rating="up"))
    assert 'role="alert">This could not be stored beside the articles: Is a directory.<' in shown.latest
    assert shown.session.exchanges[0].rating is None
    (corpus.path / FILE).rmdir()
    shown = chat.rate(shown.session, 0, Opinion(rating="up"))
    assert ENGLISH.thanks in shown.latest and "could not" not in shown.latest


def test_feedback_is_printed_as_cases(
    chat: Chat, corpus: StandIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    session = session_after(chat.ask("why?", Session(), ANY))
    chat.rate(session, 0, Opinion(rating="up"))
    monkeypatch.setattr("sys.argv", ["feedback", str(corpus.path)])
    feedback.main()
    assert json.loads(capsys.readouterr().out)["question"] == "why?"
    monkeypatch.setattr("sys.argv", ["feedback"])
    with pytest.raises(SystemExit, match="which corpus"):
        feedback.main()


def test_preferences_change_this_readers_questions_only(chat: Chat, corpus: StandIn) -> None:
    asked = Preferences(read=50, sentences=1).applied_to(corpus.settings, 0.3)
    assert (asked.retrieve.read, asked.answer.sentences, asked.answer.threshold) == (50, 1, 0.3)
    assert Preferences().applied_to(corpus.settings) == corpus.settings


def test_suggestions_are_looked_for_only_where_there_is_an_answer(chat: Chat, corpus: StandIn) -> None:
    question = "Why did Beijing cut the military channels?"
    assert question in chat.begin(ANY) and question in chat.begin(Narrowing(source="The Post"))
    assert chat.begin(Narrowing(since="soon")) == ""
    assert chat.further(Session()) == ""
    assert chat.further(Session(exchanges=(Exchange(question="q", state="failed"),))) == ""
    refused = session_after(chat.ask("who won?", Session(), ANY))
    corpus.asked.clear()
    assert 'data-for="turn-0"' not in chat.further(refused)  # the nearest article is too short for a question


def test_a_new_question_takes_the_suggestions_away(chat: Chat) -> None:
    events = list(chat.ask("why?", Session(), ANY))
    assert events[0].further == "" and all(isinstance(shown.further, dict) for shown in events[1:])
    session = session_after(events)
    assert chat.edit(session).further == ""
    assert isinstance(chat.rate(session, 0, Opinion(rating="up")).further, dict)
