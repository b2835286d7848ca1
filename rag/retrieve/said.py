"""The sentences that were read for a question: what each weighs, and which one it leans on."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from rag.models.reader import Evidence, Reading
from rag.records import Hit

_LEANS = re.compile(
    r"(?:[“\"‘']\s*)?(?:He|She|It|They|This|That|These|Those|Such|His|Her|Their|Its|Both|But|And|So"
    r"|The (?:latter|former)|(?:One|Some|Most|None) of them"
    r"|(?:However|Then|Still|Instead|Now|Later),? (?:he|she|it|they))\b"
)
"""A sentence that begins like this leans on the one before it."""
_SPOKEN = re.compile(
    r"[,?!”\"’'] (?:he|she|they) (?:said|says|told|added|wrote|noted|asked|argued|continued|explained|warned)\b"
)
"""Nor does one stand alone whose speaker is named before it."""
ENDS = re.compile(r"[.!?:;…][\"”’')\]]*\s*$")
"""A heading does not end like this."""
_EVIDENCE, _MERIT = 0.85, 4.0
"""What a sentence's own odds and its passage's merit count; chosen on dev questions, see `docs/reader.md`."""
_FIRST, _SECOND = 0.5, 0.6
"""What this weight and the selector's log odds count where the sentence was read beside others; chosen likewise."""
_ANSWERS = -1.0
"""The selector's log odds above which a sentence is quoted although another one answers already; chosen likewise."""
_NEVER = 1e-6


class Said(NamedTuple):
    """A sentence that was read."""

    hit: Hit
    evidence: Evidence
    reading: Reading

    @property
    def text(self) -> str:
        """Return its words."""
        return text_of(self.hit, self.evidence.start, self.evidence.end)

    @property
    def weight(self) -> float:
        """Return what it weighs beside other sentences: its share of all is how likely it is the one that answers."""
        likely = min(max(self.evidence.probability, _NEVER), 1 - _NEVER)
        alone = float((likely / (1 - likely)) ** _EVIDENCE * self.hit.score**_MERIT)
        selected = self.evidence.selected
        return alone if selected is None else float(alone**_FIRST * math.exp(_SECOND * selected))

    @property
    def answers(self) -> bool:
        """Tell whether it seems to answer by itself, as read beside others."""
        return self.evidence.selected is not None and self.evidence.selected > _ANSWERS

    @property
    def lead(self) -> int:
        """Return where it begins together with the sentence before it in its passage, when it leans on that."""
        if not leans(self.text):
            return self.evidence.start
        before = [one for one in self.reading.sentences if one.start < self.evidence.start]
        last = max(before, key=lambda one: one.start, default=None)
        if last is None or not ENDS.search(text_of(self.hit, last.start, last.end)):  # a heading
            return self.evidence.start
        return last.start


def said(hits: Sequence[Hit], readings: Sequence[Reading]) -> list[Said]:
    """Return the sentences that were read, those alone that were read side by side where any were."""
    found = [Said(hit, one, reading) for hit, reading in zip(hits, readings, strict=False) for one in reading.sentences]
    return [one for one in found if one.evidence.selected is not None] or found


def leans(own: str) -> bool:
    """Tell whether a sentence cannot stand without the one before it.

    >>> leans("It crossed the border."), leans("A drone came.")
    (True, False)
    """
    return bool(_LEANS.match(own) or _SPOKEN.search(own))


def text_of(hit: Hit, start: int, end: int) -> str:
    """Return a stretch of a passage by its offsets in the article."""
    return hit.passage.text[start - hit.passage.start : end - hit.passage.start]
