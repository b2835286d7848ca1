"""PDF files with a text layer: lines to paragraphs, without running heads and page numbers.

A paragraph ends at a change of type size, at a wider gap, before an indent, and after a line that had
room for the next word. Words cut at a line's end are joined.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from rag.errors import SourceError
from rag.ingest.clean import one_line
from rag.ingest.compose import Piece
from rag.ingest.document import Metadata
from rag.ingest.extract import Extract
from rag.ingest.formats.pdf_lines import HYPHEN, Line, read_pdf
from rag.ingest.paragraphs import Mark

_NUMBER = re.compile(r"(?:page\s+)?[-–—]?\s*(?:\d{1,4}|[ivxlc]{1,6})\s*[-–—]?(?:\s*(?:/|of)\s*\d{1,4})?", re.IGNORECASE)
_BULLET = re.compile(r"[•▪◦‣*–-]\s|\(?\d{1,2}[.)]\s")
_ENDS = re.compile(r"[.!?:…][”’\"')\]]*$")
_FILE_NAME = re.compile(
    r"\.(?:docx?|pdf|indd|qxd|tex|rtf|odt|pages)$|^(?:microsoft word|untitled|document\d*)\b", re.IGNORECASE
)
_PREFIXES = frozenset(
    [
        *("well", "long", "short", "high", "low", "self", "non", "anti", "mid", "cross", "vice", "ex", "half", "full"),
        *("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "two", "three", "four", "five"),
        *("so", "hard", "right", "left", "year", "month", "face", "state", "world", "old", "new", "first", "second"),
    ]
)
_SUFFIXES = frozenset(
    [
        *(
            "based",
            "led",
            "backed",
            "term",
            "old",
            "owned",
            "run",
            "funded",
            "level",
            "scale",
            "range",
            "wide",
            "style",
        ),
        *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "called", "known", "like", "free"),
        *("the", "to", "in", "of", "by", "on", "and", "up", "off", "time", "year", "day", "making", "made", "speaking"),
    ]
)
"""Parts of compounds: beside a hyphen at a line's end they keep it."""


def extract(data: bytes) -> Extract:
    """Return what a PDF says.

    Raises:
        SourceError: `needs a password`, `damaged` or `no text layer (OCR needed)`.
    """
    pdf = read_pdf(data)
    if not any(any(char.isalnum() for char in line.text) for line in pdf.lines):
        raise SourceError("no text layer (OCR needed)")
    lines = _without_running_heads(pdf.lines)
    body = median(size for line in lines for size in [line.size] * len(line.text))
    groups = _groups(lines)
    known = _hyphenated(lines)
    title = _title(groups, body)
    pieces = tuple(Piece(_join(group, known), _mark(group, body, group is title)) for group in groups)
    properties = _properties(pdf.properties)
    start = one_line(" ".join(line.text for line in lines[:60])).casefold()
    printed = bool(properties.title) and str(properties.title).casefold() in start
    if printed:
        return Extract(pieces=pieces, metadata=Metadata(title=properties.title), properties=properties)
    return Extract(pieces=pieces, properties=properties)


def _without_running_heads(lines: Sequence[Line]) -> list[Line]:
    shapes = Counter(shape for shape, _ in {(_shape(line), line.page) for line in lines if line.edge})
    repeated = {shape for shape, count in shapes.items() if count > 1}
    kept = [line for line in lines if not (line.edge and (_NUMBER.fullmatch(line.text) or _shape(line) in repeated))]
    return kept or list(lines)


def _shape(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text.casefold())


def _groups(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines that make a paragraph together."""
    leading = _leading(lines)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _continues(groups[-1], line, leading):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _leading(lines: Sequence[Line]) -> float:
    """The usual distance of two baselines, as a multiple of the type size."""
    gaps = [
        (one.y - two.y) / one.size
        for one, two in pairwise(lines)
        if one.page == two.page and one.size == two.size > 0 and 0 < one.y - two.y < 3 * one.size
    ]
    return median(gaps) if gaps else 1.2


def _continues(group: list[Line], line: Line, leading: float) -> bool:
    before = group[-1]
    if abs(line.size - before.size) > 0.1 * before.size or (line.bold != before.bold and _ENDS.search(before.text)):
        return False
    if _BULLET.match(line.text):
        return False
    gap = before.y - line.y
    below = before.page == line.page and gap >= 0
    if below and gap > 1.35 * leading * before.size:
        return False
    right = max(one.right for one in group)
    if below and line.left > group[-1].left + 0.6 * before.size and len(group) > 1:
        return False
    return not _had_room(before, line, right) if below else not _ENDS.search(before.text)


def _had_room(before: Line, line: Line, right: float) -> bool:
    """Say whether the first word of `line` would have fitted behind `before`."""
    word = len(line.text.split()[0]) + 1
    width = (line.right - line.left) / max(1, len(line.text))
    return before.right + word * width < max(right, line.right) - 0.5 * width and bool(_ENDS.search(before.text))


def _hyphenated(lines: Sequence[Line]) -> frozenset[str]:
    """Words that are written with a hyphen somewhere within a line."""
    text = " ".join(line.text for line in lines)
    return frozenset(word.casefold() for word in re.findall(r"\w+-\w+", text))


def _join(group: list[Line], known: frozenset[str]) -> str:
    """One paragraph's lines as running text."""
    text = ""
    for line in group:
        # pdfium writes a word that is cut at a line's end, and what follows it, as one line.
        for part in re.split(rf"(?<={HYPHEN})", line.text):
            text = _glue(text, part, known) if text else part
    return text.replace(HYPHEN, "-")


def _glue(text: str, line: str, known: frozenset[str]) -> str:
    if not text.endswith((HYPHEN, "-")) or text.endswith((" -", f" {HYPHEN}")) or not line.strip():
        return f"{text} {line}"
    head = text[:-1]
    first = re.search(r"[\w-]*$", head)
    second = re.match(r"\w*", line)
    begins, ends = first[0] if first else "", second[0] if second else ""
    listed = begins.casefold() in _PREFIXES or (ends.casefold() in _SUFFIXES and len(begins) > 3)
    compound = listed or "-" in begins or f"{begins}-{ends}".casefold() in known
    return f"{head}-{line}" if compound or not ends[:1].islower() else head + line


def _title(groups: list[list[Line]], body: float) -> list[Line] | None:
    """The largest type on the first page, when it is larger than the body's and not a whole paragraph."""
    first = [group for group in groups if group[0].page == groups[0][0].page]
    best = max(first, key=lambda group: group[0].size)
    large = best[0].size > 1.15 * body and sum(len(line.text) for line in best) < 250
    return best if large and any(char.isalpha() for char in best[0].text) else None


def _mark(group: list[Line], body: float, title: bool) -> Mark | None:
    if title:
        return "title"
    short = len(group) <= 3 and sum(len(line.text) for line in group) < 150
    if short and (
        group[0].size > 1.1 * body or (all(line.bold for line in group) and not _ENDS.search(group[-1].text))
    ):
        return "heading"
    return None


def _properties(properties: dict[str, str]) -> Metadata:
    """The title and author of the file's properties, where they do not look like a program's filling."""
    title = one_line(properties.get("Title", ""))
    author = one_line(properties.get("Author", ""))
    believed = title and not _FILE_NAME.search(title) and " " in title
    named = author and " " in author and not re.search(r"\d|@|\buser\b|\badmin", author, re.IGNORECASE)
    return Metadata(title=title if believed else None, author=author if named else None)
