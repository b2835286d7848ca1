"""What kind of file some bytes are. The content decides; the name only tells kinds of text apart."""

from __future__ import annotations

import codecs
import io
import json
import re
import struct
import zipfile
import zlib
from pathlib import PurePath
from typing import Literal

from rag.errors import SourceError

Format = Literal["text", "markdown", "html", "pdf", "docx", "odt", "epub", "rtf", "eml", "csv", "json", "zip"]

SUFFIXES: dict[str, Format] = {
    **dict.fromkeys((".txt", ".text"), "text"),
    **dict.fromkeys((".md", ".markdown"), "markdown"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    **dict.fromkeys((".docx", ".docm"), "docx"),
    **dict.fromkeys((".csv", ".tsv"), "csv"),
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), "json"),
    ".pdf": "pdf",
    ".odt": "odt",
    ".epub": "epub",
    ".rtf": "rtf",
    ".eml": "eml",
    ".zip": "zip",
}
_HEAD = 4096
_PAGE = re.compile(
    r"\s*+(?:<\?xml[^>]*+>\s*+)?+(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.I | re.DOTALL
)
"""Gives nothing back: were a comment free to reach over others, their number would double the time."""
_TAGS = re.compile(r"<(?:p|div|article|h[1-6]|br|span|table|a)\b[^>]*>", re.IGNORECASE)
_MAIL_HEADERS = re.compile(
    r"^(received|message-id|mime-version|return-path|from|to|subject|date|delivered-to):", re.I | re.M
)
_MAIL_ONLY = frozenset(["received", "message-id", "mime-version", "return-path", "delivered-to"])
_COLUMNS = re.compile(r"""["']?(?:text|body|content|article)["']?""", re.IGNORECASE)
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, struct.error, ValueError, LookupError, RuntimeError, EOFError, OSError)
"""What `zipfile` raises on damaged archives."""
_MOST_ENTRIES = 20_000
"""Of an archive's directory, all of which is in memory once it is opened."""
_ENTRY = b"PK\x01\x02"
_END = b"PK\x05\x06"
_LARGE_END = b"PK\x06\x07"
"""Stands before the end of an archive whose directory is described elsewhere."""
_UNREADABLE = (
    (b"\xd0\xcf\x11\xe0", "an old Office file; save it as .docx"),
    (b"\x89PNG", "not text"),
    (b"\xff\xd8\xff", "not text"),
    (b"GIF8", "not text"),
)


def sniff(data: bytes, name: str) -> Format:
    """Return what kind of file `data` is. `name` is the file's name.

    Raises:
        SourceError: a kind that holds no article, named.
    """
    for magic, reason in _UNREADABLE:
        if data.startswith(magic):
            raise SourceError(reason)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _package(data)
    if data[:5].lower() == b"{\\rtf":
        return "rtf"
    return _kind_of_text(data, SUFFIXES.get(PurePath(name).suffix.lower(), "text"))


def described(found: Format, name: str) -> str | None:
    """Return a note when a file is not what its name says."""
    suffix = PurePath(name).suffix.lower()
    named = SUFFIXES.get(suffix)
    plain = {"text", "markdown"}
    if named is None or named == found or {named, found} <= plain:
        return None
    return f"named {suffix} but is {found}"


def _package(data: bytes) -> Format:
    if data.count(_ENTRY, *_directory(data)) > _MOST_ENTRIES:
        raise SourceError(f"an archive of more than {_MOST_ENTRIES} files")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist()[:5000])
            kind = _mimetype(archive) if "mimetype" in names else ""
    except BROKEN_ZIP:
        raise SourceError("damaged") from None
    if "word/document.xml" in names:
        return "docx"
    if kind.startswith("application/epub+zip"):
        return "epub"
    if kind.startswith("application/vnd.oasis.opendocument.text"):
        return "odt"
    if kind.startswith("application/vnd.oasis") or "xl/workbook.xml" in names or "ppt/presentation.xml" in names:
        raise SourceError("a spreadsheet, presentation or drawing, not an article")
    return "zip"


def _directory(data: bytes) -> tuple[int, int]:
    """Return where an archive's directory is, all of it where that is not said: archives within have their own."""
    end = data.rfind(_END)
    record = data[end : end + 22]
    if end < 0 or len(record) < 22 or data[max(0, end - 20) : end].startswith(_LARGE_END):
        return 0, len(data)
    start = end - int.from_bytes(record[12:16], "little")
    return (start, end) if start >= 0 and data.startswith((_ENTRY, _END), start) else (0, len(data))


def _mimetype(archive: zipfile.ZipFile) -> str:
    """Return the beginning of an archive's `mimetype`; a bomb of that name is not unpacked."""
    if archive.getinfo("mimetype").compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return ""  # the other kinds unpack all of a block, however little of it is asked for
    with archive.open("mimetype") as file:
        return file.read(100).decode("ascii", "replace")


def _kind_of_text(data: bytes, named: Format) -> Format:
    head = _head(data)
    if _PAGE.match(head) or (named == "html" and _TAGS.search(head)):
        return "html"
    headers = {found.lower() for found in _MAIL_HEADERS.findall(head.split("\n\n")[0].replace("\r\n\r\n", "\n\n"))}
    if (named == "eml" and headers) or (len(headers) >= 3 and headers & _MAIL_ONLY and _starts_mail(head)):
        return "eml"
    if _is_json(head, named):
        return "json"
    if named == "csv":
        return "csv"
    return named if named in ("text", "markdown") else "text"


def _starts_mail(head: str) -> bool:
    return bool(re.match(r"(?:From \S|[A-Za-z-]{2,40}:\s)", head))


def _is_json(head: str, named: Format) -> bool:
    start = head.lstrip()
    if named == "json":
        return start[:1] in ("{", "[")
    line = start.split("\n", 1)[0]
    if not line.startswith('{"') or not _COLUMNS.search(line):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _head(data: bytes) -> str:
    head = data[:_HEAD]
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(encoding, "replace")
    return head.removeprefix(codecs.BOM_UTF8).replace(b"\0", b"").decode("utf-8", "replace")
