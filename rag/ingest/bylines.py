"""Who wrote an article, read from its byline. Names are kept as they are written."""

from __future__ import annotations

import re

from rag.ingest.dates import PARTIAL, find_date

_BY = re.compile(
    r"(?:(?:written|words|story|text|reported|posted|published|article|analysis|commentary|opinion|interview) )?"
    r"by:?\s+(?=\S)",
    re.IGNORECASE,
)
_AUTHOR = re.compile(r"(?:authors?|writers?|reporters?|byline):\s+(?=\S)", re.IGNORECASE)
_DATED_BY = re.compile(r"(?:posted|published|updated)\b.{4,40}?\bby\s+(?=\S)", re.IGNORECASE)
_BESIDE = re.compile(r"\s*[|•·]\s*")
_LATER_BY = re.compile(r"\s(?:[|•·–—-]\s*)?by:?\s(?=\s*\S)", re.IGNORECASE)
_WORD = r"(?:[^\W\d_a-z][\w.’'-]*)"
_PARTICLE = r"(?:al|bin|bint|da|dal|de|del|den|der|di|dos|du|el|ibn|la|le|ter|ten|van|von|y|zu)"
_NAME = re.compile(rf"{_WORD}(?:\s+(?:{_PARTICLE}\s+){{0,2}}{_WORD}|\s+\(ret[a-z.]{{0,4}}\)){{1,5}}")
_PLACED = re.compile(rf"({_NAME.pattern})\s+in\s+{_WORD}(?:\s+{_WORD}){{0,2}}")
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
    r"|.{2,150}\bcontributed(?: \w+)? (?:reporting|research|"
    r"to (?:the reporting of )?this (?:report|article|story)).{0,60}"
    r"|.{2,150}\bcontributed reporting\.?",
    re.IGNORECASE,
)
_CONTRIBUTED = re.compile(
    r"\bcontributed(?: \w+)? (?:reporting|to (?:the reporting of )?this (?:report|article|story))\.?$", re.IGNORECASE
)
_SMALL_WORDS = re.compile(
    rf"{_PARTICLE}|della|s|an?|and|also|at|by|for|from|in|o[fnr]|our|the|their|this|to|with|"
    r"additional(?:ly)?|further|agency|agencies|article|bureaux?s?|compiled|contribut(?:ed|ing)|correspondents?|data|"
    r"director|edit(?:ing|ors?)|fellow|freelancer|graphics|journalists?|newsrooms?|photograph(?:ers?|s|y)|photos|"
    r"produc(?:ers?|tion)|professor|report(?:ed|ers?|ing|s)?|research(?:ers?)?|senior|special|staff|story|text|"
    r"translat(?:ed|ion)|video|wire|writ(?:ers?|ing|ten)"
)
"""What lines of names, places and outlets may say in lower case; the verb of a sentence is not among it."""
_POST = re.compile(
    r"\b(?:[\w-]+ ){1,2}"
    r"(?:assistant|correspondent|editor|journalist|photographer|producer|reporter|researcher|writer)s?\b"
)
"""As `business writer` and `national security reporters`: the fields of agencies are more than a list could hold."""
_FINITE = re.compile(r"\b(?:had|has|have|was|were|is|are|did|will|would|could|can|must)\b")
_STAMP_WORDS = re.compile(
    r"\b(?:published|posted|updated|last|modified|first|created|issued|on|at|date|time|eastern|beijing|local|"
    r"am|pm|a\.m\.?|p\.m\.?|et|est|edt|pt|pst|pdt|mst|mdt|gmt|utc|bst|ist|ct|cst|cdt|cet|cest|eet|eest|msk|aest|aedt|"
    r"jst|sgt|hkt|"
    r"(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?|\d{1,2}:\d{2}(?::\d{2})?|\d{1,2})\b",
    re.IGNORECASE,
)
_STAMP_LONGEST = 120
_BESIDE_STAMP = re.compile(
    r"(?:\b|(?<=\d)T)\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[+-]\d\d:?\d\d|Z)\b|\b(?:GMT|UTC)[+-]\d{1,2}(?::?\d\d)?\b|"
    r"\b(?:\d+[ -]min(?:ute)?s?[ -]read|\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m|\d{1,2} (?:minute|hour|day)s? ago|"
    r"this (?:article|post|report|story) (?:has been|was)(?: (?:first|last))? (?:corrected|published|updated))\b",
    re.IGNORECASE,
)
"""What else stands beside a byline's date."""
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
        return _beside_date(line)
    rest = line[match.end() :]
    stop = _STOP.search(rest)
    cut = find_date(rest)
    ends = [len(rest), *([stop.start()] if stop else []), *([cut[1]] if cut else [])]
    names = _names(rest[: min(ends)].strip(" ,;."))
    return None if names is None or _is_sentence(rest[len(names) :], stated=bool(stop or cut)) else names


def _beside_date(line: str) -> str | None:
    """Return who a line names that holds a date and names alone: `May 3, 2023 by Ana Salo`, `Ana Salo | May 3, 2023`.

    A comma or a dash between the two is no sign: before it stands the place of a report.
    """
    by = _LATER_BY.search(line)
    if by and is_date_stamp(line[: by.start()]):
        return byline_author(line[by.start() :].lstrip(" ,|•·–—-"))
    parts = [part for part in _BESIDE.split(line) if not _NOT_A_NAME.search(part)]  # but for the outlet
    named = [part for part in parts if part and _names(part) == part]
    dated = " ".join(part for part in parts if part not in named)
    return named[0] if len(named) == 1 and is_date_stamp(dated) else None


def _is_sentence(after: str, *, stated: bool) -> bool:
    """Say whether what follows a name makes it prose, as in `By Christmas Eve in Dover the queues had grown.`

    Dates and times do not, though `4:53 p.m.` has words in lower case and ends like a sentence.
    """
    words = _undated(_BESIDE_STAMP.sub(" ", after))[0]
    if after.rstrip().endswith((".", "!", "?")):
        return not stated or has_prose(words)
    return bool(_FINITE.search(words)) and not re.search(r"\bwho\b", words)


def has_prose(text: str) -> bool:
    """Say whether a text has words in lower case that a list of names, places and outlets would not have."""
    words = re.findall(r"[\w’'-]+", re.sub(r"\S*(?:[@/]|\.com\b)\S*", "", text))
    return any(word.islower() and not _SMALL_WORDS.fullmatch(word) for word in words)


def lone_name(line: str) -> str | None:
    """Return the name on a line that holds one name and at most a place, as `• Yuan Sha` or `Ana Salo in Oslo`."""
    name = line.lstrip("•·*-–— ").strip()
    if placed := _PLACED.fullmatch(name):
        name = placed[1]
    return name if _NAME.fullmatch(name) and not _NOT_A_NAME.search(name) else None


def is_dated_name(line: str) -> bool:
    """Say whether a line holds a name and a date: one of an author or, as in `New York, May 3, 2023`, of a place."""
    dated = find_date(line) if len(line) <= _STAMP_LONGEST else None
    return (
        dated is not None
        and lone_name(line[: dated[1]].rstrip(" ,–—-")) is not None
        and is_date_stamp(line[dated[1] :])
    )


def is_role(line: str) -> bool:
    """Say whether a line describes an author's position, as `Senior Fellow, Institute of …`."""
    return len(line) <= 200 and not line.endswith((".", "!", "?")) and bool(_ROLE.search(line))


def is_credit(line: str) -> bool:
    """Say whether a line says where or with whose help an article was reported."""
    if _CREDITS.fullmatch(line):
        return not has_prose(_POST.sub(" ", line) if _CONTRIBUTED.search(line) else line)
    return bool(_DATELINE.fullmatch(line)) and not line.endswith(".")


def is_date_stamp(line: str) -> bool:
    """Say whether a line is a date of publication and nothing else; the year may be missing.

    >>> is_date_stamp("July 10, 2023 Updated 8:06 p.m. ET"), is_date_stamp("In July 10, 2023 was hot")
    (True, False)
    """
    if len(line) > _STAMP_LONGEST:
        return False
    rest, dates = _undated(_BESIDE_STAMP.sub(" ", line))
    return dates > 0 and not re.search(r"\w", rest)


def _undated(text: str) -> tuple[str, int]:
    """Return a text without its dates, times and the words of date stamps, and how many dates it had."""
    dates = 0
    while found := find_date(text):
        text, dates = text[: found[1]] + " " + text[found[2] :], dates + 1
    text, partial = PARTIAL.subn(" ", text)
    return _STAMP_WORDS.sub(" ", text), dates + partial


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
