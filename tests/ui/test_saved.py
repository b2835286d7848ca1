"""Conversations outside the session come back as they were, and quotes that no longer match are told."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from stand_in import ANSWER, CUT, REFUSAL, TALKS, StandIn

from rag.errors import UserError
from rag.records import Filter
from ui import export, saved
from ui.session import Exchange, Session
from ui.strings import ENGLISH

SESSION = Session(
    id="abc",
    exchanges=(
        Exchange(question="why?", state="done", answer=ANSWER, where=Filter(source="The Post"), rating="up"),
        Exchange(question="<b>who</b> won?", state="done", answer=REFUSAL),
        Exchange(question="stopped?", state="stopped", partial="Half"),
        Exchange(question="failed?", state="failed", error="No."),
        Exchange(question="now?"),
    ),
)


def test_a_conversation_comes_back_without_what_only_the_moment_needs() -> None:
    back = saved.load(saved.dump(SESSION), ENGLISH)
    assert back.id == "abc"
    assert [(one.question, one.state) for one in back.exchanges] == [
        ("why?", "done"), ("<b>who</b> won?", "done"), ("stopped?", "stopped"),
    ]  # fmt: skip
    assert back.exchanges[0].answer == replace(ANSWER, hits=(), timings={})
    assert back.exchanges[0].where == Filter(source="The Post") and back.exchanges[0].rating == "up"
    assert saved.dump(Session()) == ""


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", '{"format": "other"}', "x" * 10, json.dumps({"format": saved.FORMAT, "version": 1, "id": 3})],
)
def test_what_is_no_conversation_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(UserError, match="not a conversation exported as JSON"):
        saved.load(text, ENGLISH)


def test_a_conversation_that_is_too_long_is_refused_unread() -> None:
    with pytest.raises(UserError, match="longer than"):
        saved.load(" " * (saved.LARGEST + 1), ENGLISH)


def test_unknown_fields_are_refused() -> None:
    document = json.loads(saved.dump(SESSION)) | {"surprise": 1}
    with pytest.raises(UserError, match="surprise"):
        saved.load(json.dumps(document), ENGLISH)


def test_a_place_that_its_writer_made_long_is_cut() -> None:
    document = json.loads(saved.dump(SESSION)) | {"x" * 1_000: 1}
    with pytest.raises(UserError, match=r"\(at x{60}\)"):
        saved.load(json.dumps(document), ENGLISH)


def test_quotes_that_no_longer_stand_are_named() -> None:
    moved = replace(CUT, start=CUT.start + 1)
    lost = replace(CUT, number=2, article=replace(TALKS, id="lost", title="Lost"))
    answer = replace(ANSWER, citations=(moved, lost))
    session = saved.checked(Session(exchanges=(Exchange(question="q", answer=answer),)), StandIn(), ENGLISH)
    assert session.exchanges[0].remarks == (
        "Quote 1 no longer stands in “Talks resume”: the article has changed.",
        "“Lost”, the source of quote 2, is no longer in the corpus.",
    )
    assert saved.checked(SESSION, StandIn(), ENGLISH).exchanges[0].remarks == ()


def test_articles_are_described_by_the_corpus_never_by_the_file() -> None:
    forged = replace(TALKS, title="Forged", source="Reuters", path="/etc/passwd", sha256="f" * 64)
    hits = tuple(replace(one, article=replace(one.article, title="Forged")) for one in ANSWER.hits)
    moved = replace(CUT, number=2, start=CUT.start + 1, article=forged)
    answer = replace(ANSWER, citations=(replace(CUT, article=forged), moved), hits=hits, nearest=hits)
    one = saved.checked(Session(exchanges=(Exchange(question="q", answer=answer),)), StandIn(), ENGLISH).exchanges[0]
    assert one.remarks == (
        "Quote 1 is from Talks resume, The Post, 9 January 2024: the conversation gave another title, outlet or date.",
        "Quote 2 no longer stands in “Talks resume”: the article has changed.",
    )
    assert one.answer and one.answer.hits == one.answer.nearest == ANSWER.hits
    first, second = (citation.article for citation in one.answer.citations)
    assert first == TALKS
    assert second == replace(TALKS, sha256="f" * 64)  # the hash of the text that was quoted


def test_files_carry_quotes_offsets_and_hashes() -> None:
    file = json.loads(export.file(SESSION, "json", ENGLISH))
    assert file["name"] == "footnote-conversation.json"
    citation = json.loads(file["text"])["exchanges"][0]["answer"]["citations"][0]
    assert (citation["quote"], citation["start"], citation["article"]["sha256"]) == (CUT.quote, CUT.start, "0" * 64)
    markdown = json.loads(export.file(SESSION, "md", ENGLISH))["text"]
    assert "## why?" in markdown and f"[1] Talks resume, The Post, 2024-01-09: “{CUT.quote}”" in markdown
    page = json.loads(export.file(SESSION, "html", ENGLISH))["text"]
    assert f"Characters {CUT.start} to {CUT.end}" in page and "&lt;b&gt;who" in page
    with pytest.raises(KeyError):
        export.file(SESSION, "exe", ENGLISH)


def test_the_exported_page_runs_and_fetches_nothing() -> None:
    tags: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: tags.append(tag)  # type: ignore[method-assign]
    parser.feed(export.page(SESSION, ENGLISH))
    assert not {"script", "img", "link", "iframe", "a"} & set(tags)


def test_after_an_answer_only_that_answer_is_sent() -> None:
    done = replace(SESSION, exchanges=SESSION.exchanges[:3])
    sent = json.loads(saved.dump_last(done))
    assert sent["first"] == 2 and [one["question"] for one in sent["exchanges"]] == ["stopped?"]
    assert sent["exchanges"] == json.loads(saved.dump(done))["exchanges"][2:]
    failed = replace(SESSION, exchanges=SESSION.exchanges[:4])  # nothing of it is kept
    assert saved.dump_last(failed) == saved.dump(failed)
    assert saved.dump_last(Session()) == ""


def test_an_answer_that_is_shown_on_request_alone_says_so_wherever_it_is_read() -> None:
    asked_for = replace(SESSION.exchanges[0], answer=replace(ANSWER, confidence=0.46), sureness=0.0)
    session = replace(SESSION, exchanges=(asked_for,))
    assert saved.load(saved.dump(session), ENGLISH).exchanges[0].sureness == 0.0
    for kind in ("md", "html"):
        assert "Only 46% sure" in json.loads(export.file(session, kind, ENGLISH))["text"]
        assert "sure:" not in json.loads(export.file(SESSION, kind, ENGLISH))["text"]
    assert "sureness" not in saved.dump(SESSION)  # so that a server before this one opens it too
    with pytest.raises(UserError):
        saved.load(saved.dump(replace(SESSION, exchanges=(replace(asked_for, sureness=2.0),))), ENGLISH)
