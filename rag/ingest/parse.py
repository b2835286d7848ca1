"""Bytes to documents: sniff the kind, let its parser take it apart, lay it out. No file is touched.

Everything here may run in the child process of `rag.ingest.sandbox`.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import PurePath
from typing import Any

from rag.errors import SourceError
from rag.ingest.bylines import byline_author
from rag.ingest.clean import canonical, one_line
from rag.ingest.compose import Composed, compose
from rag.ingest.decode import decode
from rag.ingest.document import Document, Metadata
from rag.ingest.extract import Extract
from rag.ingest.formats import front_matter, markdown, records
from rag.ingest.layout import Layout, lay_out
from rag.ingest.paragraphs import paragraphs
from rag.ingest.sniff import SUFFIXES, Format, described, sniff

PARSED_APART: frozenset[Format] = frozenset(["html", "pdf", "docx", "odt", "epub", "rtf", "eml", "zip"])
"""Formats whose parsers are complex enough to run in a process that can be killed."""
_MANY: frozenset[Format] = frozenset(["csv", "json", "zip"])
_TITLE_CHARS = 80
_MOST_LINES = 200_000
_LONGEST_VALUE = 1_000
"""Of a field of metadata, in characters."""

Found = tuple[str, Document | SourceError]
"""A name within the file, empty for a file that is one article, and the article or why there is none."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A text and what is known of it from outside."""

    text: str
    known: Metadata = field(default_factory=Metadata)
    is_markdown: bool | None = None
    """None lets the text decide."""
    file_name: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _About:
    """What is known of a text beside its words."""

    known: Metadata
    properties: Metadata
    file_name: str
    notes: tuple[str, ...]
    marked: Metadata = field(default_factory=Metadata)


def named_like_article(name: str) -> bool:
    """Tell whether a file of a folder or an archive is looked at: no README, and of a type that we read."""
    path = PurePath(name)
    return path.stem.upper() != "README" and path.suffix.lower() in SUFFIXES


def parse(data: bytes, *, name: str) -> Document:
    """Return the one article that a file with this content and name is.

    Raises:
        SourceError: with a short reason, also when the file may hold several articles.
    """
    with _reasons():
        kind = sniff(data, name)
        if kind in _MANY:
            raise SourceError("a file of several articles")
        return _one(data, name, kind)


def parse_many(data: bytes, *, name: str) -> Iterator[Found]:
    """Yield every article of a file, in its order. What is wrong with one does not stop the others.

    Raises:
        SourceError: the file as a whole cannot be read.
    """
    with _reasons():
        kind = sniff(data, name)
        if kind == "zip":
            yield from _archive(data)
        elif kind in _MANY:
            yield from _rows(data, kind)
        else:
            yield "", _one(data, name, kind)


def document(source: Source) -> Document:
    """Return a text as a document.

    Raises:
        SourceError: `no text`.
    """
    stated, body, trouble = front_matter.split_front_matter(source.text.lstrip("\ufeff"))
    known = source.known.or_else(stated)
    notes = (*source.notes, *((trouble,) if trouble else ()))
    about = _About(known, Metadata(), source.file_name, notes)
    if source.is_markdown or (source.is_markdown is None and markdown.looks_like_markdown(body)):
        return _laid_out(compose(markdown.pieces(body)), about)
    if body.count("\n") > _MOST_LINES:
        raise SourceError(f"more than {_MOST_LINES:,} lines, not an article")
    text, removed = canonical(body)
    whole = Composed(text=text, parts=paragraphs(text), notes=removed)
    return _laid_out(whole, about)


def _one(data: bytes, name: str, kind: Format) -> Document:
    path = PurePath(name)
    surprise = described(kind, name)
    notes = (surprise,) if surprise else ()
    if kind in ("text", "markdown"):
        decoded = decode(data)
        notes = (*notes, *((decoded.note,) if decoded.note else ()))
        markup = True if kind == "markdown" else None
        return document(Source(text=decoded.text, is_markdown=markup, file_name=path.stem, notes=notes))
    extract: Extract = importlib.import_module(f"rag.ingest.formats.{kind}").extract(data)
    notes = (*notes, *extract.notes)
    about = _About(extract.metadata, extract.properties, path.stem, notes, extract.marked)
    return _laid_out(compose(extract.pieces), about)


def _laid_out(whole: Composed, about: _About) -> Document:
    if not whole.parts:
        raise SourceError("no text")
    known = _cleaned(about.known)
    layout = lay_out(whole.text, whole.parts, known)
    if (silent := _unsaid(whole.text, layout, about.marked)) != Metadata():
        layout = lay_out(whole.text, whole.parts, known.or_else(_cleaned(silent)))  # finds an author's biography
    found = _cleaned(layout.metadata.or_else(about.properties))
    title, how = (
        (found.title, None) if found.title else _fallback_title(_first_words(whole.text, layout), about.file_name)
    )
    return Document(
        text=whole.text,
        title=title,
        author=found.author,
        published=found.published,
        source=found.source,
        url=found.url,
        language=found.language,
        blocks=layout.blocks,
        notes=(*about.notes, *whole.notes, *layout.notes, *((how,) if how else ())),
    )


def _unsaid(text: str, layout: Layout, marked: Metadata) -> Metadata:
    """Return what is marked and the text does not say.

    A line that is only a name may be a place: just a byline says who wrote. The date of an update says nothing of
    publication.
    """
    said, updated = layout.metadata, bool(layout.notes)
    lines = (one_line(text[block.start : block.end]) for block in layout.blocks if block.kind == "byline")
    stated = said.author is not None and said.author in map(byline_author, lines)
    return Metadata(
        author=None if stated else marked.author,
        published=marked.published if said.published is None or updated else None,
    )


def _cleaned(stated: Metadata) -> Metadata:
    """Return what is stated in the canonical form, on one line, and not at any length.

    Half a surrogate pair could not even be stored, and half an address leads nowhere.
    """
    words = {name: value for name, value in asdict(stated).items() if isinstance(value, str)}
    clean: dict[str, Any] = {name: one_line(canonical(value)[0]) or None for name, value in words.items()}
    long = {name: value for name, value in clean.items() if value and len(value) > _LONGEST_VALUE}
    cut = {name: None if name == "url" else value[:_LONGEST_VALUE].rstrip() for name, value in long.items()}
    return replace(stated, **{**clean, **cut})


def _first_words(text: str, layout: Layout) -> str:
    """Return the paragraph that an article begins with."""
    said = (block for block in layout.blocks if block.kind not in ("boilerplate", "byline"))
    first = next(said, layout.blocks[0])
    return text[first.start : first.end]


def _fallback_title(text: str, file_name: str) -> tuple[str, str]:
    """Name an article that states no title, and say how."""
    words = re.sub(r"[-_+.\s]+", " ", canonical(file_name)[0]).strip()
    if len(re.findall(r"[^\W\d_]{3,}", words)) >= 2 and not re.search(r"[0-9a-f]{8,}", words):
        return words, "no title stated: named after the file"
    first = one_line(text[: 10 * _TITLE_CHARS])
    if len(first) > _TITLE_CHARS:
        first = first[:_TITLE_CHARS].rsplit(" ", 1)[0].rstrip(",;:—– ") + "…"
    return first, "no title stated: named by its first words"


def _rows(data: bytes, kind: Format) -> Iterator[Found]:
    decoded = decode(data)
    rows = records.csv_rows(decoded.text) if kind == "csv" else records.json_rows(decoded.text)
    for row in rows:
        if isinstance(row, tuple):
            yield row
            continue
        try:
            yield row.name, document(Source(text=row.text, known=row.known))
        except MemoryError:
            raise
        except Exception as error:
            yield row.name, _reason(error)


def _archive(data: bytes) -> Iterator[Found]:
    from rag.ingest.formats.archive import files, member, open_zip

    archive = open_zip(data)
    for name in filter(named_like_article, files(archive)):
        try:
            inner = member(archive, name)
            if sniff(inner, name) == "zip":
                raise SourceError("an archive within an archive")
            for sub, found in parse_many(inner, name=name):
                yield f"{name}/{sub}" if sub else name, found
        except MemoryError:
            raise
        except Exception as error:
            yield name, _reason(error)


@contextmanager
def _reasons() -> Iterator[None]:
    """Turn what a bug of a parser raises into a reason: it must not cost the other files."""
    try:
        yield
    except (SourceError, MemoryError):
        raise
    except Exception as error:
        raise _reason(error) from error


def _reason(error: Exception) -> SourceError:
    """Return why there is no article; a bug of a parser must not cost the other articles of the file."""
    return error if isinstance(error, SourceError) else SourceError(f"its parser failed: {type(error).__name__}")
