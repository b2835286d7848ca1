"""Dates as articles print them. A date counts only when day, month and year are all stated."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b{_MONTH}\.?\s*{_DAY}(?:\s*,\s*|\s+){_YEAR}\b",
        rf"\b{_DAY}\s*(?:of\s+)?{_MONTH}\.?(?:,\s*|\s+){_YEAR}\b",
        rf"\b{_DAY}-{_MONTH}-{_YEAR}\b",
        rf"(?<!\d){_YEAR}[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?!\d)",
        rf"{_YEAR}\s*年\s*(?P<month>\d{{1,2}})\s*月\s*(?P<day>\d{{1,2}})\s*日",
    )
)
_NUMERIC = re.compile(rf"(?<!\d)(?P<first>\d{{1,2}})[-/.](?P<second>\d{{1,2}})[-/.]{_YEAR}(?!\d)")
_FIELD = re.compile(r"(?P<year>(?:1[5-9]|20)\d\d)(-?)(?P<month>\d\d)\2(?P<day>\d\d)(?:[T ].*)?")
"""A value that is a date and nothing else may be older, and without signs."""
PARTIAL = re.compile(
    rf"\b(?:{_MONTH}\.?\s*{_DAY}|(?P<day2>\d{{1,2}})\s+{_MONTH.replace('month', 'month2', 1)})\b",
    re.IGNORECASE,
)
"""A day and month; the year may be missing."""


def find_date(text: str) -> tuple[date, int, int] | None:
    """Return the first full date in `text` with its offsets, or None.

    `3/4/2023` says two things and is not a date; `23/4/2023` is.

    >>> find_date("July 10, 2023 Updated 8:06 p.m. ET")
    (datetime.date(2023, 7, 10), 0, 13)
    """
    found = [match for form in _FORMS for match in form.finditer(text)] + list(_NUMERIC.finditer(text))
    for match in sorted(found, key=lambda match: match.start()):
        value = _value(match)
        if value:
            return value, match.start(), match.end()
    return None


def parse_date(text: str) -> date | None:
    """Return the date that `text`, a value of metadata, begins with or holds.

    >>> parse_date("20230710"), parse_date("1865-04-15"), parse_date("9999-12-31")
    (datetime.date(2023, 7, 10), datetime.date(1865, 4, 15), None)
    """
    whole = _FIELD.fullmatch(text.strip())
    found = find_date(text)
    return _value(whole) if whole else found[0] if found else None


def _value(match: re.Match[str]) -> date | None:
    part = match.groupdict()
    if "first" in part:
        first, second = int(part["first"]), int(part["second"])
        if first <= 12 and second <= 12 and first != second:
            return None
        day, month = (first, second) if second <= 12 else (second, first)
    else:
        day, month = int(part["day"]), _month(part["month"])
    try:
        return date(int(part["year"]), month, day)
    except ValueError:
        return None


def _month(name: str) -> int:
    return int(name) if name.isdigit() else _MONTHS.index(name[:3].lower()) + 1
