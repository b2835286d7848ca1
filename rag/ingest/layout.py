"""What each paragraph of an article is, and what they say of it: title, author, date.

A careful person's rules, in three passes: furniture and captions anywhere; the head, which ends with
the byline or at the first prose; headings and the foot. What no rule finds stays None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date

from rag.ingest import boilerplate, bylines, foot
from rag.ingest.clean import one_line
from rag.ingest.dates import find_date
from rag.ingest.document import Block, Kind, Metadata
from rag.ingest.paragraphs import Mark, Paragraph

_TERMINAL = re.compile(r"[.!?…。！？:;][”’\"')\]»]*$")
_ENDS_SENTENCE = re.compile(r"[.!?…。！？][”’\"')\]»]*$")
_MARKED: dict[Mark | None, Kind] = {"heading": "heading", "caption": "caption"}
_HEAD = 15
"""A byline further down than this many paragraphs is not the article's."""
_SHORT_TITLE = 16
_WIRE = re.compile(
    r"[A-Z][\w .,/-]{2,60}"
    r"\((?P<agency>Reuters|AP|AFP|Xinhua|Bloomberg|UPI|dpa|TASS|ANI|PTI|Kyodo|Yonhap)\)\s*(?:[-–—]|\s)"
)
_ADDRESS = re.compile(r"(?:(?:url|link|source|retrieved from|available at):?\s+)?(https?://[^\s<>\"]+)", re.IGNORECASE)
_UPDATE = re.compile(r"\b(?:updated|modified|revised)\W*(?:on\W*)?$", re.IGNORECASE)


@dataclass
class _Draft:
    """Paragraphs with the kind decided so far; None is still open."""

    text: str
    parts: list[Paragraph]
    lines: list[str] = field(default_factory=list)
    kinds: list[Kind | None] = field(default_factory=list)
    updated: date | None = None
    """A date that the head states, but only as that of an update."""

    def __post_init__(self) -> None:
        self.lines = [one_line(self.text[part.start : part.end]) for part in self.parts]
        self.kinds = [_MARKED.get(part.mark) for part in self.parts]

    def open(self) -> list[int]:
        return [at for at, kind in enumerate(self.kinds) if kind is None]


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What the paragraphs of an article are, what they say of it, and what of that is inferred."""

    blocks: tuple[Block, ...]
    metadata: Metadata
    notes: tuple[str, ...] = ()


def lay_out(text: str, parts: list[Paragraph], known: Metadata) -> Layout:
    """Return the layout of an article. `known` is believed before what the text says.

    `parts` are the paragraphs of `text`, with the markup's marks if it has markup.
    """
    draft = _Draft(text, parts)
    _mark_furniture(draft)
    found = known.or_else(_read_head(draft, known))
    _mark_foot(draft, found.author)
    _mark_headings(draft)
    _keep_words(draft)
    notes: tuple[str, ...] = ()
    if found.published is None and draft.updated:
        found, notes = replace(found, published=draft.updated), ("published inferred from the date of an update",)
    return Layout(blocks=tuple(_blocks(draft)), metadata=found, notes=notes)


def _mark_furniture(draft: _Draft) -> None:
    related = False  # within a list of other articles
    for at, line in enumerate(draft.lines):
        if _is_prose(line) or draft.parts[at].mark in ("title", "heading"):
            related = False
        if at > 0 and boilerplate.opens_related(line):
            related = True
        listed = related and boilerplate.is_teaser(line)
        if listed or (boilerplate.is_boilerplate(line) and draft.parts[at].mark != "title"):
            draft.kinds[at] = "boilerplate"
        elif bylines.is_credit(line):
            draft.kinds[at] = "byline"
        elif boilerplate.is_caption(line) or boilerplate.credit_start(line):
            draft.kinds[at] = "caption"


def _is_prose(line: str) -> bool:
    words = len(line.split())
    return words >= 25 or (words >= 8 and bool(_ENDS_SENTENCE.search(line))) or len(line) > 200


def _read_head(draft: _Draft, known: Metadata) -> Metadata:
    end = _head_end(draft)
    title_at = _title(draft, end, known.title)
    found = Metadata(title=draft.lines[title_at]) if title_at is not None else Metadata()
    if title_at is not None:
        draft.kinds[title_at] = "title"
    for at in draft.open():
        if draft.parts[at].mark == "title":
            draft.kinds[at] = "heading"
    for at in [at for at in draft.open() if at < end]:
        found = found.or_else(_head_line(draft, at))
        if at < (title_at or 0) and draft.kinds[at] is None and boilerplate.is_section(draft.lines[at]):
            draft.kinds[at] = "boilerplate"
    _mark_names(draft, end)
    return found.or_else(_names(draft, end)).or_else(_wire(draft, end))


def _head_end(draft: _Draft) -> int:
    """The number of paragraphs before the body: up to the last byline, else to the first prose."""
    title = next((at for at in draft.open() if not _is_kicker(draft.lines[at])), None)
    bodies = [at for at in draft.open() if _is_prose(draft.lines[at]) and (at != title or not _can_be_title(draft, at))]
    first = next(iter(bodies), len(draft.lines))
    end = None
    for at, line in enumerate(draft.lines[:_HEAD]):
        if draft.kinds[at] == "byline" or bylines.byline_author(line) or bylines.is_date_stamp(line):
            end = at + 1
        elif at in bodies[1:2] or (at in bodies and end is not None):
            break
    return first if end is None else max(end, min(first, end + 4))


def _title(draft: _Draft, end: int, known: str | None) -> int | None:
    """Where the title stands: what the markup says, what is known, else the first line that can be one."""
    marked = [at for at in draft.open() if draft.parts[at].mark == "title"]
    same = [at for at, line in enumerate(draft.lines[: max(1, end)]) if known and _same(line, known)]
    if same or marked or known:
        return next(iter(same or marked), None)
    candidates = [at for at in draft.open() if at < end and _can_be_title(draft, at)]
    unlabelled = [at for at in candidates if not _is_kicker(draft.lines[at])]
    return next(iter(unlabelled or candidates), None)


def _same(line: str, title: str) -> bool:
    return one_line(line).casefold() == one_line(title).casefold()


def _is_kicker(line: str) -> bool:
    short = line.isupper() and len(line.split()) <= 2
    return short or boilerplate.is_section(line) or _ADDRESS.fullmatch(line) is not None


def _can_be_title(draft: _Draft, at: int) -> bool:
    line = draft.lines[at]
    if len(line) > 200 or not any(char.isalpha() for char in line) or bylines.byline_author(line):
        return False
    if _ADDRESS.fullmatch(line):
        return False
    sentence = line.endswith(".") and not re.search(r"\w\.\w\.$", line)
    if sentence and len(line.split()) <= _SHORT_TITLE and at + 1 < len(draft.lines):
        below = draft.lines[at + 1]
        sentence = not (bylines.is_date_stamp(below) or bylines.byline_author(below))
    return not sentence and not bylines.is_date_stamp(line)


def _head_line(draft: _Draft, at: int) -> Metadata:
    """Read a byline, a date stamp or the page's address, and mark it."""
    line = draft.lines[at]
    if address := _ADDRESS.fullmatch(line):
        draft.kinds[at] = "boilerplate"
        return Metadata(url=address[1])
    author = bylines.byline_author(line)
    if author is None and not (bylines.is_date_stamp(line) or bylines.is_dated_name(line)):
        return Metadata()
    draft.kinds[at] = "byline"
    dated = find_date(line)
    if dated and _UPDATE.search(line[: dated[1]]):
        draft.updated = dated[0]
        dated = None
    return Metadata(author=author, published=dated[0] if dated else None)


def _mark_names(draft: _Draft, end: int) -> None:
    """A name on its own beside a date or above a role is a byline; so is the role."""
    for at in range(1, min(end, len(draft.lines))):
        free = draft.kinds[at] in (None, "heading")
        if free and (_is_role_below(draft, at) or _is_name_beside(draft, at)):
            draft.kinds[at] = "byline"


def _is_role_below(draft: _Draft, at: int) -> bool:
    return draft.kinds[at - 1] == "byline" and bylines.is_role(draft.lines[at])


def _is_name_beside(draft: _Draft, at: int) -> bool:
    if not bylines.lone_name(draft.lines[at]):
        return False
    after = draft.lines[at + 1] if at + 1 < len(draft.lines) else ""
    return draft.kinds[at - 1] == "byline" or bylines.is_role(after) or bylines.is_date_stamp(after)


def _names(draft: _Draft, end: int) -> Metadata:
    for at in range(min(end, len(draft.lines))):
        name = bylines.lone_name(draft.lines[at]) if draft.kinds[at] == "byline" else None
        if name:
            return Metadata(author=name)
    return Metadata()


def _wire(draft: _Draft, end: int) -> Metadata:
    """`BEIJING, July 10, 2023 (Reuters) - …` states the agency and, with a year, the date."""
    for line in draft.lines[end : end + 2]:
        if match := _WIRE.match(line):
            dated = find_date(match[0])
            return Metadata(source=match["agency"], published=dated[0] if dated else None)
    return Metadata()


def _mark_foot(draft: _Draft, author: str | None) -> None:
    """Biographies of the authors, and how to reach them, are at the end and not the article."""
    for at in reversed(range(max(1, len(draft.lines) - 12), len(draft.lines))):
        if draft.kinds[at] in ("boilerplate", "caption", "byline"):
            continue
        if not foot.is_below(draft.lines[at], author):
            break
        draft.kinds[at] = "boilerplate"


def _mark_headings(draft: _Draft) -> None:
    """Guess the headings of a text that has no markup for them, and close what is still open."""
    guess = "heading" not in draft.kinds
    for at in draft.open():
        if guess and draft.parts[at].mark is None and at > 0 and _is_heading(draft, at):
            draft.kinds[at] = "heading"
    for at in draft.open():
        draft.kinds[at] = "text"


def _keep_words(draft: _Draft) -> None:
    """An article that is all title, as a report of one line, is its title: else nothing of it could be found."""
    if "text" not in draft.kinds and "caption" not in draft.kinds:
        draft.kinds = ["text" if kind == "title" else kind for kind in draft.kinds]


def _is_heading(draft: _Draft, at: int) -> bool:
    line = draft.lines[at]
    following = at + 1 < len(draft.lines) and draft.kinds[at + 1] is None and _is_prose(draft.lines[at + 1])
    before = draft.kinds[at - 1] not in (None, "text") or bool(_TERMINAL.search(draft.lines[at - 1]))
    says = re.search(rf"\b{bylines.SAYS}:$", line)
    short = not says and len(line) <= 90 and len(line.split()) <= 14
    starts = line[0].isupper() or line[0].isdigit() or line[0] in "“‘\"'"
    return following and before and short and starts and not re.search(r"[.!;,…—–-][”’\"')\]]*$", line)


def _blocks(draft: _Draft) -> list[Block]:
    blocks: list[Block] = []
    for part, kind, line in zip(draft.parts, draft.kinds, draft.lines, strict=True):
        block = Block(start=part.start, end=part.end, kind=kind or "text")
        if block.kind == "caption":
            blocks += _without_credit(draft.text, block)
        elif blocks and block.kind == "text" == blocks[-1].kind and _broken(draft.text, blocks[-1], line):
            blocks[-1] = replace(blocks[-1], end=block.end)
        else:
            blocks.append(block)
    return blocks


def _broken(text: str, before: Block, line: str) -> bool:
    """Say whether a scrape cut a sentence in two paragraphs."""
    tail = text[max(before.start, before.end - 3) : before.end]
    return line[0].islower() and before.end - before.start > 60 and not _TERMINAL.search(tail)


def _without_credit(text: str, block: Block) -> list[Block]:
    start = boilerplate.credit_start(text[block.start : block.end])
    if start is None:
        return [block]
    caption_end = block.start + len(text[block.start : block.start + start].rstrip())
    credit_at = (
        block.start
        + start
        + len(text[block.start + start : block.end])
        - len(text[block.start + start : block.end].lstrip())
    )
    caption = [Block(start=block.start, end=caption_end, kind="caption")] if caption_end > block.start else []
    return [*caption, Block(start=credit_at, end=block.end, kind="boilerplate")]
