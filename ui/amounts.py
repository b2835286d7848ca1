"""Which numbers a sentence gives, and of what. Pure, and made to leave out rather than to guess.

Of "At least 14 people died in 2021" it is 14 people, who died; 2021 is a year, and no amount of anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ui.stance import AUXILIARIES, WORD, telling

_SMALL = dict(
    zip(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen twenty".split(),  # noqa: SIM905
        (*range(2, 16), 20),
        strict=True,
    )
)
NUMERALS = frozenset(_SMALL)
"""Numbers that are words."""
_SCALE = {"thousand": 10**3, "million": 10**6, "m": 10**6, "billion": 10**9, "bn": 10**9, "trillion": 10**12}
_NUMBER = re.compile(
    rf"(?<![\w.,–-])(?P<sign>[$€£])?\s?(?P<number>\d(?:[\d,]*\d)?(?:\.\d+)?|(?:{'|'.join(_SMALL)})\b)"
    rf"(?:\s?(?P<scale>{'|'.join(_SCALE)})\b)?(?P<percent>\s?%|\sper ?cent\b)?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_FOLLOWING = re.compile(r"(?:\s[^\W\d_]+(?:-[^\W\d_]+)*)*")
_CUT = re.compile(r"[,;:()“”\"—–\d]")
_MANY = frozenset("children men people staff women".split())  # noqa: SIM905
"""Words of many that do not end in -s."""
_LITTLE = frozenset(
    """a about above across after against all along almost among an and another around as at because before behind below
    between but by down during each early either estimated exactly every for from given if in into it its just late
    least less like many more most much nearly of off on only onto or other others over per roughly since so some such
    than that the their then these they this those through to total under until up us versus which while who whose with
    within without year years yet""".split()  # noqa: SIM905
)
"""Words that neither count as a thing nor tell what is said of one."""
_COUNTS = frozenset(
    """counted estimated found gave give included listed numbered put reached recorded reported said say says show
    showed shown stood tell there told totalled""".split()  # noqa: SIM905
)
"""What merely gives a number says nothing of what it counts."""
_CHANGES = frozenset(
    """climbed decreased drop dropped fall fallen falls fell grew grow grown grows increased jumped rise risen rises
    rose shrank sank""".split()  # noqa: SIM905
)
_BEFORE, _AFTER = 2, 3
"""Words before and after a share or a sum that may tell what it is of."""
_ADJECTIVES = 2
"""Words that may stand between a number and what it counts."""


@dataclass(frozen=True, kw_only=True)
class Amount:
    """A number of something."""

    of: str
    """What is counted, with its adjectives: `nautical miles`; or the sign of a sum or share: `£`, `%`."""
    value: float
    said: str
    """The words that give it."""
    change: bool
    """Whether it is by how much something rose or fell, not what it came to."""
    near: frozenset[str]
    """The telling words right before and after it, such as a verb; of a sum or share, those that say what it is of."""


def amounts(sentence: str) -> Iterator[Amount]:
    """Yield the numbers of a sentence that count, pay or share something."""
    text = " ".join(sentence.split())
    for match in _NUMBER.finditer(text):
        if _YEAR.fullmatch(match.group()):
            continue
        following = _following(text, match.end())
        counted = _counted(following)
        before, change = _before(text[: match.start()])
        sign, said = match["sign"] or (match["percent"] and "%"), match.group().strip()
        if sign:
            near = _of_what(before, following)
            yield Amount(of=sign, value=_value(match), said=said, change=change, near=near)
        elif counted:
            of, near = " ".join(counted), _beside(before, following[len(counted) :])
            yield Amount(of=of, value=_value(match), said=f"{said} {of}", change=change, near=near)


def _value(match: re.Match[str]) -> float:
    number = match["number"].casefold()
    value = float(_SMALL[number]) if number in _SMALL else float(number.replace(",", ""))
    return value * _SCALE.get((match["scale"] or "").casefold(), 1)


def _following(text: str, end: int) -> list[str]:
    """Return the words after a number, up to the next sign or number."""
    match = _FOLLOWING.match(text, end)
    return match[0].split() if match else []


def _counted(following: list[str]) -> list[str]:
    """Return the words of what is counted: up to the first one in the plural, none when there is no such."""
    for place, word in enumerate(following[: _ADJECTIVES + 1], 1):
        if not word.islower() or word in _LITTLE | AUXILIARIES | _COUNTS:
            return []
        if word in _MANY or (word.endswith("s") and not word.endswith(("ss", "us", "is"))):
            return following[:place]
    return []


def _before(text: str) -> tuple[list[str], bool]:
    """Return the words before a number, the nearest one first, and whether they say by how much something changed."""
    words = [word.casefold() for word in reversed(WORD.findall(_CUT.split(text)[-1]))]
    said = [word for word in words if word not in _LITTLE]
    return said, words[:1] != ["to"] and not _CHANGES.isdisjoint(said[:1])


def _beside(before: list[str], after: list[str]) -> frozenset[str]:
    """Return the telling words next to what is counted."""
    said = next((word for word in after if word not in AUXILIARIES), "a")
    return telling([word for word in (*before[:1], said) if word not in _LITTLE | _COUNTS | _CHANGES])


def _of_what(before: list[str], following: list[str]) -> frozenset[str]:
    """Return the telling words that say what a share or sum is of."""
    link, *after = following or [""]
    said = after[:_AFTER] if link in ("for", "of", "on") else [link] if link not in _LITTLE else []
    if link != "of":
        said += [word for word in before if word not in AUXILIARIES][:_BEFORE]
    return telling(said)
