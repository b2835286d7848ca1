"""A page's session belongs to the user who opened it; Gradio itself knows a session by a random name alone.

And a file that an event names is one that was uploaded: Gradio itself copies what it is told to, from any address.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import gradio as gr

from ui.strings import Strings
from ui.turns import TakingTurns

log = logging.getLogger(__name__)


class Owned(TakingTurns):
    """Blocks that refuse an event which another user sends into a session, or which names a file that is no upload.

    The first happens when a page stays open while its user logs out and another logs in with the same browser.
    """

    def __init__(self, strings: Strings, **options: Any) -> None:
        super().__init__(**options)
        self._strings = strings
        self._owners: WeakKeyDictionary[Any, str | None] = WeakKeyDictionary()

    async def process_api(self, *args: Any, **said: Any) -> dict[str, Any]:
        """Run an event's handler. Every event passes here, queued or not.

        Raises:
            gr.Error: the session is another user's.
        """
        session, user = said.get("state"), getattr(said.get("request"), "username", None)
        if session is not None and self._owners.setdefault(session, user) != user:
            raise gr.Error(self._strings.not_your_page, print_exception=False)
        return await super().process_api(*args, **said)

    async def preprocess_data(self, block_fn: Any, inputs: list[Any], *args: Any, **said: Any) -> Any:
        """Make a handler's arguments of what an event sent: Gradio copies, or fetches, any file that stands in it.

        Raises:
            gr.Error: a file stands there that the page's upload has not put where it is.
        """
        for block, sent in zip(block_fn.inputs, inputs, strict=False):  # Gradio tells when there are too few
            for named in _files(sent):
                if not (isinstance(block, gr.File) and self._uploaded(named.get("path"))):
                    log.warning("an event was refused, for it names a file that is no upload: %.200r", named)
                    raise gr.Error(self._strings.not_an_upload, print_exception=False)
        return await super().preprocess_data(block_fn, inputs, *args, **said)

    def _uploaded(self, path: object) -> bool:
        """Whether the upload gave out this very path, and the file has not been taken from there yet."""
        given = isinstance(path, str) and path in self.upload_file_set
        return given and Path(str(path)).is_file() and not Path(str(path)).is_symlink()


def _files(sent: Any) -> Iterator[dict[str, Any]]:
    """Yield whatever may be taken for a file, however deep it stands."""
    if isinstance(sent, dict):
        if "path" in sent or "url" in sent:
            yield sent
        sent = list(sent.values())
    if isinstance(sent, list):
        for part in sent:
            yield from _files(part)
