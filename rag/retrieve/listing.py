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
_PUBLISHED = re.compile(
    r"\s+(?:are there|(?:is|are|was|were|(?:has|have) been) (?:published|written|printed))[\s?.!]*$"
)
"""What may end a question for articles and adds nothing."""
_BOTH = re.compile(r"\bboth\b(?=.* and\b)", re.IGNORECASE)
_LONG = 5
"""The least letters of a word that may have any ending: "cars" begin as a carnival does."""
_NAMES = frozenset({"US", "IT", "WHO"})
"""They say nothing in small letters; other words in capitals may stand so for stress: "oil AND gas", "OIL exports"."""
_LEAKED = re.compile(
    r"(?!.*\b(?:that|who|which|how|what|why|where|when|whose)\b)"
    r".*\b(?:was|were|is|are|did|does|has|have|had|will|won|lost|led|became)\b",
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
    found = _ASKED.match(_PUBLISHED.sub("", question))
    of_text = found and re.match(r"\s*(?:which|what)\b", question, re.IGNORECASE) and _LEAKED.match(found["topic"])
    return None if found and (found["about"] or "").lower() in {"on", "about"} and of_text else found


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
    words = _stems(found["topic"]) if found else ()
    if not found or not found["about"] or not words:
        return None
    return Topic(words, found["about"].lower().startswith("mention"))


def _stems(topic: str) -> tuple[str, ...]:
    """Return the words that say what a topic is, without their plural; short names keep their capitals.

    >>> _stems("both the UN AND the drivers’ unions"), _stems("the US in Iran"), _stems("OIL EXPORTS")
    (('un', 'driver', 'union'), ('US', 'Iran'), ('oil', 'export'))
    """
    words = re.findall(r"\w[\w'’-]*\b", _BOTH.sub("", topic))
    named = frozenset() if topic.isupper() else _NAMES
    said = (word for word in words if word in named or content(word))
    kept = (word if word in named or (word.istitle() and len(word) < _LONG) else word.lower() for word in said)
    return tuple(re.sub(r"(?<=\w{3})s$", "", word) for word in kept)


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
    """Tell whether a text has all of these words, in the plural or not; the long ones with any ending.

    >>> has("Nato met Libyans in the US", ["libya", "nato", "US"]), has("He told us of art", ["US"]), has("art", ["ar"])
    (True, False, False)
    """
    return all(re.search(_form(word), text, 0 if word in _NAMES else re.IGNORECASE) for word in words)


def _form(word: str) -> str:
    if len(word) >= _LONG:
        return rf"\b{re.escape(word)}"
    forms = [rf"{re.escape(word)}(?:s|es)?"]
    if len(word) == _LONG - 1:
        forms += [rf"{re.escape(word)}(?:i|n|an|ian)s?"] if word.istitle() else []  # Cubans, the Iranian envoy
        forms += [rf"{re.escape(word[:-1])}(?:ed|ing)"] if word.endswith("e") else []  # the vote: they voted
    return rf"\b(?:{'|'.join(forms)})\b"


def one_each(hits: Sequence[Hit]) -> list[Hit]:
    """Return the best hit of every article, in their order."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.article.id, hit)
    return list(best.values())
