"""Conversations outside the session: as the reader's browser keeps them, and as files to take away.

A kept conversation is a JSON document with every quote, its offsets and its article's hash, so that it can
be read without the corpus, and checked against one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal, Protocol

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from rag.errors import UnknownArticleError, UserError
from rag.records import Answer, Citation, Filter, to_plain
from ui.session import Exchange, Session
from ui.strings import Strings

FORMAT: Literal["footnote-conversation"] = "footnote-conversation"
VERSION: Literal[1] = 1
LARGEST = 900_000
"""Characters of a conversation that is read back."""
_LEFT_OUT = ("hits", "timings")


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class _Kept:
    question: str
    where: Filter | None = None
    partial: str = ""
    answer: Answer | None = None
    rating: Literal["up", "down"] | None = None


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class _Document:
    format: Literal["footnote-conversation"]
    version: Literal[1]
    id: str
    corpus: str = ""
    exchanges: tuple[_Kept, ...]


class Articles(Protocol):
    """What checking needs of a `rag.Corpus`."""

    def text(self, id: str) -> str: ...


def dump(session: Session, *, indent: int | None = None) -> str:
    """Return a conversation as one JSON document; empty when nothing has been asked."""
    return _document(session, [_kept(one) for one in session.exchanges if _keeps(one)], indent)


def dump_last(session: Session) -> str:
    """Return the document with its last exchange alone and `first`, how many the browser holds before it.

    What is sent after an answer stays as short as the answer, however long the conversation has become.
    """
    kept = [one for one in session.exchanges if _keeps(one)]
    if not kept or kept[-1] is not session.exchanges[-1]:
        return dump(session)
    return _document(session, [_kept(kept[-1])], None, first=len(kept) - 1)


def _keeps(one: Exchange) -> bool:
    return one.state != "working" and one.turn is not None


def _document(session: Session, exchanges: list[dict[str, Any]], indent: int | None, **more: int) -> str:
    if not exchanges:
        return ""
    head = {"format": FORMAT, "version": VERSION, "id": session.id, "corpus": session.corpus}
    document = {**{name: value for name, value in head.items() if value}, **more, "exchanges": exchanges}
    return inert(json.dumps(document, ensure_ascii=False, indent=indent))


def inert(document: str) -> str:
    """Return a JSON document in which nothing looks like markup, wherever it may end up."""
    return document.replace("<", "\\u003c")


def load(text: str, strings: Strings) -> Session:
    """Return the session that `dump` wrote. Whoever sends it, it is only ever shown to them.

    Raises:
        UserError: it is not such a document.
    """
    if len(text) > LARGEST:
        raise UserError(strings.too_long_to_open.format(count=f"{LARGEST:,}"))
    try:
        document = TypeAdapter(_Document).validate_json(text)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"]) or "1"
        raise UserError(strings.not_a_conversation.format(where=where)) from None
    exchanges = tuple(_exchange(one) for one in document.exchanges)
    return Session(id=document.id[:64], corpus=document.corpus, exchanges=exchanges)


def checked(session: Session, corpus: Articles, strings: Strings) -> Session:
    """Return the session with a remark wherever a quote no longer stands in its article."""
    exchanges = tuple(
        replace(one, remarks=tuple(_remarks(one.answer, corpus, strings))) if one.answer else one
        for one in session.exchanges
    )
    return replace(session, exchanges=exchanges)


def markdown(session: Session) -> str:
    """Return a conversation for people to read: questions as headings, answers with their numbered quotes."""
    return "\n".join(f"## {one.question}\n\n{_said(one)}" for one in session.exchanges)


def _said(one: Exchange) -> str:
    return one.answer.to_markdown() if one.answer else f"{one.partial}\n"


def _kept(one: Exchange) -> dict[str, Any]:
    answer = one.answer and {name: value for name, value in one.answer.to_dict().items() if name not in _LEFT_OUT}
    kept = {"where": to_plain(one.where), "answer": answer, "rating": one.rating, "partial": one.partial}
    if one.answer:
        del kept["partial"]
    return {"question": one.question, **{name: value for name, value in kept.items() if value}}


def _exchange(kept: _Kept) -> Exchange:
    state: Literal["done", "stopped"] = "done" if kept.answer else "stopped"
    return Exchange(
        question=kept.question, where=kept.where, partial=kept.partial, answer=kept.answer,
        rating=kept.rating, rated=kept.rating is not None, state=state,
    )  # fmt: skip


def _remarks(answer: Answer, corpus: Articles, strings: Strings) -> Iterator[str]:
    for citation in answer.citations:
        found = _text(citation, corpus)
        if found is None:
            yield strings.article_gone.format(number=citation.number, title=citation.article.title)
        elif found[citation.start : citation.end] != citation.quote:
            yield strings.quote_gone.format(number=citation.number, title=citation.article.title)


def _text(citation: Citation, corpus: Articles) -> str | None:
    try:
        return corpus.text(citation.article.id)
    except UnknownArticleError:
        return None
