"""Text on its way to the page: everything that is not ours is escaped here, in Python."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
    "\U000e0000-\U000e007f]"
)
"""Controls, direction overrides, zero-width and tag characters: they can disguise what is read."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_HEADING = re.compile(r"#{1,6}\s+")
_ITEM = re.compile(r"\s{0,3}(?:[-*•‣]|\d{1,3}[.)])\s+")


@dataclass(frozen=True, kw_only=True)
class Block:
    """A paragraph, heading or list item: `text[start:end]` without the line breaks around it."""

    start: int
    end: int
    kind: Literal["p", "h", "li"]


def escape(text: str) -> str:
    """Return `text` for use in HTML, in an element or a quoted attribute.

    >>> escape('<b>"5 > 3"</b>')
    '&lt;b&gt;&quot;5 &gt; 3&quot;&lt;/b&gt;'
    """
    return html.escape(_SURROGATE.sub("\ufffd", _UNSEEN.sub("", text)), quote=True)


def safe_url(url: str | None) -> str | None:
    """Return `url` when a browser may be sent there: http or https, with a host, nothing hidden in it.

    >>> safe_url("javascript:alert(1)") is None
    True
    """
    if not url or re.search(r"[\s\x00-\x1f\x7f<>\"'\\]", url) or _UNSEEN.search(url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host and "@" not in parts.netloc else None


def blocks(text: str, headings: Collection[str] = ()) -> list[Block]:
    """Split an article into what is set as one block, with offsets into `text`.

    Blank lines separate blocks; a text without any has one block per line. Headings and list items
    stand alone: a line is a heading when it begins with `#` or is one of `headings`, on one line each.
    Line breaks inside a block are only the file's line width.
    """
    by_line = not re.search(r"\S[^\S\n]*\n[^\S\n]*\n", text)
    found: list[Block] = []
    for start, end in _lines(text):
        line = text[start:end]
        kind = _kind(line, headings)
        joins = found and kind == "p" and not by_line and found[-1].kind != "h"
        if joins and not re.search(r"\n[^\S\n]*\n", text[found[-1].end : start]):
            found[-1] = Block(start=found[-1].start, end=end, kind=found[-1].kind)
        else:
            found.append(Block(start=start, end=end, kind=kind))
    return found


def _kind(line: str, headings: Collection[str]) -> Literal["p", "h", "li"]:
    if _HEADING.match(line) or " ".join(line.split()) in headings:
        return "h"
    return "li" if _ITEM.match(line) else "p"


def _lines(text: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"[^\n]+", text):
        if match.group().strip():
            yield match.start(), match.end()


def opening(text: str, kind: str) -> int:
    """Return how many characters of a block are its `#` or bullet, which the page draws itself.

    >>> opening("## Background", "h"), opening("- one", "li"), opening("2. two", "li")
    (3, 2, 0)
    """
    match = _HEADING.match(text) if kind == "h" else re.match(r"\s{0,3}[-*•‣]\s+", text) if kind == "li" else None
    return match.end() if match else 0


def whole_percent(share: float, *, up: bool = False) -> int:
    """Return a share in whole per cent: rounded down, or a threshold `up`, so that too little never reads as enough.

    >>> whole_percent(0.4951), whole_percent(0.29), whole_percent(0.504, up=True)
    (49, 29, 51)
    """
    exact = round(share * 100, 6)  # 0.29 * 100 is a little less than 29
    return math.ceil(exact) if up else math.floor(exact)


def opened(tag: str, **attributes: object) -> str:
    """Return a start tag. `_` in a name stands for `-`, `cls` for `class`; None and False are left out.

    >>> opened("button", cls="cite", data_turn=0, disabled=True, title='"x"')
    '<button class="cite" data-turn="0" disabled title="&quot;x&quot;">'
    """
    parts = [tag]
    for name, value in attributes.items():
        name = "class" if name == "cls" else name.replace("_", "-")
        if value is True:
            parts.append(name)
        elif value is not None and value is not False:
            parts.append(f'{name}="{escape(str(value))}"')
    return f"<{' '.join(parts)}>"


def element(tag: str, inner: str = "", **attributes: object) -> str:
    """Return an element around `inner`, which is HTML already; attributes are escaped.

    >>> element("p", escape("a < b"), cls="note")
    '<p class="note">a &lt; b</p>'
    """
    return f"{opened(tag, **attributes)}{inner}</{tag}>"


def says(tag: str, text: str | None, **attributes: object) -> str:
    """Return an element that holds plain text; nothing when there is no text."""
    return element(tag, escape(text), **attributes) if text else ""
