"""YAML front matter: what a file says of itself in its first lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

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
_BESIDE = ("tags", "keywords", "categories", "category", "description", "draft", "layout", "permalink", "slug")
_KNOWN = frozenset([*_BESIDE, *(key for keys in _KEYS.values() for key in keys)])
_LARGEST = 64_000
_KEY = re.compile(r"^(?=[\w-]+[ \t]*:(?:\s|$))", re.MULTILINE)
_PROSE = re.compile(r"^(?![\w-]+[ \t]*:(?:\s|$)|[\s#-]|$)", re.MULTILINE)
"""A line that neither begins with a key nor goes on with the one before."""
_NULL = [("tag:yaml.org,2002:null", re.compile("(?:~|null|)$"))]


def split_front_matter(text: str) -> tuple[Metadata, str, str | None]:
    """Return the metadata, the text without its front matter, and a note when it is not YAML.

    What stands between two rules (`---`) is front matter only with one of the customary keys: else it is text.
    """
    start = text.lstrip()
    if not start.startswith("---") or "\n---" not in start[:_LARGEST]:
        return Metadata(), text, None
    from frontmatter.default_handlers import YAMLHandler

    handler = YAMLHandler()
    try:
        block, body = handler.split(start) if handler.detect(start) else ("", text)
    except ValueError:  # one rule is no block
        return Metadata(), text, None
    values, note = _read(block) if len(block) <= _LARGEST else ({}, None)
    if _KNOWN.isdisjoint(_lower(values)):
        return Metadata(), text, "front matter could not be read" if note else None
    return from_mapping(values), body.strip(), note


def _read(block: str) -> tuple[Mapping[str, object], str | None]:
    """Return what a block says. One slip is no reason to lose the rest, so what is no YAML is read key by key."""
    import yaml

    try:
        values = _yaml(block)
    except (yaml.YAMLError, ValueError, RecursionError):
        entries = [] if _PROSE.search(block.strip()) else _KEY.split(block)[1:]
        return dict(map(_entry, entries)), "front matter is not YAML: read line by line"
    return (values if isinstance(values, dict) else {}), None


def _entry(text: str) -> tuple[str, object]:
    """Return one key with its value, words as they stand where they are no YAML: `title: Trade war: what next`."""
    import yaml

    key, _, words = text.partition(":")
    try:
        values = _yaml(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return key.strip(), one_line(words)
    return key.strip(), next(iter(values.values())) if isinstance(values, dict) and values else None


def _yaml(block: str) -> object:
    """Return what YAML's safe loader reads, its words as they stand: `No` is a title, `2023-02-30` no error."""
    import yaml
    from frontmatter.default_handlers import SafeLoader

    words = type("Words", (SafeLoader,), {"yaml_implicit_resolvers": dict.fromkeys(("", "~", "n"), _NULL)})
    return yaml.load(block, Loader=words)  # noqa: S506 (it is a safe loader)


def from_mapping(values: Mapping[str, object]) -> Metadata:
    """Return the metadata in a mapping with any of the customary keys, case ignored."""
    lower = _lower(values)
    found = {name: _first(lower, keys) for name, keys in _KEYS.items()}
    return Metadata(
        title=_text(found["title"]),
        author=_names(found["author"]),
        published=_published(lower),
        source=_text(found["source"]),
        url=_text(found["url"]),
        language=_text(found["language"]),
    )


def _lower(values: Mapping[str, object]) -> dict[str, object]:
    return {str(key).lower().replace("-", "_"): value for key, value in values.items()}


def _first(values: Mapping[str, object], keys: tuple[str, ...]) -> object:
    return next((values[key] for key in keys if values.get(key) not in (None, "", [])), None)


def _text(value: object) -> str | None:
    return one_line(str(value)) or None if isinstance(value, str | int | float | date) else None


def _names(value: object) -> str | None:
    if not isinstance(value, list):
        return _text(value)
    names = [name for name in map(_text, value) if name]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]])) or None


def _published(values: Mapping[str, object]) -> date | None:
    """Return the first date: `published: true` beside a `date` says that it is no draft."""
    return next(filter(None, (_date(values.get(key)) for key in _KEYS["published"])), None)


def _date(value: object) -> date | None:
    return parse_date(value.isoformat() if isinstance(value, date) else _text(value) or "")
