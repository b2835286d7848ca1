"""OpenDocument text (.odt): headings, paragraphs, lists and tables of its `content.xml`."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from rag.errors import SourceError
from rag.ingest.clean import one_line
from rag.ingest.compose import Piece
from rag.ingest.document import Metadata
from rag.ingest.extract import Extract
from rag.ingest.formats.archive import member, open_zip, parse_xml
from rag.ingest.paragraphs import Mark

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_STYLE = f"{_TEXT}style-name"
_STYLES = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_DERIVED = f"{_STYLES}style"
_MARKS: dict[str, Mark] = {"title": "title", "caption": "caption", "illustration": "caption", "figure": "caption"}
_LEFT_OUT = frozenset(
    [
        *(f"{_TEXT}tracked-changes", f"{_TEXT}note-citation", f"{_TEXT}table-of-content", f"{_TEXT}sequence-decls"),
        "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}annotation",
        "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}forms",
        *(f"{_SVG}title", f"{_SVG}desc"),
    ]
)
_SPACES = {f"{_TEXT}s": " ", f"{_TEXT}tab": " ", f"{_TEXT}line-break": "\n"}


def extract(data: bytes) -> Extract:
    """Return what an OpenDocument text says.

    Raises:
        SourceError: `damaged`, `needs a password`, or what is wrong with the archive.
    """
    archive = open_zip(data)
    if b"encryption-data" in member(archive, "META-INF/manifest.xml"):
        raise SourceError("needs a password")
    root = parse_xml(member(archive, "content.xml"))
    properties = _metadata(parse_xml(member(archive, "meta.xml"))) if "meta.xml" in archive.namelist() else Metadata()
    return Extract(pieces=tuple(_pieces(root)), properties=properties)


def _pieces(root: etree._Element) -> Iterator[Piece]:
    # A paragraph with any formatting of its own has a style of its own, whose parent is the one that says something.
    parents = {style.get(f"{_STYLES}name"): style.get(f"{_STYLES}parent-style-name") for style in root.iter(_DERIVED)}
    stack = [root]
    while stack:
        element = stack.pop()
        if element.tag in _LEFT_OUT or not isinstance(element.tag, str):
            continue
        if element.tag == f"{_TABLE}table-row":
            yield Piece(" | ".join(filter(None, (one_line(_words(cell)) for cell in element))), "text")
            stack += reversed(list(_apart(element)))
        elif element.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            name = element.get(_STYLE) or ""
            yield Piece(_words(element), _mark(element, parents.get(name) or name))
            stack += reversed(list(_apart(element)))
        else:
            stack += reversed(element)


def _words(element: etree._Element) -> str:
    if element.tag in _LEFT_OUT or not isinstance(element.tag, str) or _stands_apart(element):
        return ""
    inside = "".join(_words(child) + (child.tail or "") for child in element)
    return _SPACES.get(element.tag, "") + (element.text or "") + inside


def _apart(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the notes and frames within a paragraph: what they say would break the sentence they are anchored in."""
    for child in element:
        if _stands_apart(child):
            yield child
        elif child.tag not in _LEFT_OUT:
            yield from _apart(child)


def _stands_apart(element: etree._Element) -> bool:
    tag = str(element.tag)
    return tag == f"{_TEXT}note" or tag.startswith(_DRAW)


def _mark(element: etree._Element, style: str) -> Mark | None:
    if element.tag == f"{_TEXT}h":
        return "title" if element.get(f"{_TEXT}outline-level") == "1" else "heading"
    return _MARKS.get(style.lower())


def _metadata(root: etree._Element) -> Metadata:
    values = {name: one_line(root.findtext(f".//{_DC}{name}") or "") for name in ("title", "creator", "language")}
    return Metadata(
        title=values["title"] or None, author=values["creator"] or None, language=values["language"] or None
    )
