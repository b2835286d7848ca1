"""Markdown to clean text: emphasis, links, tags and other markup go, every word stays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rag.ingest.clean import one_line
from rag.ingest.compose import Piece
from rag.ingest.paragraphs import paragraphs

if TYPE_CHECKING:
    from markdown_it.token import Token

_SIGNS = re.compile(r"^#{1,6} \S|^\*\*\S.*\*\*|^> |\[[^\[\]\n]{1,300}\]\(https?://[^)\s]+\)|^```", re.MULTILINE)
_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|abbr|article|aside|b|blockquote|body|br|button|center|cite|code|del|details|div|em|embed|fig(?:ure|caption)|"
    r"font|footer|form|h[1-6]|head(?:er)?|hr|html|i|iframe|img|input|ins|kbd|li|link|main|mark|meta|nav|object|ol|p|pre|q|"
    r"s|section|small|span|strong|style|su[bp]|summary|svg|table|t[drh]|tbody|thead|title|u|ul|video|audio|source)\b[^<>]*>",
    re.IGNORECASE,
)
_TANGLED = 20_000
"""More brackets, stars, ticks or bars than this are no prose, and take a Markdown parser ages."""
_LARGEST = 5_000_000


def looks_like_markdown(text: str) -> bool:
    """Say whether a text without a telling name has Markdown headings, bold lines or links."""
    return len(_SIGNS.findall(text[:200_000])) >= 2 or text.lstrip().startswith("# ")


def pieces(text: str) -> Iterator[Piece]:
    """Yield the paragraphs of a Markdown text, its first top-level heading as the title."""
    text = _HIDDEN.sub("", text)
    if len(text) > _LARGEST or max(map(text.count, "[*`|_")) > _TANGLED:
        yield from (Piece(text[part.start : part.end]) for part in paragraphs(text))
        return
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # links are dropped, whatever they are
    yield from _paragraphs(parser.parse(text))


def _paragraphs(tokens: list[Token]) -> Iterator[Piece]:
    titled = False
    row: list[str] = []
    for at, token in enumerate(tokens):
        if token.type == "tr_close":
            yield Piece(" | ".join(filter(None, row)), "text")
            row = []
        elif token.type in ("fence", "code_block"):
            yield Piece(token.content.rstrip("\n"), "text")
        elif token.type == "inline":
            opener = tokens[at - 1]
            words = _TAG.sub("", _words(token.children or []))
            if opener.tag in ("th", "td"):
                row.append(one_line(words))
            elif opener.type == "heading_open":
                yield Piece(words, "title" if opener.tag == "h1" and not titled else "heading")
                titled = titled or opener.tag == "h1"
            else:
                yield Piece(words, "text" if opener.level else None)


def _words(tokens: Iterable[Token]) -> str:
    return "".join(_word(token) for token in tokens)


def _word(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "image":
        return _words(token.children or [])
    return token.content
