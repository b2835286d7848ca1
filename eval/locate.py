"""Find a quote in an article whatever its white space and typography.

Every system stores an article in its own way, so spans are compared in one common form of the suite's
text: what `rag sync` removes is gone, accents are one character with their letter, white space runs are one
space, typographic quotes and dashes are plain. All spans of this package count characters of that form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from rag.ingest.clean import canonical
from rag.ingest.compose import compose
from rag.ingest.formats import markdown

Span = tuple[int, int]

_PLAIN = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "–": "-",
        "—": "-",
    }
)
_SPACE = re.compile(r"\s+")
_ANCHOR = 40
_STRAY = re.compile(
    r"(?<!\*)\*+(?=[^\s*])|(?<=[^\s*])\*+|\b_+|(?<!_)_+\b|`|\]\((?:[^()\n]|\([^()\n]*\))*\)|\[(?=[^\[\]]*$)",
)
"""Marks of which a quote may hold one half: of emphasis and code, a link's end and a `[` that nothing closes."""


def squash(text: str) -> str:
    """Return the common form.

    >>> squash("“Not  now” –\\nhe said")
    '"Not now" - he said'
    """
    whole = unicodedata.normalize("NFC", canonical(text)[0])
    return _SPACE.sub(" ", whole.translate(_PLAIN)).strip()


class Canvas:
    """An article's text in the common form.

    Of `marked` files the text has no Markdown, while words copied from the file may bring its marks along, whole or
    cut. A link's URL is none of the text, so one that is quoted by itself stands nowhere.

    >>> Canvas("They met twice.", marked=True).find("They met **twice**.")
    (0, 15)
    >>> Canvas("They met twice.", marked=True).find("twice**.")
    (9, 15)
    """

    def __init__(self, text: str, *, marked: bool = False) -> None:
        self.text = squash(text)
        self._marked = marked

    def find(self, words: str, near: int | None = None) -> Span | None:
        """Return where the words stand, all of them, or None. Of several places the one nearest to `near` counts."""
        for wanted in self._forms(words):
            if starts := _occurrences(self.text, wanted):
                start = starts[0] if near is None else min(starts, key=lambda s: abs(s - near))
                return start, start + len(wanted)
        return None

    def find_hit(self, text: str, near: int | None = None) -> Span | None:
        """Return where a hit stands: as `find` does, else, if it is long, by both its ends.

        A hit may differ in its middle, as when a system drops a heading. A quote may not: one whose middle is
        invented stands nowhere.
        """
        return self.find(text, near) or next(filter(None, map(self._by_ends, self._forms(text))), None)

    def _forms(self, words: str) -> Iterator[str]:
        """Yield the words in the common form as they are, then without Markdown, whole or cut; no empty one."""
        yield from filter(None, [squash(words)])
        if self._marked:
            yield from filter(None, map(_bare, (words, _uncut(words))))

    def _by_ends(self, wanted: str) -> Span | None:
        if len(wanted) < 3 * _ANCHOR:
            return None
        start = self.text.find(wanted[:_ANCHOR])
        end = self.text.find(wanted[-_ANCHOR:], start + _ANCHOR) if start >= 0 else -1
        if end < 0 or end + _ANCHOR - start > 2 * len(wanted):
            return None
        return start, end + _ANCHOR


def _bare(words: str) -> str:
    return squash(compose(markdown.pieces(words)).text)


def _uncut(words: str) -> str:
    """Return the words without marks that are no Markdown by themselves, as of a table's row or half a bold word.

    >>> _uncut("| 2001 |  | met **twice |")
    '2001 | met twice'
    """
    return _STRAY.sub("", "\n".join(map(_row, words.split("\n"))))


def _row(line: str) -> str:
    """Return a line of a table as an article's text has it: no borders, no empty cells and no rule below the head."""
    if "|" not in line:
        return line
    cells = [cell.strip() for cell in line.split("|")]
    return " | ".join(filter(None, cells)) if any(cell.strip(":-") for cell in cells) else ""


def _occurrences(text: str, wanted: str) -> list[int]:
    starts, at = [], text.find(wanted)
    while at >= 0:
        starts.append(at)
        at = text.find(wanted, at + 1)
    return starts


def overlap(a: Span, b: Span) -> int:
    """Return how many characters two spans share.

    >>> overlap((0, 10), (7, 20))
    3
    """
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def union(spans: list[Span]) -> list[Span]:
    """Return the spans merged where they touch, in order.

    >>> union([(5, 9), (0, 3), (2, 6)])
    [(0, 9)]
    """
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
