"""A tree of HTML elements to pieces of text: paragraphs, headings, captions, list items, table rows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from lxml.html import HtmlElement

from rag.ingest.bylines import byline_author, is_date_stamp
from rag.ingest.clean import one_line
from rag.ingest.compose import Piece
from rag.ingest.paragraphs import Mark, paragraphs

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
_LINE = re.compile(r"[^\n]*")
_NEWLINE = re.compile(r"\n")
_ENDED = re.compile(r"[.!?:;,”\"’)]$")
_RUNS_ON = re.compile(
    r"(?:(?<!, )\b(?:and|but|n?or)|\b(?:an?|the|th[eo]se|this|that|my|his|her|its|our|their|than|who|which|whose|whom|"
    r"if|whether|as|at|among|between|by|for|from|in|into|of|on|to|with|was|were|is|are|been|be|ha[sd]|have|will|would|"
    r"them))$"
)
"""How a line ends that is no title, name or item of a list, but breaks off in a sentence."""
_BEGINS = re.compile(
    r"[-*•·–—▪►]\s|\(?\d{1,3}[.)]\s|\d{1,2}[:.]\d\d\b|(?:[A-Z][\w.’'-]*\s){0,3}[A-Z][\w.’'-]*:(?:\s|$)|"
    r"[A-Z][A-Z.’' -]{2,}(?:, |\(| [—–-] )"
)
"""How a line begins that goes on with none: an item, a time, who speaks, a wire's dateline."""
_BOLD = frozenset(["b", "strong"])
_SOME_WORDS = 3
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
        self._in_pre = False
        self._in_bold = 0
        self._spoken: set[bool] = set()  # whether the words of the line so far are bold
        self._breaks = 0
        self._whole: set[int] = set()  # the line breaks after lines that are all bold

    def visit(self, element: HtmlElement, outer: Mark | None) -> None:
        """Take in an element, without its tail. The parser limits how deep trees are."""
        if not isinstance(element.tag, str) or element.tag in _SILENT:
            return
        if element.tag == "br":
            self._break()
        elif element.tag == "tr" and (row := _row(element)):
            self.flush(outer)
            self.found.append(Piece(row, "text"))
        elif element.tag in _BLOCKS:
            mark = _mark(element) or outer
            self.flush(outer)
            self._in_pre = element.tag == "pre"
            self._inside(element, mark)
            self.flush(mark)
            self._in_pre = False
        else:
            self._in_bold += element.tag in _BOLD
            self._inside(element, outer)
            self._in_bold -= element.tag in _BOLD

    def flush(self, mark: Mark | None) -> None:
        """End the piece. Line breaks divide paragraphs, as on old pages, unless a sentence runs over them."""
        text = re.sub(r" *\n *", "\n", "".join(self._text))
        lines = (
            [text] if mark in ("title", "heading") else _wrapped(text) if self._in_pre else _lines(text, self._whole)
        )
        self.found += [Piece(part, mark) for part in lines if part.strip()]
        self._text, self._breaks, self._whole, self._spoken = [], 0, set(), set()

    def _break(self) -> None:
        if self._spoken == {True}:
            self._whole.add(self._breaks)
        self._text.append("\n")
        self._breaks += 1
        self._spoken = set()

    def _inside(self, element: HtmlElement, mark: Mark | None) -> None:
        keep = element.tag == "pre"
        self._add(element.text, keep)
        for child in element:
            self.visit(child, mark)
            self._add(child.tail, keep)

    def _add(self, text: str | None, keep: bool) -> None:
        if text:
            self._spoken |= {self._in_bold > 0} if text.strip() else set()
            self._text.append(text if keep else re.sub(r"\s+", " ", text))


def name_captions(root: HtmlElement) -> None:
    """Give elements that only their class calls captions the tag that says so."""
    for element in root.iter("p", "div", "span", "dd"):
        if _CAPTION.search(element.get("class") or "") and len(element.text_content()) < _LONGEST_ROW:
            element.tag = "figcaption"


def _wrapped(text: str) -> list[str]:
    """Divide a text that is laid out by its line ends, as a plain text is where it is wrapped at a width."""
    parts = [text[part.start : part.end] for part in paragraphs(text)]
    return parts if any("\n" in part for part in parts) else _lines(text, frozenset())


def _lines(text: str, whole: Collection[int]) -> list[str]:
    """Divide a text at its line breaks, but for those within a sentence. The breaks by number `whole` are not."""
    parts, at, breaks, counted = [], 0, 0, 0
    inner = _within_paragraphs(text)
    for gap in _LINE_END.finditer(text):
        breaks, counted = breaks + text.count("\n", counted, gap.start()), gap.start()
        above = text[max(at, text.rfind("\n", 0, gap.start()) + 1) : gap.start()]
        if gap[0] == "\n" and breaks not in whole and _breaks_off(above, wrapped=gap.start() in inner):
            below = _LINE.match(text, gap.end())
            if below and not (_BEGINS.match(below[0]) or byline_author(below[0]) or is_date_stamp(below[0])):
                continue
        parts.append(text[at : gap.start()])
        at = gap.end()
    return [*parts, text[at:]]


def _within_paragraphs(text: str) -> set[int]:
    """Return where the line ends are at which a text was wrapped: most lines of it then begin within a sentence."""
    begun = [text[at + 1] for at in _ends(text, 0, len(text) - 1)]
    if 2 * sum(map(str.islower, begun)) < len(begun):
        return set()
    return {at for part in paragraphs(text) for at in _ends(text, part.start, part.end)}


def _ends(text: str, start: int, end: int) -> list[int]:
    return [match.start() for match in _NEWLINE.finditer(text, start, max(start, end))]


def _breaks_off(line: str, *, wrapped: bool) -> bool:
    """Say whether a line ends within a sentence. Others are whole: those of titles, lists, verse and addresses."""
    runs_on = len(line.split()) >= _SOME_WORDS and _RUNS_ON.search(line) is not None
    return runs_on or (wrapped and not _ENDED.search(line))


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
