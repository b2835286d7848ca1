"""From a clause to the questions that it answers, each kind in a function of its own. Pure.

A question is made by leaving something out of a statement: the date, the cause, the place, the number,
what somebody agreed to do, or who did it. Everything else stays as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ui.suggest.clauses import Clause
from ui.suggest.words import words

Kind = Literal["why", "heading", "how many", "what", "where", "when", "who did", "essence", "what is", "who"]

_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY = rf"(?:\d{{1,2}}\s)?{_MONTH}(?:\s\d{{1,2}}(?!\d))?(?:,?\s\d{{4}})?"
_DATE = re.compile(rf"\b(?:in|on|in early|in late|at the end of)\s({_DAY}|\d{{4}})\b")
_DONE = re.compile(r"\w+(?:ed|en|wn|ld|ught|ut|de|nd|et)\b")
"""How most participles end."""

_CAUSES = "because of|because|on account of|in response to|in protest at|owing to|due to|in order to"
_CAUSE = re.compile(rf"(?:^|\s)(?:{_CAUSES})\s")
_OCCASION = re.compile(rf"(?:^|\s)(?:{_CAUSES}|after (?!all\b|\d|\w+ (?:hour|day|week|month|year)s))\s?")
_REACTIONS = words(
    "abandon apologise apologize arrest ban break cancel close collapse cut delay dock drop evacuate fine fire halt "
    "hold impose lose postpone protest quit recall reject resign sack shut stop strike sue suspend withdraw"
)
"""What is done after something is done because of it."""

_PLACE = re.compile(r"\s?\b(?:in|at|near|off) ((?:the )?[A-Z][\w’-]+(?: (?:of |the )*[A-Z][\w’-]+)*)$")
_HAPPENS = words("meet live die land arrive work gather hide sink train study crash settle dock stay")
_IS_DONE = re.compile(r"^(?:born|held|based|built|found|buried|arrested|killed|made|moored|stored|kept)\b")

_ABOUT = r"(?:about |some |nearly |almost |around |roughly |more than |at least |up to |over |only |just )"
_FEW = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens of|hundreds of|thousands of"
_NUMBER = rf"(\d[\d,.]*(?:\s(?:thousand|million|billion))?|{_FEW})"
_COUNT = re.compile(
    rf"(?P<lead>^|\bto (?!{_ABOUT}|\d)\w+ |\bwith |\b[a-z]+ing ){_ABOUT}?{_NUMBER}\s"
    r"((?:[a-z-]+\s)?[a-z]{3,}s)\b(?! of)"
)
_COUNTED = re.compile(rf"{_ABOUT}?{_NUMBER}\s((?:[a-z-]+\s){{0,3}}[a-z]{{3,}})$", re.IGNORECASE)
_MEASURES = re.compile(
    r"\b(?:years?|months|weeks|days|hours|minutes|times|decades|centuries|ways|others|points|terms|in|per)\b"
)
_SPENT = r"^(?P<lead>(?:\w+ed |set aside |paid |spent |lost |won |been \w+ )?)"
_MONEY = re.compile(
    rf"{_SPENT}{_ABOUT}?([$€£]\s?\d[\d,.]*(?:\s?(?:bn|m|million|billion|trillion))?)"
    r"(?=$| (?:for|on|in|to|from|after)\b)"
)
_SHARE = re.compile(rf"{_SPENT}{_NUMBER} of ((?:its|the|their|his|her) (?:\d+ )?(?:[a-z-]+ )?[a-z]+s)\b")

_TELLS = words("announce propose promise predict recommend suggest demand warn urge pledge offer expect")
_WANTS = words(
    "agree refuse promise threaten decide plan intend hope want vow offer try aim pledge seek urge order invite ask "
    "persuade force press tell forbid"
)
_TO_DO = re.compile(r"^((?:the )?[A-Z][\w’-]+(?: [A-Z][\w’-]+)* )?to (?!be\b)[a-z]+")
_SET_TO = re.compile(r"^(expected|ordered|asked|told|forced|due|set|ready|prepared|allowed|forbidden) to (?!be\b)")
_ACCUSED = re.compile(r"^((?:the )?[A-Z][\w’ -]{1,40}?)\sof\s")

_ESSENCE = re.compile(
    r"\b(?:goal|cause|aim|reason|purpose|result|risk|obstacle|barrier|benefit|price|cost|target|condition|origin|source|"
    r"spot|problem|task|concern|question|challenge|advantage|difference|step|answer|demand|proposal)s?\b"
)
_SAYS_WHAT = re.compile(r"^(?:a|an|the|its|his|her|their|that|to|not|in|about|[$€£\d])")
_DEEDS = words(
    "accuse approve arrest attack ban block break build buy design discover found help host invent invite kill launch "
    "lead make order own pay pick play promise propose reject rescue run sell sign sue teach visit win write lose beat "
    "draw paint publish direct study refuse oppose support close open start create develop"
)


@dataclass(frozen=True, kw_only=True)
class Made:
    """A question without its mark, and the words that its answer has to hold."""

    kind: Kind
    text: str
    expected: str = ""


def made(clause: Clause) -> Iterator[Made]:
    """Yield the questions that a clause answers."""
    for make in (_when, _why, _where, _how_many, _how_much, _what, _essence, _who):
        yield from make(clause)


def _when(clause: Clause) -> Iterator[Made]:
    date = _DATE.search(clause.rest)
    happened = clause.plain or _DONE.match(clause.rest)
    if date and date.start() and happened and clause.verb not in ("has", "have", "had"):
        yield Made(kind="when", text=f"when {clause.asked(clause.rest[: date.start()])}", expected=date[1])


def _why(clause: Clause) -> Iterator[Made]:
    cause = (_OCCASION if clause.plain in _REACTIONS else _CAUSE).search(clause.rest)
    if cause and (cause.start() or clause.plain):
        yield Made(kind="why", text=f"why {clause.asked(clause.rest[: cause.start()])}")


def _where(clause: Clause) -> Iterator[Made]:
    date = _DATE.search(clause.rest)
    rest = clause.rest[: date.start()].strip() if date else clause.rest
    place = _PLACE.search(rest)
    if place and (clause.plain in _HAPPENS or (clause.plain is None and _IS_DONE.match(rest))):
        yield Made(kind="where", text=f"where {clause.asked(rest[: place.start()])}", expected=place[1])


def _how_many(clause: Clause) -> Iterator[Made]:
    count = _COUNT.search(clause.rest)
    if count and not _MEASURES.search(count[3]):
        around = f"{clause.rest[: count.end('lead')]} {clause.rest[count.end() :]}"
        yield Made(kind="how many", text=f"how many {count[3]} {clause.asked(around)}", expected=count[2])
    counted = _COUNTED.match(clause.subject)
    if counted and not _MEASURES.search(counted[2]):
        yield Made(kind="how many", text=f"how many {counted[2]} {clause.verb} {clause.rest}", expected=counted[1])


def _how_much(clause: Clause) -> Iterator[Made]:
    money, share = _MONEY.search(clause.rest), _SHARE.search(clause.rest)
    for found, opening in ((money, "how much"), (share, f"how many of {share[3]}" if share else "")):
        if found:
            around = f"{found['lead']} {clause.rest[found.end() :]}"
            yield Made(kind="how many", text=f"{opening} {clause.asked(around)}", expected=found[2])


def _what(clause: Clause) -> Iterator[Made]:
    date = _DATE.search(clause.rest)
    then = f" {date[0]}" if date else ""
    pointed = bool(date) or len(re.findall(r"\b[A-Z]", clause.subject)) > 1
    to_do = _TO_DO.match(clause.rest) if clause.plain in _WANTS else None
    set_to = _SET_TO.match(clause.rest) if clause.plain is None else None
    accused = _ACCUSED.match(clause.rest) if clause.plain == "accuse" else None
    if to_do and (then or to_do[1]):
        yield Made(kind="what", text=f"what {clause.asked(to_do[1] or '')} to do{then}")
    elif set_to and pointed:
        yield Made(kind="what", text=f"what {clause.asked(set_to[1])} to do{then}")
    elif accused:
        yield Made(kind="what", text=f"what {clause.asked(accused[1])} of")
    elif pointed and clause.plain in _TELLS and not re.match(r"(?:for|to|against|of)\b", clause.rest):
        yield Made(kind="what", text=f"what {clause.asked('')}{then}")


def _essence(clause: Clause) -> Iterator[Made]:
    is_ = clause.verb in ("is", "was", "are", "were")
    if is_ and _ESSENCE.search(clause.subject) and _SAYS_WHAT.match(clause.rest):
        yield Made(kind="essence", text=f"what {clause.verb} {clause.subject}")


def _who(clause: Clause) -> Iterator[Made]:
    """The subject itself is asked for: the rest stays as it is."""
    if clause.subject[0].isupper() and clause.plain in _DEEDS and len(clause.rest.split()) > 2:
        yield Made(kind="who did", text=f"who {clause.verb} {clause.rest}", expected=clause.subject.split()[-1])
