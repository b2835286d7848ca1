"""Which article a question is about: one that it names by its title or describes, or the one just cited."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from rag.answer.described import KIND, STOP, STOPS, THE_KIND, Description, describe
from rag.records import Answer, Filter, Hit, Turn
from rag.retrieve.listing import one_each
from rag.retrieve.standalone import topic_apart

PUBLISHED = r"(?:published|printed|posted|carried|ran)"
_LOOSE = frozenset({"story", "piece", "column", "report"})
"""Kinds of article that a text tells of as well: a report that a judge wrote, the column of an army."""
_NOUN = re.compile(
    rf"(?:^\s*|\b(?:wrote|authored|reported(?: on)?|{PUBLISHED}|has|behind|of|is|was|did"
    r"|does(?=.{0,200}\b(?:appear|come|deal)\b))\s+"
    rf"|['’]s\s+|\b(?:summari[sz]e|summary|gist)\b.{{0,60}}?){THE_KIND}"
    r"(?! (?:says?|said|saying|(?:(?:that|which) (?:is|was) )?(?:mentioned|quoted|cited))\b)",
    re.IGNORECASE,
)
"""An article that something is asked of: in "who wrote the letter in the article?" it is where to look."""
_GAP = rf"\W+(?:{STOPS}\W+)*"
"""What may stand between two words of a name."""
_TOPIC = re.compile(
    rf"\b{KIND} (?:on|about|of|regarding) (?P<topic>[^?(]+?)"
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
QUOTED = re.compile(r"[“\"‘](?P<title>.+?)[”\"’](?!\w)")
_TITLE_SHARE, _TITLE_HINT, _TITLE_WORDS = 0.7, 0.3, 2
"""A title is named when this share of its words, and at least so many, stand in the question; hinted at by fewer, or
when it alone holds every word of the topic."""
_ENDING = re.compile(r"(?<=\w{3})(?:ing|ed|s)$")
"""Without it words are compared: an article that tells of one tariff is on tariffs."""
_PLAIN = _ASKING | frozenset(
    """source behind carried ran has have deal deals first originally online cited quoted used you your me i can tell
    give op ed write up item short brief briefly full whole entire news""".split()  # noqa: SIM905
)
"""What is said of "the article" and does not tell which."""
NAMED, MEANT = 0.98, 0.8
"""How sure the answer is when the article is named by its title, and when it is hinted at or just cited."""
_MOST = 100
"""Articles of a corpus among which the only one, or the latest, is looked for."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known beside the passages that were found."""

    cited: Callable[[], Sequence[Hit]] = tuple
    """The articles that the conversation cited last, in their order, each as its first passage."""
    every: Callable[[], Sequence[Hit]] = tuple
    """Every article there is, as its first passage; none where they are too many."""


NOTHING = Known()


def know(history: Sequence[Turn], first: Callable[[Filter, int], list[Hit]], where: Filter | None) -> Known:
    """Return what a conversation and a corpus add; `first` gives the articles that a filter lets through."""

    within = where or Filter()

    @cache
    def every() -> Sequence[Hit]:
        found = first(within, _MOST + 1)
        return found if len(found) <= _MOST else ()

    @cache
    def cited() -> Sequence[Hit]:
        answers = (turn.answer for turn in reversed(history) if isinstance(turn.answer, Answer))
        citations = next((answer.citations for answer in answers if answer.citations), ())
        ids = dict.fromkeys(one.article.id for one in citations)
        kept = tuple(id for id in ids if within.article_ids is None or id in within.article_ids)
        found = {hit.article.id: hit for hit in first(replace(within, article_ids=kept), len(kept))} if kept else {}
        return [found[id] for id in kept if id in found]

    return Known(cited=cited, every=every)


def find(question: str, hits: Sequence[Hit], known: Known) -> tuple[list[Hit], float] | None:
    """Return the article that is asked about, as its best hit, and how sure that is; all whose titles fit as well."""
    if not hits or _names_two(question, hits):
        return None
    said = describe(question, lambda: [hit.article for hit in known.every() or hits])
    spoken = _NOUN.search(said.rest)
    plain = spoken and _words(said.rest.split(" (")[0]) <= _PLAIN
    # what the conversation adds in brackets is on the article cited: it names no other one before that
    if titled := _named(topic_apart(question)[0], hits, said):
        return titled, NAMED
    if plain and not said.order and (cited := said.among(known.cited())):
        return cited[:1], MEANT
    if titled := _named(question, hits, said):
        return titled, NAMED
    return _described(said, hits, known, plain=bool(plain)) if spoken else None


def _named(question: str, hits: Sequence[Hit], said: Description) -> list[Hit]:
    """Return the articles that a question names by their title; of the latest on something others may be later."""
    titled = _titled(question, hits, _TITLE_SHARE)
    title = _words(titled[0].article.title) if titled else frozenset()
    if not titled or not _only_named(question, title):
        return []
    found = said.among(titled) or titled
    return found if _quoted(question, title) else _ordered(found, said)


def _described(said: Description, hits: Sequence[Hit], known: Known, *, plain: bool) -> tuple[list[Hit], float] | None:
    """Return the articles that what is said hints at; `plain` tells that it is no more than "the article"."""
    fitting = said.among(hits)
    if hinted := _titled(said.rest, fitting, _TITLE_HINT):
        return _ordered(hinted, said), MEANT
    meant = _only(said, hits, known) if plain else None if said.order else _on_topic(said.rest, fitting)
    return ([meant], MEANT) if meant else None


def _titled(question: str, hits: Sequence[Hit], least: float) -> list[Hit]:
    """Return the articles that have the greatest share of their titles in the question, when it is no less."""
    asked = _words(question)
    shares: dict[str, float] = {}
    for hit in hits:
        title = _words(hit.article.title)
        shared = len(title & asked)
        shares[hit.article.id] = shared / len(title) if shared >= _TITLE_WORDS else 0.0
    best = max(shares.values(), default=0.0)
    return [hit for hit in one_each(hits) if shares[hit.article.id] == best] if best >= least else []


def _ordered(hits: list[Hit], said: Description) -> list[Hit]:
    """Return the articles; of the latest one, where others may be later, none."""
    return [] if said.order and len(hits) == 1 else hits


def _names_two(question: str, hits: Sequence[Hit]) -> bool:
    """Tell whether a question has the titles of two articles in quotation marks."""
    titles = {_words(hit.article.title) for hit in hits}
    quoted = [words for found in QUOTED.finditer(question) if (words := _words(found["title"]))]
    named = [words for words in quoted if any(words <= title for title in titles)]
    return bool(named) and not any(frozenset().union(*named) <= title for title in titles)


def _only_named(question: str, title: frozenset[str]) -> bool:
    """Tell whether the question speaks of an article, has the title in quotation marks, or is nothing but it."""
    spoken = _quoted(question, title) or _NOUN.search(question)
    return bool(spoken) or _words(question) <= title | _ASKING


def _quoted(question: str, title: frozenset[str]) -> bool:
    return any(_words(found["title"]) <= title for found in QUOTED.finditer(question))


def means_thing(question: str, title: str, rival: str) -> bool:
    """Tell whether what is asked about is a thing that the passage tells of, and not plainly an article."""
    named = _words(title)
    kinds = set(re.findall(rf"\b{KIND}\b", question.lower()))
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


def _only(said: Description, hits: Sequence[Hit], known: Known) -> Hit | None:
    """Return the one article that there is, the one that fits what is said, or the latest of those that do."""
    every = one_each(known.every())
    if not every and (said.order or len(one_each(hits)) > 1):
        return None
    found = said.among(every or one_each(hits))
    if said.order:
        days = sorted(hit.article.published for hit in found if hit.article.published)
        day = days[-1 if said.order == "newest" else 0] if days and len(days) == len(found) else None
        found = [hit for hit in found if day and hit.article.published == day]
    return found[0] if len(found) == 1 else None


def _on_topic(question: str, hits: Sequence[Hit]) -> Hit | None:
    """Return the hit that is on what the question says the article is on."""
    found = _TOPIC.search(question)
    topic = _words(found["topic"]) if found else frozenset()
    if not topic:
        return None
    titled = {hit.article.id: hit for hit in reversed(hits) if topic <= _words(hit.article.title)}
    if len(titled) == 1:
        return next(iter(titled.values()))
    told = _stems(topic)
    return next((hit for hit in hits if told <= _stems(_words(f"{hit.article.title} {hit.passage.text}"))), None)


def _stems(words: frozenset[str]) -> set[str]:
    return {_ENDING.sub("", word) for word in words}


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower())) - STOP
