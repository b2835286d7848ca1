"""Front matter: what a file says of itself in its first lines, as YAML, as TOML or as plain `Key: value` lines.

So do the lines `From: …`, `Date: …`, `Subject: …` above a mail that was copied as text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from rag.ingest.clean import one_line
from rag.ingest.dates import parse_date
from rag.ingest.document import Metadata

_KEYS = {
    "title": ("title", "headline"),
    "author": ("author", "authors", "byline"),
    "published": (
        *("published", "date", "publication_date", "published_at", "publishedat", "pubdate", "datepublished"),
        *("date_published", "pub_date"),
    ),
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
_TOML = re.compile(r"\+{3}[ \t\r]*\n(.*?)^\+{3}[ \t\r]*$", re.MULTILINE | re.DOTALL)
_LARGEST_TOML = 8_000
"""Its parser takes quadratic time over a long dotted key."""
_LINE = re.compile(r"(?:\*\*)?([\w-]+)(?:\*\*)?[ \t]*:(?:\*\*)?([^\n]*)(?:\n|\Z)|[ \t\r]*(?:\n|\Z)")
"""Of a header: a key, maybe bold, with its value, or nothing."""
_HEADED = _KNOWN | {"comments", "cover", "image", "modified", "pinned", "save_as", "series", "status", "template"}
_LONGEST = {"title": 200, "headline": 200, "url": 1_000, "link": 1_000, "canonical_url": 1_000, "source": 200}
_LONGEST_VALUE = 80
"""Of other keys: words beside `Description:` that are longer are text."""
_TITLED = re.compile(r"# [^\n]+\n\s*")
"""As Notion writes pages: the heading stands above its properties."""
_FORWARDED = re.compile(r"(?:-*[ ]?(?:begin )?(?:forwarded|original) message:?[ ]?-*\s+)?", re.IGNORECASE)
_OF_MAIL = frozenset(["from", "reply_to", "to", "cc", "bcc", "subject", "date", "sent", "importance"])
_ADDRESSEE = re.compile(r"\s*[<\[(]?\S*@.*")
_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
"""As clippers write names: `[[Jane Doe]]`."""
_BY = re.compile(r"^by:?\s(?=\S)", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+")
_NULL = [("tag:yaml.org,2002:null", re.compile("(?:~|null|)$"))]


def split_front_matter(text: str) -> tuple[Metadata, str, str | None]:
    """Return the metadata, the text without its front matter, and a note when it is not YAML.

    What stands between two rules (`---`, or `+++` for TOML) is front matter only with one of the customary keys: else
    it is text. So are leading `Key: value` lines, unless one is a title and another customary too; they end
    at the first that is not, or whose value is long, and it and all below is text.
    """
    start = text.lstrip()
    if start.startswith("+++"):
        return _toml(start) or (Metadata(), text, None)
    if stated := _header(start) or _mail(start):
        return stated
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
    return _stated(values), body.strip(), note


def _toml(text: str) -> tuple[Metadata, str, None] | None:
    """Return what a block between `+++` rules says, and the text below it; None where it is no TOML."""
    block = _TOML.match(text[:_LARGEST_TOML])
    try:
        values = tomllib.loads(block[1]) if block else {}
    except (ValueError, RecursionError):
        return None
    if block is None or _KNOWN.isdisjoint(_lower(values)):
        return None
    return _stated(values), text[block.end() :].strip(), None


def _header(text: str) -> tuple[Metadata, str, None] | None:
    """Return what leading `Key: value` lines say, and the text below them; None where they are text themselves."""
    titled = _TITLED.match(text)
    values, end = _fields(
        text,
        titled.end() if titled else 0,
        lambda key, words: key in _HEADED and len(words) <= _LONGEST.get(key, _LONGEST_VALUE),
    )
    below, known = text[end:].strip(), len(_KNOWN & values.keys())
    if _LINE.match(text, end) is None or known < 2 or not (titled or values.get("title")) or not below:
        return None
    return _stated(values), (titled[0] if titled else "") + below, None


def _mail(text: str) -> tuple[Metadata, str, None] | None:
    """Return what stands above a mail that was copied as text, and the mail; None where there is no such head."""
    forwarded = _FORWARDED.match(text)
    values, end = _fields(text, forwarded.end() if forwarded else 0, lambda key, words: key in _OF_MAIL)
    sent, below = values.get("date") or values.get("sent"), text[end:].strip()
    if not (sent and values.get("from") and values.get("subject") and below) or _LINE.match(text, end) is None:
        return None
    sender = _ADDRESSEE.sub("", values["from"][:1_000]).strip(' "')
    return from_mapping({"title": values["subject"], "author": sender, "date": sent}), below, None


def _fields(text: str, at: int, fits: Callable[[str, str], bool]) -> tuple[dict[str, str], int]:
    """Return the `Key: value` lines from `at` on, up to the first that does not fit, and where they end."""
    values: dict[str, str] = {}
    line = _LINE.match(text, at)
    while line and line[1]:
        key, words = line[1].lower().replace("-", "_"), one_line(line[2])
        if key in values or not fits(key, words):
            break
        values[key], at = words, line.end()
        line = _LINE.match(text, at)
    return values, at


def _read(block: str) -> tuple[Mapping[str, object], str | None]:
    """Return what a block says. One slip is no reason to lose the rest, so what is no YAML is read key by key."""
    try:
        values = _yaml(block)
    except ValueError:
        entries = [] if _PROSE.search(block.strip()) else _KEY.split(block)[1:]
        return dict(map(_entry, entries)), "front matter is not YAML: read line by line"
    return (values if isinstance(values, dict) else {}), None


def _entry(text: str) -> tuple[str, object]:
    """Return one key with its value, words as they stand where they are no YAML: `title: Trade war: what next`."""
    key, _, words = text.partition(":")
    try:
        values = _yaml(text)
    except ValueError:
        return key.strip(), one_line(words)
    return key.strip(), next(iter(values.values())) if isinstance(values, dict) and values else None


def _yaml(block: str) -> object:
    """Return what YAML's safe loader reads, its words as they stand: `No` is a title, `2023-02-30` no error.

    Raises:
        ValueError: it is no YAML, or has aliases: by them a few lines can ask for any amount of work.
    """
    import yaml
    from frontmatter.default_handlers import SafeLoader

    words = type("Words", (SafeLoader,), {"yaml_implicit_resolvers": dict.fromkeys(("", "~", "n"), _NULL)})
    try:
        aliased = any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(block, Loader=words))
        values = None if aliased else yaml.load(block, Loader=words)  # noqa: S506 (it is a safe loader)
    except MemoryError:
        raise
    except Exception as error:  # explicit tags raise whatever their constructors meet: KeyError for `!!bool maybe`
        raise ValueError("not YAML") from error
    if aliased:
        raise ValueError("aliases")
    return values


def _stated(values: Mapping[str, object]) -> Metadata:
    """Return the metadata of front matter, where clippers write the address of a page as its source."""
    found = from_mapping(values)
    if found.source and _ADDRESS.fullmatch(found.source):
        return replace(found, source=None, url=found.url or found.source)
    return found


def from_mapping(values: Mapping[str, object]) -> Metadata:
    """Return the metadata in a mapping with any of the customary keys, case ignored."""
    lower = _lower(values)
    found = {name: _first(lower, keys) for name, keys in _KEYS.items()}
    return Metadata(
        title=_text(found["title"]),
        author=_listed(_names(found["author"])),
        published=_published(lower),
        source=_listed(_names(found["source"])),
        url=_text(found["url"]),
        language=_text(found["language"]),
    )


def _lower(values: Mapping[str, object]) -> dict[str, object]:
    return {re.sub(r"[- ]", "_", str(key).lower()): value for key, value in values.items()}


def _first(values: Mapping[str, object], keys: tuple[str, ...]) -> object:
    return next((values[key] for key in keys if values.get(key) not in (None, "", [])), None)


def _text(value: object) -> str | None:
    return one_line(str(value)) or None if isinstance(value, str | int | float | date) else None


def _names(value: object, deepest: int = 4) -> list[str]:
    """Return the names in a name, in the mapping of a person, or in a list of either."""
    if isinstance(value, list):
        return [name for item in value for name in _names(item, deepest - 1)] if deepest else []
    if isinstance(value, dict):
        whole = value.get("name") or value.get("literal")
        parts = filter(None, (_text(value.get(part)) for part in ("given", "family")))
        return _names(whole or " ".join(parts), deepest - 1) if deepest else []
    name = _BY.sub("", one_line(_LINK.sub(r"\1", _text(value) or "")))
    return [name] if name else []


def _listed(names: list[str]) -> str | None:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]])) or None


def _published(values: Mapping[str, object]) -> date | None:
    """Return the first date: `published: true` beside a `date` says that it is no draft."""
    return next(filter(None, (_date(values.get(key)) for key in _KEYS["published"])), None)


def _date(value: object) -> date | None:
    return parse_date(value.isoformat() if isinstance(value, date) else _text(value) or "")
