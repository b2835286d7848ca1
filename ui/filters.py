"""What a question may be narrowed to: the choices that a corpus offers, and the filter that was chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rag.errors import UserError
from rag.records import Article, Filter
from ui.strings import Strings

Choices = list[tuple[str, str]]
"""Pairs of what is shown and what it stands for; the empty string stands for any."""


@dataclass(frozen=True, kw_only=True)
class Holdings:
    """What a corpus holds, as the page needs it."""

    articles: tuple[Article, ...]

    @property
    def sources(self) -> list[str]:
        """The outlets, in alphabetical order."""
        return _distinct(article.source for article in self.articles)

    @property
    def authors(self) -> list[str]:
        """The authors, in alphabetical order."""
        return _distinct(article.author for article in self.articles)

    @property
    def dates(self) -> tuple[date, date] | None:
        """The first and the last date of publication, when any is known."""
        dates = [article.published for article in self.articles if article.published]
        return (min(dates), max(dates)) if dates else None


def choices(names: Iterable[str], anything: str) -> Choices:
    """Return what a drop-down offers."""
    return [(anything, ""), *((name, name) for name in names)]


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """What a reader filled in to narrow a question down, as text."""

    since: str | None = None
    until: str | None = None
    source: str | None = None
    author: str | None = None

    def filter(self, strings: Strings) -> Filter | None:
        """Return the filter that this amounts to; None when nothing was filled in.

        Raises:
            UserError: a date is not one, or the range ends before it begins.
        """
        start, end = _day(self.since, strings), _day(self.until, strings)
        if start and end and start > end:
            raise UserError(strings.empty_range.format(start=start, end=end))
        if not (start or end or self.source or self.author):
            return None
        source, author = self.source or None, self.author or None
        return Filter(published_from=start, published_to=end, source=source, author=author)


def _day(text: str | None, strings: Strings) -> date | None:
    said = (text or "").strip()
    if not said:
        return None
    try:
        return date.fromisoformat(said[:10])
    except ValueError:
        raise UserError(strings.no_date.format(text=said[:40])) from None


def _distinct(names: Iterable[str | None]) -> list[str]:
    return sorted({name for name in names if name}, key=str.casefold)
