"""How long and how dear."""

from __future__ import annotations

import numpy as np

from eval.metrics.base import Combine, Row, Values


def latency(row: Row) -> tuple[float, ...] | None:
    """Draw the milliseconds of the question itself."""
    took = row.run.times.get("total_ms")
    return None if took is None else (took,)


def percentile(q: float) -> Combine:
    """Return the q-th percentile, interpolated linearly."""

    def combine(values: Values) -> Values:
        figures: Values = np.percentile(values[..., 0], q, axis=-1)
        return figures

    return combine


def tokens(row: Row) -> tuple[float, ...] | None:
    """Draw the tokens that a language model read and wrote; nothing when none was used."""
    reply = row.run.reply
    used = reply.usage.tokens_in + reply.usage.tokens_out if reply is not None else 0
    return (float(used),) if used else None


def cost(row: Row) -> tuple[float, ...] | None:
    """Draw the US dollars of the answer, where a price is known."""
    reply = row.run.reply
    return None if reply is None or reply.usage.cost is None else (reply.usage.cost,)


def words_read(row: Row) -> tuple[float, ...] | None:
    """Draw the words of the first five hits; nothing without hits, or when their text was not kept."""
    reply = row.run.reply
    words = sum(len(hit.text.split()) for hit in reply.hits[:5]) if reply is not None else 0
    return (float(words),) if words else None
