"""An event that cancels answers ends them at once.

Gradio tells the server only after that event is over, and lets a step that is under way write what it was about to say.
So an answer would undo what has taken its place. And on a slow line its first words, which come by the queue, reach the
page after what has cancelled it: so the last that it sends is the page as it is then.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import gradio as gr


class _Turn:
    """One event's time to write the page, until another event of the same page takes over."""

    over = False


_TURN: ContextVar[_Turn | None] = ContextVar("turn", default=None)


def over() -> bool:
    """Whether another event has taken the place of the one that runs here."""
    turn = _TURN.get()
    return turn is not None and turn.over


class TakingTurns(gr.Blocks):
    """Blocks in which nothing that a cancelled event still says is shown or kept in the session."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.there: Callable[[Any], Any] = lambda state: gr.skip()
        """What a cancelled event shows instead: the page as it is now."""
        self._turns: WeakKeyDictionary[Any, _Turn] = WeakKeyDictionary()

    @cached_property
    def _cancelled(self) -> frozenset[int]:
        return frozenset(id for one in self.fns.values() for id in one.cancels)

    @cached_property
    def _taking(self) -> frozenset[int]:
        """The events that can be cancelled, and those that cancel them."""
        cancelling = [one for one in self.fns.values() if one.cancels]
        causes = {target for one in cancelling for target in one.targets}
        return self._cancelled.union(id for id, one in self.fns.items() if causes.intersection(one.targets))

    async def process_api(self, block_fn: Any, *args: Any, **said: Any) -> dict[str, Any]:
        """Run an event's handler, or the next step of one; its steps all run in one task."""
        if said.get("iterator") is None:
            known = block_fn if isinstance(block_fn, int) else block_fn._id
            _TURN.set(self._taken(said.get("state")) if known in self._taking else None)
        return await super().process_api(block_fn, *args, **said)

    async def postprocess_data(self, block_fn: Any, predictions: Any, state: Any) -> list[Any]:
        """Write what a handler has returned, unless its turn is over."""
        if over():
            predictions = self.there(state) if block_fn._id in self._cancelled else gr.skip()
        return await super().postprocess_data(block_fn, predictions, state)

    def _taken(self, session: Any) -> _Turn | None:
        if session is None:
            return None
        self._turns.get(session, _Turn()).over = True
        turn = self._turns[session] = _Turn()
        return turn
