"""Saved mail (.eml): subject, sender and date, and the body; attachments are not looked at."""

from __future__ import annotations

import email
from collections.abc import Iterator
from email.message import EmailMessage, MIMEPart
from email.policy import default
from email.utils import parseaddr

from rag.errors import SourceError
from rag.ingest.clean import canonical, one_line
from rag.ingest.compose import Piece
from rag.ingest.decode import as_declared, decode, nearly_as_declared
from rag.ingest.document import Metadata
from rag.ingest.extract import Extract
from rag.ingest.formats import html
from rag.ingest.paragraphs import paragraphs

_BODIES = ("text/plain", "text/html")


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
    bodies = list(_bodies(message))
    if not bodies:
        raise SourceError("no text")
    attached = _attached(message, bodies)
    found, failed = _read_all(bodies)
    pieces = tuple(piece for one in found for piece in one.pieces)
    if failed and not pieces:
        raise failed[0]
    notes = dict.fromkeys([f"attachments left out: {attached}"] if attached else [])
    notes.update(dict.fromkeys(f"a part left out: {error}" for error in failed))
    notes.update(dict.fromkeys(note for one in found for note in one.notes))
    return Extract(pieces=pieces, metadata=_metadata(message), notes=tuple(notes))


def _attached(message: EmailMessage, bodies: list[MIMEPart]) -> int:
    """Return how many parts of a mail hold none of its bodies; alternatives say the same again."""
    if message.get_content_subtype() == "alternative":
        return 0
    return sum(all(part is not body for part in outer.walk() for body in bodies) for outer in message.iter_parts())


def _bodies(part: MIMEPart) -> Iterator[MIMEPart]:
    """Yield the parts that are shown as the mail's text, in order; some programs put pictures between them."""
    if part.is_attachment():
        return
    if part.get_content_type() in ("multipart/alternative", "multipart/related"):
        body = part.get_body(preferencelist=("plain", "html"))
        yield from () if body is None else (body,)
    elif part.get_content_maintype() == "multipart":
        for at, inner in enumerate(part.iter_parts()):
            if at == 0 or not inner.get_filename():  # with a name it is a file beside the words
                yield from _bodies(inner)
    elif part.get_content_type() in _BODIES:
        yield part


def _read_all(bodies: list[MIMEPart]) -> tuple[list[Extract], list[SourceError]]:
    """Return what the bodies say, and why some cannot be read: one odd part is no reason to lose the others."""
    found: list[Extract] = []
    failed: list[SourceError] = []
    for body in bodies:
        try:
            found.append(_read(body))
        except SourceError as error:
            failed.append(error)
    return found, failed


def _read(body: MIMEPart) -> Extract:
    content, note = _content(body)
    notes = (note,) if note else ()
    if not content:
        return Extract(pieces=())
    if body.get_content_type() == "text/html":
        return html.from_text(content, notes=notes, whole=True)
    text, _ = canonical(content)
    if str(body.get_param("format")).lower() == "flowed":
        text = _unflowed(text, padded=str(body.get_param("delsp")).lower() == "yes")
    return Extract(pieces=tuple(Piece(text[part.start : part.end]) for part in paragraphs(text)), notes=notes)


def _content(body: MIMEPart) -> tuple[str, str | None]:
    """Return the text of a part: what it declares when that fits but for a few bytes, else what it looks like."""
    raw = body.get_payload(decode=True)
    data = raw if isinstance(raw, bytes) else b""
    charset = body.get_content_charset() or "us-ascii"
    if not data.strip():
        return "", None
    text = None if charset == "us-ascii" else as_declared(data, charset)
    if text is not None:
        return text, None
    if (nearly := nearly_as_declared(data, charset)) is not None:
        return nearly.text, nearly.note
    if body.get_content_type() == "text/html":
        return html.decode_page(data)
    decoded = decode(data)
    return decoded.text, decoded.note


def _unflowed(text: str, *, padded: bool) -> str:
    """Join lines that end in a space with those they go on in (RFC 3676). `padded` means this space is no text."""
    parts: list[str] = []
    before = ""
    for line in text.split("\n"):
        said = line.lstrip(">")
        quoted = line[: len(line) - len(said)]
        said = said.removeprefix(" ")
        if before != f"{quoted}flows":
            parts.append(f"\n{quoted} " if quoted else "\n")
        flows = said.endswith(" ") and said != "-- "
        parts.append(said[:-1] if flows and padded else said)
        before = f"{quoted}flows" if flows else ""
    return "".join(parts).strip("\n")


def _metadata(message: EmailMessage) -> Metadata:
    try:
        sent = message["date"].datetime.date() if message["date"] else None
    except (AttributeError, ValueError, TypeError):
        sent = None
    name, _ = parseaddr(one_line(str(message["from"] or "")))
    return Metadata(title=one_line(str(message["subject"] or "")) or None, author=name or None, published=sent)
