"""What opens beside the chat when something in it is clicked: a source, a passage, or why an answer is as it is."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from rag.errors import UnknownArticleError
from rag.records import Answer, Article, Citation, Hit, Passage
from ui import originals, source, why
from ui.session import Session
from ui.strings import Strings
from ui.text import opened, says


class Texts(Protocol):
    """What this needs of a `rag.Corpus`."""

    def article(self, id: str) -> Article: ...

    def text(self, id: str) -> str: ...

    def passages(self, id: str) -> list[Passage]: ...


def look(wanted: Mapping[str, Any], session: Session, corpus: Texts, strings: Strings, *, name: str = "") -> str:
    """Return the pane for what was clicked in exchange number `turn`.

    `wanted` is `{"turn": 0, "cite": 1}` for a citation, `{"turn": 0, "hit": 2}` for a passage that was
    read (`"near"` for one of a refusal's nearest), `{"turn": 0, "why": True}` for how the answer came about.

    `name` is the corpus's, for the address of the article's file.

    Raises:
        KeyError, IndexError, ValueError, TypeError: it names nothing that was shown.
    """
    turn = int(wanted["turn"])
    answer = session.exchanges[turn].answer if turn >= 0 else None
    if answer is None:
        raise KeyError(turn)
    if "why" in wanted:
        return why.pane(answer, turn, strings)
    asked, quotes = _asked(answer, wanted)
    try:
        # as the corpus describes it: a conversation that was opened from a file could name any title and any path
        article, text = corpus.article(asked.article.id), corpus.text(asked.article.id)
    except UnknownArticleError:
        return source.missing(strings)
    marks = tuple(mark for mark, quote in quotes if text[mark.start : mark.end] == quote)
    view = source.View(
        turn=turn, article=article, marks=marks, opened=time.monotonic_ns(),
        headings=source.headings(corpus.passages(article.id)), file=originals.address(name, article),
    )  # fmt: skip
    if isinstance(asked, Citation):
        reference = source.reference(replace(asked, article=article), strings)
        view = replace(view, focus=asked.number, total=len(answer.citations), reference=reference)
    return _pane(view, text, strings)


def _asked(answer: Answer, wanted: Mapping[str, Any]) -> tuple[Citation | Hit, list[tuple[source.Mark, str]]]:
    """Return what was clicked, and where which words of its article are to be marked."""
    if "cite" not in wanted:
        hit = _at(answer.nearest, wanted["near"]) if "near" in wanted else _at(answer.hits, wanted["hit"])
        mark = source.Mark(number=0, start=hit.passage.start, end=hit.passage.end)
        return hit, [(mark, hit.passage.text)]
    citation, marks = source.cited(answer, int(wanted["cite"]))
    quotes = {one.number: one.quote for one in answer.citations}
    return citation, [(mark, quotes[mark.number]) for mark in marks]


def _pane(view: source.View, text: str, strings: Strings) -> str:
    """Return the article; above it that it has changed, when what was asked for no longer stands in it."""
    pane = source.pane(view, text, strings)
    if any(mark.number == view.focus for mark in view.marks):
        return pane
    gone = strings.quote_gone if view.focus else strings.passage_gone
    note = says("p", gone.format(number=view.focus, title=view.article.title), cls="note", role="status")
    sheet = opened("div", cls="sheet")
    return pane.replace(sheet, sheet + note, 1)


def _at(hits: tuple[Hit, ...], n: Any) -> Hit:
    if int(n) < 0:
        raise IndexError(n)
    return hits[int(n)]
