"""Years and other figures that a question names and the articles do not have: then they seldom answer it.

Of 1,769 training questions that are answered and name such a figure, 4 name one that is not in their article or folder;
of 1,378 that are not answered 112 do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.records import Hit

_FIGURE = re.compile(r"(?<![\w.,])\d[\d,.]*\d(?!\w|[.,]\d|['’]s\b)")
_WRITTEN = re.compile(r"\d[\d,.]*\d")
_LEAST = 3
"""Digits of one that says something: "the 3 reasons" and "the 2nd" are written in letters elsewhere."""
_BOUND = re.compile(
    r"\b(?:since|after|before|until|till|by|between|from|through|to|than|over|under|around|about|almost|nearly|least|most"
    r"|and|or)\s+(?:the\s+)?[$€£]?$",
    re.IGNORECASE,
)
"""Before a figure that need not stand in what answers: "since 2019", "more than 500 people"."""
_BEFORE = 24
"""Characters that such words take at most: a question may be built of figures, to be slow."""
_LESS = 0.1
"""How many times less the odds are; these counts say a thirty-sixth, but some of it the reader has seen."""


def doubted(confidence: float, question: str, hits: Sequence[Hit]) -> float:
    """Return the confidence that hits answer a question, lower where it names a figure that none of them has.

    >>> round(doubted(0.8, "What happened in 2026?", []), 2), doubted(0.8, "What has happened since 2026?", [])
    (0.29, 0.8)
    """
    asked = _named(question)
    if not asked or asked <= {figure for hit in hits for figure in _of(hit)}:
        return confidence
    odds = _LESS * confidence
    return odds / (odds + 1 - confidence)


def _named(question: str) -> set[str]:
    """Return the figures that an answer has to be of."""
    bare = (
        one
        for one in _FIGURE.finditer(question)
        if not _BOUND.search(question, max(one.start() - _BEFORE, 0), one.start())
    )
    return {digits for one in bare if (digits := _digits(one[0]))}


def _of(hit: Hit) -> set[str]:
    """Return the figures of a passage, its heading and its article's title and date."""
    article, passage = hit.article, hit.passage
    date = article.published.strftime("%Y %m %d") if article.published else ""
    said = " ".join(filter(None, (passage.text, passage.heading, article.title, date)))
    return {_digits(one) for one in _WRITTEN.findall(said)}


def _digits(figure: str) -> str:
    """Return a figure's digits, nothing where they are few.

    >>> _digits("150,000"), _digits("3.5")
    ('150000', '')
    """
    digits = re.sub(r"\D", "", figure)
    return digits if len(digits) >= _LEAST else ""
