"""What a page says of its article: JSON-LD, OpenGraph and customary `meta` names, last its title.

The first that states a value wins, in that order. Nothing is taken from the page's address or its looks. Elements that
are marked as author or date come after these, see `page_marks`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from lxml.html import HtmlElement

from rag.ingest.bylines import byline_author
from rag.ingest.clean import one_line
from rag.ingest.document import Metadata
from rag.ingest.formats.front_matter import from_mapping
from rag.ingest.formats.tree import words

_ARTICLE = re.compile(r"(?:News|Report|Opinion|Analysis|Scholarly|Satirical|Tech|Live)?\w*(?:Article|BlogPosting)$")
_NAMES = {
    "title": ("og:title", "twitter:title", "dc.title", "dcterms.title", "citation_title", "parsely-title", "headline"),
    "author": ("author", "article:author", "dc.creator", "citation_author", "parsely-author", "sailthru.author", "byl"),
    "published": (
        *("article:published_time", "datepublished", "date", "pubdate", "publishdate", "publish-date", "dc.date"),
        *("dcterms.created", "dcterms.date", "dc.date.issued", "citation_publication_date", "parsely-pub-date"),
        *("sailthru.date", "og:published_time", "article.published", "publish_date", "displaydate", "pdate"),
    ),
    "source": ("og:site_name", "application-name", "publisher", "dc.publisher", "citation_journal_title"),
    "url": ("og:url", "parsely-link"),
}
_DEEPEST = 6


def page_metadata(root: HtmlElement) -> Metadata:
    """Return what a page states. Call it before hidden elements are removed: metadata is not shown."""
    found = Metadata()
    for values in (*_linked(root), _named(root)):
        found = found.or_else(_plausible(values))
    return found.or_else(_titled(root))


def _linked(root: HtmlElement) -> Iterator[Metadata]:
    """Yield what the first article of a page's linked data says, and what others say of the same one."""
    title = None
    for values in _all_linked(root):
        if title is None or values.title is None or _same_headline(values.title, title):
            title = title or values.title
            yield values


def _same_headline(one: str, two: str) -> bool:
    """Say whether two headlines differ only in their signs, or in what one of them adds or cuts off at its end."""
    short, long = sorted((re.sub(r"[\W_]", "", title.casefold()) for title in (one, two)), key=len)
    return long.startswith(short)


def _all_linked(root: HtmlElement) -> Iterator[Metadata]:
    for script in root.xpath("//script[@type='application/ld+json']"):
        try:
            data = json.loads(re.sub(r"^\s*<!\[CDATA\[|\]\]>\s*$", "", script.text_content()), strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _articles(data, 0):
            yield from_mapping(
                {
                    "title": next(iter(_strings(node.get("headline") or node.get("name"))), None),
                    "author": _strings(node.get("author")) or _strings(node.get("creator")),
                    "published": node.get("datePublished") or node.get("dateCreated"),
                    "source": next(iter(_strings(node.get("publisher"))), None),
                    "url": node.get("url"),
                    "language": node.get("inLanguage"),
                }
            )


def _articles(data: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(data, list):
        for item in data:
            yield from _articles(item, depth + 1)
    elif isinstance(data, dict):
        kinds = data.get("@type")
        if any(
            isinstance(kind, str) and _ARTICLE.match(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])
        ):
            yield data
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _articles(data.get(key), depth + 1)


def _strings(value: Any) -> list[str]:
    """A string, the name of a thing, or those of a list of either; sites leave HTML entities in them."""
    items = value if isinstance(value, list) else [value]
    names = [item.get("name") if isinstance(item, dict) else item for item in items]
    flat = [name for entry in names for name in (entry if isinstance(entry, list) else [entry])]
    return [one_line(unescape(name)) for name in flat if isinstance(name, str) and name.strip()]


def _named(root: HtmlElement) -> Metadata:
    values: dict[str, list[str]] = {}
    for element in root.xpath("//meta[@content]"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        if text := one_line(element.get("content")):
            values.setdefault(name, []).append(text)
    first = {field: next((values[name] for name in names if name in values), []) for field, names in _NAMES.items()}
    canonical = [href for href in root.xpath("//link[@rel='canonical']/@href") if href.startswith("http")]
    return from_mapping(
        {
            **{field: found[0] for field, found in first.items() if found},
            "author": first["author"],
            "url": next(iter([*canonical, *first["url"]]), None),
            "language": next(iter(root.xpath("/html/@lang|/html/@xml:lang")), None),
        }
    )


def _plausible(found: Metadata) -> Metadata:
    """Drop what sites put into fields in place of the truth: links for authors, site names for titles."""
    author = found.author
    if author and (re.search(r"https?://|@|^\W*$", author) or len(author) > 200):
        author = None
    if author:
        author = byline_author(author) or author
    url = found.url if found.url and re.match(r"https?://", found.url) else None
    language = (
        found.language if found.language and re.fullmatch(r"[A-Za-z]{2,3}(?:[-_]\w{2,8})*", found.language) else None
    )
    return Metadata(
        title=found.title,
        author=author,
        published=found.published,
        source=found.source,
        url=url,
        language=language.replace("_", "-") if language else None,
    )


def _titled(root: HtmlElement) -> Metadata:
    title = next((words(element) for element in root.xpath("//h1") if words(element)), None)
    whole = next((words(element) for element in root.xpath("//head/title|//title") if words(element)), None)
    return Metadata(title=_page_title(whole, title, root))


def _page_title(whole: str | None, heading: str | None, root: HtmlElement) -> str | None:
    """The heading that the page's title repeats, else the title without the site's name at its end."""
    if not whole:
        return heading
    for element in root.xpath("//h1|//h2"):
        text = words(element)
        if len(text) > 8 and text.casefold() in whole.casefold():
            return text
    parts = re.split(r"\s+[|–—»·-]\s+", whole)
    return (heading or max(parts, key=len)) if len(parts) > 1 or not heading else whole
