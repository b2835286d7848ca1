"""Conversations outside the session: as the reader's browser keeps them, and as files to take away.

A kept conversation is a JSON document with every quote, its offsets and its article's hash, so that it can
be read without the corpus, and checked against one.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Annotated, Any, Literal, Protocol

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from rag.errors import UnknownArticleError, UserError
from rag.records import Answer, Article, Citation, Filter, Hit, to_plain
from ui.session import Exchange, Session
from ui.strings import Strings

FORMAT: Literal["footnote-conversation"] = "footnote-conversation"
VERSION: Literal[1] = 1
LARGEST = 900_000
"""Characters of a conversation that is read back."""
_LONGEST_PLACE = 60
"""Characters that are shown of a place in a document: it may be of keys that its writer chose."""
_LEFT_OUT = ("hits", "timings")


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class _Kept:
    question: str
    where: Filter | None = None
    partial: str = ""
    answer: Answer | None = None
    rating: Literal["up", "down"] | None = None
    sureness: Annotated[float, Field(ge=0, le=1)] | None = None


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class _Document:
    format: Literal["footnote-conversation"]
    version: Literal[1]
    id: str
    corpus: str = ""
    exchanges: tuple[_Kept, ...]


class Articles(Protocol):
    """What checking needs of a `rag.Corpus`."""

    def article(self, id: str) -> Article: ...

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
        where = ".".join(str(part) for part in error.errors()[0]["loc"])[:_LONGEST_PLACE] or "1"
        raise UserError(strings.not_a_conversation.format(where=where)) from None
    exchanges = tuple(_exchange(one) for one in document.exchanges)
    return Session(id=document.id[:64], corpus=document.corpus, exchanges=exchanges)


def checked(session: Session, corpus: Articles, strings: Strings) -> Session:
    """Return the session with its articles as the corpus describes them.

    A remark says where the conversation described one otherwise, and where a quote no longer stands in its article.
    """
    return replace(session, exchanges=tuple(_checked(one, corpus, strings) for one in session.exchanges))


def _kept(one: Exchange) -> dict[str, Any]:
    answer = one.answer and {name: value for name, value in one.answer.to_dict().items() if name not in _LEFT_OUT}
    kept = {"where": to_plain(one.where), "answer": answer, "rating": one.rating, "partial": one.partial}
    if one.answer:
        del kept["partial"]
    kept = {name: value for name, value in kept.items() if value}
    return {"question": one.question, **kept, **({} if one.sureness is None else {"sureness": one.sureness})}


def _exchange(kept: _Kept) -> Exchange:
    state: Literal["done", "stopped"] = "done" if kept.answer else "stopped"
    return Exchange(
        question=kept.question, where=kept.where, partial=kept.partial, answer=kept.answer,
        rating=kept.rating, rated=kept.rating is not None, sureness=kept.sureness, state=state,
    )  # fmt: skip


def _checked(one: Exchange, corpus: Articles, strings: Strings) -> Exchange:
    if one.answer is None:
        return one
    cited = [_cited(citation, corpus, strings) for citation in one.answer.citations]
    answer = replace(
        one.answer, citations=tuple(citation for citation, _ in cited),
        hits=_described(one.answer.hits, corpus), nearest=_described(one.answer.nearest, corpus),
    )  # fmt: skip
    return replace(one, answer=answer, remarks=tuple(remark for _, remark in cited if remark))


def _cited(citation: Citation, corpus: Articles, strings: Strings) -> tuple[Citation, str]:
    """Return a citation with its article as the corpus describes it, and what to remark: nothing when all is well."""
    number, told = citation.number, citation.article
    try:
        article, text = corpus.article(told.id), corpus.text(told.id)
    except UnknownArticleError:
        return citation, strings.article_gone.format(number=number, title=told.title)
    if text[citation.start : citation.end] != citation.quote:
        article = replace(article, chars=told.chars, sha256=told.sha256)  # of the text that the offsets count in
        return replace(citation, article=article), strings.quote_gone.format(number=number, title=article.title)
    same = (told.title, told.source, told.published) == (article.title, article.source, article.published)
    remark = "" if same else strings.source_differs.format(number=number, about=strings.about(article))
    return replace(citation, article=article), remark


def _described(hits: tuple[Hit, ...], corpus: Articles) -> tuple[Hit, ...]:
    return tuple(replace(hit, article=_known(hit.article, corpus)) for hit in hits)


def _known(article: Article, corpus: Articles) -> Article:
    try:
        return corpus.article(article.id)
    except UnknownArticleError:
        return article
