"""The paragraphs of a text, as slices of it.

Three layouts occur in the wild: blank lines between paragraphs, one line a paragraph, and lines
wrapped at a fixed width. In the last a line that had room for the next word ends its paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from rag.ingest.bylines import byline_author, is_date_stamp
from rag.ingest.items import is_listed

Mark = Literal["title", "heading", "caption", "text"]
"""What the markup of a file says a paragraph is. A plain text says nothing."""

_LINE = re.compile(r"[^\n]+")
_BULLET = re.compile(r"(?:[-*•·–—]|\d{1,3}[.)])\s")
_WIDEST_WRAP = 100
_LONGER = 1.5
"""Times the widest line that ends at another: what is longer was not wrapped."""
_LONG_WORDS = 10
"""An address may be long in a wrapped text too."""
_MOST_LONG = 0.125
"""Of a wrapped text, in characters: what was put in later."""


@dataclass(frozen=True)
class Paragraph:
    """A trimmed slice of a text."""

    start: int
    end: int
    mark: Mark | None = None


def paragraphs(text: str) -> list[Paragraph]:
    """Return the paragraphs of a plain text, in order, trimmed."""
    lines = [
        Paragraph(*_trim(text, match.start(), match.end())) for match in _LINE.finditer(text) if not match[0].isspace()
    ]
    width = _wrap_width(text, lines)
    joined: list[Paragraph] = []
    for line in lines:
        if joined and width and _continues(text, joined[-1], line, width):
            joined[-1] = Paragraph(joined[-1].start, line.end)
        else:
            joined.append(line)
    return joined


def _wrap_width(text: str, lines: list[Paragraph]) -> int | None:
    """The width a text is wrapped at, or None: most lines that end at another line fill it."""
    inner = sorted(one.end - one.start for one, two in _neighbours(text, lines))
    if len(inner) < 3 or inner[-1] > _WIDEST_WRAP or inner[-1] < 30 or _is_unwrapped(text, lines, inner[-1]):
        return None
    width = inner[int(len(inner) * 0.9)]
    return width if sum(length > 0.75 * width for length in inner) >= 0.5 * len(inner) else None


def _is_unwrapped(text: str, lines: list[Paragraph], widest: int) -> bool:
    """Say whether much of a text stands in lines too long for its wrap; the short ones are a list, verse or a head."""
    long = [line for line in lines if line.end - line.start > _LONGER * widest]
    prose = [line for line in long if text.count(" ", line.start, line.end) >= _LONG_WORDS]
    return sum(line.end - line.start for line in prose) > _MOST_LONG * len(text)


def _neighbours(text: str, lines: list[Paragraph]) -> Iterator[tuple[Paragraph, Paragraph]]:
    for one, two in pairwise(lines):
        if text.count("\n", one.end, two.start) == 1:
            yield one, two


def _continues(text: str, before: Paragraph, line: Paragraph, width: int) -> bool:
    if text.count("\n", before.end, line.start) != 1 or _is_item(text, before, line):
        return False
    last = before.end - max(before.start, text.rfind("\n", before.start, before.end) + 1)
    word = re.compile(r"\S+").match(text, line.start)
    full = last + 1 + (word.end() - word.start() if word else 0) > 0.9 * width
    return full and not _is_head_line(text[line.start : line.end])


def _is_head_line(line: str) -> bool:
    """Say whether a line is a byline or a date of its own: that of a sentence goes on in lower case or ends in a dot.

    >>> _is_head_line("By Ana Salo"), _is_head_line("by Ana Salo, the writer"), _is_head_line("May 3, 2023.")
    (True, False, False)
    """
    begins = not line[0].islower() and not line.endswith(".")
    return begins and (byline_author(line) is not None or is_date_stamp(line))


def _is_item(text: str, before: Paragraph, line: Paragraph) -> bool:
    item = _BULLET.match(text, line.start)
    return item is not None and is_listed(text, before.start, before.end, item)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
