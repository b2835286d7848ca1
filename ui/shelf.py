"""The library page: what the corpus holds, when it was published and where. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from rag.records import Article, SyncReport
from ui.filters import Holdings
from ui.strings import Strings
from ui.text import element, escape, safe_url, says

PAGE = 50
"""Articles on one page of the table."""
_MONTHS = 30
"""More months than this are drawn as years."""
_BARS = 200
"""More years than this are drawn as decades, more decades as centuries."""


@dataclass(frozen=True, kw_only=True)
class Period:
    """A bar of the timeline."""

    label: str
    first: date
    last: date
    count: int


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the reader looks for in the table, and which page of it."""

    text: str = ""
    page: int = 0


def shelf(holdings: Holdings, wanted: Wanted, passages: Callable[[Article], int], strings: Strings) -> str:
    """Return timeline, outlets and the table of the articles that match, one page of it.

    `passages` tells how many passages of an article are searched.
    """
    found = matching(holdings.articles, wanted.text)
    shown = islice(found, wanted.page * PAGE, (wanted.page + 1) * PAGE)
    counted_passages = [(article, passages(article)) for article in shown]
    counted = strings.found.format(found=f"{len(found):,}", all=f"{len(holdings.articles):,}")
    return (
        timeline(holdings.articles, strings)
        + _outlets(holdings.articles, strings)
        + says("p", counted, cls="note", role="status")
        + table(counted_passages, strings)
        + _pager(wanted.page, len(found), strings)
    )


def matching(articles: Sequence[Article], wanted: str) -> tuple[Article, ...]:
    """Return the articles whose title, outlet, author, path or date holds all of the words."""
    words = wanted.casefold().split()
    return tuple(article for article in articles if all(word in _about(article) for word in words))


def table(articles: Sequence[tuple[Article, int]], strings: Strings) -> str:
    """Return articles, each with its number of passages, as a table; every row opens its article and can remove it."""
    if not articles:
        return ""
    head = element("tr", "".join(element("th", escape(name), scope="col") for name in _columns(strings)))
    rows = "".join(_row(article, passages, strings) for article, passages in articles)
    return element("table", element("thead", head) + element("tbody", rows), cls="articles")


def periods(articles: Sequence[Article], strings: Strings) -> list[Period]:
    """Return how many articles were published in each month, or in each year or more when they span many.

    Gaps are included.
    """
    days = [article.published for article in articles if article.published]
    if not days:
        return []
    first, last = min(days), max(days)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months > _MONTHS:
        return _years(days, strings)
    counts = Counter((day.year, day.month) for day in days)
    index = range(first.year * 12 + first.month - 1, first.year * 12 + first.month - 1 + months)
    return [_month(n // 12, n % 12 + 1, counts[n // 12, n % 12 + 1], strings) for n in index]


def timeline(articles: Sequence[Article], strings: Strings) -> str:
    """Return a bar for each period; each one narrows the next question down to itself."""
    bars = periods(articles, strings)
    highest = max((bar.count for bar in bars), default=0)
    drawn = "".join(_bar(bar, highest, strings) for bar in bars)
    if not drawn:
        return ""
    ends = says("span", bars[0].label) + (says("span", bars[-1].label) if len(bars) > 1 else "")
    return element("div", drawn, cls="timeline") + element("div", ends, cls="ends", aria_hidden="true")


def report(done: SyncReport, strings: Strings) -> str:
    """Return what a sync did, file by file where something went wrong."""
    counts = (
        (strings.added, done.added), (strings.changed, done.changed), (strings.renamed, done.renamed),
        (strings.unchanged, done.unchanged),
    )  # fmt: skip
    said = ", ".join(text.format(count=len(ids)) for text, ids in counts if ids) or strings.nothing_added
    failed = "".join(
        element("li", says("strong", f.path.rpartition("/")[2]) + escape(f": {f.reason}")) for f in done.failed
    )
    return says("p", said, cls="note", role="status") + (element("ul", failed, cls="failures") if failed else "")


def _bar(bar: Period, highest: int, strings: Strings) -> str:
    count = strings.articles_one if bar.count == 1 else strings.articles_many.format(count=bar.count)
    label = strings.only_period.format(period=bar.label, count=count)
    return element(
        "button", element("span", style=f"height:{100 * bar.count / highest:.1f}%"), type="button", title=label,
        aria_label=label, data_from=bar.first.isoformat(), data_to=bar.last.isoformat(), disabled=bar.count == 0,
    )  # fmt: skip


def _outlets(articles: Sequence[Article], strings: Strings) -> str:
    counts = Counter(article.source for article in articles if article.source)
    chips = "".join(
        element(
            "button", escape(name) + " " + says("span", f"{count:,}"), type="button", cls="chip", data_outlet=name,
            title=strings.only_outlet.format(outlet=name),
        )
        for name, count in counts.most_common(12)
    )  # fmt: skip
    return element("div", chips, cls="chips") if chips else ""


def _columns(strings: Strings) -> tuple[str, ...]:
    return (
        strings.column_title, strings.column_date, strings.outlet, strings.column_length, strings.column_passages,
        strings.column_status, "",
    )  # fmt: skip


def _row(article: Article, passages: int, strings: Strings) -> str:
    title = says("button", article.title, type="button", cls="title", dir="auto", data_article=article.id)
    by = says("span", article.author, cls="by", dir="auto")
    published = strings.date(article.published) if article.published else strings.undated
    remove = says(
        "button", strings.remove, type="button", cls="tool", data_remove=article.id, data_sure=strings.really,
        aria_label=strings.remove_label.format(title=article.title),
    )  # fmt: skip
    status = says(
        "span", strings.ready if passages else strings.not_searched, cls="status" if passages else "status idle"
    )
    cells = (
        title + by, escape(published), _outlet(article), escape(f"{article.chars:,}"), escape(f"{passages:,}"), status,
        remove,
    )  # fmt: skip
    columns = zip(cells, _columns(strings), strict=True)
    return element("tr", "".join(element("td", cell, data_name=name) for cell, name in columns))


def _outlet(article: Article) -> str:
    name, link = article.source or "", safe_url(article.url)
    if not link:
        return escape(name)
    return says("a", name or link, href=link, target="_blank", rel="noopener noreferrer nofollow")


def _pager(page: int, found: int, strings: Strings) -> str:
    pages = -(-found // PAGE)
    if pages < 2:
        return ""
    before = says("button", strings.earlier, type="button", cls="tool", data_page=page - 1, disabled=page == 0)
    after = says("button", strings.later, type="button", cls="tool", data_page=page + 1, disabled=page + 1 >= pages)
    place = says("span", strings.position.format(number=page + 1, total=pages), cls="position")
    return element("nav", before + place + after, cls="pager", aria_label=strings.library)


def _about(article: Article) -> str:
    parts = (article.title, article.source, article.author, article.path, str(article.published or ""))
    return " ".join(part for part in parts if part).casefold()


def _years(days: Sequence[date], strings: Strings) -> list[Period]:
    first, last = min(days).year, max(days).year
    width = next(width for width in (1, 10, 100) if last // width - first // width < _BARS)
    counts = Counter(day.year // width for day in days)
    return [_span(n * width, width, counts[n], strings) for n in range(first // width, last // width + 1)]


def _span(year: int, width: int, count: int, strings: Strings) -> Period:
    first, last = max(year, 1), year + width - 1  # there is no year 0
    label = str(first) if width == 1 else strings.span.format(first=first, last=last)
    return Period(label=label, first=date(first, 1, 1), last=date(last, 12, 31), count=count)


def _month(year: int, month: int, count: int, strings: Strings) -> Period:
    first = date(year, month, 1)
    label = f"{strings.months[month - 1]} {year}"
    return Period(label=label, first=first, last=date(year, month, monthrange(year, month)[1]), count=count)
