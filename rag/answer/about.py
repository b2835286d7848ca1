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
from dataclasses import dataclass
from datetime import date

from rag.answer.cite import cite, mark
from rag.ingest.dates import find_date
from rag.ingest.sentences import sentences
from rag.records import Article, Citation, Hit

_KIND = (
    r"(?:article|story|piece(?! of\b)|op-?ed|column(?! of\b)|commentary|editorial|essay|write-?up|news item"
    r"|report(?=[\s?]*$))"
)
_LOOSE = frozenset({"story", "piece", "column", "report"})
"""Kinds of article that a text tells of as well: a report that a judge wrote, the column of an army."""
_STOP = frozenset(
    re.findall(r"\w+", "a an the of in on at to for from by with is are was were be and or its it this that as who")
)
_STOPS = rf"(?:{'|'.join(sorted(_STOP))})"
_THE_KIND = rf"(?:the|this|that|which|an?) (?:(?!{_STOPS}\b)\w+ ){{0,2}}?{_KIND}\b"
_WHICH_OUTLET = r"(?:which|what) (?:outlet|newspaper|paper|publication|magazine|website)\b"
_PUBLISHED = r"(?:published|printed|posted|carried|ran)"
_ASKED = {
    "author": rf"\bwho (?:wrote|authored|reported|is the (?:author|writer) of)\b"
    r"|^(?!.*\b(?:does|did) the author\b).*\b(?:author|byline) of\b"
    rf"|\b{_KIND} (?:was )?(?:written )?by whom\b",
    "published": r"\bwhen (?:was|were|did|is)\b.*\b(?:published|written|posted|printed|appear|come out)\b"
    rf"|\b(?:publication date|date of publication)\b|\bwhat is the date of\b(?=.*(?:\b{_KIND}\b|[“\"‘]))",
    "source": rf"\b{_WHICH_OUTLET}"
    rf"(?=.{{0,200}}\b(?:(?:{_PUBLISHED}|wrote|reported|has|behind|appear|come|source of)\b|(?:from|in)[\s?.!]*$))"
    # not "which newspaper did the article comment on?", nor "was the article commenting on?"
    rf"|\b{_WHICH_OUTLET} (?:is|was)\b(?=.{{0,200}}(?<!ed)(?<!ing) on[\s?.!]*$)"
    rf"|\b(?:in|from) {_WHICH_OUTLET}|\b(?:which|what) (?:site|agency) {_PUBLISHED}\b"
    r"|\bwhere (?:was|were|did)\b.*\b(?:published|printed|appear)\b|\bwho published\b",
    "topic": rf"\bwhat (?:is|was|are|'s)\b.*\babout\b|\bwhat's\b.*\babout\b|\bwhat does the {_KIND}\b.*\bdeal with\b"
    r"|^\s*(?:please )?summari[sz]e\b|\b(?:summary|gist) of\b",
}
_NOUN = re.compile(
    rf"(?:^\s*|\b(?:wrote|authored|reported(?: on)?|{_PUBLISHED}|has|behind|of|is|was|did"
    r"|does(?=.{0,200}\b(?:appear|come|deal)\b))\s+"
    rf"|['’]s\s+|\b(?:summari[sz]e|summary|gist)\b.{{0,60}}?){_THE_KIND}"
    r"(?! (?:says?|said|saying|(?:(?:that|which) (?:is|was) )?(?:mentioned|quoted|cited))\b)",
    re.IGNORECASE,
)
"""An article that something is asked of: in "who wrote the letter in the article?" it is where to look."""
_GAP = rf"\W+(?:{_STOPS}\W+)*"
"""What may stand between two words of a name."""
_TOPIC = re.compile(
    rf"\b{_KIND} (?:on|about|of|regarding) (?P<topic>[^?(]+?)"
    r"(?: about| deal with|(?: was)?(?: first)? (?:published|written|printed|posted|appear|come out)(?: in| on)?)?"
    r"[\s?.!]*(?:$|[?(])",
    re.IGNORECASE,
)
"""What an article without a title is on."""
_ASKING = frozenset(
    """who what when where which did do does s wrote written authored reported author writer byline published posted
    printed appear come out article story piece column commentary editorial essay report publication date outlet
    newspaper paper magazine site website agency about please summarise summarize summary gist""".split()  # noqa: SIM905
)
"""What the questions above are made of, the article's title aside."""
_QUOTED = re.compile(r"[“\"‘](?P<title>.+?)[”\"’](?!\w)")
_TITLE_SHARE, _TITLE_HINT, _TITLE_WORDS = 0.7, 0.3, 2
"""A title is named when this share of its words, and at least so many, stand in the question; hinted at by fewer, or
when it alone holds every word of the topic."""
_ENDING = re.compile(r"(?<=\w{3})(?:ing|ed|s)$")
"""Without it words are compared: an article that tells of one tariff is on tariffs."""
_HEAD = 1200
"""Characters within which a byline or date line stands."""
_LEAD, _LEAD_WORDS = 3000, 10
NAMED, MEANT = 0.98, 0.8
"""How sure the answer is when the article is named by its title, and when it is hinted at or put first by search."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """An answer from what is known of an article."""

    text: str
    citations: tuple[Citation, ...]
    short: str | None
    confidence: float


def tell(
    question: str, hits: Sequence[Hit], text_of: Callable[[str], str], *, first: int = 1, rival: str = ""
) -> Told | None:
    """Return the answer when the question is about an article among the hits and the article's record has it.

    `text_of` gives an article's stored text by id; `first` is the number of the first citation; `rival` is the passage
    that answers the question by itself, where the reader is sure of one.
    """
    asked = next((name for name, form in _ASKED.items() if re.search(form, question, re.IGNORECASE)), None)
    meant = asked and _article(question, hits)
    if not asked or not meant:
        return None
    hit, confidence = meant
    text = text_of(hit.article.id)
    if asked == "topic":
        return _topic(hit, text, confidence, first)
    said = _said(asked, hit.article)
    if said is None or _means_thing(question, hit.article.title, rival):
        return None
    citation = _record(first, asked, hit, text)
    return Told(text=mark(said[0], first), citations=(citation,), short=said[1], confidence=confidence)


def _article(question: str, hits: Sequence[Hit]) -> tuple[Hit, float] | None:
    """Return the article that is asked about, as its best hit, and how sure that is."""
    asked = _words(question)
    best, share = None, 0.0
    for hit in hits:
        title = _words(hit.article.title)
        shared = len(title & asked)
        if shared >= _TITLE_WORDS and shared / len(title) > share:
            best, share = hit, shared / len(title)
    if best and share >= _TITLE_SHARE and _only_named(question, _words(best.article.title)):
        return best, NAMED
    if not hits or not _NOUN.search(question):
        return None
    meant = best if best and share >= _TITLE_HINT else _on_topic(question, hits)
    return (meant, MEANT) if meant else None


def _only_named(question: str, title: frozenset[str]) -> bool:
    """Tell whether the question speaks of an article, has the title in quotation marks, or is nothing but it."""
    spoken = _quoted(question, title) or _NOUN.search(question)
    return bool(spoken) or _words(question) <= title | _ASKING


def _quoted(question: str, title: frozenset[str]) -> bool:
    return any(_words(found["title"]) <= title for found in _QUOTED.finditer(question))


def _means_thing(question: str, title: str, rival: str) -> bool:
    """Tell whether what is asked about is a thing that the passage tells of, and not plainly an article."""
    named = _words(title)
    kinds = set(re.findall(rf"\b{_KIND}\b", question.lower()))
    if named <= _words(question):  # "The Story of Ferrets" has its kind in its name
        kinds -= named
    if _quoted(question, named) or kinds - _LOOSE:
        return False
    if kinds:
        return bool(kinds & _words(rival))
    name = _GAP.join(word for word in re.findall(r"\w+", question.lower()) if word in named)
    # a line that has nothing but the title is the article's heading
    lines = (line for line in rival.splitlines() if _words(line) - named)
    return any(re.search(rf"\b{name}\b", line, re.IGNORECASE) for line in lines)


def _on_topic(question: str, hits: Sequence[Hit]) -> Hit | None:
    """Return the hit that is on what the question says the article is on; the first where it does not say."""
    found = _TOPIC.search(question)
    topic = _words(found["topic"]) if found else frozenset()
    if not topic:
        return hits[0]
    titled = {hit.article.id: hit for hit in reversed(hits) if topic <= _words(hit.article.title)}
    if len(titled) == 1:
        return next(iter(titled.values()))
    told = _stems(topic)
    return next((hit for hit in hits if told <= _stems(_words(f"{hit.article.title} {hit.passage.text}"))), None)


def _stems(words: frozenset[str]) -> set[str]:
    return {_ENDING.sub("", word) for word in words}


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower())) - _STOP


def _said(asked: str, article: Article) -> tuple[str, str] | None:
    """Return a sentence and the short answer, None when the article's record does not say."""
    if asked == "author" and article.author:
        return f"“{article.title}” was written by {article.author}.", article.author
    if asked == "published" and article.published:
        day = f"{article.published.day} {article.published:%B %Y}"
        return f"“{article.title}” was published on {day}.", day
    if asked == "source" and article.source:
        return f"“{article.title}” was published by {article.source}.", article.source
    return None


def _record(number: int, asked: str, hit: Hit, text: str) -> Citation:
    """Cite the line that bears what was asked, or the first line of the text, which then backs nothing."""
    article = hit.article
    if asked == "published":
        found = _dated(text, article.published)
    else:
        wanted = article.author if asked == "author" else article.source
        found = text.find(wanted, 0, _HEAD) if wanted else -1
    at = found if found >= 0 else len(text) - len(text.lstrip())
    begin = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line = text[begin : end if end >= 0 else len(text)]
    start, end = begin + len(line) - len(line.lstrip()), begin + len(line.rstrip())
    return _citation(number, hit, text, start, end, support=float(found >= 0))


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


def _topic(hit: Hit, text: str, confidence: float, first: int) -> Told | None:
    """Return the lead."""
    lead = opening(text)
    if not lead:
        return None
    citations = [_citation(n, hit, text, a, b) for n, (a, b) in enumerate(lead, start=first)]
    said = " ".join(mark(text[a:b], n) for n, (a, b) in enumerate(lead, start=first))
    return Told(text=said, citations=tuple(citations), short=None, confidence=confidence)


def _citation(number: int, hit: Hit, text: str, start: int, end: int, support: float = 1.0) -> Citation:
    return cite(number, hit.article, text, start=start, end=end, passage_id=hit.passage.id, support=support)
