"""EPUB books and magazines: the chapters of the spine, in order, as one article."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from rag.errors import SourceError
from rag.ingest.clean import one_line
from rag.ingest.compose import Piece
from rag.ingest.dates import parse_date
from rag.ingest.document import Metadata
from rag.ingest.extract import Extract
from rag.ingest.formats.archive import member, open_zip, parse_xml
from rag.ingest.formats.html import decode_page, from_text

_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
_ENCRYPTION = "META-INF/encryption.xml"
_OBFUSCATED = frozenset(["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"])
"""What only keeps a book's fonts from being copied."""


def extract(data: bytes) -> Extract:
    """Return what an EPUB says.

    Raises:
        SourceError: `damaged`, `needs a password`, or what is wrong with the archive.
    """
    archive = open_zip(data)
    if _is_locked(archive):
        raise SourceError("needs a password")
    rootfile = parse_xml(member(archive, "META-INF/container.xml")).find(f".//{_CONTAINER}")
    if rootfile is None or not rootfile.get("full-path"):
        raise SourceError("damaged")
    path = str(rootfile.get("full-path"))
    package = parse_xml(member(archive, path))
    return Extract(pieces=tuple(_chapters(archive, package, posixpath.dirname(path))), metadata=_metadata(package))


def _is_locked(archive: zipfile.ZipFile) -> bool:
    """Say whether anything but fonts is encrypted."""
    if _ENCRYPTION not in archive.namelist():
        return False
    data = member(archive, _ENCRYPTION)
    if b"EncryptedData" not in data:
        return False
    encrypted = parse_xml(data).iter("{*}EncryptedData")
    methods = (one.find("{*}EncryptionMethod") for one in encrypted)
    return any(method is None or method.get("Algorithm") not in _OBFUSCATED for method in methods)


def _chapters(archive: zipfile.ZipFile, package: etree._Element, folder: str) -> Iterator[Piece]:
    items = {item.get("id"): item for item in package.iter(f"{_OPF}item")}
    for reference in package.iter(f"{_OPF}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or reference.get("linear") == "no" or "nav" in (item.get("properties") or "").split():
            continue
        name = posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or "")))
        if name in archive.namelist() and "html" in (item.get("media-type") or ""):
            text, _ = decode_page(member(archive, name))
            for piece in from_text(text, whole=True).pieces:
                # Every chapter has its own h1; the book's title is in its metadata.
                yield Piece(piece.text, "heading") if piece.mark == "title" else piece


def _metadata(package: etree._Element) -> Metadata:
    authors = [one_line(element.text or "") for element in package.iter(f"{_DC}creator")]
    values = {name: one_line(package.findtext(f".//{_DC}{name}") or "") for name in ("title", "publisher", "language")}
    return Metadata(
        title=values["title"] or None,
        author=" and ".join(filter(None, [", ".join(authors[:-1]), *authors[-1:]])) or None,
        published=parse_date(package.findtext(f".//{_DC}date") or ""),
        source=values["publisher"] or None,
        language=values["language"] or None,
    )
