"""A document to what the ledger stores: an article, its passages, and the text that each vector is made of."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from rag.errors import SourceError
from rag.ingest.document import READER_VERSION, Document, to_json
from rag.ingest.split import split
from rag.models.tokens import count
from rag.records import Article
from rag.store.ledger import Draft, Origin

_LONGEST_HEAD = 300
"""Of a title or heading, in characters: it goes with every passage below it."""


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """An article that is read and split, and waits for its vectors."""

    article: Article
    text: str
    origin: Origin
    drafts: tuple[Draft, ...]
    inputs: dict[str, str]
    """Text to embed by vector key."""


@dataclass(frozen=True, kw_only=True)
class Preparer:
    """Splits documents, for one embedder and one size of passage."""

    embedder_sha256: str
    passage_tokens: int

    def prepare(self, document: Document, *, id: str, path: str | None, origin: Origin) -> Prepared:
        """Return a document as an article with its passages.

        Raises:
            SourceError: `no text`.
        """
        spans = split(document, max_tokens=self.passage_tokens, count=count)
        if not spans:
            raise SourceError("no text")
        inputs: dict[str, str] = {}
        drafts = []
        for span in spans:
            # The vector sees title and heading, the quote never does.
            heading = span.heading and span.heading[:_LONGEST_HEAD]
            parts = (document.title[:_LONGEST_HEAD], heading, document.text[span.start : span.end])
            text = "\n".join(part for part in parts if part)
            key = hashlib.sha256(f"{self.embedder_sha256}\n{text}".encode()).hexdigest()[:32]
            inputs[key] = text
            drafts.append(Draft(start=span.start, end=span.end, heading=heading, kind=span.kind, vector_key=key))
        article = _article(document, id=id, path=path)
        return Prepared(article=article, text=document.text, origin=origin, drafts=tuple(drafts), inputs=inputs)

    def file_digest(self, path: Path) -> str:
        """Return a hash of a file's bytes and of everything that shapes what is made of them."""
        digest = hashlib.sha256(self._shape())
        with open(path, "rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
        return digest.hexdigest()

    def content_digest(self, data: bytes) -> str:
        """Return what `file_digest` does for a file with these bytes."""
        digest = hashlib.sha256(self._shape())
        digest.update(data)  # not joined: it may be large
        return digest.hexdigest()

    def member_digest(self, document: Document) -> str:
        """Return the same for one article of a file of many."""
        return self.content_digest(json.dumps(to_json(document), sort_keys=True).encode())

    def _shape(self) -> bytes:
        return f"{READER_VERSION};{self.passage_tokens};".encode()


def _article(document: Document, *, id: str, path: str | None) -> Article:
    text = document.text
    return Article(
        id=id,
        path=path,
        title=document.title,
        author=document.author,
        published=document.published,
        source=document.source,
        url=document.url,
        language=document.language,
        chars=len(text),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
