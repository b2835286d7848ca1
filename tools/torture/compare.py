"""What has to be the same in two corpora of one folder."""

from __future__ import annotations

import hashlib
import random
import re
from typing import Any

from rag.corpus import Corpus


def manifest(corpus: Corpus) -> dict[str, Any]:
    """Return everything that must be the same in two corpora of one folder."""
    book = corpus._store.ledger
    found: dict[str, Any] = {a.id: [a.path, a.title, a.sha256, a.story, list(a.copies)] for a in corpus.articles()}
    vectors = dict(zip(*(part.tolist() if i == 0 else part for i, part in enumerate(book.vectors())), strict=True))
    for batch in book.passages_after(0):
        for number, (passage, _) in batch.items():
            found[passage.id] = [passage.heading, passage.text, hashlib.sha256(vectors[number].tobytes()).hexdigest()]
    return found


def questions(corpus: Corpus, wanted: int) -> list[str]:
    """Return questions made of words that stand in the articles."""
    chosen = random.Random(7)
    words = [sorted(set(re.findall(r"\w{4,}", corpus.text(article.id)))) for article in corpus.articles()]
    return [" ".join(chosen.sample(some, min(5, len(some)))) for some in chosen.choices(words, k=wanted)]


def answers(corpus: Corpus, asked: list[str]) -> list[list[str]]:
    """Return the ten best passages for each question."""
    return [[hit.passage.id for hit in corpus.search(question, k=10)] for question in asked]
