"""What a reader says of a passage: how relevant it is, and which of its sentences answer the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from rag.errors import ModelError
from rag.models.sheet import Group
from rag.records import Article, Passage


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A sentence of a passage, and how likely it is to answer the question."""

    start: int
    """Offset in the article, as the passage's own."""
    end: int
    probability: float
    """0…1."""
    selected: float | None = None
    """Log odds that it answers as read beside the best sentences of all passages; None where it was not."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the reader says of one passage. Ranking is not answerability: they are two figures."""

    relevance: float
    """0…1, for the order of passages among each other."""
    answerable: float
    """0…1, calibrated: how likely the passage answers the question at all."""
    sentences: tuple[Evidence, ...]
    """Every sentence of the passage, in order."""
    span: tuple[int, int] | None = None
    """The shortest answer, as offsets in the article, when the reader finds one."""


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What the best sentences of all passages say side by side; log odds all."""

    answerable: float
    """Whether any of them answers the question."""
    sentences: tuple[float | None, ...]
    """One for each; None for one that did not fit."""


class Reader(Protocol):
    """Question and passages to readings."""

    name: str
    threshold: float
    """The confidence under which a question is refused unless the settings say otherwise."""

    def confidence(self, readings: Sequence[Reading], selected: float | None = None) -> float:
        """Return how likely these passages answer, in whatever order, 0…1, calibrated; 0 for none.

        `selected` are the log odds that their best sentences do, read side by side.
        """
        ...

    def select(self, question: str, groups: Sequence[Group]) -> Selection | None:
        """Return what the best sentences say side by side; None from a reader that sees passages alone."""
        ...

    def read(self, question: str, passages: Sequence[tuple[Passage, Article]]) -> list[Reading]:
        """Return one reading for each passage, in the same order."""
        ...


DEFAULT = "onnx:reader"
FAKE = "fake:overlap"


@cache
def load(name: str = DEFAULT) -> Reader:
    """Return the reader of this name, one for all who ask; its model is read on first use.

    Raises:
        ModelError: no reader has this name.
    """
    if name == DEFAULT:
        from rag.models.cross import CrossReader

        return CrossReader()
    if name == FAKE:
        from rag.models.overlap import OverlapReader

        return OverlapReader()
    raise ModelError(f"No reader is called {name!r}. Known: {DEFAULT}, {FAKE}.")
