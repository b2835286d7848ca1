"""What a model thinks aloud before it answers, taken out of a stream: `<think>…</think>` and its like."""

from __future__ import annotations

import re

_NAMES = ("think", "thinking", "reasoning")
_OPEN = tuple(f"<{name}>" for name in _NAMES)
_CLOSE = tuple(f"</{name}>" for name in _NAMES)
_CLOSED = re.compile("|".join(_CLOSE), re.IGNORECASE)
_LONGEST = max(map(len, _CLOSE))


class Thoughts:
    """Takes a model's text as it comes and gives back what is meant to be read.

    Text is held back only while it may be the beginning of a tag. Some servers leave the opening tag out: then what
    came before the closing one has been given back already, and the caller is told to forget it.
    """

    def __init__(self) -> None:
        self._held = ""
        self._thinking = False
        self._begun = False

    def feed(self, text: str) -> tuple[bool, str]:
        """Return whether all that was given back before was thought, and what is to be read now.

        >>> thoughts = Thoughts()
        >>> thoughts.feed("<thi"), thoughts.feed("nk>Well.</think> On Mon"), thoughts.feed("day")
        ((False, ''), (False, 'On Mon'), (False, 'day'))
        """
        text, forget = self._held + text, False
        if closed := [match.end() for match in _CLOSED.finditer(text)]:
            text, forget = text[closed[-1] :], self._begun
            self._thinking = self._begun = False
        if not self._begun:
            text = text.lstrip()
            self._thinking = self._thinking or text.lower().startswith(_OPEN)
            self._begun = not self._thinking and not _begins(text, _OPEN)
        if not self._begun:
            self._held = text[-_LONGEST:] if self._thinking else text
            return forget, ""
        tag = text.rfind("<", -_LONGEST)
        cut = tag if tag >= 0 and _begins(text[tag:], _CLOSE) else len(text)
        self._held = text[cut:]
        return forget, text[:cut]

    def close(self) -> str:
        """Return what was held back, now that nothing follows."""
        held, self._held = self._held, ""
        return "" if self._thinking else held


def _begins(text: str, tags: tuple[str, ...]) -> bool:
    return any(tag.startswith(text.lower()) for tag in tags)
