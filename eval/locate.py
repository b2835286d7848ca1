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


def squash(text: str) -> str:
    """Return the common form.

    >>> squash("“Not  now” –\\nhe said")
    '"Not now" - he said'
    """
    whole = unicodedata.normalize("NFC", canonical(text)[0])
    return _SPACE.sub(" ", whole.translate(_PLAIN)).strip()


class Canvas:
    """An article's text in the common form.

    Of `marked` files the text has no Markdown, while words copied from the file may bring its marks along.

    >>> Canvas("They met twice.", marked=True).find("They met **twice**.")
    (0, 15)
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
        """Yield the words in the common form as they are, then without Markdown; none when nothing is left."""
        if plain := squash(words):
            yield plain
            if self._marked and (bare := squash(compose(markdown.pieces(words)).text)):
                yield bare

    def _by_ends(self, wanted: str) -> Span | None:
        if len(wanted) < 3 * _ANCHOR:
            return None
        start = self.text.find(wanted[:_ANCHOR])
        end = self.text.find(wanted[-_ANCHOR:], start + _ANCHOR) if start >= 0 else -1
        if end < 0 or end + _ANCHOR - start > 2 * len(wanted):
            return None
        return start, end + _ANCHOR


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
