"""HTML pages, saved or scraped: the article without menus, scripts and hidden text.

readability-lxml finds the element that holds the article; hidden text and plain furniture are removed
before it looks, so that neither is scored. Lists and tables of the article that it takes out come back.
When it finds next to nothing, the whole page is kept.
"""

from __future__ import annotations

import re
from html import unescape

from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement
from readability import Document as Readable
from readability.readability import Unparseable

from rag.errors import SourceError
from rag.ingest.clean import canonical, one_line
from rag.ingest.compose import Piece
from rag.ingest.decode import as_declared, decode
from rag.ingest.extract import Extract
from rag.ingest.formats import restore
from rag.ingest.formats.page import drop_furniture, drop_hidden
from rag.ingest.formats.page_marks import marked_metadata
from rag.ingest.formats.page_metadata import page_metadata
from rag.ingest.formats.tree import name_captions, pieces

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{2,40})""", re.IGNORECASE)
_SMALLEST_SHARE = 0.2
"""Of the page's text without furniture; an article is more than this."""
_LONGEST_HEAD = 12
_FLATTENED = (
    (re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL), ""),
    (re.compile(r"<(script|style|title)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE), ""),
    (re.compile(r"\s+"), " "),
    (re.compile(r"</?(?:p|div|li|h[1-6]|br|tr|section|article)\b[^<>]*>", re.IGNORECASE), "\n\n"),
    (re.compile(r"<[^<>]*>?"), ""),
)


def extract(data: bytes) -> Extract:
    """Return the article of a page.

    Raises:
        SourceError: the page is empty.
    """
    text, note = decode_page(data)
    return from_text(text, notes=(note,) if note else ())


def from_text(text: str, *, notes: tuple[str, ...] = (), whole: bool = False) -> Extract:
    """Return the article of a page, or with `whole` everything that it shows."""
    text, removed = canonical(text)
    notes = (*notes, *removed)
    root = parse(text)
    head, marked = marked_metadata(root)
    metadata = page_metadata(root).or_else(head)
    hidden = drop_hidden(root)
    if hidden:
        notes = (*notes, f"hidden elements left out: {hidden}")
    name_captions(root)
    found = tuple(pieces(root)) if whole else _article(root)
    if not found and not hidden:  # else what was hidden would come back
        found = tuple(_flat(text))
    return Extract(pieces=found, metadata=metadata, marked=marked, notes=notes)


def decode_page(data: bytes) -> tuple[str, str | None]:
    """Return the text of a page: what it declares when that fits, else what its bytes look like."""
    declared = _CHARSET.search(data[:4096])
    name = declared[1].decode("ascii") if declared else ""
    if name and name.lower() not in ("utf-8", "utf8", "utf-16") and not data.startswith(b"\xef\xbb\xbf"):
        text = as_declared(data, name)
        if text is not None:
            return text, f"decoded as {name.lower()}"
    decoded = decode(data)
    return decoded.text, decoded.note


def parse(text: str) -> HtmlElement:
    """Return the tree of a page. Nothing outside it is read.

    Raises:
        SourceError: `no text`.
    """
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        root = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        raise SourceError("no text") from None
    return root


def _article(root: HtmlElement) -> tuple[Piece, ...]:
    drop_furniture(root)
    everything = tuple(pieces(root))
    elements = restore.number(root)
    try:
        summary = Readable(etree.tostring(root, encoding="unicode", method="html")).summary(html_partial=True)
        best = parse(re.sub(r"<(/?)body\b", r"<\1div", summary))  # a body in a div is dropped, with its number
    except (Unparseable, SourceError):
        return everything
    share = len(best.text_content().split()) / max(1, len(root.text_content().split()))
    restore.article(elements, best)
    body = tuple(pieces(root))
    return (*_head(everything, body), *body) if body and share > _SMALLEST_SHARE else everything


def _head(everything: tuple[Piece, ...], body: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The title, byline and date that stand above the element with the prose."""
    texts = [piece.text.strip() for piece in everything]
    first = body[0].text.strip()
    at = texts.index(first) if first in texts else 0
    titles = [number for number in range(at) if everything[number].mark == "title"]
    begin = titles[-1] if titles else at
    head = everything[begin:at]
    return head if len(head) <= _LONGEST_HEAD and max(map(len, texts[begin:at]), default=0) < 400 else ()


def _flat(text: str) -> list[Piece]:
    """What a page says when its elements are nested too deep for a tree. Takes linear time."""
    for pattern, instead in _FLATTENED:
        text = pattern.sub(instead, text)
    return [Piece(one_line(part)) for part in re.split(r"\n{2,}", unescape(text)) if part.strip()]
