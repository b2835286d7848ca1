"""Reciprocal rank fusion: one ranking out of several, by rank alone.

Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning
methods", SIGIR 2009.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Fused:
    """A passage's place in the common ranking."""

    number: int
    score: float
    """Sum over the lists of 1 / (k + rank)."""
    ranks: Mapping[str, int]
    """Rank from 1 in each list that holds it."""


def fuse(lists: Mapping[str, Sequence[int]], *, k: int) -> list[Fused]:
    """Fuse ranked lists of passage numbers, best first; ties go to the smaller number.

    >>> [f.number for f in fuse({"dense": [1, 2, 3], "lexical": [3, 1]}, k=60)]
    [1, 3, 2]
    """
    ranks: dict[int, dict[str, int]] = {}
    for name, numbers in lists.items():
        for rank, number in enumerate(numbers, start=1):
            ranks.setdefault(number, {}).setdefault(name, rank)
    fused = [
        Fused(number=number, score=sum(1 / (k + rank) for rank in found.values()), ranks=found)
        for number, found in ranks.items()
    ]
    return sorted(fused, key=lambda f: (-f.score, f.number))
