"""YAML front matter: what a file says of itself in its first lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from rag.ingest.clean import one_line
from rag.ingest.dates import parse_date
from rag.ingest.document import Metadata

_KEYS = {
    "title": ("title", "headline"),
    "author": ("author", "authors", "byline"),
    "published": ("published", "date", "publication_date", "published_at"),
    "source": ("source", "outlet", "publisher", "publication"),
    "url": ("url", "link", "canonical_url"),
    "language": ("language", "lang"),
}
_LARGEST = 64_000


def split_front_matter(text: str) -> tuple[Metadata, str, str | None]:
    """Return the metadata, the text without its front matter, and a note when it cannot be read.

    YAML is read with the safe loader. A text that merely begins with a rule (`---`) is left alone.
    """
    if not text.startswith("---") or "\n---" not in text[:_LARGEST]:
        return Metadata(), text, None
    import frontmatter
    import yaml

    try:
        values, body = frontmatter.parse(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return Metadata(), text, "front matter could not be read"
    return (from_mapping(values), body, None) if isinstance(values, dict) and values else (Metadata(), text, None)


def from_mapping(values: Mapping[str, object]) -> Metadata:
    """Return the metadata in a mapping with any of the customary keys, case ignored."""
    lower = {str(key).lower().replace("-", "_"): value for key, value in values.items()}
    found = {name: _first(lower, keys) for name, keys in _KEYS.items()}
    return Metadata(
        title=_text(found["title"]),
        author=_names(found["author"]),
        published=_date(found["published"]),
        source=_text(found["source"]),
        url=_text(found["url"]),
        language=_text(found["language"]),
    )


def _first(values: Mapping[str, object], keys: tuple[str, ...]) -> object:
    return next((values[key] for key in keys if values.get(key) not in (None, "", [])), None)


def _text(value: object) -> str | None:
    return one_line(str(value)) or None if isinstance(value, str | int | float | date) else None


def _names(value: object) -> str | None:
    if not isinstance(value, list):
        return _text(value)
    names = [name for name in map(_text, value) if name]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]])) or None


def _date(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else parse_date(_text(value) or "")
