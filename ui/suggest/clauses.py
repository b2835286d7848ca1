"""Statements taken apart: who, what they did, and the rest. Only what is certain; most sentences yield nothing.

Deliberately not done: parsing. A clause is found only where a name stands directly before its verb.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ui.suggest.words import AUXILIARIES, IRREGULAR, base, lexicon, present, words

_LONGEST_SUBJECT = 8
_NOT_IN_SUBJECT = words(
    """
    that which who whom whose what what's when where why how if whether because although though while as than not no
    it he she they we you i us this these those that's there there's here his her its their our my to but or by with
    for at both each such another one some many most also only even once others whoever whatever anyone everyone nobody
    nothing something
    """
)
_AFTER_HAVE = words("been not never already long also again yet begun gone done drunk sung sunk")
_ADVERBS = words("also now still never already then later since soon")
_ALWAYS_COMMON = words(
    "a an the one two three four five six seven eight nine ten eleven twelve dozens hundreds thousands"
)
_DETERMINERS = frozenset(("a", "an", "the"))
_FRONTED = re.compile(
    r"(?:(?:In|On|At|By|During|After|Since|Before|Under|Over|For|Until|Despite|Following)\s[^,.;:“”]{2,60},|"
    r"(?:But|And|Yet|Still|Meanwhile|However|Moreover|Then|Now|Later|Nevertheless|Historically|Recently),?)\s+"
)
_SAID = re.compile(r"\b(?:(?:said|says)(?:\s+that)?|(\w+)\s+that)\s+(?=\w)")
_END = re.compile(
    r"(?<=[a-z”’)]),|,(?=\s[a-z])|[;:()—–]|\s(?:but|while|although|though|which|who|whose)\s|[.?!]+[”’]*$"
)
_AND_DID = re.compile(r"\s(?:and|or)\s(?:\d[\d,.]*\s|\w+ly\s|then\s|later\s|also\s)?(\w+)")
_TITLE = re.compile(r"^(Mr|Mrs|Ms|Dr)\.?\s+([A-Z][\w-]+)")
_WEEKDAY = re.compile(
    r"\s?\b(?:on|last|next|this) (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"(?: (?:morning|evening|night|afternoon))?(?!, \d| \d)"
)
_FORENAMES = (
    r"\b(?:(?!(?:Mr|Mrs|Ms|Dr|The|But|And|In|On|When|As|For|With|State|Later)\b)[A-Z][\w’-]+\s(?:[A-Z]\.\s)?){1,2}"
)


@dataclass(frozen=True, kw_only=True)
class Clause:
    """`subject verb rest`, as they stand in the sentence."""

    subject: str
    verb: str
    rest: str

    @cached_property
    def plain(self) -> str | None:
        """The verb without its tense, when a question needs `did` or `does`; None when it is an auxiliary."""
        if self.verb in ("has", "had", "have") and not _participle(self.rest):
            return "have"
        return None if self.verb in AUXILIARIES else base(self.verb) or present(self.verb)

    def asked(self, rest: str) -> str:
        """Return the clause as a question asks it, `did China cut the talks`, with another rest."""
        if self.plain is None:
            return f"{self.verb} {self.subject} {rest}".strip()
        helper = "did" if base(self.verb) or self.verb == "had" else "does" if self.verb != "have" else "do"
        return f"{helper} {self.subject} {self.plain} {rest}".strip()


class Names:
    """The proper names of one article."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = frozenset(re.findall(r"(?<=[a-z,] )([A-Z][\w’'-]*)", text))
        self.common = frozenset(re.findall(r"\b[a-z][\w’'-]*", text))

    def full(self, subject: str) -> str:
        """Return `Mr Sullivan` as the article introduces him, `Jake Sullivan`."""
        titled = _TITLE.match(subject)
        known = titled and re.search(rf"(?<!of ){_FORENAMES}{re.escape(titled[2])}\b", self.text)
        return subject.replace(titled[0], " ".join(known[0].split()), 1) if titled and known else subject

    def lowered(self, subject: str) -> str:
        """Return a sentence's subject as it is written in the middle of one."""
        first, *others = subject.split()
        seen = first in self.words or (others and others[0][0].isupper())
        plural = first.endswith("s") and first.lower() in lexicon()
        common = not seen and (plural or first.lower() in self.common)
        return subject[0].lower() + subject[1:] if common or first.lower() in _ALWAYS_COMMON else subject


def clauses(sentence: str, names: Names) -> Iterator[Clause]:
    """Yield the clauses of a sentence, given on one line: the main one, and what somebody is said to have said."""
    fronted = _FRONTED.match(sentence)
    said = [
        match.end() for match in _SAID.finditer(sentence) if match[1] is None or base(match[1]) or present(match[1])
    ]
    for start in (fronted.end() if fronted else 0, *said):
        found = _clause(sentence[start:])
        if found:
            subject = names.full(names.lowered(found.subject))
            yield Clause(subject=subject, verb=found.verb, rest=found.rest)


def _clause(text: str) -> Clause | None:
    said = text.split()
    for place, word in enumerate(said[: _LONGEST_SUBJECT + 1]):
        if place and _finite(said, place):
            if said[place - 1].endswith("ly") or said[place - 1] in _ADVERBS:
                return None
            return Clause(subject=" ".join(said[:place]), verb=word, rest=_rest(" ".join(said[place + 1 :])))
        if word.endswith(","):
            return _after_apposition(said, place)
        if (
            word.lower() in _NOT_IN_SUBJECT
            or (word.islower() and word.endswith("ed"))
            or not re.fullmatch(r"[\w’'.&-]+", word)
        ):
            return None
    return None


def _after_apposition(said: list[str], place: int) -> Clause | None:
    """`Jake Sullivan, the White House national security adviser, said …`."""
    named = place < 5 and (said[0][0].isupper() and said[0].lower() not in _NOT_IN_SUBJECT)
    closing = next((n for n in range(place + 1, min(place + 16, len(said) - 1)) if said[n].endswith(",")), None)
    if not named or closing is None or not _finite(said, closing + 1):
        return None
    rest = _rest(" ".join(said[closing + 2 :]))
    return Clause(subject=" ".join(said[: place + 1]).rstrip(","), verb=said[closing + 1], rest=rest)


def _finite(said: list[str], place: int) -> bool:
    word, before = said[place], said[place - 1]
    if not word.isalpha() or not word.islower() or before.lower() in _DETERMINERS:
        return False
    if word in AUXILIARIES:
        return True
    by_name = before[0].isupper()
    sure = by_name or word.endswith("ed") or IRREGULAR.get(word, word) != word
    passive = said[place + 1 : place + 2] == ["by"]
    return (base(word) is not None and not passive and sure) or (by_name and present(word) is not None)


def _participle(rest: str) -> bool:
    first = rest.split(" ", 1)[0]
    return first in _AFTER_HAVE or base(first) is not None or first.endswith(("en", "wn", "ly"))


def _rest(text: str) -> str:
    """Return what follows the verb, up to the end of its clause."""
    end = _END.search(text)
    rest = text[: end.start()] if end else text
    for match in _AND_DID.finditer(rest):
        if match[1] in AUXILIARIES or base(match[1]) or present(match[1]):
            rest = rest[: match.start()]
            break
    return _WEEKDAY.sub("", rest).strip()
