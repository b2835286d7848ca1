"""Pieces of text with their markup to one canonical text with paragraphs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from rag.ingest.clean import canonical
from rag.ingest.paragraphs import Mark, Paragraph

PAGE = "\f"
"""Stands in a piece where a new page begins; it does not stay in the text."""


class Piece(NamedTuple):
    """A paragraph of a marked-up file: its text and what the markup says it is."""

    text: str
    mark: Mark | None = None


@dataclass(frozen=True, kw_only=True)
class Composed:
    """One canonical text, the places of its paragraphs and pages, and what was removed."""

    text: str
    parts: list[Paragraph]
    pages: tuple[int, ...]
    notes: tuple[str, ...]


def compose(pieces: Iterable[Piece]) -> Composed:
    """Return the pieces as one text, a blank line between them."""
    texts: list[str] = []
    parts: list[Paragraph] = []
    pages: list[int] = []
    notes: dict[str, None] = {}
    at = 0
    for piece in pieces:
        slices = [canonical(part) for part in piece.text.split(PAGE)]
        notes.update(dict.fromkeys(note for _, removed in slices for note in removed))
        whole = "".join(text for text, _ in slices)
        offset = at - (len(whole) - len(whole.lstrip()))
        for text, _ in slices[:-1]:
            offset += len(text)
            pages.append(max(offset, at))
        if text := whole.strip():
            parts.append(Paragraph(at, at + len(text), piece.mark))
            texts.append(text)
            at += len(text) + 2
    return Composed(text="\n\n".join(texts), parts=parts, pages=tuple(pages), notes=tuple(notes))
