"""What is cancelled says nothing more, wherever it has just been."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import gradio as gr
from gradio.state_holder import SessionState

from ui.turns import TakingTurns, over

STEP = threading.Event()
SAW: list[bool] = []


def count(said: str) -> Iterator[tuple[str, str]]:
    for n in (1, 2):
        yield f"{said} {n}", f"{n}"
        STEP.wait(5)  # a step is under way when another event takes over
        SAW.append(over())


async def talk() -> None:
    with TakingTurns() as blocks:
        said, ask, new, other = gr.State("nothing"), gr.Button(), gr.Button(), gr.Button()
        shown = gr.HTML()
        asking = ask.click(count, said, [said, shown])
        new.click(lambda: "empty", None, said, cancels=[asking])
        other.click(lambda: "rated", None, said)
    counting, emptying, _, rating = blocks.fns.values()
    blocks.there = lambda state: (gr.skip(), f"now {state[said._id]}")
    page, another = SessionState(blocks), SessionState(blocks)

    async def run(event: Any, session: SessionState, iterator: Any = None) -> Any:
        return await blocks.process_api(event, [None], state=session, iterator=iterator)

    async def stream(session: SessionState, *meanwhile: Any) -> Any:
        iterator = (await run(counting, session))["iterator"]
        assert session[said._id] == "nothing 1"
        step = asyncio.create_task(run(counting, session, iterator))
        await asyncio.sleep(0.05)
        for event in meanwhile:
            await asyncio.create_task(run(event, session))  # as a request of its own
        STEP.set()
        told = (await step)["data"][1]
        STEP.clear()
        return session[said._id], told

    assert await stream(another) == ("nothing 2", "2")
    assert await stream(page, emptying) == ("empty", "now empty")
    assert SAW == [False, True]
    page[said._id] = "nothing"
    assert await stream(page, rating) == ("nothing 2", "2")  # which cancels nothing


def test_what_a_cancelled_event_still_says_gives_way_to_what_is_there() -> None:
    asyncio.run(talk())
