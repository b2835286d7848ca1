"""Say whether a case came out right, and where it went wrong: in finding, reading, refusing or wording."""

from __future__ import annotations

from eval.metrics.answer import verdict
from eval.metrics.ranking import judgements, ranking
from eval.record import CaseRun, Reply, RunHead

_DEEP = 10


def outcome(run: CaseRun, head: RunHead) -> tuple[bool, str]:
    """Say whether a case came out right, and what became of it in a word or two.

    Of a run that only searches, a case is right when evidence is among the first ten hits, or none is known.
    """
    if head.task != "search" or run.outcome == "failed":
        return verdict(run)
    if not _known(run, head.unit):
        return True, "nothing to find"
    rank = first_rank(run, head.unit)
    return (True, f"found at rank {rank}") if rank is not None and rank <= _DEEP else (False, "not found")


def why(run: CaseRun, head: RunHead) -> str:
    """Return what went wrong with a case; empty when nothing did."""
    if run.outcome == "failed" or run.reply is None:
        return run.error or "The system failed."
    right, _ = outcome(run, head)
    if right:
        return ""
    found = _found(run, head.unit)
    if head.task == "search":
        return f"{found.capitalize()}."
    if not run.case.answerable:
        return f"Answered although the corpus does not answer this{_confidence(run.reply)}."
    if run.outcome == "refused":
        return f"Refused{_confidence(run.reply)}; {found}."
    return f"No accepted answer occurs in the text; {found}, {_cited(run, run.reply)}."


def first_rank(run: CaseRun, unit: str) -> int | None:
    """Return at which rank the first evidence was found, from 1."""
    wanted = {item for item, grade in judgements(run, unit).items() if grade > 0}
    return next((rank for rank, item in enumerate(ranking(run, unit), 1) if item in wanted), None)


def _known(run: CaseRun, unit: str) -> bool:
    return any(grade > 0 for grade in judgements(run, unit).values())


def _found(run: CaseRun, unit: str) -> str:
    if not _known(run, unit):
        return "no evidence is known"
    rank = first_rank(run, unit)
    if rank is None or rank > _DEEP:
        return f"the evidence is not among the first {_DEEP} hits"
    return f"the evidence was found at rank {rank}"


def _cited(run: CaseRun, reply: Reply) -> str:
    if not reply.citations:
        return "and nothing is cited"
    gold = [place for piece in run.relevant for place in piece.places if place.span is not None]
    if not gold:
        return "and other text may be cited"
    touches = any(
        citation.article == place.article
        and citation.span is not None
        and place.span is not None
        and citation.span[0] < place.span[1]
        and place.span[0] < citation.span[1]
        for citation in reply.citations
        for place in gold
    )
    return "and it is cited" if touches else "but other sentences are cited"


def _confidence(reply: Reply) -> str:
    return "" if reply.confidence is None else f" with confidence {reply.confidence:.2f}"
