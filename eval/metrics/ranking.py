"""Was the evidence found? All measures come from ir-measures over one ranking for each case.

Where articles are judged, an article stands at the rank of its first hit. Where quotes are judged, each
quote is an item, and a hit that holds at least half of a quote's characters brings it in; a hit that
brings two in takes two ranks, one that brings in nothing new takes one. A copy of a judged article stands for it.
"""

from __future__ import annotations

from collections.abc import Iterable

import ir_measures
from ir_measures import AP, RR, R, Success, nDCG

from eval.locate import overlap
from eval.record import DEPTH, CaseRun, FoundHit, GoldSpan, Place

_KINDS = {"recall": R, "hit": Success, "mrr": RR, "ndcg": nDCG, "map": AP}
_MEASURES = {f"{kind}@{k}": measure @ k for kind, measure in _KINDS.items() for k in range(1, DEPTH + 1)}
_CUTS = (1, 3, 5, 10)
NAMES = (*(f"{kind}@{k}" for kind in ("recall", "hit") for k in _CUTS), "mrr@10", "ndcg@10", "map@10")
"""Those that are always measured."""
_HOLDS = 0.5


def is_measure(name: str) -> bool:
    """Say whether a name such as `recall@15` stands for a measure that can be had by asking."""
    return name in _MEASURES


def score(runs: Iterable[CaseRun], unit: str, more: Iterable[str] = ()) -> dict[str, dict[str, float]]:
    """Return the ranking measures of every judged case by case id; none when no case has a hit.

    Args:
        runs: cases that did not fail. Where none of them has a hit, the system has no search to judge.
        unit: `quote` or `article`.
        more: names of further measures; other names are left.
    """
    runs = list(runs)
    if not any(run.reply is not None and run.reply.hits for run in runs):
        return {}
    names = {_MEASURES[name]: name for name in (*NAMES, *more) if is_measure(name)}
    qrels: dict[str, dict[str, int]] = {}
    ranked: dict[str, dict[str, float]] = {}
    for run in runs:
        judged = judgements(run, unit)
        if any(grade > 0 for grade in judged.values()):
            order = ranking(run, unit)
            qrels[run.case.id] = judged
            ranked[run.case.id] = {item: float(len(order) - at) for at, item in enumerate(order)}
    scores: dict[str, dict[str, float]] = {case: dict.fromkeys(names.values(), 0.0) for case in qrels}
    if not qrels:
        return scores
    for found in ir_measures.iter_calc(list(names), qrels, ranked):
        scores[found.query_id][names[found.measure]] = float(found.value)
    return scores


def judgements(run: CaseRun, unit: str) -> dict[str, int]:
    """Return the grade of every item that should, or should not, be found."""
    if not run.case.answerable:
        return {}
    if unit == "article":
        grades: dict[str, int] = {}
        for piece in run.gold:
            grades[piece.article] = max(piece.grade, grades.get(piece.article, 0))
        return grades
    return {_item(at): piece.grade for at, piece in enumerate(run.gold) if piece.span is not None}


def ranking(run: CaseRun, unit: str) -> list[str]:
    """Return the items in the order in which the hits bring them in."""
    hits = run.reply.hits if run.reply is not None else ()
    if unit == "article":
        return list(dict.fromkeys(name for hit in hits for name in _stands_for(hit.article, run)))
    order: list[str] = []
    for rank, hit in enumerate(hits):
        new = [_item(at) for at, piece in enumerate(run.gold) if holds(hit, piece) and _item(at) not in order]
        order.extend(new or [f"hit {rank}"])
    return order


def holds(hit: FoundHit, piece: GoldSpan) -> bool:
    """Say whether a hit holds at least half of a quote, in its article or in a copy of it."""
    return any(_holds(hit, place) for place in piece.places)


def _holds(hit: FoundHit, place: Place) -> bool:
    if hit.span is None or place.span is None or hit.article != place.article:
        return False
    return overlap(hit.span, place.span) >= _HOLDS * (place.span[1] - place.span[0])


def _stands_for(article: str, run: CaseRun) -> list[str]:
    """Return the judged articles that an article is or is a copy of; an article that is neither stands for itself."""
    judged = [piece.article for piece in run.gold if any(place.article == article for place in piece.places)]
    return judged or [article]


def _item(at: int) -> str:
    return f"quote {at}"
