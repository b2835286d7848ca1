"""The canonical form of a text: what is stored, indexed and quoted.

Everything a reader would see stays as written. Removed are control characters and characters that
have no width and no use in prose (they hide instructions or break words); line ends become newlines.
Joiners stay, as Persian, Indic scripts and emoji need them; so do bidirectional marks.
"""

from __future__ import annotations

import re

_BREAKS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_INVISIBLE = re.compile("[\u00ad\u180e\u200b\u2060-\u2064\ufeff\U000e0000-\U000e007f]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def canonical(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the canonical form of `text` and notes on what was removed.

    >>> canonical("A\\r\\nB\\0")
    ('A\\nB', ('control characters removed: 1',))
    """
    text = _BREAKS.sub("\n", _ESCAPES.sub("", text))
    text, controls = _CONTROLS.subn("", text)
    text, invisible = _INVISIBLE.subn("", text)
    text, broken = _SURROGATES.subn("\ufffd", text)
    counts = (
        (controls, "control characters removed"),
        (invisible, "invisible characters removed"),
        (broken, "broken characters replaced"),
    )
    return text, tuple(f"{what}: {count}" for count, what in counts if count)


def one_line(text: str) -> str:
    """Return `text` with every run of white space as one space."""
    return " ".join(text.split())
