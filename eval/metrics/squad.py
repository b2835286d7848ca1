"""Exact match and token F1 as SQuAD defines them (Rajpurkar et al. 2016), equal to its official script."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Iterable

_ARTICLES = re.compile(r"\b(a|an|the)\b", re.UNICODE)
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(text: str) -> str:
    """Return lower case without ASCII punctuation, English articles and surplus white space.

    >>> normalise("The  U.S. Navy's answer")
    'us navys answer'
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact(prediction: str, gold: str) -> float:
    """Return 1 when both are the same after normalising."""
    return float(normalise(prediction) == normalise(gold))


def f1(prediction: str, gold: str) -> float:
    """Return the harmonic mean of token precision and recall; two empty texts agree fully.

    >>> round(f1("in August 2022", "August 2022"), 3)
    0.8
    """
    said, right = normalise(prediction).split(), normalise(gold).split()
    if not said or not right:
        return float(said == right)
    shared = sum((Counter(said) & Counter(right)).values())
    if not shared:
        return 0.0
    precision, recall = shared / len(said), shared / len(right)
    return 2 * precision * recall / (precision + recall)


def best(score: Callable[[str, str], float], prediction: str, golds: Iterable[str]) -> float:
    """Return the best score over the accepted answers; those of which nothing is left do not count.

    >>> best(exact, "cat", ["the", "A cat"]), best(exact, "", ["the"])
    (1.0, 1.0)
    """
    usable = [gold for gold in golds if normalise(gold)] or [""]
    return max(score(prediction, gold) for gold in usable)
