"""What a format's parser finds in a file, before it is laid out."""

from __future__ import annotations

from dataclasses import dataclass, field

from rag.ingest.compose import Piece
from rag.ingest.document import Metadata


@dataclass(frozen=True, kw_only=True)
class Extract:
    """The pieces of a file in reading order, what the file states of itself, and notes."""

    pieces: tuple[Piece, ...]
    metadata: Metadata = field(default_factory=Metadata)
    """Believed before what the text says."""
    marked: Metadata = field(default_factory=Metadata)
    """What elements of a page are marked as, by class and the like: believed where the text is silent or guessed at."""
    properties: Metadata = field(default_factory=Metadata)
    """Of the file, often a program's filling: believed only where the text is silent."""
    notes: tuple[str, ...] = ()
