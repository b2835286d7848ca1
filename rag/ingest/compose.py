"""Pieces of text with their markup to one canonical text with paragraphs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from rag.ingest.clean import canonical
from rag.ingest.paragraphs import Mark, Paragraph


class Piece(NamedTuple):
    """A paragraph of a marked-up file: its text and what the markup says it is."""

    text: str
    mark: Mark | None = None


@dataclass(frozen=True, kw_only=True)
class Composed:
    """One canonical text, the places of its paragraphs, and what was removed."""

    text: str
    parts: list[Paragraph]
    notes: tuple[str, ...]


def compose(pieces: Iterable[Piece]) -> Composed:
    """Return the pieces as one text, a blank line between them."""
    texts: list[str] = []
    parts: list[Paragraph] = []
    notes: dict[str, None] = {}
    at = 0
    for piece in pieces:
        whole, removed = canonical(piece.text)
        notes.update(dict.fromkeys(removed))
        if text := whole.strip():
            parts.append(Paragraph(at, at + len(text), piece.mark))
            texts.append(text)
            at += len(text) + 2
    return Composed(text="\n\n".join(texts), parts=parts, notes=tuple(notes))
