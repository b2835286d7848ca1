"""Files that hold one article a row: CSV with a header (commas, semicolons or tabs), JSON lines, or one JSON list.

Columns: `text` (or body, content, article), and any of id, title, author, published, source, url, language.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile

from rag.errors import SourceError
from rag.ingest.clean import canonical, one_line
from rag.ingest.document import Metadata
from rag.ingest.formats.front_matter import from_mapping

MOST_ROWS = 200_000
_REST = "the rest"
_PLACE = re.compile(rf"(?:row \d+|{_REST})(?: \(\d+\))?")
_LARGEST_FIELD = 10_000_000
_CELL = r'(?:"(?P<quoted>[^"]*+(?:""[^"]*+)*+)")?+(?P<after>[^{delimiter}\r\n]*+)(?:{delimiter}|\r?\n|\r|$)'
"""A cell as the reader takes it: what follows a closing quote goes on to the delimiter, quotes and all."""
_SEPARATOR_LINE = re.compile(r"\A\ufeff?sep=[,;\t][ ;,]*\r?\n", re.IGNORECASE)
"""What Excel takes for a hint and shows nobody."""
_TEXT = ("text", "body", "content", "article", "content_text", "articlebody", "full_text", "full text")
_LISTS = ("articles", "items", "entries", "results", "posts", "data")
"""What feeds and news services call the list of articles in their answer."""
_NAME = ("id", "_id", "guid", "uuid", "url", "link", "title")
"""Columns that name a row, the best first: a number would name another row as soon as one is put before it."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One article of a file of many: a name within the file, its text, and what the row states."""

    name: str
    text: str
    known: Metadata


def csv_rows(text: str) -> Iterator[Row | tuple[str, SourceError]]:
    """Yield the articles of a table with a header line, or what is wrong with a row, under its name.

    Raises:
        SourceError: no column holds texts, or the table breaks off.
    """
    csv.field_size_limit(_LARGEST_FIELD)
    text = _SEPARATOR_LINE.sub("", text, count=1)
    lines, dialect = _Lines(text), _dialect(text)
    reader = csv.DictReader(lines, dialect=dialect)
    columns = [_column(name) for name in _header(reader) if name]
    if not any(name in columns for name in _TEXT):
        raise SourceError(f"no column named text (found: {', '.join(columns[:8])[:100]})")
    fields, number = len(reader.fieldnames or []), 0
    while True:
        number += 1
        lines.taken.clear()
        try:
            values = next(reader)
            _check(lines, dialect, fields)
        except StopIteration:
            return
        except csv.Error as error:
            raise SourceError(f"row {number}: {error}") from None
        if number > MOST_ROWS:
            yield _capped()
            return
        if any(values.values()):  # spreadsheets end in rows of empty cells: nothing stood there
            yield _row({_column(key): value for key, value in values.items() if key is not None}, number)


class _Lines(Iterator[str]):
    """The lines of a table, and which of them were taken for the row at hand."""

    def __init__(self, text: str) -> None:
        self._rest = io.StringIO(text, newline="")
        self.taken: list[str] = []
        self.ended = False

    def __next__(self) -> str:
        line = self._rest.readline()
        if not line:
            self.ended = True
            raise StopIteration
        self.taken.append(line)
        return line


def _dialect(text: str) -> type[csv.Dialect]:
    """The one that gives the header most columns: Excel writes semicolons where the comma is a decimal sign."""
    header = re.split(r"[\r\n]", text[:10_000], maxsplit=1)[0]
    found: type[csv.Dialect] = max(_DIALECTS, key=lambda dialect: len(next(csv.reader([header], dialect), ())))
    return _Unquoted if found is csv.excel_tab and _quotes_are_words(text) else found


class _Semicolons(csv.excel):
    delimiter = ";"


_DIALECTS = (csv.excel, _Semicolons, csv.excel_tab)
"""Of two that give as many columns the first counts."""


class _Unquoted(csv.excel_tab):
    quoting = csv.QUOTE_NONE


def _quotes_are_words(text: str) -> bool:
    """Tell whether the quotes of a table of tabs are its texts' own: they pair badly, and no cell holds a line end.

    One that is open in the last line alone is that of a table that breaks off.
    """
    if len({line.count("\t") for line in io.StringIO(text, newline="") if line.strip()}) > 1:
        return False
    lines = _Lines(text)
    try:
        for _ in csv.reader(lines, csv.excel_tab, strict=True):
            lines.taken.clear()
    except csv.Error:
        return not (lines.ended and len(lines.taken) == 1)
    return False


def _check(lines: _Lines, dialect: type[csv.Dialect], fields: int) -> None:
    """Raise `csv.Error` for a row that a quote without its pair made of several, as where a table breaks off.

    The reader itself takes such a row for whole, with the rows below it as words of a cell. An odd quote that merges
    nothing is no reason to lose the rows that follow: below the first line there must be one that is a row itself.
    """
    if lines.ended:
        raise csv.Error("breaks off inside quotes")
    taken = list(dropwhile(lambda line: not line.strip("\r\n"), lines.taken))
    rows = (row for line in taken[1:] for row in csv.reader([line], dialect) if len(row) >= fields)
    if len(taken) > 1 and _closes_badly("".join(taken), dialect.delimiter) and any(rows):
        raise csv.Error("a quote without its pair runs into the rows below")


def _closes_badly(row: str, delimiter: str) -> bool:
    """Tell whether words follow the closing quote of a cell of several lines, so that it may be an opening one."""
    cells = re.finditer(_CELL.format(delimiter=delimiter), row)
    return any(cell["after"].strip() and re.search(r"[\r\n]", cell["quoted"] or "") for cell in cells)


def _column(name: str) -> str:
    return one_line(canonical(name)[0]).lower()


def _header(reader: csv.DictReader[str]) -> Sequence[str]:
    try:
        return reader.fieldnames or []
    except csv.Error as error:
        raise SourceError(f"the header line: {error}") from None


def json_rows(text: str) -> Iterator[Row | tuple[str, SourceError]]:
    """Yield the articles of JSON lines, a JSON list, or one JSON object.

    Raises:
        SourceError: it is no JSON of articles.
    """
    whole = _whole(text)
    if isinstance(whole, SourceError):
        raise whole
    if isinstance(whole, dict):
        yield _row(whole, 1)
        return
    # Not splitlines: a string may hold U+2028 or U+0085 as it is, and no JSON breaks there.
    lines = whole if isinstance(whole, list) else (line for line in text.split("\n") if line.strip())
    for number, line in enumerate(lines, start=1):
        if number > MOST_ROWS:
            yield _capped()
            return
        value = _parsed(line) if isinstance(line, str) else line
        if isinstance(value, dict):
            yield _row(value, number)
        else:
            reason = value if isinstance(value, SourceError) else SourceError("not an object with a text")
            yield f"row {number}", SourceError(f"row {number}: {reason}")


def _whole(text: str) -> object:
    """Return what a text is as one value, an object that lists articles as its list; None for JSON lines."""
    first, _, more = text.strip().partition("\n")
    if first[:1] != "[" and more and not isinstance(_parsed(first), SourceError):
        return None
    whole = _parsed(text)
    if isinstance(whole, dict):
        return _listed(whole)
    return None if more and first[:1] != "[" else whole


def _listed(whole: dict[str, object]) -> dict[str, object] | list[object]:
    """Return the articles that an object lists, or itself where it has a text of its own or no such list."""
    lower = {str(key).lower(): value for key, value in whole.items()}
    found = next((value for key in _LISTS if isinstance(value := lower.get(key), list)), None)
    return whole if found is None or any(isinstance(lower.get(key), str) for key in _TEXT) else found


def is_place(name: str) -> bool:
    """Tell whether a row is named by where it stands alone, so that which article it was cannot be said."""
    return _PLACE.fullmatch(name) is not None


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except RecursionError:
        return SourceError("nested too deeply")
    except ValueError:
        return SourceError("not JSON")


def _row(values: dict[str, object], number: int) -> Row | tuple[str, SourceError]:
    lower = {str(key).lower(): value for key, value in values.items()}
    names = (one_line(canonical(str(lower[key]))[0])[:200] for key in _NAME if lower.get(key) is not None)
    name = next(filter(None, names), f"row {number}")
    text = next((lower[key] for key in _TEXT if isinstance(lower.get(key), str)), None)
    if not isinstance(text, str) or not text.strip():
        return name, SourceError("no text")
    return Row(name=name, text=text, known=from_mapping(lower))


def _capped() -> tuple[str, SourceError]:
    return _REST, SourceError(f"more than {MOST_ROWS:,} rows: the rest was left out")
