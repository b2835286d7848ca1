"""Prose that is still coming, in units that can be judged: sentences, headings, list items, blocks of code.

Characters go in one by one, so the units cannot depend on where the stream happened to be cut: every split of
the same text gives the same units. Together they are the text, with citation marks in the form `[1][3]`, without
hidden characters or a fence around the whole, and with code in which nothing is a link or HTML for whoever sees the
ends of a block elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.answer import markers
from rag.answer.plain import is_hidden, spaced
from rag.answer.wrapping import Unwrapped
from rag.ingest.sentences import sentences

_AHEAD = 48
"""Characters that must have come after a unit before it counts as ended: what follows decides about a full stop."""
_WIDEST = 16
"""Longest run of white space that is kept: a model may send nothing else."""
_FENCE = re.compile(r"^[ \t]*(`{3,}+(?![^\n]*`)|~{3,}+)")
"""What begins a block of code: not inline code at the start of a line, after which a backtick follows."""
_BLOCK = re.compile(_FENCE.pattern, re.MULTILINE)
_BREAK = re.compile(r"\n(?=[ \t]*(?:\n|#{1,6} |[-*•+] |\d{1,3}[.)] |\||>|```|~~~|\[\d{1,2}\]:))|(?<=:)\n|(?<=\|)\n")
"""Line ends that end a unit whatever the words around them say."""
_HEADING = re.compile(r"[ \t]*(?:#{1,6} |\*\*[^*\n]+\*\*[ \t]*\n)[^\n]*\n?")
_SPACE = re.compile(r"\s*")


class Units:
    """Collects text and gives it back unit by unit, each with the white space that follows it."""

    def __init__(self) -> None:
        self._text = ""
        self._unwrapped = Unwrapped()

    def feed(self, text: str) -> Iterator[str]:
        """Take more text and yield the units that it ends."""
        for character in text:
            if not is_hidden(character):
                for certain in self._unwrapped.feed(character):
                    yield from self._add(certain)

    def close(self) -> Iterator[str]:
        """Yield what is left, now that nothing follows."""
        for certain in self._unwrapped.close():
            yield from self._add(certain)
        yield from self._ended(0)
        if self._text:
            yield _inert(self._text)
            self._text = ""

    def _add(self, character: str) -> Iterator[str]:
        space = character.isspace()
        if space and len(self._text) >= _WIDEST and self._text[-_WIDEST:].isspace():
            return
        first = space and not self._text[-1:].isspace()
        self._text += character
        if first and len(self._text) > _AHEAD:
            yield from self._ended(_AHEAD)

    def _ended(self, ahead: int) -> Iterator[str]:
        self._text = _uniform(self._text)
        while (end := _end(self._text)) and end + ahead <= len(self._text):
            yield _inert(self._text[:end])
            self._text = _uniform(self._text[end:])  # what follows a block of code


def split(text: str) -> list[str]:
    """Return the units of a whole text.

    >>> split("It opened in 2016.[1] It closed.\\n- Why?")
    ['It opened in 2016. [1] ', 'It closed.\\n', '- Why?']
    """
    units = Units()
    return [*units.feed(text), *units.close()]


def _uniform(text: str) -> str:
    """Return the text with every mark before the first block of code in one form, which sentences can end with."""
    block = _BLOCK.search(text)
    place = block.start() if block else len(text)
    return markers.uniform(text[:place]) + text[place:]


def _inert(unit: str) -> str:
    return spaced(unit) if is_code(unit) else unit


def is_code(unit: str) -> bool:
    """Tell whether a unit is a block of code."""
    return bool(_FENCE.match(unit))


def _end(text: str) -> int | None:
    """Return where the first unit ends, with the space after it; None when that is not in sight."""
    if fence := _FENCE.match(text):
        closing = re.compile(rf"\n[ \t]*{fence[1]}{fence[1][0]}*+[ \t]*(?:\n|$)").search(text, fence.end())
        return _over_space(text, closing.end()) if closing else None
    if heading := _HEADING.match(text):
        return _over_space(text, heading.end()) if heading[0].endswith("\n") else None
    cut = _BREAK.search(text, _SPACE.match(text).end())  # type: ignore[union-attr]
    limit = cut.start() if cut else len(text)
    spans = sentences(text, 0, limit)
    if len(spans) > 1:
        return _over_space(text, spans[0][1])
    return _over_space(text, limit) if cut else None


def _over_space(text: str, place: int) -> int:
    """Return the end of the white space at `place`, but keep the indent of a line with its own unit."""
    end = _SPACE.match(text, place).end()  # type: ignore[union-attr]
    line = text.rfind("\n", place, end)
    return line + 1 if line >= 0 else end
