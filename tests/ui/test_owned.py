"""A session stays with the user who opened it."""

from __future__ import annotations

import asyncio

import gradio as gr
import pytest
from gradio.state_holder import SessionState

from ui.owned import Owned
from ui.strings import ENGLISH


async def talk() -> None:
    with Owned(ENGLISH) as blocks:
        box = gr.Textbox()
        box.submit(lambda text: text.upper(), box, box)
    first, second = SessionState(blocks), SessionState(blocks)

    async def sent(session: SessionState, user: str | None) -> str:
        done = await blocks.process_api(0, ["words"], state=session, request=gr.Request(username=user))
        return str(done["data"][0])

    for session, user in ((first, "mara"), (first, "mara"), (second, "noor")):
        assert await sent(session, user) == "WORDS"
    for session, user in ((first, "noor"), (second, "mara"), (first, None)):
        with pytest.raises(gr.Error, match="Somebody else has logged in"):
            await sent(session, user)


def test_only_the_user_who_opened_a_session_is_answered_in_it() -> None:
    asyncio.run(talk())
