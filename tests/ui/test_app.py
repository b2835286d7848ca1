"""Which events may write the conversation, and what opening one does. Without a page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import gradio as gr
import pytest
from stand_in import ANSWER, StandIn

from ui import saved
from ui.app import build
from ui.session import Exchange, Session
from ui.strings import ENGLISH

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


def test_what_changes_the_conversation_ends_the_answer_that_is_under_way(page: gr.Blocks) -> None:
    """It writes the conversation with every word, over whatever was there. The page offers no rating meanwhile."""
    events = list(page.fns.values())
    ending = {target for one in events if one.cancels for target in one.targets}
    session = next(one for one in page.blocks.values() if isinstance(getattr(one, "value", None), Session))
    writing = [one for one in events if session in one.outputs]
    assert {"restore", "new", "edit", "stop", "switch"} <= {one.name for one in writing}
    going_on = {one.name for one in writing if not ending.issuperset(one.targets)}
    assert going_on == {"ask", "ask_suggested", "again", "surer", "rate"}


def test_a_file_is_opened_as_a_conversation_of_its_own(restore: Callable[..., Any]) -> None:
    """It may be older than the conversation of its name that is kept."""
    text = saved.dump(KEPT)
    assert restore(Session(), text=text)[2].id == "abc"
    opened = restore(Session(), text=text, file=True)
    assert opened[2].id not in ("", "abc") and opened[2].exchanges[0].question == "kept?"
    assert json.loads(opened[4])["id"] == opened[2].id


def test_an_answer_is_stopped_even_when_nothing_could_be_opened(restore: Callable[..., Any]) -> None:
    broken = restore(WORKING, text="broken")
    assert broken[2].exchanges[0].state == "stopped"
    assert [said[:36] for said in broken[-1]] == ["The file is not a conversation expor"]
    assert restore(WORKING, id="gone")[2].exchanges[0].state == "stopped"
    assert restore(Session(), id="gone")[4] == ""


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
