"""The lines of a PDF with their places and type sizes. The only module that calls pdfium."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

import pypdfium2
from pypdfium2 import raw

from rag.errors import SourceError

_BOLD = re.compile(r"bold|black|heavy|demi|cmbx", re.IGNORECASE)
_REASONS = ((4, "needs a password"), (5, "encrypted in a way that cannot be read"))
HYPHEN = "\ufffe"
"""What pdfium writes for a hyphen at a line's end."""


@dataclass(frozen=True)
class Line:
    """One line of a page. Lengths are in points, `y` is the baseline's height above the page's foot."""

    text: str
    page: int
    left: float
    right: float
    y: float
    size: float
    bold: bool
    edge: bool
    """Whether it stands where running heads and page numbers do."""


@dataclass(frozen=True)
class Pdf:
    """A PDF's lines in the order of its content, and its properties."""

    lines: tuple[Line, ...]
    properties: dict[str, str]


def read_pdf(data: bytes) -> Pdf:
    """Return the text layer of a PDF. Scripts, attachments and actions are not looked at.

    Raises:
        SourceError: `needs a password` or `damaged`.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        reasons = dict(_REASONS)
        raise SourceError(reasons.get(error.err_code, "damaged")) from None
    try:
        count = len(document)
        lines = [line for number in range(count) for line in _page_lines(document, number)]
        return Pdf(lines=tuple(lines), properties=document.get_metadata_dict(skip_empty=True))
    except pypdfium2.PdfiumError:
        raise SourceError("damaged") from None
    finally:
        document.close()


def _page_lines(document: pypdfium2.PdfDocument, number: int) -> Iterator[Line]:
    page = document[number]
    height = page.get_height()
    layer = page.get_textpage()
    at = 0
    for text in layer.get_text_range(errors="replace").split("\r\n"):
        first, last = at + len(text) - len(text.lstrip()), at + len(text.rstrip()) - 1
        at += len(text) + 2
        if not text.strip() or last >= layer.count_chars():
            continue
        left, right = layer.get_charbox(first)[0], layer.get_charbox(last)[2]
        y = _baseline(layer, first)
        letters = _sample(text, at - len(text) - 2)
        yield Line(
            text=text.strip(),
            page=number,
            left=left,
            right=right,
            y=y,
            size=round(median(raw.FPDFText_GetFontSize(layer.raw, index) for index in letters), 1),
            bold=all(_is_bold(layer, index) for index in letters),
            edge=not 0.08 * height < y < 0.92 * height,
        )
    layer.close()
    page.close()


def _sample(text: str, offset: int) -> list[int]:
    """A few characters whose type is the line's: letters, since spaces and bullets have any."""
    letters = [index for index, char in enumerate(text) if char.isalnum()]
    letters = letters or [index for index, char in enumerate(text) if not char.isspace()]
    return [offset + index for index in letters[:: max(1, len(letters) // 5)]]


def _baseline(layer: pypdfium2.PdfTextPage, index: int) -> float:
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(layer.raw, index, x, y)
    return y.value


def _is_bold(layer: pypdfium2.PdfTextPage, index: int) -> bool:
    name = ctypes.create_string_buffer(128)
    raw.FPDFText_GetFontInfo(layer.raw, index, name, len(name), ctypes.c_int())
    return bool(_BOLD.search(name.value.decode("ascii", "replace")))
