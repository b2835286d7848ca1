"""A question of several parts, taken apart by rules: two questions in one, two sides compared, a development.

The rules would rather miss than split wrongly: a question that none of them fits stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.records import Turn
from rag.retrieve import listing
from rag.retrieve.standalone import says_little, standalone

_WH = r"(?:who|whom|whose|what|which|when|where|why|how)"
_ASKED = rf"(?:(?:by|in|at|for|to|from|on) )?{_WH}"
_HOW = r"(?:when|where|why|how)"
_AUX = r"(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|may|might|must)"
_WHEN = r"(?:in|by|at|before|after|during|since|until|under)"
_ASKS = re.compile(rf"^(?:(?:and|but|so) )?(?:{_WH}|{_AUX})\s+\w", re.IGNORECASE)
_JOINED = re.compile(
    rf"^(?P<first>{_ASKED} .+?),? and (?P<second>(?:{_WH} {_AUX}|how (?:many|much|long|often|far)"
    rf"|(?:how|what|which) \w+ {_AUX}|by (?:when|how much) {_AUX}|who (?!{_WHEN}\b)\w+"
    rf"|what (?:came|became|happened|follow(?:s|ed)|made|led|caused|drove|prompted|forced|persuaded)"
    rf"|{_AUX} (?:he|she|it|they)) .+)$",
    re.IGNORECASE,
)
_BOTH = re.compile(rf"^(?P<first>{_HOW}) and (?P<second>{_HOW}) (?P<rest>{_AUX} .+)$", re.IGNORECASE)
_SHORT = re.compile(rf"^(?P<first>{_HOW}) (?P<rest>{_AUX} .+?),? and (?P<second>{_HOW})$", re.IGNORECASE)
"""The second question is a single word: "When was it cut and why?"."""

_THEN = re.compile(
    rf"^(?P<wh>{_WH})(?P<rest> .+?) (?P<first>{_WHEN} [^,?]+?),? and (?P=wh)(?: \w+)? "
    rf"(?P<second>{_WHEN}(?: (?!(?:is|was|were|do|does|did|has|had|will)\b)[^\s,?]+){{1,4}})$",
    re.IGNORECASE,
)
"""One question of two times: "Which post did he hold in 2021 and which in 2023?"."""

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATED = rf"(?:in|by|at|before|after|until) (?:[\w-]+ ){{0,3}}(?:\d+|{_MONTHS})(?: \d{{4}}| [a-z]+)?"
_AND_THEN = re.compile(
    rf"^(?P<wh>{_ASKED})(?P<rest> .+?) (?P<first>{_DATED}),? and (?P<second>{_DATED})$", re.IGNORECASE
)
"""The same, asked once: "How many lorries crossed in May 2021 and in June 2023?"."""
_CLAUSE = r"(?:what|how|[\w'’]+['’]s) .+"
_AGAINST = tuple(
    re.compile(rf"^compare (?P<first>{_CLAUSE}?) {word} (?P<second>{_CLAUSE})$", re.IGNORECASE)
    for word in ("with", "to")
)
_PRONOUN = re.compile(r"\b(?:he|she|it|they|him|them|his|her|its|their)\b", re.IGNORECASE)

_SIDES = r"(?P<a>[^?,;.]+?),? (?:and|versus|vs\.?) (?P<b>[^?,;.]+?)"
_SAY = (
    r"(?:say|claim|argue|think|report|write|want|propose|offer|promise|tell|blame|expect|demand|give|see|suggest|name"
    r"|predict|fear|recommend|make of|ask for|call for)\b(?! (?:each|both|says?|said)\b)"
)
_EXPLAIN = r"(?:explain|describe|justify|defend|see|view|judge|estimate|account for|react to|respond to|feel about)"
_HOW_MUCH = r"(?:how|what|which)(?: [\w-]+){1,3}"
_SAID = r"(?:sa(?:ys|id)|thinks|thought|(?:claim|want|demand)(?:s|ed)|(?:argue|propose|promise)[sd])"
_BASES = {"said": "say", "says": "say", "thought": "think", "thinks": "think"}
_WHYS = r"(?:reason|cause|explanation|motive)s?"
_DIFFERENCE = r"(?:(?:what is |what's |what are |what was |what were )?the differences? between)"
_COMPARED = (
    (
        rf"^(?P<wh>{_WH}|{_HOW_MUCH}) (?:do|does|did) {_SIDES} (?:each|both) (?P<verb>(?!other\b)\w+)(?P<rest>.*)$",
        "{wh} did {side} {verb}{rest}?",
    ),
    (rf"^what (?:do|does|did) {_SIDES} (?P<verb>{_SAY})(?P<rest>.*)$", "What did {side} {verb}{rest}?"),
    (rf"^how (?:do|does|did) {_SIDES} (?P<verb>{_EXPLAIN}\b)(?P<rest> .+)$", "How did {side} {verb}{rest}?"),
    (
        rf"^(?P<head>{_ASKED} .+?),? according to (?P<a>[^?,;]+?),? and (?:according )?(?:to )?(?P<b>[^?,;]+)$",
        "{head} according to {side}?",
    ),
    (
        rf"^(?:what|which) (?P<why>{_WHYS})(?P<thing>(?: (?:for|of) .+?)?) (?:do|does|did) {_SIDES} give(?P<rest>.*)$",
        "What {why} did {side} give{thing}{rest}?",
    ),
    (
        rf"^(?:compare|{_DIFFERENCE}) what {_SIDES} (?P<verb>{_SAY})(?P<rest> .+)$",
        "What did {side} {verb}{rest}?",
    ),
    (
        rf"^(?:compare|{_DIFFERENCE}) what {_SIDES} (?P<said>{_SAID})(?P<rest> .+)$",
        "What did {side} {said}{rest}?",
    ),
    (
        rf"^(?:how|where|why) (?:do|does|did) {_SIDES} (?:differ|disagree) (?:on|about|over|in)(?P<rest> .+)$",
        "What does {side} say about{rest}?",
    ),
    (
        rf"^compare (?P<what>the [^?,;.]+?) (?P<of>of|for|by|at) (?P<a>(?-i:[A-Z])[^?,;]+?) (?:and|with|to) "
        rf"(?P<b>[^?,;]+?)(?:[.?] (?:{_WH}|{_AUX})\b.*)?$",
        "What is {what} {of} {side}?",
    ),
    (rf"^{_DIFFERENCE} {_SIDES}$", "What is {side}?"),
)
_SIDE_WORDS = 7
_DETERMINED = re.compile(r"(?:the|a|an|this|that|these|those|his|her|its|their|our|my|your)\b", re.IGNORECASE)
_UNNAMED = re.compile(
    r"older|old|newer|new|bigger|big|smaller|small|larger|large|earlier|early|later|late|upper|lower|first|second|third"
    r"|last|next|previous|current|former|latter|present|revised|proposed",
    re.IGNORECASE,
)
"""They leave the thing to the other side: "the old and the new law"."""
_BODY = re.compile(
    r"executive|administration|agency|services?|departments?|ministry|commission|council|committee|board|authority"
    r"|association|office|bureau|institute|union|trust|society|foundation|federation|organi[sz]ation",
    re.IGNORECASE,
)
"""What the name of a body ends with: "the Health and Safety Executive" is no two sides."""
_FIELDS = frozenset(
    """agriculture arts aviation business children climate communities competition culture customs education employment
    energy environment equality families finance fire fish food foreign forestry health housing immigration industry
    justice labour maritime oil parks planning police refugees revenue safety science securities security sport sports
    technology tourism trade transport transportation water wildlife work""".split()  # noqa: SIM905
)
"""What it begins with: "the Kremlin and Defence Ministry" are two."""
_TWO = re.compile(r"\b(?:each|both|differ|differences?|disagree|compare|versus|vs)\b", re.IGNORECASE)
"""With these, two sides there are."""

_TIME = r"(?: (?:over|since|between|from|during|after|before|until|throughout|by|in (?:\w+ )?\d{4}s?)\b.*)?"
_DEVELOPED = (
    rf"^how (?:did|do|does|has|have|had) (?P<thing>.+?) changed?{_TIME}$",
    rf"^how (?:did|do|does|has|have|had) (?P<thing>.+?) (?:evolve|develop|shift)(?:e?d)?(?=.){_TIME}$",
    rf"^how (?:has|have|had|was|were) (?P<thing>.+?) (?:been )?(?:changed|altered|revised|amended){_TIME}$",
    r"^(?:(?:what is|what's|give me|show me|make|draw up|write) )?(?:(?:the|a) )?(?:timeline|chronology) "
    r"(?:of|for) (?P<thing>.+)$",
)
_THING_WORDS = 12


@dataclass(frozen=True, kw_only=True)
class Part:
    """One question of several."""

    asked: str
    """In the words of whoever asked."""
    question: str
    """As it is searched for: with the subject that it leaves to the part before."""


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
    if len(question) > listing.LONGEST or re.search(r"[\"“”]", question) or listing.asked(question):
        return whole
    bare = question.rstrip(" ?.!")
    if "?" not in bare and (state := _state(bare)):
        return Plan(parts=whole.parts, state=state)
    several = _compared_clauses(bare) or _times(bare) or _carried(_sentences(question) or _joined(bare))
    if not several:
        several = list(whole.parts)
    return Plan(parts=tuple(part for one in several for part in _sides(one)))


def _state(bare: str) -> str | None:
    for form in _DEVELOPED:
        words = found["thing"].split() if (found := re.match(form, bare, re.IGNORECASE)) else []
        named = words and not _DETERMINED.fullmatch(words[-1]) and not _PRONOUN.fullmatch(words[0])
        if named and len(words) <= _THING_WORDS:
            return f"What was {' '.join(words)}?"
    return None


def _sides(part: Part) -> list[Part]:
    """Return a part for each of two sides that it compares, or the part."""
    return [Part(asked=side, question=side) for side in _compared(part.question.rstrip(" ?.!"))] or [part]


def _compared(bare: str) -> list[str]:
    """Return one question for each of two sides."""
    for form, question in _COMPARED:
        found = re.match(form, bare, re.IGNORECASE)
        if found and found["a"] != found["b"] and _independent(found["a"]) and _independent(found["b"]):
            if _one_body(found["a"], found["b"]) and not _TWO.search(bare):
                return []
            words = found.groupdict("")
            words["said"] = _base(words.get("said", ""))
            return [question.format(side=found[side], **words) for side in "ab"]
    return []


def _base(verb: str) -> str:
    """Return a verb as it stands after "did".

    >>> _base("said"), _base("argued"), _base("wanted"), _base("promises")
    ('say', 'argue', 'want', 'promise')
    """
    return _BASES.get(verb.lower()) or re.sub(r"(?<=[mtd])ed$|(?<=e)[sd]$|(?<=[mtd])s$", "", verb)


def _independent(side: str) -> bool:
    """Tell whether words name a thing by themselves: "new" and "the old" of "the old and new rules" do not."""
    words = side.split()
    if len(words) > _SIDE_WORDS or re.search(r"\b(?:and|or|between|among|of|with|by)\b", side):
        return False
    if _DETERMINED.match(side) or re.match(r"\w+['’]s\b", side):
        return len(words) > 1 and not _UNNAMED.fullmatch(words[-1])
    return bool(re.match(r"[A-Z0-9]", words[-1]))


def _one_body(a: str, b: str) -> bool:
    """Tell whether two sides may be one name, which "and" stands in; "the US and China" are none.

    >>> _one_body("the Health", "Safety Executive"), _one_body("the Kremlin", "Defence Ministry")
    (True, False)
    """
    first = re.fullmatch(r"[Tt]he ([A-Z][a-z]+)", a)
    named = re.fullmatch(r"(?:[A-Z][\w'’-]* )+([A-Z]\w+)", b)
    return bool(first and named and first[1].lower() in _FIELDS and _BODY.fullmatch(named[1]))


def _sentences(question: str) -> list[str]:
    """Return several questions that follow each other."""
    pieces = [piece.strip() for piece in re.findall(r"[^?]+\?*", question) if piece.strip()]
    several = 2 <= len(pieces) <= 3 and all(_ASKS.match(piece) and len(piece.split()) > 2 for piece in pieces)
    return [f"{piece.rstrip('? .!')}?" for piece in pieces] if several else []


def _joined(bare: str) -> list[str]:
    """Return two questions that one sentence asks."""
    if "?" in bare:
        return []
    for form in (_BOTH, _SHORT):
        if (found := form.match(bare)) and _plain(found["rest"]):
            return [f"{found[which]} {found['rest']}?" for which in ("first", "second")]
    found = _JOINED.match(bare)
    # "Who won and who lost the election in Thessor?": the first half alone would ask for any winner
    if found and _plain(found["first"].split(maxsplit=1)[1]) and not says_little(found["first"]):
        return [f"{found['first']}?", f"{found['second']}?"]
    return []


def _times(bare: str) -> list[Part]:
    """Return one question for each of two times."""
    found = _THEN.match(bare)
    if not (found and re.search(r"[A-Z\d]", found["second"])):
        found = _AND_THEN.match(bare)
    if not found:
        return []
    return _whole([f"{found['wh']}{found['rest']} {found[which]}?" for which in ("first", "second")])


def _compared_clauses(bare: str) -> list[Part]:
    """Return a question for each of two clauses that are compared; the second may say "it" for what the first names."""
    for form in _AGAINST:
        if found := form.match(bare):
            asked = [_asked(found[which]) for which in ("first", "second")]
            return _carried(asked) if _PRONOUN.search(found["second"]) else _whole(asked)
    return []


def _asked(clause: str) -> str:
    """Return a clause as a question: "what Salo said" as "What did Salo say?"."""
    found = re.match(rf"what (?P<who>\S.*?) (?P<said>{_SAID})\b(?P<rest>.*)$", clause, re.IGNORECASE)
    return f"What did {found['who']} {_base(found['said'])}{found['rest']}?" if found else f"{clause}?"


def _whole(asked: Sequence[str]) -> list[Part]:
    return [Part(asked=question, question=question) for question in asked]


def _plain(text: str) -> bool:
    """Tell whether text holds no question word, behind which the rest might be a clause of its own."""
    return not re.search(rf"\b(?:{_WH}|whether)\b", text, re.IGNORECASE)


def _carried(asked: Sequence[str]) -> list[Part]:
    """Return the questions as parts, each with the subject that it leaves to those before."""
    parts: list[Part] = []
    for question in asked:
        before = [Turn(question=part.question, answer="") for part in parts]
        parts.append(Part(asked=question, question=standalone(question, before)))
    return parts
