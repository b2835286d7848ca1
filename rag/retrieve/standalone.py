"""A follow-up to a question that stands alone, without a model: it carries the topic of the turns before."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rag.errors import QuestionError
from rag.records import Answer, Turn
from rag.retrieve.sides import AUX

_PRONOUNS = re.compile(
    r"\b(he|she|it|they|him|her|them|his|hers|its|their|theirs|this|that|these|those)\b", re.IGNORECASE
)
_PERSON = re.compile(r"\b(he|she|him|her|his|hers|they|them|their)\b", re.IGNORECASE)
_REPLACED = frozenset("it they them its their he she him his".split())  # noqa: SIM905
_OWNERS = frozenset("its their his".split())  # noqa: SIM905
_EXPLETIVE = re.compile(
    r"\bit (?:(?:is |was )?(?:true|false|likely|unlikely|possible|clear|certain|known|right|thought|believed|said"
    r"|claimed|reported|expected) that\b|that\b|true(?= (?-i:the\b|[A-Z]))"
    r"|(?:takes?|took|costs?)\b(?=.* to \w+ (?!(?:at|by|for|from|in|on)\b)\w))",
    re.IGNORECASE,
)
"""An "it" that stands for nothing: "is it true that …", "how long does it take to build the bridge?"."""
_SUBJECT = re.compile(rf"(?:he|she|they)\b|it {AUX}\b", re.IGNORECASE)
_SUBJECT_AFTER = re.compile(rf"\b(?:{AUX}|that|when|after|before|because|if|while|until|since) $", re.IGNORECASE)
_SAID_BY_MANY = re.compile(r"\b(?:people|[a-z]+s) (?:say|said|claim|claimed|think|thought)(?: that)? $")
_PLACED = re.compile(r"\b(?i:at|during|from|in|near|on|since|until) (?:the )?(?:\d+ )?(?:[A-Z][\w'’-]*,? ?)+")
"""Where or when, which "he", "she" and "it" seldom stand for."""
_NEAR = 200
"""Most characters between a pronoun and the name that it stands for: a long question costs no more than a short one."""
_HINTS = re.compile(r"\b(there|then|ones?|same|else|others?|another|so|too|both|former|latter)\b", re.IGNORECASE)
"""Weaker signs of a follow-up: they count only in a question that names nothing."""
_OPENS = re.compile(r"^(and|but|or|so|then|also|what about|how about|really)\b", re.IGNORECASE)
_BARE = re.compile(r"^(?:(?:and|but|so),? )?(?P<how>when|where|why|how)[\s?.!]*$", re.IGNORECASE)
_ASKED = re.compile(
    r"^(?:(?:and|but|so),? )?(?P<how>when|where|why|how) "
    r"(?P<rest>(?:is|are|was|were|do|does|did|has|have|had|will) .+)$",
    re.IGNORECASE,
)
_DEFINES = re.compile(
    r"^(?:tell me (?:more )?about|describe|what (?:is|are|was|were)|who (?:is|are|was|were))\s+"
    r"(?:(?:the|some|all)\s+)?(?:(?:\w+\s+)?(?:types?|kinds?|sorts?) of\s+)?"
    r"(?P<thing>(?!(?:about|against|at|behind|for|from|in|inside|near|on|under|with|(?-i:[a-z]+ed)|done|found|known"
    r"|made|meant|said|told)\b).+?)[\s?.!]*$",
    re.IGNORECASE,
)
"""A question for a thing itself, not for where it is or what was done: a pronoun of the next one stands for it."""
_VAGUE = frozenset(
    """many much more most some any say says said tell think find found happen happened happens explain react respond
    agree accept get go know mean work used use people thing things kind kinds type types""".split()  # noqa: SIM905
)
"""They say nothing of what a question is about."""
_POLITE = frozenset("hello hi hey thanks thank please ok okay yes no bye goodbye help good morning evening".split())  # noqa: SIM905
_SMALL = frozenset(
    """a an the and but or so then of in on at by for from to with about as is are was were be been being do does
    did has have had will would can could should may might must what which who whom whose when where why how
    also not me my you your i we our us if it's""".split()  # noqa: SIM905
)
_ASKING = re.compile(r"\b(?:what|which|who|whom|whose|when|where|why|how)\b", re.IGNORECASE)
_ASKED_SELF = re.compile(
    r"\b(?:(?:who|what|how) are you(?! (?:not|to)\b)|what can you do|can you help|what about you)\b", re.IGNORECASE
)
"""It is asked itself; elsewhere "you" may be anyone: "What should you do?"."""
_STRESS = frozenset("very much lot".split())  # noqa: SIM905
"""They say how warmly one is thanked."""
_PART_OF_DAY = frozenset("morning evening".split())  # noqa: SIM905
"""They greet only after "good": "And in the evening?" is a follow-up."""
_PLAIN = frozenset("good help".split())  # noqa: SIM905
"""They are polite by themselves and not in "Was help good?"."""
_ADDED = re.compile(r"(?P<alone>.+) \((?P<topic>[^()]+)\)")
_SHOWN = {"Cc": " ", "Cs": " ", "Cf": ""}
"""What stands for a character of a category that is not shown."""
_MARK = re.compile(r"\[\d{1,2}\]")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_SHORT = 2
"""A question with no more content words than this says too little to be searched alone."""
_NAMELESS = 5
"""The same, in a conversation about names, for a question that names nothing."""
_THING_WORDS = 4
_CARRIED = 7
"""Most words that a question is given."""


def clean(question: str, limit: int) -> str:
    """Return the question without control characters, lone surrogates and what no reader sees, trimmed.

    A soft hyphen or a zero-width space stands within words and parts none: articles are stored without it too.

    Raises:
        QuestionError: it is empty, longer than `limit` characters, or not text.
    """
    if not isinstance(question, str):
        raise QuestionError(f"The question is not text but {question!r:.80}: give a string.")
    if len(question) > limit:
        raise QuestionError(f"The question has {len(question):,} characters, {limit:,} is the limit: shorten it.")
    kept = (c if c.isspace() else _SHOWN.get(unicodedata.category(c), c) for c in question)
    text = " ".join("".join(kept).split())
    if not text:
        raise QuestionError('The question is empty: ask something, for example "why were military channels cut?"')
    return text


def standalone(question: str, history: Sequence[Turn]) -> str:
    """Return the question as it is, or with the topic of the turns before when it cannot stand alone.

    A question word alone takes the place of the one before it, a pronoun gives way to the thing that the turn before
    asked for; other topics are added in brackets.

    >>> turn = Turn(question="Why did Tessaly cut the hotline?", answer="A drone crossed the border.")
    >>> standalone("And when was that?", [turn])
    'And when was that? (Tessaly cut hotline)'
    >>> standalone("And when?", [turn])
    'When did Tessaly cut the hotline?'
    >>> standalone("Thank you very much!", [turn])
    'Thank you very much!'
    >>> standalone("Who owns the Halcyon Star?", [turn])
    'Who owns the Halcyon Star?'
    >>> standalone("Is it treatable?", [Turn(question="What is throat cancer?", answer="")])
    'Is throat cancer treatable?'
    >>> standalone("Did Orvane sell its ferries?", [Turn(question="What is the hotline?", answer="")])
    'Did Orvane sell its ferries? (hotline)'
    """
    if not history or _small_talk(question) or not _depends(question, history):
        return question
    chain = _chain(history)
    if len(chain) == 1 and (asked := _asked_anew(question, chain[0].question)):
        return asked
    thing = _thing(chain[0].question)
    if thing and (put := _put(question, thing)) != question:
        return put
    own = {word.lower() for word in _words(question)}
    dated = any(map(_YEAR.fullmatch, own))  # another year would be another time
    topic = [word for word in _topic(chain, question) if word.lower() not in own]
    carried = [word for word in topic if not (dated and _YEAR.fullmatch(word))][:_CARRIED]
    return f"{question} ({' '.join(carried)})" if carried else question


def topic_apart(question: str) -> tuple[str, list[Turn]]:
    """Return a question without the topic that it was given in brackets, and the topic as a turn to lean on.

    Brackets of whoever asked stay, where the question would have been given none.

    >>> alone, before = topic_apart("And when was that? (Tessaly cut hotline)")
    >>> alone, standalone("And why?", before)
    ('And when was that?', 'And why? (Tessaly cut hotline)')
    >>> topic_apart("When did Salo run the Orvane Line (OL)?"), topic_apart("When did Salo run the Orvane Line (OL)")
    (('When did Salo run the Orvane Line (OL)?', []), ('When did Salo run the Orvane Line (OL)', []))
    """
    if found := _ADDED.fullmatch(question):
        before = [Turn(question=f"What about {found['topic']}?", answer="")]
        own = "(" in found["alone"] or not re.search(r"[^\W\d_]", found["topic"])
        if not own and _depends(found["alone"], before):
            return found["alone"], before
    return question, []


def _chain(history: Sequence[Turn]) -> list[Turn]:
    """Return the turns that the next question may lean on, newest first: back to one that stands alone."""
    chain: list[Turn] = []
    for place in range(len(history) - 1, -1, -1):
        chain.append(history[place])
        if not _depends(history[place].question, history[:place]):
            break
    return chain


def _topic(chain: Sequence[Turn], question: str) -> list[str]:
    """Return what a chain of turns is about: its names, then how it began, then its last turn; each word once."""
    named = [name for turn in chain for name in (*_person(turn, question), *_names(turn.question))]
    found: dict[str, str] = {}
    for word in (*content(chain[-1].question), *named, *content(chain[0].question)):
        found.setdefault(word.lower(), word)
    return list(found.values())


def _depends(question: str, history: Sequence[Turn]) -> bool:
    """Tell whether a question needs the conversation before it to be understood."""
    if not history:
        return False
    names, about = _names(question), content(question)
    if len(names) < 2 and _PRONOUNS.search(_without_expletives(question)):
        return True
    if match := _DEFINES.match(question):
        thing = match["thing"]
        if names or (" " not in thing and not _PRONOUNS.search(thing) and match[0].split()[-1] == thing):
            return False
    if names:
        return len(about) <= _SHORT
    named = any(_names(turn.question) for turn in history)
    few = len(about) <= (_NAMELESS if named else _SHORT)
    return few or bool(_HINTS.search(question) or _OPENS.match(question) or _EXPLETIVE.search(question))


def _without_expletives(question: str) -> str:
    return _EXPLETIVE.sub(lambda found: " " * len(found[0]), question)


def _inside(question: str, found: re.Match[str]) -> bool:
    """Tell whether a pronoun may stand for a name before it, as an owner or a subject may.

    An object does not: "Why did Salo sell it?" leans on the turn before, "Why did Salo sell her house?" may not.
    """
    word, rest = found[0].lower(), question[found.start() : found.start() + _NEAR]
    before = question[max(0, found.start() - _NEAR) : found.start()]
    if word == "that":
        return bool(re.match(r"that (?:he|she|it|they)\b", rest, re.IGNORECASE))  # "Salo said that she …"
    if word == "they" and _SAID_BY_MANY.search(before):
        return True
    follows = rest.split()[1:2]
    owns = word in {"its", "their", "his", "her"} and bool(follows) and follows[0].lower() not in _SMALL
    subject = bool(_SUBJECT.match(rest)) or (word == "it" and bool(_SUBJECT_AFTER.search(before)))
    named = _names(before if word in {"its", "their"} else _PLACED.sub("in ", before))
    return bool(named) and (owns or subject)


def _asked_anew(question: str, before: str) -> str | None:
    """Return the question before with another question word, when the question is no more than that word."""
    word, asked = _BARE.match(question), _ASKED.match(before)
    if not word or not asked or word["how"].lower() == asked["how"].lower():
        return None
    return f"{word['how'].capitalize()} {asked['rest']}"


def _thing(question: str) -> str | None:
    """Return what a question asks for when it asks for a thing itself, in few words and without a pronoun."""
    match = _DEFINES.match(question)
    thing = match["thing"] if match else ""
    return thing if thing and len(thing.split()) <= _THING_WORDS and not _PRONOUNS.search(thing) else None


def _put(question: str, thing: str) -> str:
    """Return the question with the first pronoun that may stand for the thing replaced by it."""
    blank = _without_expletives(question)
    replaced = (found for found in _PRONOUNS.finditer(blank) if found[0].lower() in _REPLACED)
    found = next((found for found in replaced if not _inside(blank, found)), None)
    if not found:
        return question
    owner = ("’" if thing.endswith("s") else "’s") if found[0].lower() in _OWNERS else ""
    return f"{question[: found.start()]}{thing}{owner}{question[found.end() :]}"


def _person(turn: Turn, question: str) -> list[str]:
    """Return the name that a turn was answered with, when the question speaks of a person."""
    short = turn.answer.short if isinstance(turn.answer, Answer) else None
    named = short and short[0].isupper() and len(short.split()) <= _THING_WORDS
    return _words(short) if short and named and _PERSON.search(question) else []


def _names(question: str) -> list[str]:
    return [word for word in _words(question)[1:] if word[0].isupper() and word not in {"I", "I’m", "I'm"}]


def names_something(question: str) -> bool:
    """Tell whether a question has a word that says what it is about: "Hello", "Who are you?" and "[1]" have none.

    >>> [names_something(text) for text in ("[1][2]", "And [1]?", "9/11", "What does [1] mean by quota?")]
    [False, False, True, True]
    >>> [names_something(text) for text in ("?", "and", "Thank you!", "What can you do?", "What happened?", "the US")]
    [False, False, False, False, True, True]
    """
    if _small_talk(question):
        return False
    question = _MARK.sub(" ", question)
    names = [word for word in _words(question) if len(word) > 1 and word.isupper()]  # US, IT, WHO
    said = (word for word in _words(question) if word.lower() not in _SMALL | _POLITE)
    return bool(names) or any(not _PRONOUNS.fullmatch(word) for word in said)


def _small_talk(question: str) -> bool:
    """Tell whether words are polite and no more, or ask who is asked: no topic of a conversation makes them a question.

    >>> [_small_talk(text) for text in ("ok", "Hello, how are you?", "Who are you?", "Thanks, and why?", "Is it ok?")]
    [True, True, True, False, False]
    >>> [_small_talk(text) for text in ("What can you do?", "What should you do?", "Help!", "Did we help?")]
    [True, False, True, False]
    """
    words = {word if word == "US" else word.lower() for word in _words(question)}
    asks = any(re.fullmatch(AUX, word) for word in words)
    kind = _POLITE - _PART_OF_DAY - (_PLAIN if asks else frozenset())
    polite = not _ASKING.search(question) and bool(words & kind)
    return words <= _SMALL | _POLITE | _STRESS and (polite or bool(_ASKED_SELF.search(question)))


def says_little(question: str) -> bool:
    """Tell whether a question names nothing and has but one word that says what it is about.

    >>> [says_little(text) for text in ("Who won?", "How many people were killed?", "Who runs Orvane?")]
    [True, True, False]
    """
    return len(content(question)) < _SHORT and not _names(question)


def content(question: str) -> list[str]:
    """Return the words that say what a question is about.

    >>> content("What did the two sides say about their grain quota?")
    ['two', 'sides', 'grain', 'quota']
    """
    words = (word for word in _words(question) if word.lower() not in _SMALL | _VAGUE)
    return [word for word in words if not _PRONOUNS.fullmatch(word)]


def _words(text: str) -> list[str]:
    return re.findall(r"\w[\w'’-]*", text)
