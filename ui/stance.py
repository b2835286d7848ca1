"""Where two quotes take opposite sides on the same thing. Pure, and made to be silent rather than wrong.

Told from the words of a clause alone. One says a word of a pair such as approved and rejected, the other its opposite;
or both say the same word, one of them with a negation. What stands around it must be the same. Nothing is understood:
most disagreements are said in other words and stay unseen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

_SHARED = 2
"""Telling words that two clauses must share, beside the opposite ones, to speak of the same."""

_REACH = 4
"""Words back to which a negation is looked for."""


class _Pair(NamedTuple):
    yes: str
    no: str
    held: bool = False
    """Whether it is somebody's opinion: who holds it may differ, what it is about may not."""
    moves: bool = False
    """Whether it is said of a quantity: the word right before has to be the same, as *exports* in "steel exports"."""


_PAIRS = (
    _Pair(
        "accept acknowledge admit approve backed backs confirm endorse favour favor support",
        "condemn deny dispute oppose refute reject veto",
        held=True,
    ),
    _Pair("allow authorise authorize legalise legalize permit", "ban forbid forbidden outlaw prohibit"),
    _Pair("grew grown increase rose risen soar", "decrease drop fell fallen plunge shrank shrunk", moves=True),
    _Pair("open opened opens reopen resume", "closed halt shut suspend"),
    _Pair("convict guilty", "acquit innocent"),
    _Pair("won wins", "lost loses"),
    _Pair("harmless safe", "dangerous harmful unsafe"),
    _Pair("lawful legal", "illegal unlawful"),
    _Pair("deliberate deliberately intentional", "accidental accidentally unintentional"),
    _Pair("accurate correct true", "false inaccurate incorrect wrong"),
    _Pair("possible", "impossible"),
    _Pair("likely", "unlikely"),
)
_VERB = _Pair("", "")
"""Any other verb, which is said or denied."""
_CLAUSE = re.compile(
    r"[,;:()“”\"—–]+|\s-\s|\s(?=(?:after|although|and|because|before|but|if|though|unless|until|when|whereas|whether|"
    r"which|while|who)\b)"
)
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())  # noqa: SIM905
_MONTHS = frozenset(
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
_LINK = re.compile(r"^(?:and|but|because|while|whereas|although|though)\s+", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_WHEN = re.compile(rf"\b(?:1[5-9]|20)\d\d\b|\b(?:{'|'.join(month.title() for month in sorted(_MONTHS))})\b")
_NEGATIONS = frozenset("not no never nobody none nothing neither nor without cannot".split())  # noqa: SIM905
_DENIALS = frozenset("denied denies deny disputed disputes doubted doubts false rejected rejects untrue".split())  # noqa: SIM905
_UNSURE = frozenset("if whether unless would could might may should perhaps maybe".split())  # noqa: SIM905
AUXILIARIES = frozenset(
    "am are be been being can cannot could did do does had has have is must shall should was were will would".split()  # noqa: SIM905
)
_TO_BE = frozenset("am are be been being is was were".split())  # noqa: SIM905
_AS_A_NOUN = frozenset("a an the his her its their our this that these those any some every of in with for".split())  # noqa: SIM905
_MEANT = frozenset("agree agreed agrees decide decided decides vote voted votes".split())  # noqa: SIM905
"""After these, "to approve" is as good as done; after others, nobody has done it."""
_SAY_LITTLE = frozenset(
    """about after again also been before could every from have into just many more most much only other over said same
    says should some such than that their them then there these they this those were what when which while will with
    would year years month months week weeks people""".split()  # noqa: SIM905
)
_NO_TOPIC = _SAY_LITTLE | AUXILIARIES | _MONTHS | _DAYS


@dataclass(frozen=True, kw_only=True)
class _Statement:
    """A word that takes a side, and what it is said of."""

    about: str
    """Which pair, or which word is said or denied."""
    yes: bool
    held: bool
    of: frozenset[str]
    """What the word is said of: the words before it, or what an opinion is about."""
    words: frozenset[str]
    """All telling words around it."""
    names: frozenset[str]
    """Names that must not be others: all in the clause, or those after the word when it is an opinion."""
    tokens: frozenset[str]
    clause: str


def opposed(one: str, other: str) -> tuple[str, str] | None:
    """Return the clauses in which two quotes take opposite sides, None when none is sure to.

    >>> opposed("The council approved the Halvik tunnel.", "In May the Halvik tunnel was rejected by the council.")
    ('The council approved the Halvik tunnel', 'In May the Halvik tunnel was rejected by the council')
    """
    if of_other_times(one, other):
        return None
    for first in _statements(one):
        for second in _statements(other):
            if first.about == second.about and first.yes != second.yes and _same(first, second):
                return first.clause, second.clause
    return None


def of_other_times(one: str, other: str) -> bool:
    """Whether two quotes name years or months, and none that is in both."""
    mine, theirs = set(_WHEN.findall(one)), set(_WHEN.findall(other))
    return bool(mine and theirs) and not mine & theirs


def telling(words: Sequence[str]) -> frozenset[str]:
    """Return the words that tell what is spoken of, without their endings."""
    low = (word.casefold() for word in words)
    return frozenset(_root(word)[:8] for word in low if len(word) > 3 and word not in _NO_TOPIC)


def _same(one: _Statement, other: _Statement) -> bool:
    """Whether two statements are about the same."""
    of_the_same = one.of & other.of if one.held else one.of & other.words and other.of & one.words
    others = one.names - other.tokens and other.names - one.tokens
    return bool(of_the_same) and len(one.words & other.words) >= _SHARED and not others


@lru_cache(maxsize=4096)
def _statements(quote: str) -> tuple[_Statement, ...]:
    return tuple(_read(quote))


def _read(quote: str) -> Iterator[_Statement]:
    sentences = (one for one in re.split(r"(?<=[.!?])\s+", quote) if not one.endswith("?"))
    for clause in (clause for one in sentences for clause in _CLAUSE.split(one)):
        words = WORD.findall(clause)
        low = [word.casefold().replace("’", "'") for word in words]
        if _UNSURE & set(low) - ({"may"} if "May" in words else set()):
            continue
        for place, word in enumerate(low[: _sure(low)]):
            taken = _SIDES.get(word)
            if taken and _said(low, place):
                pair, yes = taken
                yield _statement(clause, words, place, f"pair {pair}", yes != _denied(low, place), _PAIRS[pair])
            elif not taken and len(word) > 3 and (_predicate(low, place) or _finite(low, place)):
                yield _statement(clause, words, place, _root(word), not _denied(low, place), _VERB)


def _sure(low: list[str]) -> int:
    """Return how many words of a clause stand before what may be denied from afar."""
    ends = (place + 1 if word in _DENIALS else place + 1 + _REACH for place, word in enumerate(low) if _negates(word))
    return min(ends, default=len(low))


def _negates(word: str) -> bool:
    return word in _NEGATIONS | _DENIALS or word.endswith("n't")


def _statement(clause: str, words: list[str], place: int, about: str, yes: bool, pair: _Pair) -> _Statement:
    before, after = words[:place], words[place + 1 :]
    of = telling(after if pair.held and not (_passive(before) or after[:1] == ["by"]) else before)
    if pair.moves:
        of = next((one for word in reversed(before) if (one := telling([word]))), of)
    names = _names(after if pair.held else words[1:])
    around = telling(before) | telling(after)
    return _Statement(
        about=about, yes=yes, held=pair.held, of=of, words=around, names=names,
        tokens=frozenset(word.casefold() for word in words), clause=_LINK.sub("", clause.strip(" .!'’\n")),
    )  # fmt: skip


def _passive(before: list[str]) -> bool:
    """Whether the word after these is said of what stands before it, as in "was never approved"."""
    last = (word for word in reversed(before) if word not in _NEGATIONS and not word.endswith("ly"))
    return next(last, "") in _TO_BE


def _said(low: list[str], place: int) -> bool:
    """Whether the word at this place is said of something: it is no noun, and nobody merely wants it."""
    previous = low[place - 1] if place else "the"
    if previous == "to":
        return bool(_MEANT & set(low[max(0, place - 1 - _REACH) : place - 1]))
    return previous not in _AS_A_NOUN


def _predicate(low: list[str], place: int) -> bool:
    """Whether the word at this place follows an auxiliary, with nothing but a negation or an adverb between."""
    for word in reversed(low[:place]):
        if word in AUXILIARIES or word.endswith("n't"):
            return low[place] not in AUXILIARIES and not low[place].endswith("ly") and low[place] not in _SAY_LITTLE
        if word not in _NEGATIONS and not word.endswith("ly"):
            return False
    return False


def _finite(low: list[str], place: int) -> bool:
    """Whether the word at this place looks like a verb in the past or the third person, which nothing denies."""
    word = low[place]
    return word.endswith(("ed", "s")) and _said(low, place) and not _denied(low, place) and word not in _SAY_LITTLE


def _denied(low: list[str], place: int) -> bool:
    """Whether an odd number of negations stands shortly before the word at this place."""
    before = low[max(0, place - _REACH) : place]
    only = sum(1 for one, two in pairwise(before) if one == "not" and two in ("only", "just"))
    return (sum(map(_negates, before)) - only) % 2 == 1


def _names(words: list[str]) -> frozenset[str]:
    return frozenset(low for word in words if word[0].isupper() and (low := word.casefold()) not in _DAYS | _MONTHS)


def _root(word: str) -> str:
    return re.sub(r"(?:['’]s|ing|ed|es|e|s)$", "", word)


def _forms(word: str) -> Set[str]:
    """Return a word as it may stand in a sentence; some that nobody writes do no harm."""
    stem = word.removesuffix("e")
    y = word.removesuffix("y")
    forms = {word, f"{word}s", f"{stem}ed", f"{stem}ing", f"{word}{word[-1]}ed", f"{word}{word[-1]}ing"}
    return forms | ({f"{y}ied", f"{y}ies"} if y != word else set())


_SIDES = {
    form: (number, yes)
    for number, pair in enumerate(_PAIRS)
    for yes, words in ((True, pair.yes), (False, pair.no))
    for word in words.split()
    for form in _forms(word)
}
