"""Do the quotes show where the answer stands? Spans are compared character by character.

A quote copied whole scores well here whatever the answer is worth, so these figures are only ever shown
beside the answer's own. Evidence that is cited from a copy of its article counts as cited where it stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from eval.locate import Span, overlap, union
from eval.metrics.base import Row
from eval.record import FoundCitation, GoldSpan, Place, Reply


def citation_precision(row: Row) -> tuple[float, ...] | None:
    """Share of the cited characters that are gold evidence; 0 for an answer that cites nothing."""
    gold, reply = _gold(row), row.run.reply
    if not gold or reply is None or not reply.answered:
        return None
    cited = _cited(reply)
    unplaced = sum(len(c.quote) for c in reply.citations if c.span is None)
    length = _length(cited) + unplaced
    good = _spans(place for piece in gold for place in piece.places)
    return (_shared(cited, good) / length if length else 0.0,)


def citation_recall(row: Row) -> tuple[float, ...] | None:
    """Share of the gold evidence's characters that are cited; 0 for a refusal."""
    gold, reply = _gold(row), row.run.reply
    if not gold or reply is None:
        return None
    return (_length(_spans(_seen(_cited(reply), gold))) / _length(_spans(gold)),)


def quote_exact(row: Row) -> tuple[float, ...] | None:
    """Share of an answer's quotes that are exact slices of the article that they name."""
    reply = row.run.reply
    if reply is None or not reply.citations:
        return None
    return (sum(_exact(c) for c in reply.citations) / len(reply.citations),)


def _exact(citation: FoundCitation) -> bool:
    """Compare with the system's stored text at the offsets given, else look for the words in ours."""
    if citation.stored is not None:
        return bool(citation.quote) and citation.stored == citation.quote
    return bool(citation.quote) and citation.verbatim is True


def _gold(row: Row) -> list[GoldSpan]:
    if not row.run.case.answerable:
        return []
    return [piece for piece in row.run.gold if piece.span is not None and piece.grade > 0]


def _cited(reply: Reply) -> dict[str, list[Span]]:
    return _spans(Place(article=citation.article, span=citation.span) for citation in reply.citations)


def _seen(cited: dict[str, list[Span]], gold: list[GoldSpan]) -> Iterator[Place]:
    """Yield what is cited of each piece of evidence; what is cited from a copy is moved to where the piece stands."""
    for piece in gold:
        for place in piece.places:
            if piece.span is None or place.span is None:
                continue
            low, high = place.span
            by = piece.span[0] - low
            for start, end in cited.get(place.article, ()):
                if start < high and low < end:
                    yield Place(article=piece.article, span=(max(start, low) + by, min(end, high) + by))


def _spans(places: Iterable[Place]) -> dict[str, list[Span]]:
    """Return the spans of each article, merged."""
    spans: dict[str, list[Span]] = defaultdict(list)
    for place in places:
        if place.span is not None:
            spans[place.article].append(place.span)
    return {article: union(found) for article, found in spans.items()}


def _length(spans: dict[str, list[Span]]) -> int:
    return sum(end - start for found in spans.values() for start, end in found)


def _shared(a: dict[str, list[Span]], b: dict[str, list[Span]]) -> int:
    return sum(overlap(x, y) for article in a.keys() & b.keys() for x in a[article] for y in b[article])
