"""The answer to a question for articles: each one that answers, named with its best sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.answer import about
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
    best = [
        (hit, max(reading.sentences, key=lambda sentence: sentence.probability))
        for hit, reading in answering
        if reading.sentences
    ]
    return _lines([(hit, sentence.start, sentence.end) for hit, sentence in best], text_of)


def name(hits: Sequence[Hit], text_of: Callable[[str], str]) -> tuple[list[str], tuple[Citation, ...]]:
    """Return a line for each article with its first sentence, and its citation; each hit is another article."""
    opened = [(hit, start, end) for hit in hits for start, end in about.opening(text_of(hit.article.id))[:1]]
    return _lines(opened, text_of)


def _lines(
    quoted: Sequence[tuple[Hit, int, int]], text_of: Callable[[str], str]
) -> tuple[list[str], tuple[Citation, ...]]:
    lines, citations = [], []
    for number, (hit, start, end) in enumerate(quoted[:MOST], start=1):
        text, passage = text_of(hit.article.id), hit.passage.id
        citation = cite(number, hit.article, text, start=start, end=end, passage_id=passage, support=1.0)
        lines.append(mark(f"{describe(hit.article)}: {citation.quote}", number))
        citations.append(citation)
    return lines, tuple(citations)
