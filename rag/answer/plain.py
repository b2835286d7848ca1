"""What a language model wrote, as inert prose: no image, link, HTML or hidden character reaches the reader."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

_LABEL = r"(?:[^\[\]\\\n]|\\.|\[[^\[\]\n]{0,100}+\]){0,300}+"
"""Of a link: brackets stand within it in pairs. Bounded as every repeat here is: a text may be built to be slow."""
_TARGET = r"\(\s{0,16}+[^)\n]{0,2000}+\)"
_IMAGE = re.compile(rf"!\[({_LABEL})\](?:{_TARGET}|\[[^\[\]\n]{{0,300}}+\])")
_LINK = re.compile(rf"\[({_LABEL})\](?!\(\s{{0,16}}+\)){_TARGET}")
_REFERENCE = re.compile(r"^[ \t]*\[[^\]\n]+\]:[ \t]*+[^\s]*+[ \t]*+(?:[\"'(][^\n]*)?(?:\n|\Z)", re.MULTILINE)
"""An address and a title at most: what has more words is no link in any Markdown, but a sentence."""
_NUMBERED = re.compile(
    r"^([ \t]*(?:[-*•+] )?\[\d{1,2}\]):(?![ \t]*<?(?:[a-z][a-z\d+.-]{0,20}:\S|//|www\.|[#/.]))[ \t]*(?=\S)",
    re.IGNORECASE | re.MULTILINE,
)
"""A sentence with its mark before it, `[1]: Talks were cut.`; with an address it would be a link."""
_URL = re.compile(
    r"<?\b(?:(?:https?|ftp|file|data|javascript|vbscript|mailto):|www\.)[^\s<>\"'”’)\]]+>?", re.IGNORECASE
)
_TAG = re.compile(r"<(?:!--.*?(?:-->|$)|/?[a-zA-Z][\w-]*(?:[\s/][^<>]*)?>)", re.DOTALL)
_PASSES = 8
"""What is taken out may leave another tag or link behind, `<<b>img>`; what is still there then gets spaces."""
_DANGLING = re.compile(r"<(?=[ \t]{0,16}(?:[<\[［【〔]|\Z))")
"""May come to stand before a letter when a mark after it is taken out, or where the next sentence begins."""
_LIVE = re.compile(r"<(?=[a-zA-Z/!?])|[\]］】〕](?=\()|(?<!\w \[\d)(?<!\w \[\d\d)[\]］】〕](?=:)")
"""What begins a tag, a link's address or a reference's, but not a colon after a mark: `says [1]: …`."""


def plain(text: str) -> str:
    """Return the text with images, links, HTML and unseen characters made harmless. Line ends stay.

    >>> plain("See ![x](https://evil.example/?q=1) or [the post](http://evil.example) <b>now</b> [1].")
    'See x or the post now [1].'
    >>> plain("Go to https://evil.example/a?b=c.")
    'Go to (a link to evil.example).'
    """
    seen = _NUMBERED.sub(r"\1 ", "".join(character for character in text if not is_hidden(character)))
    for _ in range(_PASSES):
        before = seen
        for pattern, by in ((_TAG, ""), (_IMAGE, r"\1"), (_REFERENCE, ""), (_LINK, _text)):
            seen = pattern.sub(by, seen)
        if seen == before:
            break
    return spaced(_DANGLING.sub("", _URL.sub(_named, seen)))


def spaced(text: str) -> str:
    """Return the text with a space in whatever could begin HTML or a link, for code as well.

    >>> spaced("a[0](b) <b>")
    'a[0] (b) < b>'
    """
    return _LIVE.sub(r"\g<0> ", text)


def is_hidden(character: str) -> bool:
    """Tell a character that nobody sees, or that turns the direction of others; line ends and tabs are none."""
    return character not in "\n\t" and unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"}


def _text(match: re.Match[str]) -> str:
    """Keep a link's text; a number in brackets stays the citation that it looks like."""
    return f"[{match[1]}]" if match[1].strip().isdigit() else match[1]


def _named(match: re.Match[str]) -> str:
    url = match[0].strip("<>")
    body = url.rstrip(".,;:!?")
    try:
        host = urlsplit(f"//{body}" if body.lower().startswith("www.") else body).hostname or ""
    except ValueError:
        host = ""
    host = host.removeprefix("www.")
    shown = f"(a link to {host})" if re.fullmatch(r"[\w.-]+", host) else "(a link)"
    return shown + url[len(body) :]
