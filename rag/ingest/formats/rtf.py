"""Rich Text Format: striprtf gives the words, the information group gives title and author."""

from __future__ import annotations

import re

from striprtf.striprtf import rtf_to_text

from rag.errors import SourceError
from rag.ingest.compose import Piece
from rag.ingest.document import Metadata
from rag.ingest.extract import Extract

_INFO = re.compile(rb"\{\\info\b(.{0,20000}?)\}\s*\}", re.DOTALL)
_FIELD = re.compile(rb"\{\\(title|author)\s([^{}]{0,2000})")
_CODE_PAGE = re.compile(rb"\\ansicpg\d{1,5}")
_HIDDEN = re.compile(rb"\{\\v(?![a-z0-9])[^{}]*\}")
"""Text that Word does not show."""


def extract(data: bytes) -> Extract:
    """Return what an RTF file says. Embedded objects are not looked at.

    Raises:
        SourceError: `damaged`.
    """
    try:
        # RTF is ASCII with escapes; stray bytes are in the code page that the file names, by default this.
        text = rtf_to_text(_HIDDEN.sub(b"", data).decode("cp1252", "replace"), errors="replace")
    except MemoryError:
        raise
    except Exception:  # a damaged file raises whatever the part that met it raises
        raise SourceError("damaged") from None
    return Extract(
        pieces=tuple(Piece(part) for part in text.split("\n") if part.strip()), properties=_information(data)
    )


def _information(data: bytes) -> Metadata:
    group = _INFO.search(data[:200_000])
    page = _CODE_PAGE.search(data[:1000])
    start = "{\\rtf1" + (page[0].decode() if page else "") + " "
    fields = {
        name.decode(): rtf_to_text(start + value.decode("cp1252", "replace") + "}", errors="replace").strip()
        for name, value in _FIELD.findall(group[0] if group else b"")
    }
    return Metadata(title=fields.get("title") or None, author=fields.get("author") or None)
