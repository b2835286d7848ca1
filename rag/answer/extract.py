"""The extractive generator: the fewest whole sentences that answer, quoted exactly, each with its citation."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.answer.cite import cite, mark
from rag.ingest.sentences import sentences
from rag.llm.names import EXTRACTIVE
from rag.models.reader import Reading
from rag.records import Citation, Hit
from rag.retrieve.said import ENDS, Said, leans, said, text_of
from rag.settings import AnswerSettings

NAME = EXTRACTIVE
_NEAR = 2000
"""Characters before a passage in which the sentence is sought that its first one leans on."""
_APART = 2
"""Most characters between a sentence and the next one."""
_ASKS = re.compile(r"\?[\"”’')]*\s*$")
"""A sentence that ends like this asks: an interviewer's question answers nothing."""
_WHY = re.compile(r"\s*(?:why|how come)\b", re.IGNORECASE)
_CAUSE_WORDS = 4
_FIGURE_OR_NAME = re.compile(r"\d+(?:[.,:]\d+)*|\b[A-Z]\w+")
_OPENERS = frozenset(
    """a all although an and as at because both but by despite during each even few for from he her his however if in
    it its last later like many meanwhile more most no not now of on one only others our over she since so some still
    such that the their then there these they this those though to two under until we what when where while who with
    yet""".split()  # noqa: SIM905
)
"""Words that begin a sentence with a capital and name nothing."""


@dataclass(frozen=True, kw_only=True)
class Quote:
    """One or two adjacent sentences of a passage that are quoted together."""

    hit: Hit
    start: int
    end: int
    probability: float


def choose(hits: Sequence[Hit], readings: Sequence[Reading], settings: AnswerSettings) -> list[Quote]:
    """Return the best quotes, at most `settings.sentences`, in reading order within a passage.

    Sentences are taken, the likeliest first, until one of them answers with a probability of `settings.enough`; one
    that says what is quoted already is not quoted again.
    """
    read = said(hits, readings)
    told = [one for one in read if not _ASKS.search(one.text)]
    if any(one.evidence.probability >= settings.least for one in told):
        read = told
    total = sum(one.weight for one in read)
    quotes: list[Quote] = []
    found = 0.0
    for one in sorted(read, key=lambda one: -one.weight):
        if len(quotes) == settings.sentences:
            break
        enough = found >= settings.enough * total
        found += one.weight
        if quotes and ((enough and not one.answers) or one.evidence.probability < settings.least):
            continue
        quote = _with_lead(one, quotes)
        if not any(repeats(quote, other) for other in quotes):
            quotes.append(quote)
    return _in_reading_order(quotes)


def write(quotes: Sequence[Quote], text_of: Callable[[str], str]) -> tuple[list[str], tuple[Citation, ...]]:
    """Return one piece of prose for each quote, and its citations.

    `text_of` gives an article's stored text by id.
    """
    pieces, citations = [], []
    for number, chosen in enumerate(quotes, start=1):
        text = text_of(chosen.hit.article.id)
        quote = replace(chosen, start=_led(chosen, text, quotes))
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


def _with_lead(one: Said, quotes: Sequence[Quote]) -> Quote:
    """Quote the sentence, together with the one before it when it leans on that and no other quote has it."""
    hit, evidence, lead = one.hit, one.evidence, one.lead
    taken = lead < evidence.start and any(_overlap(other, hit, lead, evidence.start) for other in quotes)
    start = evidence.start if taken else lead
    return Quote(hit=hit, start=start, end=evidence.end, probability=evidence.probability)


def _led(quote: Quote, text: str, quotes: Sequence[Quote]) -> int:
    """Return where a quote begins together with the sentence before its passage, when it leans on that.

    That sentence stands on the same line, so it is no heading, and no other quote has it.
    """
    start, near = quote.start, max(0, quote.start - _NEAR)
    if start != quote.hit.passage.start or not leans(text[start : quote.end]):
        return start
    found = sentences(text, near, quote.end)[1 if near else 0 :]  # the first may be half a sentence
    lead, end = next((lead for lead, own in pairwise(found) if own[0] == start), (start, start))
    if "\n" in text[lead:start] or not ENDS.search(text[lead:end]):
        return start
    taken = any(_overlap(one, quote.hit, lead, start) for one in quotes)
    return start if taken else lead


def leans_on(quote: Quote, other: Quote) -> bool:
    """Tell whether a quote cannot stand without the other, which it follows."""
    follows = quote.hit.article.id == other.hit.article.id and 0 <= quote.start - other.end <= _APART
    return follows and leans(text_of(quote.hit, quote.start, quote.end))


def repeats(quote: Quote, other: Quote) -> bool:
    """Tell whether a quote says little that the other one does not; another figure or name is not little."""
    if _overlap(quote, other.hit, other.start, other.end):
        return True
    mine, theirs = (text_of(one.hit, one.start, one.end) for one in (quote, other))
    if _told(mine) - _told(theirs):
        return False
    words, others = (set(re.findall(r"\w{4,}", text.lower())) for text in (mine, theirs))
    return len(words & others) >= 0.8 * min(len(words), len(others))


def _overlap(quote: Quote, hit: Hit, start: int, end: int) -> bool:
    """Tell whether a quote has a part of a stretch of a hit's article."""
    return quote.hit.article.id == hit.article.id and quote.start < end and start < quote.end


def _told(text: str) -> set[str]:
    """Return the figures and names of a text."""
    return {word for word in _FIGURE_OR_NAME.findall(text) if word.lower() not in _OPENERS}


def _in_reading_order(quotes: Sequence[Quote]) -> list[Quote]:
    """Keep the order of first mention among articles, and the article's own order within it."""
    first = {quote.hit.article.id: place for place, quote in reversed(list(enumerate(quotes)))}
    return sorted(quotes, key=lambda quote: (first[quote.hit.article.id], quote.start))
