"""A tree of HTML elements to pieces of text: paragraphs, headings, captions, list items, table rows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from rag.ingest.clean import one_line
from rag.ingest.compose import Piece
from rag.ingest.paragraphs import Mark

_HEADINGS = frozenset(["h2", "h3", "h4", "h5", "h6"])
_BLOCKS = _HEADINGS | frozenset(
    [
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl"),
        *("dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "header", "hr", "html", "li", "main"),
        *("nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    ]
)
_SILENT = frozenset(["script", "style", "noscript", "template", "head", "title", "svg", "math", "iframe", "object"])
_PROSE = frozenset(["li", "dd", "blockquote", "pre"])
_CAPTION = re.compile(r"(?:^|[\s_-])(?:wp-)?(?:fig)?caption(?:[\s_-]?text)?(?:$|[\s_-])", re.IGNORECASE)
_LINE_END = re.compile(r"\n{2,}|(?<=[.!?:;”\"’)])\n|\n(?=[^a-z])")
_LONGEST_ROW = 600


def pieces(root: HtmlElement) -> Iterator[Piece]:
    """Yield what a tree says, in reading order. A row of a table is one piece, bars between its cells."""
    walk = _Walk()
    walk.visit(root, None)
    walk.flush(None)
    yield from walk.found


def words(element: HtmlElement) -> str:
    """Return the text of an element on one line."""
    return one_line(str(element.text_content()))


class _Walk:
    """Collects running text, and makes it a piece at every edge of a block."""

    def __init__(self) -> None:
        self.found: list[Piece] = []
        self._text: list[str] = []

    def visit(self, element: HtmlElement, outer: Mark | None) -> None:
        """Take in an element, without its tail. The parser limits how deep trees are."""
        if not isinstance(element.tag, str) or element.tag in _SILENT:
            return
        if element.tag == "br":
            self._text.append("\n")
        elif element.tag == "tr" and (row := _row(element)):
            self.flush(outer)
            self.found.append(Piece(row, "text"))
        elif element.tag in _BLOCKS:
            mark = _mark(element) or outer
            self.flush(outer)
            self._inside(element, mark)
            self.flush(mark)
        else:
            self._inside(element, outer)

    def flush(self, mark: Mark | None) -> None:
        """End the piece. Line breaks divide paragraphs, as on old pages, unless a sentence runs over them."""
        text = re.sub(r" *\n *", "\n", "".join(self._text))
        self._text = []
        parts = [text] if mark in ("title", "heading") else _LINE_END.split(text)
        self.found += [Piece(part, mark) for part in parts if part.strip()]

    def _inside(self, element: HtmlElement, mark: Mark | None) -> None:
        keep = element.tag == "pre"
        self._add(element.text, keep)
        for child in element:
            self.visit(child, mark)
            self._add(child.tail, keep)

    def _add(self, text: str | None, keep: bool) -> None:
        if text:
            self._text.append(text if keep else re.sub(r"\s+", " ", text))


def name_captions(root: HtmlElement) -> None:
    """Give elements that only their class calls captions the tag that says so."""
    for element in root.iter("p", "div", "span", "dd"):
        if _CAPTION.search(element.get("class") or "") and len(element.text_content()) < _LONGEST_ROW:
            element.tag = "figcaption"


def _mark(element: HtmlElement) -> Mark | None:
    tag = str(element.tag)
    if tag in ("figcaption", "caption"):
        return "caption"
    if tag == "h1":
        return "title"
    return "heading" if tag in _HEADINGS else "text" if tag in _PROSE else None


def _row(element: HtmlElement) -> str | None:
    """A row of data; None for a row that lays out a page."""
    cells = [cell for cell in element if cell.tag in ("td", "th")]
    blocks = [sum(1 for inner in cell.iterdescendants() if inner.tag in _BLOCKS) for cell in cells]
    texts = [words(cell) for cell in cells]
    if max(blocks, default=0) > 1 or element.find(".//br") is not None or sum(map(len, texts)) > _LONGEST_ROW:
        return None
    return " | ".join(filter(None, texts)) or None
