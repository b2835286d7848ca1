"""The extractive generator: the fewest whole sentences that answer, quoted exactly, each with its citation."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.answer.cite import cite, mark
from rag.ingest.sentences import sentences
from rag.llm.names import EXTRACTIVE
from rag.models.reader import Evidence, Reading
from rag.records import Citation, Hit
from rag.settings import AnswerSettings

NAME = EXTRACTIVE
_LEANS = re.compile(r"(?:[“\"‘']\s*)?(?:He|She|It|They|This|That|These|Those|Such|His|Her|Their|Its|Both|But|And|So)\b")
"""A sentence that begins like this leans on the one before it."""
_SPOKEN = re.compile(
    r"[,?!”\"’'] (?:he|she|they) (?:said|says|told|added|wrote|noted|asked|argued|continued|explained|warned)\b"
)
"""Nor does one stand alone whose speaker is named before it."""
_ASKS = re.compile(r"\?[\"”’')]*\s*$")
"""A sentence that ends like this asks: an interviewer's question answers nothing."""
_WHY = re.compile(r"\s*(?:why|how come)\b", re.IGNORECASE)
_CAUSE_WORDS = 4


@dataclass(frozen=True, kw_only=True)
class Quote:
    """One or two adjacent sentences of a passage that are quoted together."""

    hit: Hit
    start: int
    end: int
    probability: float


def choose(hits: Sequence[Hit], readings: Sequence[Reading], settings: AnswerSettings) -> list[Quote]:
    """Return the best quotes, at most `settings.sentences`, in reading order within a passage.

    A further sentence is taken only when it is likely enough beside the best one and in itself, and says
    something that the others do not.
    """
    scored = [
        (evidence.probability * hit.score**2, rank, evidence, hit, reading)
        for rank, (hit, reading) in enumerate(zip(hits, readings, strict=False))
        for evidence in reading.sentences
    ]
    told = [row for row in scored if not _ASKS.search(_text(row[3], row[2].start, row[2].end))]
    if any(row[2].probability >= settings.least for row in told):
        scored = told
    scored.sort(key=lambda row: (-row[0], row[1], row[2].start))
    quotes: list[Quote] = []
    for score, _, evidence, hit, reading in scored:
        if len(quotes) == settings.sentences or (quotes and score < settings.further * scored[0][0]):
            break
        if quotes and evidence.probability < settings.least:
            continue
        quote = _with_lead(hit, evidence, reading)
        if not any(repeats(quote, other) for other in quotes):
            quotes.append(quote)
    return _in_reading_order(quotes)


def write(quotes: Sequence[Quote], text_of: Callable[[str], str]) -> tuple[list[str], tuple[Citation, ...]]:
    """Return one piece of prose for each quote, and its citations.

    `text_of` gives an article's stored text by id.
    """
    pieces, citations = [], []
    for number, quote in enumerate(quotes, start=1):
        text = text_of(quote.hit.article.id)
        citations.append(
            cite(
                number,
                quote.hit.article,
                text,
                start=quote.start,
                end=quote.end,
                passage_id=quote.hit.passage.id,
                support=1.0,  # the sentence is the quote
            )
        )
        pieces.append(" ".join(mark(text[a:b], number) for a, b in sentences(text, quote.start, quote.end)))
    return pieces, tuple(citations)


def short(question: str, quotes: Sequence[Quote], hits: Sequence[Hit], readings: Sequence[Reading]) -> str | None:
    """Return the shortest answer that the reader found within the quotes, None when there is none.

    A cause of three words is a clause cut off, so that none is given.
    """
    for hit, reading in zip(hits, readings, strict=False):
        if reading.span and any(
            quote.hit.passage.id == hit.passage.id and quote.start <= reading.span[0] and reading.span[1] <= quote.end
            for quote in quotes
        ):
            start = hit.passage.start
            words = hit.passage.text[reading.span[0] - start : reading.span[1] - start].split()
            return None if len(words) < _CAUSE_WORDS and _WHY.match(question) else " ".join(words)
    return None


def _with_lead(hit: Hit, evidence: Evidence, reading: Reading) -> Quote:
    """Quote the sentence, together with the one before it when it leans on that."""
    start = evidence.start
    own = _text(hit, start, evidence.end)
    if _LEANS.match(own) or _SPOKEN.search(own):
        start = max((e.start for e in reading.sentences if e.start < start), default=start)
    return Quote(hit=hit, start=start, end=evidence.end, probability=evidence.probability)


def repeats(quote: Quote, other: Quote) -> bool:
    """Tell whether a quote says little that the other one does not."""
    if quote.hit.article.id == other.hit.article.id and quote.start < other.end and other.start < quote.end:
        return True
    mine, theirs = _words(quote), _words(other)
    return len(mine & theirs) >= 0.8 * min(len(mine), len(theirs))


def _words(quote: Quote) -> set[str]:
    return set(re.findall(r"\w{4,}", _text(quote.hit, quote.start, quote.end).lower()))


def _text(hit: Hit, start: int, end: int) -> str:
    """Return a stretch of a passage by its offsets in the article."""
    return hit.passage.text[start - hit.passage.start : end - hit.passage.start]


def _in_reading_order(quotes: Sequence[Quote]) -> list[Quote]:
    """Keep the order of first mention among articles, and the article's own order within it."""
    first = {quote.hit.article.id: place for place, quote in reversed(list(enumerate(quotes)))}
    return sorted(quotes, key=lambda quote: (first[quote.hit.article.id], quote.start))
