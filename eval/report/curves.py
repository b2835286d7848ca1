"""The numbers behind the plots."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eval.metrics import Row
from eval.metrics.answer import verdict
from eval.metrics.refusal import BINS
from eval.score import CURVE

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True)
class Bin:
    """One column of a reliability diagram."""

    confidence: float
    """Mean confidence of its cases."""
    share: float
    """How many of them the corpus answers, as a share."""
    n: int


def recall(rows: list[Row]) -> Points:
    """Return (k, mean recall@k) for k from 1."""
    judged = [row.ranking for row in rows if row.ranking]
    if not judged:
        return ()
    return tuple((float(k), float(np.mean([found[f"recall@{k}"] for found in judged]))) for k in CURVE)


def risk(rows: list[Row]) -> Points:
    """Return (coverage, risk): the share of all cases answered, and of those the share answered wrongly,

    when only answers above a falling confidence are given (El-Yaniv and Wiener 2010). Ends where the
    system itself stops answering; cases of equal confidence come in together.
    """
    answered = [
        (row.run.reply.confidence, not verdict(row.run)[0])
        for row in rows
        if row.run.reply is not None and row.run.reply.answered and row.run.reply.confidence is not None
    ]
    answered.sort(key=lambda pair: -pair[0])
    points, wrong = [], 0
    for count, (confidence, is_wrong) in enumerate(answered, 1):
        wrong += is_wrong
        if count == len(answered) or answered[count][0] != confidence:
            points.append((count / len(rows), wrong / count))
    return tuple(points)


def reliability(rows: list[Row]) -> tuple[Bin, ...]:
    """Return the non-empty bins of confidence against the share that is answerable."""
    pairs = [
        (row.run.reply.confidence, float(row.run.case.answerable))
        for row in rows
        if row.run.reply is not None and row.run.reply.confidence is not None
    ]
    if not pairs:
        return ()
    values = np.array(pairs)
    place = np.minimum((values[:, 0] * BINS).astype(int), BINS - 1)
    bins = (values[place == at] for at in range(BINS))
    return tuple(Bin(confidence=float(b[:, 0].mean()), share=float(b[:, 1].mean()), n=len(b)) for b in bins if len(b))


def latencies(rows: list[Row]) -> tuple[float, ...]:
    """Return the milliseconds of every case."""
    return tuple(row.run.times["total_ms"] for row in rows if "total_ms" in row.run.times)
