"""One case as the report shows it: what each run said, what it cited and read, and where it went wrong."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from eval.cases import Case
from eval.diagnose import outcome, why
from eval.locate import squash, union
from eval.metrics.ranking import holds
from eval.record import CaseRun, FoundHit, GoldSpan, Place, RunHead
from eval.runfile import Run

_HITS = 5
_CLIP = 600
_MARKER = re.compile(r" ?\[(\d{1,2})\]")


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One retrieved passage."""

    rank: int
    article: str
    parts: tuple[tuple[bool, str], ...]
    """The text in pieces, those that are evidence marked."""
    gold: bool
    relevance: str


@dataclass(frozen=True, kw_only=True)
class Told:
    """What one run said to a case."""

    run: str
    series: int
    """Which run it is, from 1: so it is coloured."""
    verdict: str
    right: bool
    parts: tuple[tuple[str, str], ...]
    """The answer in pieces: (`text`, words) or (`marker`, number)."""
    short: str
    confidence: str
    took: str
    quotes: tuple[tuple[str, str, str, bool], ...]
    """Number, article, quote, whether it touches the evidence."""
    hits: tuple[Hit, ...]
    why: str
    trace: str
    standalone: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One case over all runs."""

    id: str
    kind: str
    question: str
    history: tuple[str, ...]
    answers: tuple[str, ...]
    answerable: bool
    evidence: tuple[tuple[str, str], ...]
    told: tuple[Told, ...]
    state: str
    """`right`, `wrong`, `failed`, or `changed` when the runs differ."""
    search: str


def shown(runs: Sequence[Run], names: Sequence[str]) -> list[Shown]:
    """Return every case of the runs with what each said to it. One that was edited between two runs is two."""
    first: dict[tuple[Case, tuple[GoldSpan, ...]], CaseRun] = {}
    told: dict[tuple[Case, tuple[GoldSpan, ...]], list[Told]] = defaultdict(list)
    for series, (run, name) in enumerate(zip(runs, names, strict=True), 1):
        for found in run.cases:
            asked = (found.case, found.gold)
            first.setdefault(asked, found)
            told[asked].append(_told(found, run.head, (name, series)))
    return [_shown(found, tuple(told[asked])) for asked, found in first.items()]


def _shown(first: CaseRun, told: tuple[Told, ...]) -> Shown:
    case = first.case
    return Shown(
        id=case.id,
        kind=case.kind or "other",
        question=case.question,
        history=case.history,
        answers=case.answers,
        answerable=case.answerable,
        evidence=tuple((e.article, e.quote) for e in case.evidence if e.grade),
        told=told,
        state=_state(told, first),
        search=" ".join([case.id, case.question, *case.answers]).lower(),
    )


def _state(told: Sequence[Told], first: CaseRun) -> str:
    if len({t.right for t in told}) > 1:
        return "changed"
    if first.outcome == "failed":
        return "failed"
    return "right" if told[0].right else "wrong"


def _told(run: CaseRun, head: RunHead, by: tuple[str, int]) -> Told:
    right, words = outcome(run, head)
    reply = run.reply
    parts = tuple(_parts(reply.text)) if reply else ()
    confidence = "" if reply is None or reply.confidence is None else f"{reply.confidence:.2f}"
    standalone = reply.standalone if reply and reply.standalone != run.case.question else ""
    return Told(
        run=by[0],
        series=by[1],
        verdict=words,
        right=right,
        parts=parts,
        short=(reply.short or "") if reply else "",
        confidence=confidence,
        took=f"{run.times['total_ms']:.0f} ms" if "total_ms" in run.times else "",
        quotes=_quotes(run),
        hits=tuple(_hit(hit, rank, run) for rank, hit in enumerate(reply.hits[:_HITS], 1)) if reply else (),
        why=why(run, head),
        trace=run.trace or "",
        standalone=standalone or "",
    )


def _parts(text: str) -> list[tuple[str, str]]:
    """Split an answer at its markers.

    >>> _parts("Cut in 2022 [1].")
    [('text', 'Cut in 2022'), ('marker', '1'), ('text', '.')]
    """
    pieces = _MARKER.split(text)
    return [("marker" if at % 2 else "text", piece) for at, piece in enumerate(pieces) if piece]


def _quotes(run: CaseRun) -> tuple[tuple[str, str, str, bool], ...]:
    quotes = []
    for at, citation in enumerate(run.reply.citations if run.reply else (), 1):
        as_hit = FoundHit(article=citation.article, span=citation.span)
        touches = any(_touches(as_hit, place) for piece in run.relevant for place in piece.places)
        quotes.append((str(citation.number or at), citation.article, citation.quote, touches))
    return tuple(quotes)


def _touches(hit: FoundHit, place: Place) -> bool:
    if place.span is None or hit.span is None or hit.article != place.article:
        return False
    return hit.span[0] < place.span[1] and place.span[0] < hit.span[1]


def _hit(hit: FoundHit, rank: int, run: CaseRun) -> Hit:
    judged = [place for piece in run.relevant if piece.span is None for place in piece.places]
    by_article = any(place.article == hit.article for place in judged)
    return Hit(
        rank=rank,
        article=hit.article,
        parts=tuple(_marked(hit, run.relevant)),
        gold=by_article or any(holds(hit, piece) for piece in run.relevant),
        relevance="" if hit.relevance is None else f"{hit.relevance:.2f}",
    )


def _marked(hit: FoundHit, gold: Sequence[GoldSpan]) -> list[tuple[bool, str]]:
    """Split a hit's text where evidence begins and ends; long stretches of other text are clipped."""
    text = squash(hit.text)
    if hit.span is None or len(text) != hit.span[1] - hit.span[0]:
        return [(False, _clip(hit.text))]
    start, end = hit.span
    inside = [
        (max(place.span[0], start) - start, min(place.span[1], end) - start)
        for piece in gold
        for place in piece.places
        if place.span and _touches(hit, place)
    ]
    parts, at = [], 0
    for low, high in union(inside):
        parts += [(False, _clip(text[at:low])), (True, text[low:high])]
        at = high
    return [part for part in [*parts, (False, _clip(text[at:]))] if part[1]]


def _clip(text: str) -> str:
    if len(text) <= _CLIP:
        return text
    head, tail = text[: _CLIP // 2].rpartition(" ")[0], text[-_CLIP // 2 :].partition(" ")[2]
    return f"{head} […] {tail}"
