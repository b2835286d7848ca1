"""Which lines are the items of a list: a wrapped sentence too may go on with a dash or `10. `."""

from __future__ import annotations

import re

_INTRODUCES = re.compile(r"[.!?…。！？:：][”’\"')\]»*_]*\s*$")
"""What a line ends with above the first item of a list: a sentence's end or a colon, maybe emphasised."""
_OPENS = re.compile(r"[:：][*_]*\s*$")
"""What an item's line ends with that has a list of its own below."""
LONG_LINE = 200
"""No text is wrapped at more."""


def line_start(text: str, newline: int) -> int:
    """Return where the line begins that ends at `newline`, looking no further back than `LONG_LINE`."""
    start = max(0, newline - LONG_LINE)
    return max(start, text.rfind("\n", start, newline) + 1)


def is_listed(text: str, begin: int, newline: int, item: re.Match[str]) -> bool:
    """Say whether `item`, matched below the line that ends at `newline`, stands in a list.

    It does before a tab, below what introduces it, and beside another item: what begins at `begin` or the line above
    is one, or the line below is the next of its kind or of its own list. `item.endpos` is where the text ends.

    >>> text = "Main points\\n1. Pay rises\\n2. Shifts end"
    >>> is_listed(text, 0, 11, re.compile(r"\\d[.] ").match(text, 12))
    True
    """
    if item[0].endswith("\t") or _INTRODUCES.search(text, max(begin, newline - 8), newline):
        return True
    if any(item.re.match(text, at, newline) for at in (begin, _skip_space(text, line_start(text, newline), newline))):
        return True
    below = text.find("\n", item.end(), item.endpos)
    if below < 0:
        return False
    following = item.re.match(text, _skip_space(text, below, item.endpos), item.endpos)
    next_of_kind = following is not None and _next_sign(item[0].strip()) == following[0].strip()
    return next_of_kind or bool(_OPENS.search(text, max(item.end(), below - 8), below))


def _next_sign(sign: str) -> str:
    return sign if not sign[0].isdigit() else f"{int(sign[:-1]) + 1}{sign[-1]}"


def _skip_space(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start
