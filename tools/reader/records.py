"""What the training and the measuring of the reader pass around."""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(os.environ.get("FOOTNOTE_DATA", Path(__file__).resolve().parents[2] / "../shared/data"))
"""Where the data sets lie: beside the checkout, unless the environment says otherwise."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """A passage as the reader sees it."""

    text: str
    title: str = ""
    published: str | None = None
    """ISO date."""
    article: str = ""
    """What it belongs to; passages of one article share it."""
    start: int = 0
    """Offset of the passage in its article."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One question beside one passage, with what is known of it. None means not known: no loss is taken."""

    question: str
    passage: Text
    answerable: bool | None
    relevant: bool | None = None
    span: tuple[int, int] | None = None
    """The short answer, in the passage."""
    evidence: tuple[tuple[int, int], ...] | None = None
    """The answering stretches, in the passage; empty: no sentence answers."""
    supported: bool | None = None
    """Whether the passage supports the statement that stands in the question's place."""


@dataclass(frozen=True, kw_only=True)
class Unit:
    """Pairs of one question that are trained together; the first is the gold passage of a list."""

    source: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question on one passage or article, as a data set gives it."""

    id: str
    question: str
    passage: Text
    answers: tuple[str, ...]
    answerable: bool
    span: tuple[int, int] | None
    evidence: tuple[tuple[int, int], ...] | None
    kind: str = ""
    open_corpus: bool = True


def rows(name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a gzipped JSON-lines file of the shared data, such as `nq_oracle/examples`."""
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def number(identifier: str) -> int:
    """Return the number that ends an identifier.

    >>> number("hw0-p17")
    17
    """
    return int(re.findall(r"\d+", identifier)[-1])


def plain(text: str) -> str:
    """Return letters and digits only, lower case: equal for texts that differ in spacing and punctuation."""
    return re.sub(r"[\W_]+", "", text.lower())


def overlap(sentence: tuple[int, int], evidence: tuple[int, int]) -> bool:
    """Tell whether a sentence is evidence: more than half of the shorter of the two is shared."""
    shared = min(sentence[1], evidence[1]) - max(sentence[0], evidence[0])
    return shared > 0.5 * min(sentence[1] - sentence[0], evidence[1] - evidence[0])
