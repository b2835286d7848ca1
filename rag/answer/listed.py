"""The list of sources that language models put after an answer, though nobody asked: it states nothing.

Judged like sentences, its lines and Markdown's footnotes would get quotes that they do not need, or be called
unsupported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rag.records import Article, Hit

_WORD = re.compile(r"[^\W_]+")
_FOOTNOTE = re.compile(r"(?:[-*•+] )?\[\d{1,2}\]:")
_LINK = re.compile(r"\(a link(?: to [\w.-]+)?\)")
"""What `plain` makes of an address."""
_HEADS = frozenset("source sources reference references citation citations bibliography".split())  # noqa: SIM905
_ABOUT_HEADS = frozenset(
    """a all and are articles as cited consulted following footnotes for from here in is list my of passages the these
    this used were works""".split()  # noqa: SIM905
)
_LABELS = frozenset(
    """a and article author by date dated from in no of on outlet page pages passage passages pp published see source
    the title unknown written""".split()  # noqa: SIM905
)


class Listing:
    """Tells the lines of lists of sources among an answer's, which are given to it one after another."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        self._hits = hits
        self._open = False
        """A head or a footnote has come, and nothing since that is no entry."""

    def has(self, text: str, *, footnote: bool, cited: Sequence[Hit]) -> bool:
        """Take the next line, without marks, and tell whether it belongs to a list.

        Without a head that is one that begins with a mark, and then `cited` has what it cites.
        """
        if not _WORD.search(text):
            return False
        opened = self._open or footnote or is_head(text.partition(":")[0])
        self._open = opened and is_entry(text, self._hits, headed=True)
        return self._open or is_entry(text, cited, headed=False)


def is_footnote(line: str) -> bool:
    """Tell a line that begins as Markdown's footnotes do, be it one or a sentence with its mark before it.

    >>> is_footnote("[1]: Coastal Wire"), is_footnote("[1] Coastal Wire")
    (True, False)
    """
    return bool(_FOOTNOTE.match(line))


def is_head(text: str) -> bool:
    """Tell a line, without marks, that only says that sources follow.

    >>> is_head("**Sources:**"), is_head("Sources say that talks were cut.")
    (True, False)
    """
    words = {word.casefold() for word in _WORD.findall(text)}
    return bool(words & _HEADS) and words <= _HEADS | _ABOUT_HEADS


def is_entry(text: str, hits: Sequence[Hit], *, headed: bool) -> bool:
    """Tell a line, without marks, that only names articles: by title, author, outlet and date.

    With a head over it, numbers of pages and initials may stand in it. Without one it must name a title and more: a
    title alone may be a claim, an outlet or a date alone an answer.
    """
    words = {word.casefold() for word in _WORD.findall(_LINK.sub("", text))} - _LABELS
    if headed:
        words = {word for word in words - _HEADS - _ABOUT_HEADS if len(word) > 1 and not word.isdigit()}
    titles = {word for hit in hits for word in _words(hit.article.title)}
    others = {word for hit in hits for word in _origin(hit.article)}
    return words <= titles | others and (headed or bool(words & titles - others and words & others - titles))


def _origin(article: Article) -> Iterable[str]:
    """Return the words of author, outlet and date, the last as people write it, too."""
    when = article.published
    dates = when.strftime("%Y-%m-%d %Y %m %d %B %b") + f" {when.month} {when.day}" if when else ""
    return _words(f"{article.author or ''} {article.source or ''} {dates}")


@lru_cache(maxsize=512)
def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text))
