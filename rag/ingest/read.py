"""A file to documents: each one canonical text, its blocks and its metadata.

    with Reader(max_bytes=50_000_000) as reader:
        [(_, document)] = reader.read_many(Path("talks.pdf"))
        document.title, document.published, document.text[block.start : block.end]

Deterministic, and without the network.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self, TypedDict, Unpack

from rag.errors import SourceError
from rag.ingest.document import Document
from rag.ingest.files import content
from rag.ingest.formats.front_matter import from_mapping
from rag.ingest.parse import PARSED_APART, Found, Source, document, parse_many
from rag.ingest.sandbox import Limits, Sandbox
from rag.ingest.sniff import SUFFIXES, sniff

CONTAINERS = frozenset(suffix for suffix, kind in SUFFIXES.items() if kind in ("csv", "json", "zip"))
"""Suffixes, in lower case, of files that hold several articles."""
SUPPORTED = frozenset(SUFFIXES) - CONTAINERS
"""Suffixes, in lower case, of files that are one article."""


class Stated(TypedDict, total=False):
    """What a caller may say about a text, beside its title."""

    author: str | None
    published: date | str | None
    source: str | None
    url: str | None
    language: str | None


class Reader:
    """Reads files, complex formats in a child process that it starts once. Not thread-safe; close it."""

    def __init__(self, *, max_bytes: int, limits: Limits | None = None) -> None:
        self._max_bytes = max_bytes
        self._sandbox = Sandbox(limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child process, if there is one."""
        self._sandbox.close()

    def read_many(self, path: Path) -> Iterator[Found]:
        """Yield every article of a file with its name within the file, empty when the file is one article.

        Raises:
            SourceError: the file as a whole cannot be read, with a short reason: `empty`, `no text`, `not text`,
                `permission denied`, `needs a password`, `damaged`, `too complex: …`, ….
        """
        yield from self.parse_many(content(path, max_bytes=self._max_bytes), name=path.name)

    def parse_many(self, data: bytes, *, name: str) -> Iterator[Found]:
        """Yield every article of a file with this content and name; as `read_many`."""
        apart = sniff(data, name) in PARSED_APART
        yield from self._sandbox.parse_many(data, name=name) if apart else parse_many(data, name=name)


def read_text(text: str, *, title: str, **stated: Unpack[Stated]) -> Document:
    """Return a text that its caller holds as a document. What is stated is believed before the text.

    Raises:
        SourceError: the text is empty, or `published` is not a date.
    """
    published = stated.get("published")
    known = from_mapping({"title": title, **stated})
    if published and known.published is None:
        raise SourceError(f"published={published!r} is not a date; write it as YYYY-MM-DD")
    return document(Source(text=text, known=known))
