"""Which passages a language model is shown: the best first, no copies, no article drowning the others, in budget."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag import prompts
from rag.models.tokens import count
from rag.records import Hit
from rag.settings import Generate

_COPY = 0.8


@dataclass(frozen=True, kw_only=True)
class Pack:
    """Passages as they are shown; the passage with number n is `hits[n - 1]`."""

    hits: tuple[Hit, ...]
    text: str


def pack(hits: Sequence[Hit], settings: Generate, *, most: int | None = None) -> Pack:
    """Return the best passages that fit, at least one when there is one.

    A passage that repeats another, and those of an article beyond `settings.per_article`, are left out.
    `most` lowers the number of passages, for a model that could not take them all.
    """
    left = settings.prompt_tokens
    chosen: list[Hit] = []
    shown: list[str] = []
    for hit in _different(hits, settings.per_article):
        text = prompts.passage(len(chosen) + 1, hit.article, hit.passage.text)
        left -= count(text)
        if chosen and (left < 0 or len(chosen) == min(settings.passages, most or settings.passages)):
            break
        chosen.append(hit)
        shown.append(text)
    return Pack(hits=tuple(chosen), text="\n\n".join(shown))


def _different(hits: Sequence[Hit], per_article: int) -> list[Hit]:
    taken: Counter[str] = Counter()
    bags: list[set[str]] = []
    found: list[Hit] = []
    for hit in hits:
        bag = set(re.findall(r"\w{3,}", hit.passage.text.lower()))
        if taken[hit.article.id] >= per_article or any(_copies(bag, other) for other in bags):
            continue
        taken[hit.article.id] += 1
        bags.append(bag)
        found.append(hit)
    return found


def _copies(bag: set[str], other: set[str]) -> bool:
    return bool(bag) and len(bag & other) >= _COPY * len(bag | other)
