"""Questions about an article itself, answered from what is known of it: who wrote it, when, where, what about.

Only a question that names an article by its title and says nothing more, or asks for something of "the article", is
taken so; "who wrote the memo?", "who wrote the letter in the article?" and, of an article called "Ebola response",
"which agency leads the Ebola response?" are questions for the articles' text. What is not known of an article is left
to the text as well, and so is "who wrote The Silver Orchard?" where the text tells of a novel of that name and the
reader is sure of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rag.answer.cite import cite, mark
from rag.answer.described import KIND
from rag.answer.meant import NOTHING, PUBLISHED, QUOTED, Known, find, means_thing
from rag.ingest.dates import find_date
from rag.ingest.sentences import sentences
from rag.records import Article, Citation, Hit, describe

_FILLERS = (
    r"(?:[\s,]+(?:exactly|briefly|please|then|anyway|overall|in (?:short|brief|a few words|one sentence|a nutshell)))*"
)
_WHICH_OUTLET = r"(?:which|what) (?:outlet|newspaper|paper|publication|magazine|website)\b"
_ASKED = {
    "author": rf"\bwho (?:wrote|authored|reported|is the (?:author|writer) of)\b"
    r"|^(?!.*\b(?:does|did) the author\b).*\b(?:author|byline) of\b"
    rf"|\b{KIND} (?:was )?(?:written )?by whom\b",
    "published": r"\bwhen (?:was|were|did|is)\b.*\b(?:published|written|posted|printed|appear|come out)\b"
    rf"|\b(?:publication date|date of publication)\b|\bwhat is the date of\b(?=.*(?:\b{KIND}\b|[“\"‘]))",
    "source": rf"\b{_WHICH_OUTLET}"
    rf"(?=.{{0,200}}\b(?:(?:{PUBLISHED}|wrote|reported|has|behind|appear|come|source of)\b|(?:from|in)[\s?.!]*$))"
    # not "which newspaper did the article comment on?", nor "was the article commenting on?"
    rf"|\b{_WHICH_OUTLET} (?:is|was)\b(?=.{{0,200}}(?<!ed)(?<!ing) on[\s?.!]*$)"
    rf"|\b(?:in|from) {_WHICH_OUTLET}|\b(?:which|what) (?:site|agency) {PUBLISHED}\b"
    r"|\bwhere (?:was|were|did)\b.*\b(?:published|printed|appear)\b|\bwho published\b",
    # not "what is said about the toll in the article?"
    "topic": rf"\bwhat(?: (?:is|was|are|'s)|'s)\b.*\babout{_FILLERS}[\s?.!]*(?:$|\()"
    rf"|\bwhat does the {KIND}\b.*\bdeal with\b"
    r"|^\s*(?:please )?summari[sz]e\b|\b(?:summary|gist) of\b",
}
_MORE = re.compile(
    r"(?:\band (?:also )?(?:(?:by|in|at|for|to|from|on) )?|\?\s+(?:and |but )?)"
    r"(?:who|whom|whose|what|which|when|where|why|how)\b",
    re.IGNORECASE,
)
"""Another question behind the first."""
_HEAD, _LINE_WORDS = 1200, 15
"""Characters within which a byline or date line stands, and the most words of a byline."""
_DATELINE = 60
"""Characters of a paragraph within which its agency stands: "ORVANE (Coastal Wire) - The ferry …"."""
_DONE = {"author": "written by", "published": "published on", "source": "published by"}
_MOST = 4
"""Articles of one title that are told of."""
_LEAD, _LEAD_WORDS = 3000, 10
RECORDED = "This is recorded of the article; its text does not say it, so that its first words are quoted."


@dataclass(frozen=True, kw_only=True)
class Told:
    """An answer from what is known of an article."""

    text: str
    citations: tuple[Citation, ...]
    short: str | None
    confidence: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Said:
    """An article, its text, and in short what is asked of it."""

    hit: Hit
    text: str
    short: str


def tell(
    question: str,
    hits: Sequence[Hit],
    text_of: Callable[[str], str],
    *,
    first: int = 1,
    rival: str = "",
    known: Known = NOTHING,
) -> Told | None:
    """Return the answer when the question is about an article among the hits and the article's record has it.

    `text_of` gives an article's stored text by id; `first` is the number of the first citation; `rival` is the passage
    that answers the question by itself, where the reader is sure of one.
    """
    asked = _asked(question) or _asked(_untitled(question, hits))
    meant = asked and find(question, hits, known)
    if not asked or not meant:
        return None
    found = _that_differ(asked, meant[0], text_of)
    if not found or (asked != "topic" and any(means_thing(question, one.hit.article.title, rival) for one in found)):
        return None
    told = (_each if len(found) > 1 else _one)(asked, found, first, meant[1])
    return told if all(one.support for one in told.citations) else replace(told, notes=(RECORDED,))


def _asked(question: str) -> str | None:
    """Return what is asked of an article; None where it is more than one thing, or another question follows.

    >>> _asked("Who wrote “What is it about?”"), _asked("In which newspaper and when was “Ice” published?")
    ('author', None)
    """
    said = QUOTED.sub(lambda found: f"{found[0][0]}…{found[0][-1]}", question)
    asked = [name for name, form in _ASKED.items() if re.search(form, said, re.IGNORECASE)]
    return asked[0] if len(asked) == 1 and not _MORE.search(said) else None


def _untitled(question: str, hits: Sequence[Hit]) -> str:
    """Return a question without the titles in it: in "The strike and what it means" nothing more is asked.

    A title of one word is left: it may be any word of the question.
    """
    titles = sorted({hit.article.title for hit in hits if " " in hit.article.title}, key=len, reverse=True)
    form = "|".join(map(re.escape, titles))
    return re.sub(rf"(?<!\w)(?:{form})(?!\w)", "…", question, flags=re.IGNORECASE) if titles else question


def _that_differ(asked: str, hits: Sequence[Hit], text_of: Callable[[str], str]) -> list[_Said]:
    """Return the articles that do not say the same, the newest first; none where one does not say, or they are many."""
    found: dict[str, _Said] = {}
    for hit in sorted(hits, key=lambda hit: hit.article.published or date.min, reverse=True):
        text = text_of(hit.article.id)
        if not (short := _short(asked, hit.article, text)):
            return []
        found.setdefault(short, _Said(hit, text, short))
    return list(found.values()) if len(found) <= _MOST else []


def _short(asked: str, article: Article, text: str) -> str | None:
    """Return what an article's record, or of what it is about its first sentence, says."""
    if asked == "topic":
        return next((text[a:b] for a, b in opening(text)), None)
    if asked == "published":
        day = article.published
        return f"{day.day} {day:%B %Y}" if day else None
    return article.author if asked == "author" else article.source


def _one(asked: str, found: Sequence[_Said], first: int, confidence: float) -> Told:
    """Return a sentence on the only article; its lead where it is asked what that is about."""
    (one,) = found
    if asked == "topic":
        return _topic(one, first, confidence)
    text = mark(f"“{one.hit.article.title}” was {_DONE[asked]} {one.short}.", first)
    return Told(text=text, citations=(_record(first, asked, one),), short=one.short, confidence=confidence)


def _each(asked: str, found: Sequence[_Said], first: int, confidence: float) -> Told:
    """Return a line for each of several articles that the question may mean."""
    lines, citations = [], []
    for number, one in enumerate(found, start=first):
        lines.append(mark(f"{describe(one.hit.article)}: {one.short}", number))
        lead = opening(one.text)[0] if asked == "topic" else None
        citations.append(_citation(number, one, *lead) if lead else _record(number, asked, one))
    return Told(text="\n".join(lines), citations=tuple(citations), short=None, confidence=confidence)


def _record(number: int, asked: str, one: _Said) -> Citation:
    """Cite the sentence or line that bears what was asked, or the first of the text, which then backs nothing."""
    article, text = one.hit.article, one.text
    if asked == "published":
        found = _dated(text, article.published)
    else:
        wanted = article.author if asked == "author" else article.source
        found = _bylined(text, wanted) if wanted else -1
    at = found if found >= 0 else len(text) - len(text.lstrip())
    end = text.find("\n", at)
    line = text.rfind("\n", 0, at) + 1, end if end >= 0 else len(text)
    start, end = next((a, b) for a, b in sentences(text, *line) if at < b)
    return _citation(number, one, start, end, support=float(found >= 0))


def _bylined(text: str, name: str) -> int:
    """Return where a short line of the head or a dateline has a name, -1 where none does.

    A paragraph tells of others as well.
    """
    for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text[:_HEAD]):
        begin = text.rfind("\n", 0, found.start()) + 1
        line = text[begin:].split("\n", 1)[0]
        dated = re.match(r"\s*(?:\)|[-–—]+\s)", line[found.end() - begin :]) and found.end() - begin <= _DATELINE
        if dated or len(line.split()) <= _LINE_WORDS:
            return found.start()
    return -1


def _dated(text: str, day: date | None) -> int:
    """Return where a line of the head states the whole date, -1 where none does."""
    at = 0
    while found := find_date(text[at:_HEAD]):
        value, start, end = found
        if value == day and "\n" not in text[at + start : at + end]:
            return at + start
        at += end
    return -1


def opening(text: str) -> list[tuple[int, int]]:
    """Return an article's first two sentences that are long enough not to be a heading, a byline or a caption."""
    found = sentences(text, 0, min(_LEAD, len(text)))
    return [(a, b) for a, b in found if len(text[a:b].split()) >= _LEAD_WORDS and text[b - 1] in ".!?”\"'’"][:2]


def _topic(one: _Said, first: int, confidence: float) -> Told:
    """Return the lead."""
    lead = list(enumerate(opening(one.text), start=first))
    citations = tuple(_citation(number, one, *place) for number, place in lead)
    said = " ".join(mark(one.text[start:end], number) for number, (start, end) in lead)
    return Told(text=said, citations=citations, short=None, confidence=confidence)


def _citation(number: int, one: _Said, start: int, end: int, support: float = 1.0) -> Citation:
    hit = one.hit
    return cite(number, hit.article, one.text, start=start, end=end, passage_id=hit.passage.id, support=support)
