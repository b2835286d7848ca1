"""Word files (.docx, .docm): mammoth turns styles into HTML, macros and linked files are not looked at."""

from __future__ import annotations

import io
import zipfile

import mammoth

from rag.errors import SourceError
from rag.ingest.document import Metadata
from rag.ingest.extract import Extract
from rag.ingest.formats.archive import member, open_zip, parse_xml
from rag.ingest.formats.html import parse
from rag.ingest.formats.tree import pieces

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Caption'] => figcaption:fresh
p[style-name='caption'] => figcaption:fresh
"""
_TAGS = {
    "title": "{http://purl.org/dc/elements/1.1/}title",
    "author": "{http://purl.org/dc/elements/1.1/}creator",
    "language": "{http://purl.org/dc/elements/1.1/}language",
}
_PROGRAMS = frozenset(["python-docx", "microsoft office user", "author", "user", "admin", "administrator", "owner"])
"""What programs write where an author's name belongs."""


def extract(data: bytes) -> Extract:
    """Return what a Word file says.

    Raises:
        SourceError: `damaged`, `no text`, or what is wrong with the archive.
    """
    archive = open_zip(data)
    try:
        page = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=_STYLES,
            convert_image=mammoth.images.img_element(lambda image: {}),
        ).value
    except MemoryError:
        raise
    except Exception:  # a damaged file raises whatever the part that met it raises
        raise SourceError("damaged") from None
    found = tuple(pieces(parse(page))) if page.strip() else ()
    return Extract(pieces=found, properties=_properties(archive))


def _properties(archive: zipfile.ZipFile) -> Metadata:
    if "docProps/core.xml" not in archive.namelist():
        return Metadata()
    root = parse_xml(member(archive, "docProps/core.xml"))
    values = {name: (root.findtext(tag) or "").strip() for name, tag in _TAGS.items()}
    author = values["author"] if values["author"].lower() not in _PROGRAMS else ""
    return Metadata(title=values["title"] or None, author=author or None, language=values["language"] or None)
