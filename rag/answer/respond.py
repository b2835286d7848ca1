"""Ranked passages to an answer: refused, written by a language model and checked, or quoted."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from rag.answer import about, articles, extract, refuse, several
from rag.answer.about import Told
from rag.answer.extract import Quote
from rag.answer.generate import Prose, Writer
from rag.answer.meant import NOTHING, Known
from rag.llm import cost
from rag.llm.base import LanguageModel, Limits
from rag.models.reader import Reader, Reading
from rag.records import Answer, Citation, Hit, Piece
from rag.retrieve import statements
from rag.retrieve.find import Found, Sought
from rag.retrieve.inferred import Aim
from rag.retrieve.rank import Ranking
from rag.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What answers are made with."""

    settings: Settings
    reader: Reader
    text_of: Callable[[str], str]
    """An article's text by its id, that of an article that was read as it was then."""
    now: Callable[[str], str]
    """The same as it is stored now: it may be another one by the time that a language model has written."""
    model: LanguageModel | None = None
    """None quotes the articles' own sentences."""
    known: Known = NOTHING
    """What tells which article is meant by "the article"."""


def respond(draft: Answer, found: Found, desk: Desk, limits: Limits) -> Generator[Piece | Answer, None, None]:
    """Yield the text in pieces, then the answer. `draft` is the refusal, with everything that is known so far.

    A language model that fails is passed over: the answer quotes the articles, and a note says why.

    Raises:
        Stopped: nobody wants the answer any more.
    """
    ranking = found.ranking
    if found.named:
        named = articles.name(ranking.hits, desk.text_of)
        yield from _lines(draft, *named, articles.left_out(len(ranking.hits)))
        return
    told = _told(draft.standalone_question, found, desk)
    if told and refuse.answers(told.confidence, desk.settings.answer, desk.reader):
        yield Piece(text=told.text)
        yield replace(draft, answered=True, nearest=(), **vars(told) | {"notes": (*draft.notes, *told.notes)})
        return
    yield from _noted(_answered(draft, found, desk, limits), found.missed)


def _noted(events: Generator[Piece | Answer, None, None], missed: Aim | None) -> Iterator[Piece | Answer]:
    """Add that the articles which the question names do not answer, unless the answer cites them alone after all."""
    with closing(events):
        for event in events:
            if missed and isinstance(event, Answer) and not _cites_only(event, missed):
                note = f"Nothing sure was found {missed.by}: all articles were searched."
                yield replace(event, notes=(*event.notes, note))
            else:
                yield event


def _cites_only(answer: Answer, aim: Aim) -> bool:
    return bool(answer.citations) and all(aim.holds(one.article) for one in answer.citations)


def _answered(draft: Answer, found: Found, desk: Desk, limits: Limits) -> Generator[Piece | Answer, None, None]:
    """Yield what the reader or a language model answers."""
    ranking = found.ranking
    if ranking.listed:
        yield from _listed(draft, ranking, desk)
        return
    sure = refuse.answers(draft.confidence, desk.settings.answer, desk.reader)
    if desk.model and (sure or _worth_asking(draft, desk.settings)):
        prose = yield from Writer(desk.model, desk.settings.generate, desk.now).write(
            draft.standalone_question, ranking.hits, limits
        )
        draft = replace(draft, usage=cost.total(draft.usage, prose.usage), notes=(*draft.notes, *prose.notes))
        if prose.text or prose.refused:
            yield from _written(replace(draft, generator=desk.model.name), prose, found, desk)
            return
        instead = " These are the articles' own sentences instead." if sure else ""
        draft = replace(draft, notes=(*draft.notes, f"{desk.model.name} did not answer: {prose.reason}.{instead}"))
    if sure:
        yield from _quoted(draft, found, desk)
    else:
        yield from _refused(draft)


def _told(question: str, found: Found, desk: Desk) -> Told | None:
    """Return what the articles' records answer; of a question of several parts only when they answer each."""
    if not found.parts:
        rival = _surest(found, desk)
        return about.tell(question, found.ranking.hits, desk.text_of, rival=rival, known=desk.known)
    told: list[Told] = []
    for part in found.parts:
        first = 1 + sum(len(one.citations) for one in told)
        rival = _surest(part, desk)
        hits = part.ranking.hits
        one = about.tell(part.question, hits, desk.text_of, first=first, rival=rival, known=desk.known)
        if one is None:
            return None
        told.append(one)
    return Told(
        text=" ".join(one.text for one in told),
        citations=tuple(citation for one in told for citation in one.citations),
        short=None,
        confidence=min(one.confidence for one in told),
        notes=tuple(dict.fromkeys(note for one in told for note in one.notes)),
    )


def _surest(found: Found | Sought, desk: Desk) -> str:
    """Return the passage that answers most surely, nothing where the reader would refuse."""
    if not refuse.answers(found.confidence, desk.settings.answer, desk.reader):
        return ""
    read = zip(found.ranking.readings, found.ranking.hits, strict=False)
    surest = max(read, key=lambda pair: desk.reader.confidence([pair[0]]), default=None)
    return surest[1].passage.text if surest else ""


def _worth_asking(draft: Answer, settings: Settings) -> bool:
    """Tell whether a model is asked where the reader alone would refuse.

    The reader judges one passage at a time: a question that takes several articles often looks unanswered to it.
    """
    return settings.answer.threshold is None and draft.confidence >= settings.generate.least


def _refused(draft: Answer) -> Iterator[Piece | Answer]:
    yield Piece(text=draft.text)
    yield draft


def _listed(draft: Answer, ranking: Ranking, desk: Desk) -> Iterator[Piece | Answer]:
    """Yield the articles that are asked for, one line each; a model would only copy them."""
    best = articles.best(_sure(ranking, desk))
    yield from _lines(draft, *articles.write(best, desk.text_of), articles.left_out(len(best)))


def _sure(ranking: Ranking, desk: Desk) -> list[tuple[Hit, Reading]]:
    """Return the passages each of which is sure enough by itself to answer."""
    return [
        (hit, reading)
        for hit, reading in zip(ranking.hits, ranking.readings, strict=False)
        if refuse.answers(desk.reader.confidence([reading]), desk.settings.answer, desk.reader)
    ]


def _lines(
    draft: Answer, lines: Sequence[str], citations: tuple[Citation, ...], notes: tuple[str, ...]
) -> Iterator[Piece | Answer]:
    if lines:
        draft = replace(draft, text="\n".join(lines), answered=True, citations=citations, nearest=())
        draft = replace(draft, notes=(*draft.notes, *notes))
    yield Piece(text=draft.text)
    yield draft


def _quoted(draft: Answer, found: Found, desk: Desk) -> Iterator[Piece | Answer]:
    who = statements.speaker(draft.standalone_question)
    if who and not found.parts and (told := articles.statements(who, _sure(found.ranking, desk))):
        yield from _lines(draft, *articles.write(told, desk.text_of), articles.left_out(len(told)))
        return
    quotes, notes = several.choose(found, desk.settings.answer, refuse.threshold(desk.settings.answer, desk.reader))
    pieces, citations = extract.write(quotes, desk.text_of)
    for place, piece in enumerate(pieces):
        yield Piece(text=piece if place == 0 else f" {piece}")
    yield replace(
        draft,
        text=" ".join(pieces),
        answered=True,
        short=_short(draft.standalone_question, quotes, found),
        citations=citations,
        nearest=(),
        notes=(*draft.notes, *notes),
    )


def _written(draft: Answer, prose: Prose, found: Found, desk: Desk) -> Iterator[Piece | Answer]:
    """Yield the answer around prose that has been shown already; the reader's short form where the prose has it."""
    if prose.refused:
        yield from _refused(draft)
        return
    quotes = extract.choose(found.ranking.hits, found.ranking.readings, desk.settings.answer)
    short = _short(draft.standalone_question, quotes, found)
    yield replace(
        draft,
        text=prose.text,
        answered=True,
        short=short if short and short in prose.text else None,
        citations=prose.citations,
        nearest=(),
    )


def _short(question: str, quotes: Sequence[Quote], found: Found) -> str | None:
    """Return the short answer; several things, or a development, have none."""
    if found.parts or (found.develops and len(quotes) > 1):
        return None
    return extract.short(question, quotes, found.ranking.hits, found.ranking.readings)
