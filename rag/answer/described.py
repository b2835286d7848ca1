"""What a question says of an article beside its title: "the latest article", "the Harbour Times article from 2021"."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.records import Article, Hit
from rag.retrieve.inferred import Names, who_writes

STOP = frozenset(
    re.findall(r"\w+", "a an the of in on at to for from by with is are was were be and or its it this that as who")
)
STOPS = rf"(?:{'|'.join(sorted(STOP))})"
KIND = (
    r"(?:article|story|piece(?! of\b)|op-?ed|column(?! of\b)|commentary|editorial|essay|write-?up|news item"
    r"|report(?=[\s?]*$))"
)
THE_KIND = rf"(?:the|this|that|which|an?) (?:(?!{STOPS}\b)\w+ ){{0,2}}?{KIND}\b"
_NAME = r"[\w'’.&-]+(?: [\w'’.&-]+){0,5}?"
_PLAIN_WORD = rf"(?!{STOPS}\b)[\w'’.&-]+"
_BEFORE = re.compile(
    rf"\b(?P<the>the|this|that) (?:(?P<newest>latest|newest|most recent)|(?P<oldest>first|oldest|earliest))?"
    rf" ?(?P<name>{_PLAIN_WORD}(?: {_PLAIN_WORD}){{0,4}}?)?(?<=\w) (?P<kind>{KIND})\b",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"\b(?P<kind>{KIND})(?: (?:that|which) (?:was|is))?(?: (?:written|published|printed|posted))?"
    rf" (?:by|in|from|of) (?:the )?(?P<name>{_NAME})"
    r"(?= (?:by|in|from|on|about|published|printed|written|posted|appear|come)\b|[\s,]*(?:$|[?(!]|\.(?:\s|$)))",
    re.IGNORECASE,
)
_DAY = re.compile(rf"(?:(?P<month>{'|'.join(calendar.month_name[1:])}) )?(?P<year>(?:19|20)\d\d)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Description:
    """An article's author, outlet and time as far as a question names them."""

    rest: str
    """The question without them."""
    order: str
    """"newest" or "oldest", where one of several is meant; else ""."""
    fits: tuple[Callable[[Article], bool], ...]

    def among(self, hits: Sequence[Hit]) -> list[Hit]:
        """Return the hits of the articles that fit."""
        return [hit for hit in hits if all(fits(hit.article) for fits in self.fits)]


def describe(question: str, articles: Callable[[], Sequence[Article]]) -> Description:
    """Return what a question says of "the article"; a name that none of `articles` bears stays in its place.

    `articles` is asked only when the words suggest that a name is there.

    >>> said = describe("Who wrote the latest article from 2021?", lambda: ())
    >>> said.rest, said.order, len(said.fits)
    ('Who wrote the article?', 'newest', 1)
    """
    rest, order = question, ""
    fits: list[Callable[[Article], bool]] = []
    if found := _BEFORE.search(rest):
        order = "newest" if found["newest"] else "oldest" if found["oldest"] else ""
        named = _named(found["name"], articles) if found["name"] else None
        fits += [named] if named else []
        left = f"{found['name']} " if found["name"] and not named else ""
        rest = f"{rest[: found.start()]}{found['the']} {left}{found['kind']}{rest[found.end() :]}"
    while (found := _AFTER.search(rest)) and (named := _named(found["name"], articles)):
        fits.append(named)
        rest = rest[: found.end("kind")] + rest[found.end() :]
    return Description(rest=rest, order=order, fits=tuple(fits))


def _named(name: str, articles: Callable[[], Sequence[Article]]) -> Callable[[Article], bool] | None:
    """Return what an article is told by that a name or a time is said of; None where it is neither."""
    if day := _DAY.fullmatch(name):
        return lambda article: _falls(article, day)
    known = articles()
    sources = tuple({article.source for article in known if article.source})
    authors = tuple({article.author for article in known if article.author})
    outlet, author = who_writes(name, Names(outlets=sources, authors=authors))
    if outlet:
        return lambda article: outlet.casefold() in (article.source or "").casefold()
    return (lambda article: author.casefold() in (article.author or "").casefold()) if author else None


def _falls(article: Article, day: re.Match[str]) -> bool:
    published = article.published
    if not published or published.year != int(day["year"]):
        return False
    return not day["month"] or calendar.month_name[published.month].lower() == day["month"].lower()
