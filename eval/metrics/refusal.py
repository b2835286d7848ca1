"""Does it know what it does not know? Judged over all cases at once.

Refusing is the positive class: a refusal is right when the corpus does not answer. Confidence says how
likely the articles are to answer the question; it is judged against whether they do.
"""

from __future__ import annotations

import numpy as np

from eval.metrics.base import Row, Values, ratio

BINS = 10


def outcomes(row: Row) -> tuple[float, ...] | None:
    """Draw refused and unanswerable, each 0 or 1."""
    reply = row.run.reply
    if reply is None:
        return None
    return float(not reply.answered), float(not row.run.case.answerable)


def confidences(row: Row) -> tuple[float, ...] | None:
    """Draw confidence and answerable; nothing from a system that gives no confidence."""
    reply = row.run.reply
    if reply is None or reply.confidence is None:
        return None
    return reply.confidence, float(row.run.case.answerable)


def refused(values: Values) -> int:
    """Return how many cases were refused."""
    return int(values[:, 0].sum())


def unanswerable(values: Values) -> int:
    """Return how many cases the corpus does not answer."""
    return int(values[:, 1].sum())


def precision(values: Values) -> Values:
    """Return the share of refusals that are right; undefined without refusals."""
    return ratio(_right(values), values[..., 0].sum(-1))


def recall(values: Values) -> Values:
    """Return the share of unanswerable cases that are refused; undefined without unanswerable cases."""
    return ratio(_right(values), values[..., 1].sum(-1))


def f1(values: Values) -> Values:
    """Return the harmonic mean of both; undefined without unanswerable cases."""
    both = ratio(2 * _right(values), values.sum((-1, -2)))
    return np.where(values[..., 1].any(-1), both, np.nan)


def _right(values: Values) -> Values:
    both: Values = (values[..., 0] * values[..., 1]).sum(-1)
    return both


def auroc(values: Values) -> Values:
    """Return how often an answerable case has more confidence than an unanswerable one, ties counting half.

    Undefined when one of the two kinds is missing. The Mann-Whitney form, over counts of equal confidences.
    """
    flat = values.reshape(-1, *values.shape[-2:])
    levels, codes = np.unique(flat[..., 0], return_inverse=True)
    places = codes.reshape(flat.shape[:2]) + len(levels) * np.arange(len(flat))[:, None]

    def counts(weights: Values) -> Values:
        size = len(levels) * len(flat)
        found: Values = np.bincount(places.ravel(), weights.ravel(), size).astype(np.float64)
        return found.reshape(len(flat), len(levels))

    yes, no = counts(flat[..., 1]), counts(1 - flat[..., 1])
    below = no.cumsum(-1) - no / 2
    figures = ratio((yes * below).sum(-1), yes.sum(-1) * no.sum(-1))
    return figures.reshape(values.shape[:-2])


def ece(values: Values) -> Values:
    """Return the expected calibration error: |confidence - share answerable| over ten equal bins,

    weighted by their cases (Naeini, Cooper and Hauskrecht 2015).
    """
    bins = np.minimum((values[..., 0] * BINS).astype(int), BINS - 1)
    gaps = values[..., 0] - values[..., 1]
    total = sum(np.abs(np.where(bins == at, gaps, 0).sum(-1)) for at in range(BINS))
    return np.asarray(total / values.shape[-2])
