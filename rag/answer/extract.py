"""The extractive generator: the fewest whole sentences that answer, quoted exactly, each with its citation."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from rag.answer.cite import cite, mark
from rag.ingest.sentences import sentences
from rag.llm.names import EXTRACTIVE
from rag.models.reader import Evidence, Reading
from rag.records import Citation, Hit
from rag.settings import AnswerSettings

NAME = EXTRACTIVE
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
_NEAR = 2000
"""Characters before a passage in which the sentence is sought that its first one leans on."""
_APART = 2
"""Most characters between a sentence and the next one."""
_ENDS = re.compile(r"[.!?:;…][\"”’')\]]*\s*$")
_ASKS = re.compile(r"\?[\"”’')]*\s*$")
"""A sentence that ends like this asks: an interviewer's question answers nothing."""
_EVIDENCE, _MERIT = 0.85, 4.0
"""What a sentence's own odds and its passage's merit count; chosen on dev questions, see `docs/reader.md`."""
_NEVER = 1e-6
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


class _Read(NamedTuple):
    """A sentence that was read."""

    hit: Hit
    evidence: Evidence
    reading: Reading

    @property
    def weight(self) -> float:
        """Return what it weighs beside other sentences: its share of all is how likely it is the one that answers."""
        likely = min(max(self.evidence.probability, _NEVER), 1 - _NEVER)
        return float((likely / (1 - likely)) ** _EVIDENCE * self.hit.score**_MERIT)


def choose(hits: Sequence[Hit], readings: Sequence[Reading], settings: AnswerSettings) -> list[Quote]:
    """Return the best quotes, at most `settings.sentences`, in reading order within a passage.

    Sentences are taken, the likeliest first, until one of them answers with a probability of `settings.enough`; one
    that says what is quoted already is not quoted again.
    """
    read = [_Read(hit, evidence, reading) for hit, reading in zip(hits, readings, strict=False)
            for evidence in reading.sentences]  # fmt: skip
    told = [one for one in read if not _ASKS.search(_text(one.hit, one.evidence.start, one.evidence.end))]
    if any(one.evidence.probability >= settings.least for one in told):
        read = told
    total = sum(one.weight for one in read)
    quotes: list[Quote] = []
    found = 0.0
    for one in sorted(read, key=lambda one: -one.weight):
        if len(quotes) == settings.sentences or (quotes and found >= settings.enough * total):
            break
        found += one.weight
        if quotes and one.evidence.probability < settings.least:
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


def _with_lead(one: _Read, quotes: Sequence[Quote]) -> Quote:
    """Quote the sentence, together with the one before it when it leans on that and no other quote has it."""
    hit, evidence, start = one.hit, one.evidence, one.evidence.start
    if _leans(_text(hit, start, evidence.end)):
        before = max((e for e in one.reading.sentences if e.start < start), key=lambda e: e.start, default=None)
        if before and _ENDS.search(_text(hit, before.start, before.end)):  # no heading
            taken = any(_overlap(other, hit, before.start, before.end) for other in quotes)
            start = start if taken else before.start
    return Quote(hit=hit, start=start, end=evidence.end, probability=evidence.probability)


def _led(quote: Quote, text: str, quotes: Sequence[Quote]) -> int:
    """Return where a quote begins together with the sentence before its passage, when it leans on that.

    That sentence stands on the same line, so it is no heading, and no other quote has it.
    """
    start, near = quote.start, max(0, quote.start - _NEAR)
    if start != quote.hit.passage.start or not _leans(text[start : quote.end]):
        return start
    found = sentences(text, near, quote.end)[1 if near else 0 :]  # the first may be half a sentence
    lead, end = next((lead for lead, own in pairwise(found) if own[0] == start), (start, start))
    if "\n" in text[lead:start] or not _ENDS.search(text[lead:end]):
        return start
    taken = any(_overlap(one, quote.hit, lead, start) for one in quotes)
    return start if taken else lead


def _leans(own: str) -> bool:
    return bool(_LEANS.match(own) or _SPOKEN.search(own))


def leans_on(quote: Quote, other: Quote) -> bool:
    """Tell whether a quote cannot stand without the other, which it follows."""
    follows = quote.hit.article.id == other.hit.article.id and 0 <= quote.start - other.end <= _APART
    return follows and _leans(_text(quote.hit, quote.start, quote.end))


def repeats(quote: Quote, other: Quote) -> bool:
    """Tell whether a quote says little that the other one does not; another figure or name is not little."""
    if _overlap(quote, other.hit, other.start, other.end):
        return True
    mine, theirs = (_text(one.hit, one.start, one.end) for one in (quote, other))
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


def _text(hit: Hit, start: int, end: int) -> str:
    """Return a stretch of a passage by its offsets in the article."""
    return hit.passage.text[start - hit.passage.start : end - hit.passage.start]


def _in_reading_order(quotes: Sequence[Quote]) -> list[Quote]:
    """Keep the order of first mention among articles, and the article's own order within it."""
    first = {quote.hit.article.id: place for place, quote in reversed(list(enumerate(quotes)))}
    return sorted(quotes, key=lambda quote: (first[quote.hit.article.id], quote.start))
