"""The article within a page's tree: the elements that readability kept, and the lists and tables that it took out.

Its clean-up takes every list, table and quotation with some links for a menu. Those that stand in the article
come back; lists of other articles, share bars and tables of contents do not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

from rag.ingest.boilerplate import opens_related
from rag.ingest.formats.page import FURNITURE_NAME
from rag.ingest.formats.tree import words

NUMBER = "data-number"
"""The attribute by which an element is found again in what readability returns."""
_LISTS = ("ul", "ol", "dl", "table", "blockquote")
_HEADINGS = frozenset(["h2", "h3", "h4", "h5", "h6"])
_MENU = re.compile(
    r"(?:table of )?contents|on this page|in this (?:article|story|section)|read more|"
    r"(?:share|follow|tags?|topics?|filed under)\b.{0,40}",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:^|[\s_-])(?:comment\w*|foot(?:er)?|sponsor\w*|header|promo\w*|teasers?)(?:$|[\s_-])", re.IGNORECASE
)
"""Beside the names that furniture has anywhere: tables and lists of the article are not called so."""
_SENTENCE = re.compile(r"[.!?…][”’\"')\]]*$")
_LONGEST_HEADING = 80
_TOO_SHORT = 25
"""A box with less text is what readability takes out, be it a sentence or not."""
_SOME_LINKS = 0.5
_MOSTLY_LINKS = 0.8


def number(root: HtmlElement) -> list[HtmlElement]:
    """Number the elements of a tree, and return them in that order."""
    elements = list(root.iter(etree.Element))
    for at, element in enumerate(elements):
        element.set(NUMBER, str(at))
    return elements


def article(elements: list[HtmlElement], best: HtmlElement) -> None:
    """Remove from a numbered tree what is neither in `best`, which readability made of it, nor belongs there."""
    kept = {elements[int(found)] for element in best.iter(etree.Element) if (found := element.get(NUMBER))}
    path = {above for element in kept for above in element.iterancestors()}
    for place in [*_restored(elements, kept), *_short(elements, kept)]:
        kept.update(place.iter(etree.Element))
    for element in elements:
        if element in kept or (element.tag == "br" and element.getparent() in kept):
            continue
        if element in path:
            _empty(element)
        elif element.getparent() is not None:
            element.drop_tree()


def _restored(elements: list[HtmlElement], kept: set[HtmlElement]) -> Iterator[HtmlElement]:
    """Yield the lists in their boxes that stand within what is kept."""
    spoken = [at for at, element in enumerate(elements) if element in kept and _speaks(element)]
    first, last = min(spoken, default=len(elements)), max(spoken, default=0)
    sizes = _sizes(elements)
    for at, element in enumerate(elements):
        if at < first or element.tag not in _LISTS or element in kept or not sizes[element]:
            continue
        place = _place(element, kept, sizes)
        within = place.getparent() in kept and not _is_named_furniture(element, kept, sizes)
        if within and not _is_furniture(element, place, ends=at > last):
            yield place


def _short(elements: list[HtmlElement], kept: set[HtmlElement]) -> Iterator[HtmlElement]:
    """Yield the boxes of one short sentence each between what is kept: some sites put every paragraph in a box."""
    for element in elements:
        boxed = element.tag == "div" and element not in kept and element.getparent() in kept
        between = boxed and {element.getprevious(), element.getnext()} <= kept
        said = words(element) if between and next(element.iter("a"), None) is None else ""
        if len(said) < _TOO_SHORT and _SENTENCE.search(said):
            yield element


def _is_named_furniture(element: HtmlElement, kept: set[HtmlElement], sizes: Counter[HtmlElement | None]) -> bool:
    """Say whether an element is called comments, a footer or the like, or stands in what is, within the article."""
    most = sizes[None] / 2  # what holds as much of the page is no furniture, whatever it is called
    for one in (element, *element.iterancestors()):
        if one in kept and (one.getparent() not in kept or sizes[one] > most):
            return False
        name = f"{one.get('class') or ''} {one.get('id') or ''}"
        if FURNITURE_NAME.search(name) or _NAME.search(name):
            return True
    return False


def _sizes(elements: list[HtmlElement]) -> Counter[HtmlElement | None]:
    """Return how much text each element holds."""
    sizes: Counter[HtmlElement | None] = Counter()
    for element in reversed(elements):
        sizes[element] += len((element.text or "").strip())
        sizes[element.getparent()] += sizes[element] + len((element.tail or "").strip())
    return sizes


def _speaks(element: HtmlElement) -> bool:
    return bool((element.text or "").strip() or any((child.tail or "").strip() for child in element))


def _place(element: HtmlElement, kept: set[HtmlElement], sizes: Counter[HtmlElement | None]) -> HtmlElement:
    """Return the box around a list, with its heading, where it has one of its own."""
    most = sizes[element] + _LONGEST_HEADING
    while (around := element.getparent()) is not None and around not in kept and sizes[around] <= most:
        element = around
    return element


def _is_furniture(element: HtmlElement, place: HtmlElement, *, ends: bool) -> bool:
    """Say whether a list in its place is one of links. Those stand at the end of a page, and so do boxes of notes."""
    share, boxed = _links(place), place is not element
    heading = _heading(element, place)
    if share > 0 and heading and (opens_related(heading) or _MENU.fullmatch(heading)):
        return True
    if ends or boxed:
        return share > _SOME_LINKS or (boxed and (ends or _are_teasers(element)))
    return share > _MOSTLY_LINKS and not (heading or _are_sentences(element))


def _links(element: HtmlElement) -> float:
    return sum(len(words(link)) for link in element.iter("a")) / max(1, len(words(element)))


def _heading(element: HtmlElement, place: HtmlElement) -> str | None:
    """Return what introduces a list: a heading in its box or before it, or a line that ends with a colon."""
    for inner in place.iter(*_HEADINGS):
        return words(inner)
    above = place.getprevious()
    text = words(above) if above is not None else ""
    introduces = above is not None and (above.tag in _HEADINGS or text.endswith(":") or opens_related(text))
    return text if introduces else None


def _are_teasers(element: HtmlElement) -> bool:
    """Say whether every item begins with a link, as those of boxes that lead to other articles do."""
    items = [(words(item), next(item.iter("a"), None)) for item in element.iter("li")]
    return bool(items) and all(link is not None and text.startswith(words(link)) for text, link in items)


def _are_sentences(element: HtmlElement) -> bool:
    items = [words(item) for item in element.iter("li", "tr", "dd", "p")]
    return bool(items) and all(map(_SENTENCE.search, items))


def _empty(element: HtmlElement) -> None:
    """Take the words from an element that only leads to others."""
    element.text = None
    for child in element:
        child.tail = None
