"""Three papers that print one report are one source: what a near copy repeats is not a hit of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.records import Hit

_SHARE = 0.8
"""Share of a passage's words that stand in another one of the same story, from which on it only repeats it."""


def without_repeats(hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits, best first, without those that repeat an earlier one of the same story in another article.

    A passage with a number that the earlier one has not is kept: it may be the corrected one.
    """
    kept: dict[str, list[tuple[str, set[str]]]] = {}
    found = []
    for hit in hits:
        story = hit.article.story
        if story is not None:
            words = set(re.findall(r"\w+", hit.passage.text.casefold()))
            others = (other for id, other in kept.get(story, ()) if id != hit.article.id)
            if any(_repeats(words, other) for other in others):
                continue
            kept.setdefault(story, []).append((hit.article.id, words))
        found.append(hit)
    return found


def _repeats(words: set[str], other: set[str]) -> bool:
    new = words - other
    return len(new) <= (1 - _SHARE) * len(words) and not any(word[0].isdigit() for word in new)
