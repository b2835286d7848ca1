"""The answer to a question for articles: each one that answers, named with its best sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.answer.cite import cite, mark
from rag.models.reader import Reading
from rag.records import Citation, Hit, describe

MOST = 8
"""Articles that are named."""


def write(
    answering: Sequence[tuple[Hit, Reading]], text_of: Callable[[str], str]
) -> tuple[list[str], tuple[Citation, ...]]:
    """Return a line for each article that answers, and its citation.

    `text_of` gives an article's stored text by id.
    """
    found = [(hit, reading) for hit, reading in answering if reading.sentences][:MOST]
    lines, citations = [], []
    for number, (hit, reading) in enumerate(found, start=1):
        best = max(reading.sentences, key=lambda sentence: sentence.probability)
        text, passage = text_of(hit.article.id), hit.passage.id
        citation = cite(number, hit.article, text, start=best.start, end=best.end, passage_id=passage, support=1.0)
        lines.append(f"{describe(hit.article)}: {mark(citation.quote, number)}")
        citations.append(citation)
    return lines, tuple(citations)
