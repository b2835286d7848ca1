"""A reader that needs no model: what a question's words and a sentence's words have in common.

For tests and demonstrations; it knows no synonyms and cannot tell an answer from a mention.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.ingest.sentences import sentences
from rag.models.reader import Evidence, Reading
from rag.models.sheet import Group
from rag.records import Article, Passage

_SHORTEST_WORD = 4


class OverlapReader:
    """Evidence of a sentence is the share of the question's longer words that it holds."""

    name = "fake:overlap"
    threshold = 0.5

    def confidence(self, readings: Sequence[Reading], selected: float | None = None) -> float:
        """Return the answerability of the passage that answers most surely, 0 for none."""
        return max((reading.answerable for reading in readings), default=0.0)

    def select(self, question: str, groups: Sequence[Group]) -> None:
        """Return nothing: every passage is seen alone."""

    def read(self, question: str, passages: Sequence[tuple[Passage, Article]]) -> list[Reading]:
        """Return one reading for each passage, in the same order."""
        asked = _words(question)
        return [_reading(asked, passage) for passage, _ in passages]


def _reading(asked: set[str], passage: Passage) -> Reading:
    found = tuple(
        Evidence(start=passage.start + a, end=passage.start + b, probability=_share(asked, passage.text[a:b]))
        for a, b in sentences(passage.text)
    )
    whole = _share(asked, passage.text)
    return Reading(relevance=whole, answerable=whole, sentences=found)


def _share(asked: set[str], text: str) -> float:
    return len(asked & _words(text)) / len(asked) if asked else 0.0


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) >= _SHORTEST_WORD}
