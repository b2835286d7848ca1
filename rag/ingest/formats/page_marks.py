"""Whom and what date elements of a page are marked as: by `itemprop`, `time`, customary classes.

Those of the article count, not those of teasers, comments and quotations. A date in the article's head is believed
before what its text says; an author unless the text has a byline; any other date where the text states none.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from lxml import etree
from lxml.html import HtmlElement

from rag.ingest.bylines import byline_author, lone_name
from rag.ingest.clean import one_line
from rag.ingest.dates import parse_date
from rag.ingest.document import Metadata
from rag.ingest.formats.tree import words

_AUTHOR_PLACES = (
    ".//*[@rel='author']",
    ".//*[@itemprop='author']",
    ".//*[contains(concat(' ', normalize-space(@class), ' '), ' byline ')]",
    ".//*[contains(concat(' ', normalize-space(@class), ' '), ' author ')]",
    ".//*[contains(concat(' ', normalize-space(@class), ' '), ' author-name ')]",
    ".//*[contains(concat(' ', normalize-space(@class), ' '), ' reader-credits ')]",
    ".//address",
)
_DATE_PLACES = (
    ".//*[@itemprop='datePublished']",
    ".//time[@datetime][ancestor::article or ancestor::main]",
    ".//time[@pubdate]",
)
_OTHERS = frozenset(["nav", "blockquote", "cite"])
"""Elements whose authors and dates are not the article's."""
_BESIDE = frozenset(["aside", "footer"])
"""The article's own may stand in these, where they stand within it and it names none elsewhere."""
_REPLIES = r"comments?|disqus|repl(?:y|ies)"
_REPLIES_NAME = re.compile(rf"(?:^|[\s_-])(?:{_REPLIES})(?:$|[\s_-])", re.IGNORECASE)
_OTHERS_NAME = re.compile(
    rf"(?:^|[\s_-])(?:{_REPLIES}|related|recirc|recommend(?:ed|ations)?|promo|sidebar|ticker|teasers?|"
    r"outbrain|taboola|most-read|trending|also|pull-?quote)(?:$|[\s_-])",
    re.IGNORECASE,
)
_UNREAD = frozenset(["script", "style", "noscript", "template"])
_SENTENCE, _LONGEST_LINE = 8, 200
"""Words of a sentence, and characters of a line that is none. A head has neither."""


def marked_metadata(root: HtmlElement) -> tuple[Metadata, Metadata]:
    """Return the date that the article's head is marked with, and whom and what date else elements are marked as.

    What stands nearest is believed first: in the article, in its own notes, beside its title, then around it.
    """
    page = _Page(root)
    main = page.main()
    strict = page.others(main)
    scope = root if main is None else main
    head = Metadata(published=_marked_date(scope, strict, _head(scope, strict)))
    places = [(scope, strict)]
    if main is not None:
        places += [(main, page.others(main, beside=False))]
        places += [(around, strict) for around in (_titled_scope(root, main, strict), _around(main))]
    found = Metadata()
    for around, others in places:
        found = found.or_else(Metadata(author=_marked_author(around, others), published=_marked_date(around, others)))
    return head, found


class _Page:
    """How much each element of a page holds, and which of them stand around a title or the main part."""

    def __init__(self, root: HtmlElement) -> None:
        self._elements = list(root.iter(etree.Element))
        self._sizes: Counter[HtmlElement | None] = Counter()
        for element in reversed(self._elements):
            if element.tag in _UNREAD:
                self._sizes[element] = 0
            else:
                self._sizes[element] += len((element.text or "").strip())
            self._sizes[element.getparent()] += self._sizes[element] + len((element.tail or "").strip())
        self._holders = _with_ancestors(root.iter("h1", "main"))

    def main(self) -> HtmlElement | None:
        """Return the smallest `article` or `main` with most of what such elements hold, if there is one."""
        others = self.others(None)
        found = [element for element in self._elements if element.tag in ("article", "main") and element not in others]
        most = max((self._sizes[element] for element in found), default=0) / 2
        main = None
        for element in found:
            if self._sizes[element] > most and (main is None or main in element.iterancestors()):
                main = element
        return main

    def others(self, main: HtmlElement | None, *, beside: bool = True) -> set[HtmlElement]:
        """Return the elements of teasers, comments, quotations and the like, `beside` also those of notes."""
        above = set() if main is None else set(main.iterancestors())
        others: set[HtmlElement] = set()
        for element in self._elements:  # each after its parent
            if element is main:
                continue
            another = element.tag == "article" and main is not None and element not in above
            noted = element.tag in _BESIDE and (beside or main not in element.iterancestors())
            if element.getparent() in others or element.tag in _OTHERS or another or noted or self._is_named(element):
                others.add(element)
        return others

    def _is_named(self, element: HtmlElement) -> bool:
        """Say whether an element's name is that of a box of others, not of a page that has one."""
        name = f"{element.get('class') or ''} {element.get('id') or ''}"
        if element.tag in ("html", "body") or element in self._holders or not _OTHERS_NAME.search(name):
            return False
        return 2 * self._sizes[element] <= self._sizes[None] or bool(_REPLIES_NAME.search(name))


def _with_ancestors(elements: Iterable[HtmlElement]) -> set[HtmlElement]:
    found: set[HtmlElement] = set()
    for element in elements:
        for around in (element, *element.iterancestors()):
            if around in found:
                break
            found.add(around)
    return found


def _titled_scope(root: HtmlElement, main: HtmlElement, others: set[HtmlElement]) -> HtmlElement:
    """Return the smallest element that holds the article and the page's title, which may stand above it."""
    holders = _with_ancestors(title for title in root.iter("h1") if title not in others)
    return next((scope for scope in (main, *main.iterancestors()) if scope in holders), main)


def _around(main: HtmlElement) -> HtmlElement:
    """Return the main part of the page, else the box that holds the article."""
    box = next(main.iterancestors("main"), main.getparent())
    return main if box is None or box.tag == "body" else box


def _head(scope: HtmlElement, others: set[HtmlElement]) -> set[HtmlElement]:
    """Return the elements above the first prose."""
    own = (element for element in scope.iter(etree.Element) if element not in others)
    return set(itertools.takewhile(lambda element: not _is_prose(element), own))


def _is_prose(element: HtmlElement) -> bool:
    text = words(element) if element.tag == "p" else one_line(element.text or "")
    return len(text) > _LONGEST_LINE or (len(text.split()) >= _SENTENCE and text.endswith((".", "!", "?", "”", '"')))


def _marked_author(scope: HtmlElement, others: set[HtmlElement]) -> str | None:
    for place in _AUTHOR_PLACES:
        for element in scope.xpath(place):
            text = "" if element in others else words(element)[:250]
            if name := byline_author(text) or lone_name(text):
                return name
    return None


def _marked_date(scope: HtmlElement, others: set[HtmlElement], among: set[HtmlElement] | None = None) -> date | None:
    """Return the first date that is marked, `among` some elements alone where they are given."""
    for place in _DATE_PLACES:
        for element in scope.xpath(place):
            stamp = element.get("datetime") or element.get("content") or words(element)
            own = element not in others and (among is None or element in among)
            if own and (found := parse_date(stamp)):
                return found
    return None
