"""Saved mail (.eml): subject, sender and date, and the body; attachments are not looked at."""

from __future__ import annotations

import email
from email.message import EmailMessage, MIMEPart
from email.policy import default
from email.utils import parseaddr

from rag.errors import SourceError
from rag.ingest.clean import canonical, one_line
from rag.ingest.compose import Piece
from rag.ingest.document import Metadata
from rag.ingest.extract import Extract
from rag.ingest.formats import html
from rag.ingest.paragraphs import paragraphs


def extract(data: bytes) -> Extract:
    """Return what a mail says.

    Raises:
        SourceError: `no text` or `damaged`.
    """
    try:
        return _mail(email.message_from_bytes(data, policy=default))
    except (SourceError, MemoryError):
        raise
    except Exception:  # the standard library raises anything on headers that are no mail's
        raise SourceError("damaged") from None


def _mail(message: EmailMessage) -> Extract:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        raise SourceError("no text")
    content = _content(body)
    attached = sum(1 for _ in message.iter_attachments())
    notes = (f"attachments left out: {attached}",) if attached else ()
    if body.get_content_type() == "text/html":
        found = html.from_text(content, notes=notes, whole=True)
        return Extract(pieces=found.pieces, metadata=_metadata(message), notes=found.notes)
    text, _ = canonical(content)
    parts = tuple(Piece(text[part.start : part.end]) for part in paragraphs(text))
    return Extract(pieces=parts, metadata=_metadata(message), notes=notes)


def _content(body: MIMEPart) -> str:
    try:
        return str(body.get_content())
    except (LookupError, UnicodeDecodeError, ValueError):
        raw = body.get_payload(decode=True)
        return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""


def _metadata(message: EmailMessage) -> Metadata:
    try:
        sent = message["date"].datetime.date() if message["date"] else None
    except (AttributeError, ValueError, TypeError):
        sent = None
    name, _ = parseaddr(one_line(str(message["from"] or "")))
    return Metadata(title=one_line(str(message["subject"] or "")) or None, author=name or None, published=sent)
