"""Where the cited passages of an answer differ, and as of when it holds. Pure.

Only what can be told from the words: a number of the same thing, a date of the same event, or opposite sides on the
same (`stance`), in quotes from two articles that otherwise speak of the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations, product
from typing import Literal

from rag.records import Answer, Citation
from ui.amounts import NUMERALS, Amount, amounts
from ui.stance import WORD, of_other_times, opposed, telling

_SHARED = 3
"""Telling words that two quotes must share, beside what is counted, to speak of the same."""
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}}) )?(?P<month>{_MONTHS})(?: (?P<late>\d{{1,2}})\b(?!\d))?(?:,? (?P<year>\d{{4}}))?"
)
_NAME = re.compile(r"(?<=[\w,] )[A-Z][^\W\d_]*")
"""A capital inside a sentence."""
_TIMELY = re.compile(
    r"\b(?:now|current|currently|latest|today|yesterday|so far|at present|still|upcoming|recent|recently|is to|are to|"
    r"(?:this|last|next) (?:week|month|year|spring|summer|autumn|fall|winter)|"
    r"(?:is|are) (?:due|expected|planned|scheduled|about)|will|plans? to)\b",
    re.IGNORECASE,
)


Kind = Literal["number", "date", "stance"]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What two or more citations say differently."""

    kind: Kind
    said: tuple[tuple[str, Citation], ...]
    """The words of each, oldest article first."""


_COMPARED = 24
"""Citations that are held against each other; a file that was opened may have thousands."""


def differences(answer: Answer) -> tuple[Difference, ...]:
    """Return where cited quotes from different articles give another number or date, or say the opposite."""
    found: dict[tuple[Kind, str], dict[int, tuple[str, Citation]]] = {}
    for one, other in combinations(answer.citations[:_COMPARED], 2):
        if one.article.id != other.article.id:
            for about, mine, theirs in _differing(one.quote, other.quote):
                found.setdefault(about, {}).update({one.number: (mine, one), other.number: (theirs, other)})
    return tuple(
        Difference(kind=kind, said=tuple(sorted(said.values(), key=lambda pair: pair[1].article.published or date.max)))
        for (kind, _), said in found.items()
    )


def as_of(answer: Answer) -> date | None:
    """Return the date of the newest cited article when the answer depends on time, None otherwise."""
    timely = any(_TIMELY.search(text) for text in (answer.question, *(c.quote for c in answer.citations)))
    dates = [c.article.published for c in answer.citations if c.article.published]
    return max(dates) if timely and dates else None


@dataclass(frozen=True, kw_only=True)
class _Quote:
    """What is compared of a quote."""

    text: str
    words: frozenset[str]
    """The words that tell what it is about, without their endings."""
    names: frozenset[str]
    tokens: frozenset[str]

    def is_about(self, other: _Quote) -> bool:
        """Whether both may be about the same: they share enough, and not each names what the other does not."""
        others = self.names - other.tokens and other.names - self.tokens
        return len(self.words & other.words) >= _SHARED and not others


@lru_cache(maxsize=4096)
def _read(quote: str) -> _Quote:
    text = re.sub(r"['’]s\b", "", " ".join(quote.split()))
    tokens = WORD.findall(_DATE.sub(" ", text))
    low = [token.casefold() for token in tokens]
    names = frozenset(name.casefold() for name in _NAME.findall(_DATE.sub(" ", text)))
    return _Quote(text=text, words=telling(low) - NUMERALS, names=names, tokens=frozenset(low))


def _differing(one: str, other: str) -> Iterator[tuple[tuple[Kind, str], str, str]]:
    """Yield what two quotes differ on, a number of something, a date or a stance, and the words of each."""
    mine, theirs = _read(one), _read(other)
    if mine.is_about(theirs):
        if not of_other_times(one, other):
            yield from _other_numbers(mine, theirs)
        if _same_event(mine, theirs):
            yield from _other_dates(mine, theirs)
    if sides := opposed(one, other):
        yield ("stance", sides[0]), *sides


def _other_numbers(mine: _Quote, theirs: _Quote) -> Iterator[tuple[tuple[Kind, str], str, str]]:
    """Yield two numbers of each thing that the quotes give no number alike of."""
    pairs = [(one, two) for one, two in product(amounts(mine.text), amounts(theirs.text)) if one.of == two.of]
    done = {one.of for one, two in pairs if one.value == two.value}
    for one, two in pairs:
        if one.of not in done and _of_the_same(one, two, mine, theirs):
            done.add(one.of)
            yield ("number", one.of), one.said, two.said


def _of_the_same(one: Amount, two: Amount, mine: _Quote, theirs: _Quote) -> bool:
    if one.change != two.change or len((mine.words & theirs.words) - telling(one.of.split())) < _SHARED:
        return False
    if one.of[-1].isalpha():
        return not (one.near - two.near and two.near - one.near)
    # pounds and per cent are no things: each quote has to say what the other's are of
    return bool(one.near and two.near) and one.near <= theirs.words and two.near <= mine.words


def _same_event(mine: _Quote, theirs: _Quote) -> bool:
    """Whether two quotes say little but the same, and what leads to the date of each is in both."""
    alike = mine.words & theirs.words
    most = 2 * len(alike) >= min(len(mine.words), len(theirs.words))
    return most and all(_leading(quote.text) <= alike for quote in (mine, theirs))


def _leading(text: str) -> frozenset[str]:
    """Return the last telling word before the first date."""
    words = WORD.findall(_DATE.split(text)[0])
    return telling([word for word in words if telling([word])][-1:])


def _other_dates(mine: _Quote, theirs: _Quote) -> Iterator[tuple[tuple[Kind, str], str, str]]:
    """Yield the dates of two quotes with one each, equally exact and of no two years, which are not the same."""
    said = [list(_DATE.finditer(quote.text)) for quote in (mine, theirs)]
    if [len(dates) for dates in said] == [1, 1]:
        one, two = (dates[0] for dates in said)
        (year, month, day), (other_year, other_month, other_day) = _parts(one), _parts(two)
        exact = bool(day) == bool(other_day) and not (year and other_year and year != other_year)
        if exact and (month, day) != (other_month, other_day):
            yield ("date", ""), one[0], two[0]


def _parts(match: re.Match[str]) -> tuple[str | None, str | None, str | None]:
    return match["year"], match["month"], match["day"] or match["late"]
