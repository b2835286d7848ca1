"""What stands below an article and is not it: who its authors are, how to reach them, where it appeared first.

A sentence of the article that is lost costs more than such a line that is kept. So each rule asks for what prose
rarely has: an address, an outlet, a position.
"""

from __future__ import annotations

import re

from rag.ingest import bylines

_LONGEST_CONTACT = 400
_REACH = re.compile(
    r"(?:^|[.!?;,]\s*|\b(?:or|and|please|you can|readers can|forget to) )(?:reach|e-?mail|contact|follow) "
    r"(?:him|her|them|the (?:author|reporter|writer))\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"@|https?:|www\.|\w\.(?:com|org|net)\b|\d{3}[-. ]\d{4}\b|\bon (?:twitter|facebook|instagram|linkedin|bluesky)\b",
    re.IGNORECASE,
)
_REACHED = re.compile(rf"\bcan be reached at\b:?(?: \S+){{0,2}}? ?\S*(?:{_ADDRESS.pattern})", re.IGNORECASE)
_APPEARED = re.compile(
    r"(?:^|[.!?]\s+)"
    r"(?:this (?:article|essay|op-ed|piece|post|column|commentary|interview|report|analysis|review|story)|the article)"
    r"\b.{0,120}?\boriginally (?:appeared|published) (?:on|in) (?:the )?(?:(?-i:[A-Z])|\S+\.(?:com|org|net)\b)",
    re.IGNORECASE,
)
_FIRST_IN = re.compile(r"originally (?:appeared|published) (?:on|in) (?=(?:the )?(?-i:[A-Z]))", re.IGNORECASE)
_CONTRIBUTING = re.compile(r"contributing:\W*(?:the )?(?-i:[A-Z])", re.IGNORECASE)
_POSITION = (
    r"(?:fellow|professor|correspondent|director|editor|reporter|researcher|columnist|analyst|scholar|lecturer|"
    r"president|head|chief|chair(?:man|woman)?|founder|member|minister|diplomat|ambassador|adviser|journalist|writer|"
    r"author|historian|lawyer|attorney|economist|student|teacher|strategist|commentator|secretary|executive|officer|"
    r"scientist|contributor|producer|specialist|consultant|partner|publisher)s?\b"
)
_BETWEEN = r"(?:(?!(?:in|of|by|for|with|who|that|to)\b)[\w’'/&.-]+ )"
_A_POSITION = rf"(?:(?:an?|the|one of) {_BETWEEN}{{0,6}}?{_POSITION}|{_BETWEEN}{{0,2}}?{_POSITION})"
"""As `the Beijing bureau chief` or `chief economist`; `a suspect in the death of a student` is none."""
_BIOGRAPHY = re.compile(
    rf"the (?:author|writer)s? (?:is|are) (?:now |also |currently )?{_A_POSITION}"
    r"|about the (?:author|writer)s?\s*(?:$|[:.–—-])",
    re.IGNORECASE,
)
_OF_AUTHOR = (
    r"(?:\s+(?:covers|writes|reports|works)\b"
    r"|\s+has (?:covered|written|reported|worked)\b"
    rf"|\s+(?:is|are) (?:now |also |currently )?(?:(?:an?|the|one of)\b|{_POSITION})"
    rf"|(?:,|\s+(?:was|has been|served as)) {_A_POSITION}"
    r"|\s+joined (?:the )?(?-i:[A-Z]))"
)
"""What a biography says after a name. An author of whom an article tells may well be `shot dead on Monday`."""
_MORE_ABOUT = re.compile(r"\. More about [A-Z].{2,60}$")


def is_below(line: str, author: str | None) -> bool:
    """Say whether a line at an article's end is about its authors or its origin, and not the article.

    >>> is_below("Contact her at li@example.org.", None), is_below("The two could not contact them.", None)
    (True, False)
    """
    names = [re.escape(name) for name in re.split(r",\s*(?:and\s+)?|\s+and\s+|\s*&\s*", author or "") if " " in name]
    if names and re.match(rf"(?:{'|'.join(names)})(?i:{_OF_AUTHOR})", line):
        return True
    if _BIOGRAPHY.match(line) or _MORE_ABOUT.search(line):
        return True
    return len(line) < _LONGEST_CONTACT and (_is_contact(line) or _is_origin(line))


def _is_contact(line: str) -> bool:
    return bool(_REACHED.search(line) or (_REACH.search(line) and _ADDRESS.search(line)))


def _is_origin(line: str) -> bool:
    first = _FIRST_IN.match(line)
    alone = first is not None and not bylines.has_prose(line[first.end() :])
    return alone or bool(_APPEARED.search(line) or _CONTRIBUTING.match(line))
