"""A document to passages: slices of its text that a person would quote.

A passage is whole sentences, never crosses a heading or anything else that is not prose, and holds
at most `max_tokens`. Cuts are chosen for a whole section at once: even sizes, at paragraphs rather
than within them, and not inside a quotation. A sentence longer than the limit is cut at a clause,
else between words, else between characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from rag.ingest.clean import one_line
from rag.ingest.document import Block, Document, Kind
from rag.ingest.sentences import sentences, skip_space

_CLAUSE = re.compile(
    r"[;:,—–)”。，；、](?=\s|[^\x00-\u2fff])|(?<=\S)(?=\s+(?:and|but|which|who|that|while|because|although)\s)"
)
_SPACE = re.compile(r"(?<=\S)\s")
_CHARS_PER_TOKEN = 8
"""A slice with more characters than this for each token of the limit is not counted but cut."""
_MID_PARAGRAPH, _IN_QUOTATION, _IN_SENTENCE = 0.08, 0.5, 1.0
"""What a cut costs, beside the squared share of the limit that a passage leaves unused."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """Where a passage stands in a document's text, and under which heading."""

    start: int
    end: int
    heading: str | None
    kind: Kind


@dataclass(frozen=True)
class _Unit:
    """What is never cut: a sentence, or a piece of one that is too long."""

    start: int
    end: int
    tokens: int
    cut_cost: float
    """Of a cut before it."""


@dataclass(frozen=True)
class _Limit:
    tokens: int
    text: str
    count: Callable[[str], int]

    def size(self, start: int, end: int) -> int:
        """Tokens of a slice; more than the limit, uncounted, when it cannot fit."""
        if end - start > _CHARS_PER_TOKEN * self.tokens:
            return self.tokens + 1
        return self.count(self.text[start:end])


def split(document: Document, *, max_tokens: int, count: Callable[[str], int]) -> list[Span]:
    """Return the passages of a document, in order. `count` gives the tokens of a text.

    Captions are passages of their own; titles, headings, bylines and boilerplate are none.
    """
    limit = _Limit(max_tokens, document.text, count)
    spans: list[Span] = []
    heading: str | None = None
    for group in _groups(document.blocks):
        first = group[0]
        if first.kind == "heading":
            heading = one_line(document.text[first.start : first.end])
        elif first.kind in ("text", "caption"):
            spans += [
                Span(start=start, end=end, heading=heading, kind=first.kind) for start, end in _passages(group, limit)
            ]
    return spans


def _groups(blocks: tuple[Block, ...]) -> Iterator[list[Block]]:
    """Runs of text blocks that nothing interrupts; every other block alone."""
    run: list[Block] = []
    for block in blocks:
        if run and not (block.kind == "text" == run[-1].kind):
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _passages(group: list[Block], limit: _Limit) -> list[tuple[int, int]]:
    units = list(_units(group, limit))
    return [(units[first].start, units[last - 1].end) for first, last in pairwise(_cuts(units, limit.tokens))]


def _cuts(units: list[_Unit], most: int) -> list[int]:
    """Where passages begin, as indices of units, and the end: the cheapest way, by dynamic programming."""
    best = [0.0] + [float("inf")] * len(units)
    back = [0] * (len(units) + 1)
    for last in range(1, len(units) + 1):
        size = 0
        for first in range(last - 1, -1, -1):
            size += units[first].tokens
            if size > most and first < last - 1:
                break
            cost = best[first] + max(0.0, 1 - size / most) ** 2 + (units[first].cut_cost if first else 0.0)
            if cost < best[last]:
                best[last], back[last] = cost, first
    cuts = [len(units)]
    while cuts[-1]:
        cuts.append(back[cuts[-1]])
    return cuts[::-1]


def _units(group: list[Block], limit: _Limit) -> Iterator[_Unit]:
    """Sentences, each counted once together with the space before it."""
    before = group[0].start
    for block in group:
        quoted = False
        for start, end in sentences(limit.text, block.start, block.end):
            cost = 0.0 if start == block.start else _IN_QUOTATION if quoted else _MID_PARAGRAPH
            quoted = _is_open(limit.text, start, end, quoted)
            tokens = limit.size(before, end)
            if tokens <= limit.tokens:
                yield _Unit(start, end, tokens, cost)
            else:
                yield from _pieces((before, start, end), limit, cost)
            before = end


def _is_open(text: str, start: int, end: int, quoted: bool) -> bool:
    """Say whether a quotation is open after `text[start:end]`."""
    curly = max(text.rfind("“", start, end), -1), max(text.rfind("”", start, end), -1)
    if curly != (-1, -1):
        return curly[0] > curly[1]
    return quoted != bool(text.count('"', start, end) % 2)


def _pieces(sentence: tuple[int, int, int], limit: _Limit, cost: float) -> Iterator[_Unit]:
    """Cut a sentence that is too long. It is given with the end of what stands before it."""
    before, start, end = sentence
    while start < end:
        stop = _furthest(start, end, limit)
        yield _Unit(start, stop, limit.size(before, stop), cost)
        before, cost = stop, _IN_SENTENCE
        start = skip_space(limit.text, stop, end)


def _furthest(start: int, end: int, limit: _Limit) -> int:
    """The last clause, word or character boundary that keeps `text[start:]` within the limit."""
    fits = _fitting(start, end, limit)
    if fits >= end:
        return end
    middle = (start + fits) // 2
    joints = [match.end() for match in _CLAUSE.finditer(limit.text, middle, fits)]
    if not joints:
        joints = [match.start() for match in _SPACE.finditer(limit.text, middle, fits + 1)]
    return joints[-1] if joints else fits


def _fitting(start: int, end: int, limit: _Limit) -> int:
    """The end of a prefix of `text[start:end]` that is within the limit, and not much shorter than it."""
    length = min(end - start, _CHARS_PER_TOKEN * limit.tokens)
    while (tokens := limit.count(limit.text[start : start + length])) > limit.tokens and length > 1:
        length = max(1, min(length - 1, int(length * 0.97 * limit.tokens / tokens)))
    return start + length
