"""What reading a file gives: one canonical text, what each part of it is, and what it says of itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any, Literal

READER_VERSION = 6
"""Raised when reading or splitting changes, so that every file is read again."""

Kind = Literal["text", "title", "heading", "byline", "caption", "boilerplate"]


@dataclass(frozen=True, kw_only=True)
class Block:
    """A slice of the canonical text that is one thing. Offsets count characters, end exclusive."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """What a source says about an article. None is what it does not say."""

    title: str | None = None
    author: str | None = None
    published: date | None = None
    source: str | None = None
    """The outlet that published it."""
    url: str | None = None
    language: str | None = None

    def or_else(self, other: Metadata) -> Metadata:
        """Return these values, with the gaps filled from `other`."""
        gaps = {field.name: getattr(other, field.name) for field in fields(self) if getattr(self, field.name) is None}
        return replace(self, **gaps)


@dataclass(frozen=True, kw_only=True)
class Document:
    """What a file says. Blocks are in order, do not overlap, and hold every character that is not space."""

    text: str
    title: str
    author: str | None = None
    published: date | None = None
    source: str | None = None
    url: str | None = None
    language: str | None = None
    blocks: tuple[Block, ...] = ()
    notes: tuple[str, ...] = ()
    """What a careful user should know, for example `decoded as cp1252`."""


def to_json(document: Document) -> dict[str, Any]:
    """Return a document as plain JSON values."""
    values = asdict(document)
    values["published"] = document.published.isoformat() if document.published else None
    return values


def from_json(values: dict[str, Any]) -> Document:
    """Return the document that `to_json` wrote."""
    published = values["published"]
    return Document(
        **{
            **values,
            "published": date.fromisoformat(published) if published else None,
            "blocks": tuple(Block(**block) for block in values["blocks"]),
            "notes": tuple(values["notes"]),
        }
    )
