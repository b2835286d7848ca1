"""Who wrote an article, read from its byline. Names are kept as they are written."""

from __future__ import annotations

import re

from rag.ingest.dates import PARTIAL, find_date

_BY = re.compile(
    r"(?:(?:written|words|story|text|reported|posted|published|article|analysis|commentary|opinion) )?"
    r"by:?\s+(?=\S)",
    re.IGNORECASE,
)
_AUTHOR = re.compile(r"(?:authors?|writers?|reporters?):\s+(?=\S)", re.IGNORECASE)
_DATED_BY = re.compile(r"(?:posted|published|updated)\b.{4,40}?\bby\s+(?=\S)", re.IGNORECASE)
_WORD = r"(?:[^\W\d_a-z][\w.’'-]*)"
_PARTICLE = r"(?:al|bin|bint|da|dal|de|del|den|der|di|dos|du|el|ibn|la|le|ter|ten|van|von|y|zu)"
_NAME = re.compile(rf"{_WORD}(?:\s+(?:{_PARTICLE}\s+){{0,2}}{_WORD}|\s+\(ret[a-z.]{{0,4}}\)){{1,5}}")
_SEPARATOR = re.compile(r"\s*,\s*and\s+|\s*,\s*|\s+and\s+|\s*&\s*|\s*;\s*", re.IGNORECASE)
_STOP = re.compile(
    r"\s*(?:\||•|·|—|–|\s-\s|\((?!ret)|\b(?:updated|published|posted|last|for|in|on|at|reporting)\b)", re.IGNORECASE
)
_NOT_A_NAME = re.compile(
    r"\b(?:news|times|post|herald|daily|press|agency|staff|correspondent|editors?|writers?|reporters?|bureau|fellow|"
    r"professor|institute|university|reuters|afp|xinhua|bbc|cnn|network|online|desk|analyst|columnist|contributors?|"
    r"director|research|associated|bloomberg|today|media|magazine|journal|team)\b",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:fellow|professor|correspondent|director|editor|reporter|researcher|columnist|analyst|scholar|lecturer|"
    r"institutes?|university|centre|center|academy|school of|think tank|staff writer|bureau chief|"
    r"ambassador)\b",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"reporting from\b.{2,150}", re.IGNORECASE)
_CREDITS = re.compile(
    r"\(?(?:additional |further )?(?:reporting|writing|editing|compiled|translated) by\b.{2,300}"
    r"|.{2,150}\bcontributed(?: \w+)? (?:reporting|research|to (?:this|the) (?:report|article|story)).{0,60}"
    r"|.{2,150}\bcontributed reporting\.?",
    re.IGNORECASE,
)
_STAMP_WORDS = re.compile(
    r"\b(?:published|posted|updated|last|modified|first|created|issued|on|at|date|time|eastern|beijing|local|"
    r"am|pm|a\.m\.?|p\.m\.?|et|est|edt|pst|pdt|gmt|utc|bst|cst|hkt|"
    r"(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?|\d{1,2}:\d{2}(?::\d{2})?|\d{1,2})\b|\W",
    re.IGNORECASE,
)
_STAMP_LONGEST = 120
SAYS = r"(?:said|says|asked|wrote|writes|told \w+|added|replied|reported|noted|explained)"
"""Verbs of attribution: a line that ends with one and a colon introduces a quotation."""


def byline_author(line: str) -> str | None:
    """Return who a byline names, or None when the line is no byline.

    >>> byline_author("By Hu Bo Updated Dec.1")
    'Hu Bo'
    """
    if len(line) > 250:
        return None
    match = _BY.match(line) or _AUTHOR.match(line) or _DATED_BY.match(line)
    if not match:
        return None
    rest = line[match.end() :]
    stop = _STOP.search(rest)
    cut = find_date(rest)
    ends = [len(rest), *([stop.start()] if stop else []), *([cut[1]] if cut else [])]
    names = _names(rest[: min(ends)].strip(" ,;."))
    return names if names and (stop or cut or not rest.rstrip().endswith((".", "!", "?"))) else None


def lone_name(line: str) -> str | None:
    """Return the name on a line that holds one name and nothing else, as `• Yuan Sha`."""
    name = line.lstrip("•·*-–— ").strip()
    return name if _NAME.fullmatch(name) and not _NOT_A_NAME.search(name) else None


def is_role(line: str) -> bool:
    """Say whether a line describes an author's position, as `Senior Fellow, Institute of …`."""
    return len(line) <= 200 and not line.endswith((".", "!", "?")) and bool(_ROLE.search(line))


def is_credit(line: str) -> bool:
    """Say whether a line says where or with whose help an article was reported."""
    return bool(_CREDITS.fullmatch(line) or (_DATELINE.fullmatch(line) and not line.endswith(".")))


def is_date_stamp(line: str) -> bool:
    """Say whether a line is a date of publication and nothing else; the year may be missing.

    >>> is_date_stamp("July 10, 2023 Updated 8:06 p.m. ET"), is_date_stamp("In July 10, 2023 was hot")
    (True, False)
    """
    if len(line) > _STAMP_LONGEST:
        return False
    rest, dates = line, 0
    while found := find_date(rest):
        rest, dates = rest[: found[1]] + " " + rest[found[2] :], dates + 1
    rest, partial = PARTIAL.subn(" ", rest)
    return dates + partial > 0 and not _STAMP_WORDS.sub("", rest)


def _names(text: str) -> str | None:
    """Keep the leading names of a list; drop posts and outlets that follow them."""
    end = at = 0
    while match := _NAME.match(text, at):
        if _NOT_A_NAME.search(match[0]):
            break
        end = match.end()
        separator = _SEPARATOR.match(text, end)
        if not separator:
            break
        at = separator.end()
    return text[:end] if end and (end == len(text) or _SEPARATOR.match(text, end)) else None
