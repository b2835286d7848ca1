"""A page's session belongs to the user who opened it; Gradio itself knows a session by a random name alone."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import gradio as gr

from ui.strings import Strings


class Owned(gr.Blocks):
    """Blocks that refuse an event which another user sends into a session.

    That happens when a page stays open while its user logs out and another logs in with the same browser.
    """

    def __init__(self, strings: Strings, **options: Any) -> None:
        super().__init__(**options)
        self._told = strings.not_your_page
        self._owners: WeakKeyDictionary[Any, str | None] = WeakKeyDictionary()

    async def process_api(self, *args: Any, **said: Any) -> dict[str, Any]:
        """Run an event's handler. Every event passes here, queued or not.

        Raises:
            gr.Error: the session is another user's.
        """
        session, user = said.get("state"), getattr(said.get("request"), "username", None)
        if session is not None and self._owners.setdefault(session, user) != user:
            raise gr.Error(self._told, print_exception=False)
        return await super().process_api(*args, **said)
