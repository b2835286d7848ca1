"""The two sides that a question compares, each with a question of its own; nothing for one that compares none."""

from __future__ import annotations

import re

WH = r"(?:who|whom|whose|what|which|when|where|why|how)"
ASKED = rf"(?:(?:by|in|at|for|to|from|on) )?{WH}"
AUX = r"(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|may|might|must)"
_CLAUSE = r"(?:what|how|[\w'’]+['’]s) .+"
_AGAINST = tuple(
    re.compile(rf"^compare (?P<first>{_CLAUSE}?) {word} (?P<second>{_CLAUSE})$", re.IGNORECASE)
    for word in ("with", "to")
)

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
        rf"^(?P<wh>{WH}|{_HOW_MUCH}) (?:do|does|did) {_SIDES} (?:each|both) (?P<verb>(?!other\b)\w+)(?P<rest>.*)$",
        "{wh} did {side} {verb}{rest}?",
    ),
    (rf"^what (?:do|does|did) {_SIDES} (?P<verb>{_SAY})(?P<rest>.*)$", "What did {side} {verb}{rest}?"),
    (rf"^how (?:do|does|did) {_SIDES} (?P<verb>{_EXPLAIN}\b)(?P<rest> .+)$", "How did {side} {verb}{rest}?"),
    (
        rf"^(?P<head>{ASKED} .+?),? according to (?P<a>[^?,;]+?),? and (?:according )?(?:to )?(?P<b>[^?,;]+)$",
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
        rf"(?P<b>[^?,;]+?)(?:[.?] (?:{WH}|{AUX})\b.*)?$",
        "What is {what} {of} {side}?",
    ),
    (rf"^{_DIFFERENCE} {_SIDES}$", "What is {side}?"),
)
_SIDE_WORDS = 7
DETERMINED = re.compile(r"(?:the|a|an|this|that|these|those|his|her|its|their|our|my|your)\b", re.IGNORECASE)
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


def compared(bare: str) -> list[str]:
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
    if DETERMINED.match(side) or re.match(r"\w+['’]s\b", side):
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


def clauses(bare: str) -> list[str]:
    """Return a question for each of two clauses that are compared.

    >>> clauses("Compare what Salo said to Lind with what the ministry got")
    ['What did Salo say to Lind?', 'what the ministry got?']
    """
    for form in _AGAINST:
        if found := form.match(bare):
            return [_asked(found[which]) for which in ("first", "second")]
    return []


def _asked(clause: str) -> str:
    """Return a clause as a question: "what Salo said" as "What did Salo say?"."""
    found = re.match(rf"what (?P<who>\S.*?) (?P<said>{_SAID})\b(?P<rest>.*)$", clause, re.IGNORECASE)
    return f"What did {found['who']} {_base(found['said'])}{found['rest']}?" if found else f"{clause}?"
