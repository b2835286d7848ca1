"""A question of several parts, taken apart by rules: two questions in one, two sides compared, a development.

The rules would rather miss than split wrongly: a question that none of them fits stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.records import Turn
from rag.retrieve import listing, sides
from rag.retrieve.sides import ASKED, AUX, WH
from rag.retrieve.standalone import says_little, standalone, topic_apart

_HOW = r"(?:when|where|why|how)"
_WHEN = r"(?:in|by|at|before|after|during|since|until|under)"
_ASKS = re.compile(rf"^(?:(?:and|but|so) )?(?:{WH}|{AUX})\s+\w", re.IGNORECASE)
_JOINED = re.compile(
    rf"^(?P<first>{ASKED} .+?),? and (?P<second>(?:{WH} {AUX}|how (?:many|much|long|often|far)"
    rf"|(?:how|what|which) \w+ {AUX}|by (?:when|how much) {AUX}|who (?!{_WHEN}\b)\w+"
    rf"|what (?:came|became|happened|follow(?:s(?! mean\b)|ed)|made|led|caused|drove|prompted|forced|persuaded)"
    rf"|{AUX} (?:he|she|it|they)) .+)$",
    re.IGNORECASE,
)
_BOTH = re.compile(rf"^(?P<first>{_HOW}) and (?P<second>{_HOW}) (?P<rest>{AUX} .+)$", re.IGNORECASE)
_SHORT = re.compile(rf"^(?P<first>{_HOW}) (?P<rest>{AUX} .+?),? and (?P<second>{_HOW})$", re.IGNORECASE)
"""The second question is a single word: "When was it cut and why?"."""

_THEN = re.compile(
    rf"^(?P<wh>{WH})(?P<rest>(?=(?P<noun> \w+)?) .+?(?<!,)) (?P<first>{_WHEN} [^,?]+?),? "
    r"and (?P=wh)(?:(?P=noun)| else| then)? "
    rf"(?P<second>{_WHEN}(?: (?!(?:is|was|were|do|does|did|has|had|will)\b)[^\s,?]+){{1,4}})$",
    re.IGNORECASE,
)
"""One question of two times: "Which post did he hold in 2021 and which in 2023?".

"Who won in 2021 and who lost in 2023?" is none: after the second question word only the word that follows the first
one, "else" or "then" may stand.
"""

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_AT = r"(?:in|by|at|before|after|until)"
_DATED = rf"{_AT} (?:(?!{_AT} )[\w-]+ ){{0,3}}(?:\d+|{_MONTHS})(?: \d{{4}}| [a-z]+)?"
_AND_THEN = re.compile(
    rf"^(?P<wh>{ASKED})(?P<rest> .+?(?<!\d,)) (?P<first>{_DATED})(?:, (?P<middle>{_DATED}))?,? "
    rf"and (?P<second>{_DATED})$",
    re.IGNORECASE,
)
"""The same, asked once: "How many lorries crossed in May 2021 and in June 2023?"; three times are a list."""
_QUOTATION = re.compile(r"(?<!\w)(?:\"[^\"“”]+\"|“[^\"“”]+”)(?!\w)")
_PRONOUN = re.compile(r"\b(?:he|she|it|they|him|them|his|her|its|their)\b", re.IGNORECASE)

_TIME = r"(?: (?:over|since|between|from|during|after|before|until|throughout|by|in (?:\w+ )?\d{4}s?)\b.*)?"
_DEVELOPED = (
    rf"^how (?:did|do|does|has|have|had) (?P<thing>.+?) changed?{_TIME}$",
    rf"^how (?:did|do|does|has|have|had) (?P<thing>.+?) (?:evolve|develop|shift)(?:e?d)?(?=.){_TIME}$",
    rf"^how (?:has|have|had|was|were) (?P<thing>.+?) (?:been )?(?:changed|altered|revised|amended){_TIME}$",
    r"^(?:(?:what is|what's|give me|show me|make|draw up|write) )?(?:(?:the|a) )?(?:timeline|chronology) "
    r"(?:of|for) (?P<thing>.+)$",
)
_TOPICAL = re.compile(r"it|its|their|his|her", re.IGNORECASE)
"""What begins a thing that a carried topic makes clear; nobody is asked what "he" was."""
_THING_WORDS = 12


@dataclass(frozen=True, kw_only=True)
class Part:
    """One question of several."""

    asked: str
    """In the words of whoever asked."""
    question: str
    """As it is searched for: with the subject that it leaves to what was asked before."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a question is answered by."""

    parts: tuple[Part, ...]
    """Never none; one for a question that stays whole."""
    state: str | None = None
    """For a question of how something changed, the one of how it was, which each article can be asked."""


def plan(question: str) -> Plan:
    """Return the parts of a question that stands alone.

    >>> [part.question for part in plan("When was the line opened, and why was the Orvane hotline cut?").parts]
    ['When was the line opened?', 'why was the Orvane hotline cut?']
    >>> [part.question for part in plan("What did Thessor and Arvenia each say about the crash?").parts]
    ['What did Thessor say about the crash?', 'What did Arvenia say about the crash?']
    >>> plan("How did the death toll of the fire change over time?").state
    'What was the death toll of the fire?'
    >>> len(plan("Who owns salt and pepper?").parts)
    1
    """
    whole = Plan(parts=(Part(asked=question, question=question),))
    if len(question) > listing.LONGEST or listing.asked(question):
        return whole
    alone, before = topic_apart(question)
    text, quoted = _hidden(alone)
    if re.search(r"[\"“”]", text):  # a quotation without an end
        return whole
    if state := _state(text.rstrip(" ?.!"), of_topic=bool(before)):
        return Plan(parts=whole.parts, state=standalone(_shown(state, quoted), before))
    asked, lean = _split(text, of_topic=bool(before))
    several = _as_parts([_shown(one, quoted) for one in asked], before, lean=lean) or whole.parts
    return Plan(parts=tuple(dict.fromkeys(part for one in several for part in _sides(one))))


def _hidden(text: str) -> tuple[str, dict[str, str]]:
    """Return a text with a word for each quotation, a name where it begins like one, and what each word stands for.

    No rule looks into a quotation: "and" within it joins no questions.

    >>> _hidden('Who wrote "Why us?" and who said “no”?')
    ('Who wrote Quotation0 and who said quotation1?', {'Quotation0': '"Why us?"', 'quotation1': '“no”'})
    """
    quoted: dict[str, str] = {}

    def word(found: re.Match[str]) -> str:
        put = f"{'q' if found[0][1].islower() else 'Q'}uotation{len(quoted)}"
        quoted[put] = found[0]
        return put

    return _QUOTATION.sub(word, text), quoted


def _shown(text: str, quoted: Mapping[str, str]) -> str:
    return re.sub(r"[Qq]uotation\d+", lambda found: quoted.get(found[0], found[0]), text)


def _state(bare: str, *, of_topic: bool) -> str | None:
    """Return the question of how a thing was; where a topic is carried, "it" may stand for the thing."""
    if "?" in bare:
        return None
    for form in _DEVELOPED:
        words = found["thing"].split() if (found := re.match(form, bare, re.IGNORECASE)) else []
        named = words and not sides.DETERMINED.fullmatch(words[-1]) and _named(words[0], of_topic=of_topic)
        if named and len(words) <= _THING_WORDS:
            return f"What was {' '.join(words)}?"
    return None


def _named(first: str, *, of_topic: bool) -> bool:
    return not _PRONOUN.fullmatch(first) or (of_topic and bool(_TOPICAL.fullmatch(first)))


def _sides(part: Part) -> list[Part]:
    """Return a part for each of two sides that it compares, or the part."""
    alone, before = topic_apart(part.question)
    text, quoted = _hidden(alone)
    asked = [_shown(side, quoted) for side in sides.compared(text.rstrip(" ?.!"))]
    return _as_parts(asked, before, lean=False) or [part]


def _split(text: str, *, of_topic: bool) -> tuple[list[str], bool]:
    """Return the questions that a text asks, none where it is one, and whether they lean on those before them."""
    bare = text.rstrip(" ?.!")
    if clauses := sides.clauses(bare):  # the second may say "it" for what the first names
        return clauses, bool(_PRONOUN.search(clauses[1]))
    if times := _times(bare):
        return times, False
    return _sentences(text) or _joined(bare, of_topic=of_topic), True


def _sentences(question: str) -> list[str]:
    """Return several questions that follow each other."""
    pieces = [piece.strip() for piece in re.findall(r"[^?]+\?*", question) if piece.strip()]
    several = 2 <= len(pieces) <= 3 and all(_ASKS.match(piece) and len(piece.split()) > 2 for piece in pieces)
    return [f"{piece.rstrip('? .!')}?" for piece in pieces] if several else []


def _joined(bare: str, *, of_topic: bool) -> list[str]:
    """Return two questions that one sentence asks."""
    if "?" in bare:
        return []
    for form in (_BOTH, _SHORT):
        if (found := form.match(bare)) and _plain(found["rest"]):
            return [f"{found[which]} {found['rest']}?" for which in ("first", "second")]
    found = _JOINED.match(bare)
    # "Who won and who lost the election in Thessor?": the first half alone would ask for any winner; but "How much did
    # it cost and who paid?" of a topic that is carried is clear
    told = found and (not says_little(found["first"]) or (of_topic and _PRONOUN.search(found["first"])))
    if found and told and _plain(found["first"].split(maxsplit=1)[1]):
        return [f"{found['first']}?", f"{found['second']}?"]
    return []


def _times(bare: str) -> list[str]:
    """Return one question for each of two times, or of three."""
    found = _THEN.match(bare)
    if not (found and re.search(r"[A-Z\d]", found["second"])):
        found = _AND_THEN.match(bare)
    said = found.groupdict() if found else {}
    times = [said[which] for which in ("first", "middle", "second") if said.get(which)]
    return [f"{said['wh']}{said['rest']} {time}?" for time in times]


def _plain(text: str) -> bool:
    """Tell whether text holds no question word, behind which the rest might be a clause of its own."""
    return not re.search(rf"\b(?:{WH}|whether)\b", text, re.IGNORECASE)


def _as_parts(asked: Sequence[str], before: Sequence[Turn], *, lean: bool) -> list[Part]:
    """Return the questions as parts, each with the subject that it leaves to the turns before.

    Where they lean on each other, those before it are turns as well.
    """
    turns, parts = list(before), list[Part]()
    for question in asked:
        parts.append(Part(asked=question, question=standalone(question, turns)))
        if lean:
            turns.append(Turn(question=parts[-1].question, answer=""))
    return parts
