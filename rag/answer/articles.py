"""The answer to a question for articles: each one that answers, named with its best sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from rag.answer import about, extract
from rag.answer.cite import cite, mark
from rag.answer.extract import Quote
from rag.ingest.sentences import sentences
from rag.models.reader import Reading
from rag.records import Citation, Hit, describe
from rag.settings import AnswerSettings

MOST = 8
"""Articles that are named."""
CUT = f"There are more such articles: {MOST} are named."
_ONE = AnswerSettings(sentences=1)


def best(answering: Sequence[tuple[Hit, Reading]]) -> list[Quote]:
    """Return the best sentence of each passage."""
    return [quote for hit, reading in answering for quote in extract.choose([hit], [reading], _ONE)]


def statements(who: re.Pattern[str], answering: Sequence[tuple[Hit, Reading]]) -> list[Quote]:
    """Return the best sentence of each article that tells what somebody said, oldest first.

    Passages come best first.
    """
    found: dict[str, Quote] = {}
    for quote in best([(hit, _told_by(who, hit, reading)) for hit, reading in answering]):
        if quote.probability >= _ONE.least:
            found.setdefault(quote.hit.article.id, quote)
    return sorted(found.values(), key=lambda quote: quote.hit.article.published or date.max)


def _told_by(who: re.Pattern[str], hit: Hit, reading: Reading) -> Reading:
    """Return the reading with those sentences alone that tell what somebody said."""
    start, text = hit.passage.start, hit.passage.text
    named = tuple(e for e in reading.sentences if who.search(text[e.start - start : e.end - start]))
    return replace(reading, sentences=named)


def write(quotes: Sequence[Quote], text_of: Callable[[str], str]) -> tuple[list[str], tuple[Citation, ...]]:
    """Return a line for each article's quote, and its citation.

    `text_of` gives an article's stored text by id.
    """
    return _lines([(quote.hit, quote.start, quote.end) for quote in quotes], text_of)


def name(hits: Sequence[Hit], text_of: Callable[[str], str]) -> tuple[list[str], tuple[Citation, ...]]:
    """Return a line for each article with its first sentence, and its citation; each hit is another article."""
    return _lines([(hit, *_first(hit, text_of(hit.article.id))) for hit in hits], text_of)


def left_out(found: int) -> tuple[str, ...]:
    """Return the note that articles are left out, where more were found than are named.

    How many there are in all is not known: no more than so many are read.
    """
    return (CUT,) if found > MOST else ()


def _first(hit: Hit, text: str) -> tuple[int, int]:
    """Return an article's first sentence; of a brief that has none but short ones, the first of its passage."""
    return (about.opening(text) or sentences(text, hit.passage.start, hit.passage.end))[0]


def _lines(
    quoted: Sequence[tuple[Hit, int, int]], text_of: Callable[[str], str]
) -> tuple[list[str], tuple[Citation, ...]]:
    lines, citations = [], []
    for number, (hit, start, end) in enumerate(quoted[:MOST], start=1):
        text, passage = text_of(hit.article.id), hit.passage.id
        citation = cite(number, hit.article, text, start=start, end=end, passage_id=passage, support=1.0)
        # a sentence that leans on the one before it brought that along: each bears the marker
        first, *more = [text[a:b] for a, b in sentences(text, start, end)]
        said = [f"{describe(hit.article)}: {first}", *more]
        lines.append(" ".join(mark(sentence, number) for sentence in said))
        citations.append(citation)
    return lines, tuple(citations)
