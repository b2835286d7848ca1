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

_SIGNS = re.compile(
    r"^#{1,6} \S|^\*\*\S.*\*\*|^> |\[[^\[\]\n]{1,300}\]\(https?://[^)\[\s]{1,2000}+\)|^```", re.MULTILINE
)
_HIDES = re.compile(r"<(?:!--|(script|style)\b)", re.IGNORECASE)
_ENDS = {
    "script": re.compile(r"</script\s*>", re.IGNORECASE),
    "style": re.compile(r"</style\s*>", re.IGNORECASE),
    "": re.compile("-->"),
}
_BLOCK = "\x01"
"""Stands between blocks while what is hidden may run over several."""
_LITERAL = "\x02"
"""Stands for `<` in code, where it begins neither a tag nor a comment."""
_TAG = re.compile(
    r"</?(?:a|abbr|article|aside|b|blockquote|body|br|button|center|cite|code|del|details|div|em|embed|fig(?:ure|caption)|"
    r"font|footer|form|h[1-6]|head(?:er)?|hr|html|i|iframe|img|input|ins|kbd|li|link|main|mark|meta|nav|object|ol|p|pre|q|"
    r"s|section|small|span|strong|style|su[bp]|summary|svg|table|t[drh]|tbody|thead|title|u|ul|video|audio|source)\b[^<>]*>",
    re.IGNORECASE,
)
_WIKI = re.compile(r"!\[\[[^\[\]\n]*\]\] ?|\[\[(?!\s)(?:[^\[\]|\n]*\|)?([^\[\]|\n]+)\]\]")
"""A link between notes, with its words; a picture or another note shown in place has none."""
_TANGLED = 20_000
"""More brackets, stars, ticks or bars than this are no prose, and take a Markdown parser ages."""
_LARGEST = 5_000_000


def looks_like_markdown(text: str) -> bool:
    """Say whether a text without a telling name has Markdown headings, bold lines or links."""
    return len(_SIGNS.findall(text[:200_000])) >= 2 or text.lstrip().startswith("# ")


def pieces(text: str) -> Iterator[Piece]:
    """Yield the paragraphs of a Markdown text, its first top-level heading as the title."""
    text = text.replace(_BLOCK, "").replace(_LITERAL, "")
    if len(text) > _LARGEST or max(map(text.count, "[*`|_")) > _TANGLED:
        yield from _shown([Piece(text[part.start : part.end]) for part in paragraphs(text)])
        return
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # links are dropped, whatever they are
    parser.disable("text_join")  # else what is escaped could not be told from markup
    titled = False
    for piece in _shown(list(_paragraphs(parser.parse(text)))):
        words = _TAG.sub("", piece.text).replace(_LITERAL, "<")
        yield Piece(words, "heading" if titled and piece.mark == "title" else piece.mark)
        titled = titled or (piece.mark == "title" and words.strip() != "")


def _shown(found: list[Piece]) -> Iterator[Piece]:
    """Yield pieces without comments, scripts and style sheets. Takes linear time."""
    if not found:
        return  # no text would still be one block
    text = _BLOCK.join(piece.text for piece in found)
    kept: list[str] = []
    at, endless = 0, set[str]()
    for start in _HIDES.finditer(text):
        end = _hidden_until(text, start, endless) if start.start() >= at else None
        if end is not None:
            kept += [text[at : start.start()], _BLOCK * text.count(_BLOCK, start.start(), end)]
            at = end
    blocks = "".join([*kept, text[at:]]).split(_BLOCK)
    yield from (Piece(block, piece.mark) for block, piece in zip(blocks, found, strict=True))


def _hidden_until(text: str, start: re.Match[str], endless: set[str]) -> int | None:
    """Return where what begins here ends; None for a mere mention, which has no end and whose words are kept.

    A comment that begins a block and has no end hides that block.
    """
    kind = (start[1] or "").lower()
    end = None if kind in endless else _ENDS[kind].search(text, start.end())
    if end:
        return end.end()
    endless.add(kind)
    begins = not kind and text[start.start() - 1 : start.start()] in ("", _BLOCK)
    stop = text.find(_BLOCK, start.end())
    return (stop if stop >= 0 else len(text)) if begins else None


def _paragraphs(tokens: list[Token]) -> Iterator[Piece]:
    row: list[str] = []
    counted: dict[int, bool] = {}
    for at, token in enumerate(tokens):
        if token.type == "tr_close":
            yield Piece(" | ".join(filter(None, row)), "text")
            row = []
        elif token.type in ("fence", "code_block"):
            yield Piece(token.content.rstrip("\n").replace("<", _LITERAL), "text")
        elif token.type in ("ordered_list_open", "bullet_list_open"):
            counted[token.level + 1] = token.attrGet("start") in (None, 0)
        elif token.type == "inline":
            opener = tokens[at - 1]
            words = _WIKI.sub(r"\1", _words(token.children or []))
            item = tokens[at - 2]
            if item.type == "list_item_open" and not counted[item.level]:
                words = f"{item.info}{item.markup} {words}"  # `1986. A great year` is no list
            if opener.tag in ("th", "td"):
                row.append(one_line(_TAG.sub("", words)))
            elif opener.type == "heading_open":
                yield Piece(words, "title" if opener.tag == "h1" else "heading")
            else:
                yield Piece(words, "text" if opener.level else None)


def _words(tokens: Iterable[Token]) -> str:
    return "".join(_word(token) for token in tokens)


def _word(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "image":
        return _words(token.children or [])
    return token.content if token.type == "text" else token.content.replace("<", _LITERAL)
