"""The source pane: a whole article with an answer's quotes marked in it by their exact offsets. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.records import Answer, Article, Citation, Passage
from ui.strings import Strings
from ui.text import Block, blocks, element, escape, opening, safe_url, says


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What is highlighted: `text[start:end]`, and the number of its citation, 0 for a nearest passage."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class View:
    """What the pane shows of one exchange."""

    turn: int
    article: Article
    marks: tuple[Mark, ...]
    focus: int = 0
    """The number of the citation that was asked for; 0 for a passage."""
    total: int = 0
    """How many citations the answer has, in all its articles."""
    opened: int = 0
    """Differs at each opening: a quote that is asked for again is scrolled to again."""
    reference: str = ""
    """What copying the quote yields."""
    file: str = ""
    """Where the file that the article was read from can be fetched; empty when there is none."""
    headings: frozenset[str] = frozenset()
    """The section headings of the article, on one line each."""


def cited(answer: Answer, number: int) -> tuple[Citation, tuple[Mark, ...]]:
    """Return the citation, and the marks of all of the answer's quotes from the same article.

    Raises:
        KeyError: the answer has no such citation.
    """
    asked = {citation.number: citation for citation in answer.citations}[number]
    same = (citation for citation in answer.citations if citation.article.id == asked.article.id)
    return asked, tuple(Mark(number=one.number, start=one.start, end=one.end) for one in same)


def headings(passages: Iterable[Passage]) -> frozenset[str]:
    """Return the section headings that passages stand under."""
    return frozenset(one.heading for one in passages if one.heading)


def pane(view: View, text: str, strings: Strings) -> str:
    """Return the pane's markup: a bar, the article's head, and its text with the marks."""
    sheet = element("div", _head(view.article, strings) + _body(text, view), cls="sheet")
    data = {"data_turn": view.turn, "data_focus": view.focus, "data_opened": view.opened}
    return aside(_bar(view, strings) + sheet, strings.source, **data)


def missing(strings: Strings) -> str:
    """Return the pane for an article that has been removed since it was cited."""
    bar = element("div", element("span", cls="position") + close_button(strings), cls="bar")
    return aside(bar + element("div", says("p", strings.gone, cls="note"), cls="sheet"), strings.source)


def aside(inner: str, label: str, **data: object) -> str:
    """Return the frame of whatever stands beside the chat."""
    return element("aside", inner, cls="source", id="source", aria_label=label, tabindex=-1, **data)


def imprint(article: Article, strings: Strings) -> str:
    """Return outlet and date as markup, the outlet apart: in a script from right to left it would tear the date."""
    date = escape(strings.date(article.published)) if article.published else ""
    return " · ".join(part for part in (says("bdi", article.source), date) if part)


def close_button(strings: Strings) -> str:
    """Return the button that closes it."""
    label = strings.close
    return says("button", "×", type="button", cls="tool close", data_act="close", aria_label=label, title=label)


def reference(citation: Citation, strings: Strings) -> str:
    """Return a quote with its reference, as it is copied: plain text."""
    quote = " ".join(citation.quote.split())
    link = safe_url(citation.article.url)
    return f"“{quote}”\n{strings.about(citation.article)}" + (f"\n{link}" if link else "")


def _bar(view: View, strings: Strings) -> str:
    tools = _original(view, strings) + close_button(strings)
    if view.focus:
        left, tools = _steps(view, strings), _copy(view, strings) + tools
    else:
        left = element("span", escape(strings.passage if view.marks else ""), cls="position")
    return element("div", left + element("span", tools, cls="tools"), cls="bar")


def _original(view: View, strings: Strings) -> str:
    link = safe_url(view.article.url)
    if not link:
        return says("a", strings.file, cls="tool", href=view.file, title=strings.file_hint) if view.file else ""
    rel = "noopener noreferrer nofollow"
    return says("a", strings.original, cls="tool", href=link, target="_blank", rel=rel, title=link)


def _steps(view: View, strings: Strings) -> str:
    before = _step(view, view.focus - 1, strings.previous, "‹")
    after = _step(view, view.focus + 1, strings.next, "›")
    position = strings.position.format(number=view.focus, total=view.total)
    return element("span", before + after, cls="steps") + says("span", position, cls="position", role="status")


def _step(view: View, number: int, label: str, sign: str) -> str:
    off = not 1 <= number <= view.total
    return says(
        "button", sign, type="button", cls="tool step", data_turn=view.turn, data_cite=number,
        aria_label=label, title=label, disabled=off,
    )  # fmt: skip


def _copy(view: View, strings: Strings) -> str:
    return says(
        "button", strings.copy, type="button", cls="tool", data_act="copy", title=strings.copy_hint,
        data_said=strings.copied, data_text=view.reference,
    )  # fmt: skip


def _head(article: Article, strings: Strings) -> str:
    published = imprint(article, strings)
    top = element("p", published, cls="imprint") if published else ""
    by = says("p", article.author and strings.by.format(author=article.author), cls="by", dir="auto")
    return element("header", top + says("h2", article.title, dir="auto") + by)


def _body(text: str, view: View) -> str:
    shown = (_block(block, text, view) for block in blocks(text, view.headings) if not _is_title(block, text, view))
    return element("div", "".join(shown), cls="text", dir="auto")


def _is_title(block: Block, text: str, view: View) -> bool:
    """Whether a block only repeats the head of the pane."""
    said = text[block.start : block.end]
    unmarked = all(mark.start >= block.end for mark in view.marks)
    return unmarked and said[opening(said, block.kind) :].strip() == view.article.title


def _block(block: Block, text: str, view: View) -> str:
    start = block.start + opening(text[block.start : block.end], block.kind)
    inner = _marked(text, start, block.end, view)
    tag = "h3" if block.kind == "h" else "p"
    return element(tag, inner, cls="item" if block.kind == "li" else None, dir="auto")


def _marked(text: str, start: int, end: int, view: View) -> str:
    """Return `text[start:end]` with every mark that reaches into it; overlapping marks share pieces."""
    inside = [mark for mark in view.marks if mark.start < end and mark.end > start]
    edges = {min(max(edge, start), end) for mark in inside for edge in (mark.start, mark.end)}
    cuts = pairwise(sorted({start, end} | edges))
    return "".join(_piece(text, left, right, inside, view.focus) for left, right in cuts)


def _piece(text: str, start: int, end: int, marks: Sequence[Mark], focus: int) -> str:
    over = [mark for mark in marks if mark.start <= start and end <= mark.end]
    if not over:
        return escape(text[start:end])
    labels = (element("sup", data_n=m.number, aria_hidden="true") for m in over if m.start == start and m.number)
    numbers = " ".join(str(mark.number) for mark in over)
    focused = any(mark.number == focus for mark in over)
    inner = "".join(labels) + escape(text[start:end])
    return element("mark", inner, cls="quote focus" if focused else "quote", data_n=numbers)
