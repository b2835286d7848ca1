"""What language models cost: tokens, dollars where prices are set, and what a conversation has spent."""

from __future__ import annotations

from collections.abc import Sequence

from rag.records import Answer, Turn, Usage
from rag.settings import Generate


def usage(tokens_in: int, tokens_out: int, settings: Generate) -> Usage:
    """Return what one call cost; in dollars when both prices are set.

    >>> usage(1000, 100, Generate(price_in=1, price_out=10)).cost
    0.002
    """
    cost = None
    if settings.price_in is not None and settings.price_out is not None:
        cost = (tokens_in * settings.price_in + tokens_out * settings.price_out) / 1_000_000
    return Usage(tokens_in=tokens_in, tokens_out=tokens_out, cost=cost)


def total(*parts: Usage) -> Usage:
    """Add up; the cost is known when that of every part that used tokens is."""
    used = [part for part in parts if part.tokens_in or part.tokens_out]
    costs = [part.cost for part in used]
    known = bool(used) and None not in costs
    return Usage(
        tokens_in=sum(part.tokens_in for part in used),
        tokens_out=sum(part.tokens_out for part in used),
        cost=sum(cost or 0.0 for cost in costs) if known else None,
    )


def spent(history: Sequence[Turn]) -> int:
    """Return the tokens in and out that the answers of a conversation have cost."""
    used = [turn.answer.usage for turn in history if isinstance(turn.answer, Answer)]
    return sum(one.tokens_in + one.tokens_out for one in used)
