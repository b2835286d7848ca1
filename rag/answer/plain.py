"""What a language model wrote, as inert prose: no image, link, HTML or hidden character reaches the reader."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

_IMAGE = re.compile(r"!\[([^\]\n]*)\](?:\([^)\n]*\)|\[[^\]\n]*\])")
_LINK = re.compile(r"\[([^\]\n]+)\]\((?!\s*\))[^)\n]*\)")
_REFERENCE = re.compile(r"^[ \t]*\[[^\]\n]+\]:[^\n]*\n?", re.MULTILINE)
_URL = re.compile(
    r"<?\b(?:(?:https?|ftp|file|data|javascript|vbscript|mailto):|www\.)[^\s<>\"'”’)\]]+>?", re.IGNORECASE
)
_TAG = re.compile(r"<(?:!--.*?(?:-->|$)|/?[a-zA-Z][\w-]*(?:[\s/][^<>]*)?>)", re.DOTALL)


def plain(text: str) -> str:
    """Return the text with images, links, HTML and unseen characters made harmless. Line ends stay.

    >>> plain("See ![x](https://evil.example/?q=1) or [the post](http://evil.example) <b>now</b> [1].")
    'See x or the post now [1].'
    >>> plain("Go to https://evil.example/a?b=c.")
    'Go to (a link to evil.example).'
    """
    seen = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"})
    for pattern, by in ((_TAG, ""), (_IMAGE, r"\1"), (_REFERENCE, "")):
        seen = pattern.sub(by, seen)
    return _URL.sub(_named, _LINK.sub(_text, seen))


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
