"""Questions for articles rather than for a fact: "which articles mention the hotline?".

Each article is judged by its own best passage. One that has the words is on it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.models.reader import Reading
from rag.records import Hit
from rag.retrieve.standalone import content

LONGEST = 500
"""Characters of a question that is looked at; what is longer is no plain question."""
READ = 12
"""Articles that are read."""
NAMED = 0.98
"""How sure it is that an article with the words is on them."""
_KINDS = r"(?:articles?|stor(?:y|ies)|reports?|pieces?|papers?|sources?|outlets?|columns?|op-?eds?|documents?)"
_ABOUT = (
    r"(?:mentions?|discuss(?:es)?|talks? about|covers?|deals? with|reports? (?:on|about)|describes?|(?:is|are) about"
    r"|wr(?:i|o)tes? about|speaks? of|about|on|mentioning|discussing|covering|dealing with)"
)
_SAYS = r"(?:sa(?:ys?|id|ying)|(?:claim|report|argu|stat|suggest|confirm)(?:e?s?|ed|ing)|writes?|wrote)(?: that)?"
_ASKED = re.compile(
    rf"^\s*(?:(?:which|what)(?: of the| of these)? {_KINDS}|(?:list|show|find|name)(?: me)?(?: all| the| any)* {_KINDS}"
    rf"|(?:are there )?(?:any )?articles)\s+(?:(?P<about>{_ABOUT})|(?P<says>{_SAYS}))\s+(?P<topic>.+?)\s*[?.!]*\s*$",
    re.IGNORECASE,
)
_TELL = re.compile(
    r"^\s*what (?:do|did) (?:(?:the|these|those|all|your|my) )*(?:articles|stories|reports|papers|sources|outlets)"
    r" (?:say|report|write|tell (?:us|me)) (?:about|on|of) (?P<topic>.+?)\s*[?.!]*\s*$",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"^\s*what (?:has|have) (?P<who>.+?) (?:said|written|argued|claimed|stated|announced|promised|told [\w ]+?)"
    r" (?:about|on|of|regarding|concerning) \w",
    re.IGNORECASE,
)
_TELLS = re.compile(r"\b(?:was|were|is|are|did|does|has|have|had|will|won|lost|led|became)\b", re.IGNORECASE)
_TITLES = (
    r"(?:Mr|Mrs|Ms|Dr|Prof)\.?|Miss|Professor|Sir|Lady|Lord|President|Chancellor|Premier|Minister|Secretary|Ambassador"
    r"|Senator|General|Admiral|Colonel|Captain|Mayor|Judge|Bishop"
)
_SPEECH = re.compile(
    r"[“”\"]|\b(?:sa(?:y|id|ys)|told|tells|wr(?:ote|ites)|warn(?:s|ed)|argue[sd]|claim(?:s|ed)|insist(?:s|ed)|call(?:s|ed)"
    r"|describe[sd]|promise[sd]|announce[sd]|admit(?:s|ted)|explain(?:s|ed)|add(?:s|ed)|accuse[sd]|denie[sd]"
    r"|according to|declare[sd]|state[sd]|vow(?:s|ed)|express(?:es|ed)|urge[sd]|criticize[sd]|criticise[sd])\b",
    re.IGNORECASE,
)


def asked(question: str) -> str | None:
    """Return what articles are asked for, as a question that each can be asked; None for other questions.

    >>> asked("Which articles mention the hotline?"), asked("what reports say that the line was cut")
    ('What is said about the hotline?', 'the line was cut')
    >>> asked("What do the articles say about the hotline?")
    'What is said about the hotline?'
    >>> asked("Which article of the treaty bans mines?")
    """
    if len(question) > LONGEST:
        return None
    if told := _TELL.match(question):
        return f"What is said about {told['topic']}?"
    if not (found := _matched(question)):
        return None
    return f"What is said about {found['topic']}?" if found["about"] else found["topic"]


def _matched(question: str) -> re.Match[str] | None:
    """Return the match of a question for articles; "which report on the dam was leaked?" asks the text."""
    found = _ASKED.match(question)
    told = found and (found["about"] or "").lower() in {"on", "about"} and _TELLS.search(found["topic"])
    return None if told else found


def speaker(question: str) -> re.Pattern[str] | None:
    """Return how whoever's statements are asked for is named, which several articles may have; else None.

    A body is named in full, a person by the last name, with no other first name or title than one that may be theirs.

    >>> salo = speaker("What has Ana Salo said about the ferry?")
    >>> [bool(salo and salo.search(text)) for text in ("Mr. Salo left.", "Ana Salo left.", "Olli Salo left.")]
    [True, True, False]
    """
    found = _SAID.match(question) if len(question) <= LONGEST else None
    name = re.search(r"[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*)*$", found["who"]) if found else None
    if not found or not name:
        return None
    *first, last = map(re.escape, name[0].split())
    if found["who"].startswith("the ") or not first:
        return re.compile(rf"\b{re.escape(name[0])}\b")
    before = "|".join((_TITLES, *first))
    return re.compile(rf"(?:\b(?:{before}) |^|[^\w ] ?|\b[a-z]\w* ){last}\b")


def tells(text: str, who: re.Pattern[str]) -> bool:
    """Tell whether a sentence names somebody and tells of words that were spoken or written."""
    return who.search(text) is not None and _SPEECH.search(text) is not None


@dataclass(frozen=True)
class Topic:
    """What articles are asked for by its words."""

    words: tuple[str, ...]
    mentioned: bool
    """Whether to mention it is enough: else the title has to have the words."""

    def is_in(self, hit: Hit) -> bool:
        """Tell whether an article is on the topic to all appearance."""
        return has(hit.article.title, self.words) or (self.mentioned and has(hit.passage.text, self.words))


def topic(question: str) -> Topic | None:
    """Return the words of what articles are asked for; None for other questions.

    >>> topic("Which articles mention the Orvane hotlines?")
    Topic(words=('orvane', 'hotline'), mentioned=True)
    """
    found = _matched(question) if len(question) <= LONGEST else None
    words = [word.lower() for word in content(found["topic"])] if found else []
    if not found or not found["about"] or not words:
        return None
    stems = tuple(re.sub(r"(?<=\w{3})s$", "", word) for word in words)
    return Topic(stems, found["about"].lower().startswith("mention"))


def read_as_named(reading: Reading, hit: Hit, asked: Topic) -> Reading:
    """Return the reading of a hit that is on the topic to all appearance as sure, and so the sentences that name it."""
    if not asked.is_in(hit):
        return reading
    start, text = hit.passage.start, hit.passage.text
    sentences = tuple(
        replace(one, probability=NAMED) if has(text[one.start - start : one.end - start], asked.words) else one
        for one in reading.sentences
    )
    return replace(reading, answerable=max(reading.answerable, NAMED), sentences=sentences)


def has(text: str, words: Sequence[str]) -> bool:
    """Tell whether a text has words that begin with all of these."""
    return all(re.search(rf"\b{re.escape(word)}", text, re.IGNORECASE) for word in words)


def one_each(hits: Sequence[Hit]) -> list[Hit]:
    """Return the best hit of every article, in their order."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.article.id, hit)
    return list(best.values())
