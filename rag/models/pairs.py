"""A question and a passage as the trained reader takes them: word pieces with their place in the passage.

`[CLS] question [SEP] title. date. passage [SEP]`, the first segment up to the first [SEP]. Training and
answering both encode with this module, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rag.ingest.sentences import sentences
from rag.records import Article

if TYPE_CHECKING:
    from tokenizers import Tokenizer

QUESTION_TOKENS, TITLE_TOKENS, TOTAL_TOKENS = 64, 40, 320
CLS, SEP = 101, 102
_CHARS_PER_TOKEN = 100  # no token of the vocabulary is longer, so what lies beyond is truncated anyway


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """One pair in word pieces."""

    ids: list[int]
    second: int
    """Where the second segment begins."""
    first: int
    """Where the passage's own pieces begin; one [SEP] follows them."""
    offsets: list[tuple[int, int]]
    """For each of the passage's pieces its characters, as offsets into the passage."""
    spans: list[tuple[int, int]]
    """The passage's sentences, all of them."""
    numbers: list[int]
    """For each of the passage's pieces the number of its sentence."""


def context(title: str, published: str | None) -> str:
    """Return what stands before the passage.

    >>> context("Ferry sinks", "2023-03-12")
    'Ferry sinks. 2023-03-12.'
    """
    return " ".join(f"{part}." for part in (title, published) if part)


def about(article: Article) -> str:
    """Return what stands before a passage of an article."""
    return context(article.title, article.published.isoformat() if article.published else None)


def pieces(tokenizer: Tokenizer, question: str, before: str, passage: str) -> Pieces:
    """Encode a pair; what does not fit into `TOTAL_TOKENS` is cut off the passage's end."""
    asked = encode(tokenizer, question, QUESTION_TOKENS)
    about = encode(tokenizer, before, TITLE_TOKENS)
    room = TOTAL_TOKENS - len(asked) - len(about) - 3
    body = _encode(tokenizer, passage, room)
    offsets = body.offsets[:room]
    spans = sentences(passage)
    return Pieces(
        ids=[CLS, *asked, SEP, *about, *body.ids[:room], SEP],
        second=len(asked) + 2,
        first=len(asked) + 2 + len(about),
        offsets=offsets,
        spans=spans,
        numbers=number_sentences(offsets, spans),
    )


def number_sentences(offsets: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int]]) -> list[int]:
    """Return for each piece the number of the sentence that it stands in.

    >>> number_sentences([(0, 2), (3, 5), (6, 8)], [(0, 5), (6, 8)])
    [0, 0, 1]
    """
    found, place = [], 0
    for start, _ in offsets:
        while place + 1 < len(spans) and start >= spans[place + 1][0]:
            place += 1
        found.append(place)
    return found


def encode(tokenizer: Tokenizer, text: str, tokens: int) -> list[int]:
    """Return the first word pieces of a text, at most so many."""
    return list(_encode(tokenizer, text, tokens).ids[:tokens])


def _encode(tokenizer: Tokenizer, text: str, tokens: int) -> Any:
    """Encode a text; half of a surrogate pair counts as a question mark, which keeps the offsets."""
    head = text[: tokens * _CHARS_PER_TOKEN].encode("utf-8", "replace").decode("utf-8")
    return tokenizer.encode(head, add_special_tokens=False)


def means(values: NDArray[np.float32], numbers: Sequence[int], count: int) -> tuple[float | None, ...]:
    """Return the mean over the pieces of each of `count` sentences, None for one without any; pieces at -1 are of none.

    >>> means(np.array([1, 3, 9, 5], np.float32), [0, 0, -1, 2], 3)
    (2.0, None, 5.0)
    """
    places = np.array(numbers, np.int64)
    inside = places >= 0
    sums = np.bincount(places[inside], weights=values[inside], minlength=count)
    sizes = np.bincount(places[inside], minlength=count)
    return tuple(float(s / n) if n else None for s, n in zip(sums, sizes, strict=True))
