"""Copies: where else a corpus holds the very words of the evidence, because another paper printed the same report.

Found from the suite's own texts, not from what a system says of them, so that every system is judged alike. What is
one story is decided as `rag sync` does; within a story only the same words count, so that a copy in which a figure was
changed is not evidence for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np

from eval.cases import Suite
from eval.locate import Span
from eval.record import Place
from rag.store.stories import signature, stories


class Copies:
    """Which articles of a suite are exact or near copies of each other."""

    def __init__(self, suite: Suite) -> None:
        self._suite = suite
        self._others = _others({name: article.text for name, article in suite.articles.items()})

    def places(self, article: str, span: Span | None) -> Iterator[Place]:
        """Yield where copies hold the words at a span of an article; without a span, which copies are exact."""
        for name in self._others.get(article, ()):
            own, other = self._suite.canvas(article), self._suite.canvas(name)
            if own is None or other is None:
                continue
            if span is None:
                if own.text == other.text:
                    yield Place(article=name)
                continue
            words = own.text[slice(*span)]
            found = other.find(words, near=span[0])
            if found is not None and other.text[slice(*found)] == words:
                yield Place(article=name, span=found)


def _others(texts: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the other articles of the story of every article that shares one."""
    if len(texts) < 2:
        return {}
    ids = sorted(texts)
    named = stories(ids, np.stack([signature(texts[id]) for id in ids]))
    members: dict[str, list[str]] = defaultdict(list)
    for id, story in named.items():
        members[story].append(id)
    return {id: [other for other in members[story] if other != id] for id, story in named.items()}
