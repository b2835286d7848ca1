"""Which events may write the conversation, and what opening one does. Without a page."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gradio as gr
import pytest
from stand_in import ANSWER, StandIn

from ui import saved
from ui.app import build
from ui.session import Exchange, Session
from ui.strings import ENGLISH
from ui.suggest.worker import Worker

KEPT = Session(id="abc", exchanges=(Exchange(question="kept?", state="done", answer=ANSWER),))
WORKING = Session(id="now", exchanges=(Exchange(question="now?", partial="Half"),))


@pytest.fixture(scope="module")
def page() -> gr.Blocks:
    async def built() -> gr.Blocks:  # Gradio wants an event loop, and leaves its own open
        return build(StandIn())  # type: ignore[arg-type]

    return asyncio.run(built())


@pytest.fixture
def restore(page: gr.Blocks) -> Callable[..., Any]:
    """Return the handler that opens a conversation, for a session and what the page's script sends."""
    handler: Any = next(one.fn for one in page.fns.values() if one.name == "restore")
    return lambda session, **sent: handler(session, gr.Request(), gr.EventData(None, sent))


def test_what_a_file_says_is_no_markup_in_a_warning(page: gr.Blocks, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(gr, "Warning", told.append)
    warn: Any = next(one.fn for one in page.fns.values() if one.name == "warn")
    warn(["At <img src=x>."])
    assert told == ["At &lt;img src=x&gt;."]


def test_what_changes_the_conversation_ends_the_answer_that_is_under_way(page: gr.Blocks) -> None:
    """It writes the conversation with every word, over whatever was there. The page offers no rating meanwhile."""
    events = list(page.fns.values())
    ending = {target for one in events if one.cancels for target in one.targets}
    session = next(one for one in page.blocks.values() if isinstance(getattr(one, "value", None), Session))
    writing = [one for one in events if session in one.outputs]
    assert {"restore", "new", "edit", "stop", "switch"} <= {one.name for one in writing}
    going_on = {one.name for one in writing if not ending.issuperset(one.targets)}
    assert going_on == {"ask", "ask_suggested", "again", "surer", "rate"}


def test_a_session_lasts_as_long_as_its_page(page: gr.Blocks) -> None:
    session = next(one for one in page.blocks.values() if isinstance(getattr(one, "value", None), Session))
    assert session.time_to_live == math.inf  # type: ignore[attr-defined]


def test_a_file_that_no_event_can_carry_is_told(restore: Callable[..., Any]) -> None:
    assert restore(WORKING, large=True)[-1] == [ENGLISH.too_large_to_open]


def test_a_file_is_opened_as_a_conversation_of_its_own(restore: Callable[..., Any]) -> None:
    """It may be older than the conversation of its name that is kept."""
    text = saved.dump(KEPT)
    assert restore(Session(), text=text)[0].id == "abc"
    opened = restore(Session(), text=text, file=True)
    assert opened[0].id not in ("", "abc") and opened[0].exchanges[0].question == "kept?"
    assert json.loads(opened[4])["id"] == opened[0].id


def test_an_answer_is_stopped_even_when_nothing_could_be_opened(restore: Callable[..., Any]) -> None:
    broken = restore(WORKING, text="broken")
    assert broken[0].exchanges[0].state == "stopped"
    assert [said[:36] for said in broken[-1]] == ["The file is not a conversation expor"]
    assert restore(WORKING, id="gone")[0].exchanges[0].state == "stopped"
    assert restore(Session(), id="gone")[4] == ""


def test_deleting_the_open_conversation_leaves_what_is_being_typed(page: gr.Blocks) -> None:
    handlers: Any = {one.name: one.fn for one in page.fns.values()}
    assert handlers["new"](KEPT)[3] == ""
    emptied = handlers["deleted"](KEPT)
    assert emptied[0] == Session() and emptied[3] == gr.skip()


def test_an_answer_that_is_cancelled_shows_the_page_as_it_is(page: gr.Blocks) -> None:
    """On a slow line its first word comes after what has taken its place."""
    session = next(id for id, one in page.blocks.items() if isinstance(getattr(one, "value", None), Session))
    there: Any = page.there({session: KEPT})  # type: ignore[attr-defined]
    assert "kept?" in there.latest and there.done == ""
    assert (there.session, there.box, there.keep) == (gr.skip(),) * 3


def test_an_outlet_that_the_page_does_not_offer_is_asked_for_all_the_same(page: gr.Blocks) -> None:
    """Its first article may have come, or its last one gone, since the page was opened."""
    fields = [one for one in page.blocks.values() if getattr(one, "label", "") in (ENGLISH.outlet, ENGLISH.author)]
    assert [one.preprocess("Courier") for one in fields] == ["Courier", "Courier"]  # type: ignore[attr-defined]


def test_another_corpus_is_asked_without_the_outlet_of_the_one_before(page: gr.Blocks) -> None:
    switch = next(one for one in page.fns.values() if one.name == "switch")
    fields = [getattr(one, "label", "") for one in switch.outputs]
    assert switch.fn is not None
    new = dict(zip(fields, switch.fn(Session(), "letters"), strict=True))
    assert (new[ENGLISH.outlet], new[ENGLISH.author]) == ("", "")


def test_a_corpus_that_a_conversation_has_brought_along_empties_nothing() -> None:
    async def built() -> gr.Blocks:
        return build({"news": StandIn(), "letters": StandIn()})  # type: ignore[dict-item]

    handlers: Any = {one.name: one.fn for one in asyncio.run(built()).fns.values()}
    there = replace(KEPT, corpus="letters")
    assert [one for one in handlers["switch"](there, "letters") if one != gr.skip()] == []
    assert handlers["switch"](there, "news")[0] == Session(corpus="news")
    sent = gr.EventData(None, {"text": saved.dump(there)})
    *_, corpus, outlet, author, _ = handlers["restore"](Session(), gr.Request(), sent)
    assert (corpus, outlet, author) == ("letters", "", "")
    assert handlers["restore"](there, gr.Request(), sent)[-3:-1] == (gr.skip(), gr.skip())  # the same: as it is


def test_each_answer_has_suggestions_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that took the place of another, whose suggestions are still looked for."""
    keys: list[object] = []

    class Noting(Worker):
        async def run(self, key: object, work: object) -> str:
            keys.append(key)
            return ""

    async def asked() -> gr.Blocks:
        page = build(StandIn())  # type: ignore[arg-type]
        further: Any = next(one.fn for one in page.fns.values() if one.name == "further")
        for session in (KEPT, KEPT, KEPT.now(replace(KEPT.exchanges[0], answer=replace(ANSWER))), Session()):
            await further(session)
        return page

    monkeypatch.setattr("ui.app.Worker", Noting)
    page = asyncio.run(asked())
    first, again, another = keys
    assert first == again != another
    assert {one.trigger_mode for one in page.fns.values() if one.name == "further"} == {"multiple"}
