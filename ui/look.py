"""What opens beside the chat when something in it is clicked: a source, a passage, or why an answer is as it is."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from rag.errors import UnknownArticleError
from rag.records import Answer, Hit, Passage
from ui import originals, source, why
from ui.session import Session
from ui.strings import Strings


class Texts(Protocol):
    """What this needs of a `rag.Corpus`."""

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
    view = _view(answer, turn, wanted, strings)
    headings = source.headings(corpus.passages(view.article.id))
    view = replace(view, headings=headings, file=originals.address(name, view.article))
    try:
        return source.pane(view, corpus.text(view.article.id), strings)
    except UnknownArticleError:
        return source.missing(strings)


def _view(answer: Answer, turn: int, wanted: Mapping[str, Any], strings: Strings) -> source.View:
    opened = time.monotonic_ns()
    if "cite" not in wanted:
        hit = _at(answer.nearest, wanted["near"]) if "near" in wanted else _at(answer.hits, wanted["hit"])
        mark = source.Mark(number=0, start=hit.passage.start, end=hit.passage.end)
        return source.View(turn=turn, article=hit.article, marks=(mark,), opened=opened)
    citation, marks = source.cited(answer, int(wanted["cite"]))
    return source.View(
        turn=turn, article=citation.article, marks=marks, focus=citation.number, opened=opened,
        total=len(answer.citations), reference=source.reference(citation, strings),
    )  # fmt: skip


def _at(hits: tuple[Hit, ...], n: Any) -> Hit:
    if int(n) < 0:
        raise IndexError(n)
    return hits[int(n)]
