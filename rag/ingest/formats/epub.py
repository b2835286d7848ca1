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


def extract(data: bytes) -> Extract:
    """Return what an EPUB says.

    Raises:
        SourceError: `damaged`, `needs a password`, or what is wrong with the archive.
    """
    archive = open_zip(data)
    if "META-INF/encryption.xml" in archive.namelist() and b"EncryptedData" in member(
        archive, "META-INF/encryption.xml"
    ):
        raise SourceError("needs a password")
    rootfile = parse_xml(member(archive, "META-INF/container.xml")).find(f".//{_CONTAINER}")
    if rootfile is None or not rootfile.get("full-path"):
        raise SourceError("damaged")
    path = str(rootfile.get("full-path"))
    package = parse_xml(member(archive, path))
    return Extract(pieces=tuple(_chapters(archive, package, posixpath.dirname(path))), metadata=_metadata(package))


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
