"""Citation marks as language models write them: `[1, 3]`, `[1][3]`, `【1†source】`, `[2–4]`, `[^1]`, `［１］`.

Also with words behind the number, `[1, Coastal Wire]`, `[1: Talks]`, `[1 | outlet: Post]`, with something before it,
`[#1]`, `[p1]`, and as `[1.]`, `{1}` and `\\[1\\]`. Not `(1)`, which may number what is said, or be an age.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

_NUMBER = r"[-−]?\d{1,4}"
_GAP = r"\s{0,4}+"
"""Bounded and never given back, as what follows `†`: a model's text may be built to make a search go on for ever."""
_BEFORE = rf"(?:\^|#|p(?=\d)|(?:sources?|passages?|refs?|nos?|no\.){_GAP}:?{_GAP}#?{_GAP})?"
_PART = rf"{_BEFORE}{_NUMBER}(?:†[^\]】\s,;]{{0,40}}+)?"
_DATE = r"\d{4}-\d\d-\d\d(?!\d)"
_ALSO = r"(?:and|or|to|see also)"
_NEXT = r",\s{0,4}\d{1,2}\s{0,4}(?:[,;]|\\?[\]］】〕]|$)"
"""A number of its own behind a title, `[1, Coastal Wire, 2]`."""
_WORDS = (
    rf"(?:,\s|{_GAP}[:|]){_GAP}(?:(?={_DATE})|(?!{_PART}|{_ALSO}\s+\d)(?=[^\W\d_]|[\"'“‘«*]))"
    rf"(?:(?!{_NEXT})[^\[\]］】〕;\n]|;(?!\s*\d)){{0,120}}+"
)
"""Title, outlet or date behind a number."""
_BETWEEN = rf"{_GAP}(?:[,;](?:{_GAP}(?:&|{_ALSO}\b))?|&|\band\b|–|—|-|\bto\b|…|\.\.){_GAP}"
_ONE = rf"{_PART}(?:{_WORDS}|\.(?!\.))?"
_MARK = re.compile(
    rf"[ \t]{{0,16}}(?:\\?[\[［【〔]{{1,2}}{_GAP}"
    rf"({_ONE}(?:{_BETWEEN}{_ONE})*+){_GAP}\\?[\]］】〕]{{1,2}}"
    r"|(?<![\w^$\\{}])\{(\d{1,2})\}(?!\}))",
    re.IGNORECASE,
)
_BEHIND = re.compile(_WORDS, re.IGNORECASE)
_CODE = re.compile(r"`[^`\n]*`")
_RANGE = re.compile(r"(\d+)\s*(?:–|—|-|\bto\b|…|\.\.)\s*(?:\^)?(\d+)", re.IGNORECASE)
_LONG = re.compile(r"\d{3}")
"""A year or a sum in brackets is a writer's own, `in [2016]`, `[1,000]`: no model is shown that many passages."""
_WIDEST = 20
"""A range over more passages than this says nothing."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Marks that stand together: where, and the numbers in them, unknown ones included, each once."""

    start: int
    end: int
    numbers: tuple[int, ...]


def marks(text: str) -> list[Mark]:
    """Return the citation marks of a text, those in `code` left alone; marks side by side are one.

    >>> marks("Cut [1, 3] in [2016] and `a[2]`.")
    [Mark(start=3, end=10, numbers=(1, 3))]
    """
    code = deque(match.span() for match in _CODE.finditer(text))
    found: list[Mark] = []
    for match in _MARK.finditer(text):
        while code and code[0][1] <= match.start():
            code.popleft()
        if code and code[0][0] < match.end():
            continue
        given = _BEHIND.sub("", match[1] or match[2])
        inside = re.sub(r"†[^,;\s]*", "", unicodedata.normalize("NFKC", given.replace("…", "..")))
        if _LONG.search(inside):
            continue
        numbers = _numbers(inside)
        if found and found[-1].end == match.start():
            before = found.pop()
            merged = tuple(dict.fromkeys((*before.numbers, *numbers)))
            found.append(Mark(start=before.start, end=match.end(), numbers=merged))
        else:
            found.append(Mark(start=match.start(), end=match.end(), numbers=numbers))
    return found


def uniform(text: str) -> str:
    """Return the text with each mark as `[1][3]`; a number below 1, which no passage has, as `[0]`.

    >>> uniform("Cut.【1†a】 Why [2–4]?"), uniform("As [-1] says.")
    ('Cut. [1] Why [2][3][4]?', 'As [0] says.')
    """
    parts, place = [], 0
    for mark in marks(text):
        given = "".join(f"[{max(number, 0)}]" for number in mark.numbers)
        parts += [text[place : mark.start], " " if mark.start else "", given]
        place = mark.end
    return "".join([*parts, text[place:]])


def without(text: str, found: Sequence[Mark]) -> str:
    """Return the text without its marks."""
    parts, place = [], 0
    for mark in found:
        parts.append(text[place : mark.start])
        place = mark.end
    return "".join([*parts, text[place:]])


def _numbers(inside: str) -> tuple[int, ...]:
    found: list[int] = []
    place = 0
    for match in _RANGE.finditer(inside):
        found += _singles(inside[place : match.start()])
        first, last = int(match[1]), int(match[2])
        found += range(first, last + 1) if first <= last <= first + _WIDEST else [first, last]
        place = match.end()
    found += _singles(inside[place:])
    return tuple(dict.fromkeys(found))


def _singles(text: str) -> list[int]:
    return [int(number.replace("−", "-")) for number in re.findall(r"(?<![^\W_pP])[-−]?\d+", text)]
