"""Where the cited passages of an answer differ, and as of when it holds. Pure.

Only what can be told from the words: a number of the same thing, a date of the same event, or opposite sides on the
same (`stance`), in quotes from two articles that otherwise speak of the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Literal

from rag.records import Answer, Citation
from ui.stance import opposed

_SHARED = 2
"""Telling words that two quotes must share, beside what is counted, to speak of the same."""
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}}) )?(?P<month>{_MONTHS})(?: (?P<late>\d{{1,2}})\b(?!\d))?(?:,? (?P<year>\d{{4}}))?"
)
_SMALL = dict(
    zip(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen twenty".split(),  # noqa: SIM905
        (*range(2, 16), 20),
        strict=True,
    )
)
_SCALE = {"thousand": 10**3, "million": 10**6, "m": 10**6, "billion": 10**9, "bn": 10**9, "trillion": 10**12}
_NUMBER = re.compile(
    rf"(?<![\w.,-])(?P<sign>[$€£])?\s?(?P<number>\d[\d,]*(?:\.\d+)?|(?:{'|'.join(_SMALL)})\b)"
    rf"(?:\s?(?P<scale>{'|'.join(_SCALE)})\b)?(?P<percent>\s?%| per ?cent\b)?"
    r"(?:\s(?P<unit>(?:[a-z-]+\s)??[a-z]{3,}))?",
    re.IGNORECASE,
)
_SAY_LITTLE = frozenset(
    ("that", "this", "with", "from", "have", "were", "been", "about", "more", "than", "after", "when", "said", "says")
)
_NOT_UNITS = frozenset(
    f"{_MONTHS}|and|for|from|the|per|was|were|are|has|had|that|who|which|with|more|other|year|years".casefold().split(
        "|"
    )
)
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


def _differing(one: str, other: str) -> Iterator[tuple[tuple[Kind, str], str, str]]:
    """Yield what two quotes differ on, a number of something, a date or a stance, and the words of each."""
    alike = _telling(one) & _telling(other)
    mine, theirs = _amounts(one), _amounts(other)
    for unit in mine.keys() & theirs.keys():
        about = alike - {unit}
        if len(about) >= _SHARED and not mine[unit].keys() & theirs[unit].keys():
            yield ("number", unit), next(iter(mine[unit].values())), next(iter(theirs[unit].values()))
    if len(alike) > _SHARED:
        yield from _other_dates(list(_DATE.finditer(one)), list(_DATE.finditer(other)))
    if sides := opposed(one, other):
        yield ("stance", sides[0]), *sides


def _other_dates(
    mine: Sequence[re.Match[str]], theirs: Sequence[re.Match[str]]
) -> Iterator[tuple[tuple[Kind, str], str, str]]:
    """Two quotes with one date each, which cannot be the same day."""
    if len(mine) == len(theirs) == 1:
        one, other = _parts(mine[0]), _parts(theirs[0])
        if any(a and b and a != b for a, b in zip(one, other, strict=True)):
            yield ("date", ""), mine[0][0], theirs[0][0]


def _parts(match: re.Match[str]) -> tuple[str | None, str | None, str | None]:
    return match["year"], match["month"], match["day"] or match["late"]


def _amounts(quote: str) -> dict[str, dict[float, str]]:
    """Return, for each thing that is counted, the numbers given for it and their words."""
    found: dict[str, dict[float, str]] = {}
    for match in _NUMBER.finditer(quote):
        unit = match["sign"] or (match["percent"] and "%") or _unit(match["unit"])
        if unit:
            last = "unit" if unit == _unit(match["unit"]) else "percent" if match["percent"] else "scale"
            end = match.end(last) if match[last] else match.end("number")
            said = " ".join(quote[match.start() : end].split())
            found.setdefault(unit, {})[_value(match)] = said
    return found


def _unit(words: str | None) -> str | None:
    last = (words or "").casefold().split()[-1:]
    return last[0].removesuffix("s") if last and last[0] not in _NOT_UNITS else None


def _value(match: re.Match[str]) -> float:
    number = match["number"].casefold()
    value = float(_SMALL[number]) if number in _SMALL else float(number.replace(",", ""))
    return value * _SCALE.get((match["scale"] or "").casefold(), 1)


def _telling(quote: str) -> set[str]:
    """Return the words of a quote that tell what it is about, without their endings."""
    words = re.findall(r"[^\W\d_]{4,}", _DATE.sub(" ", quote).casefold())
    return {word.removesuffix("s")[:8] for word in words if word not in _SAY_LITTLE}
