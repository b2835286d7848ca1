"""What a language model writes instead of an answer: the refusal that it was told to write, or one of its own words.

Read by their opening only. A sentence that goes on with what the passages do say is a part of an answer, and so is one
that a passage itself has word for word: an article may be about documents that do not say something.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.records import NOT_IN_CORPUS

_OPENING = r"[\s>#*_\"“'‘-]{0,20}(?:answer\s?:)?[\s*_\"“'‘]{0,10}"
_REFUSAL = re.compile(_OPENING + re.escape(NOT_IN_CORPUS).replace("this", "(?:this|the)"), re.IGNORECASE)
_GIVEN = "(?:provided|given|available|supplied|retrieved|numbered|above|cited|shown|listed|relevant)"
_WHAT = "passage|article|source|excerpt|document|snippet"
_SOURCES = (
    rf"(?:(?:(?:the|these|those|your|my)(?: {_GIVEN})* (?:(?:{_WHAT})s|texts?|context|search results)"
    rf"|the(?: {_GIVEN})+ (?:{_WHAT}|information|material))(?: {_GIVEN}| that (?:I was|were) {_GIVEN})?"
    r"|passages? \d+(?:(?:,|,? and) \d+)*)"
)
_TELL = (
    "(?:say|state|tell|give|contain|mention|explain|answer|specify|include|provide|address|describe|indicate|reveal"
    "|discuss|cover|offer|name|report|disclose|clarify|identify|detail)"
)
_NOTHING = "(?:nothing|no (?:information|mention|answer|details?|reason|explanation|indication))"
_NOT = (
    rf"(?:do(?:es)?(?: not|n['’]t)(?: \w+ly)?(?: (?:seem|appear) to)? {_TELL}"
    rf"|(?:say|give|contain|mention|make|include|provide|offer|have|hold)s? {_NOTHING}|lacks?)"
)
_CANNOT = (
    r"(?:(?:can(?:not|['’]t)|could(?: not|n['’]t)|(?:am|was) (?:unable|not able) to) "
    r"(?:find|answer|tell|say|determine|see|give|provide|help|locate|identify|confirm)"
    rf"|do(?: not|n['’]t) (?:have|find|see|know)|(?:found|find|have|see) {_NOTHING})"
)
_DECLINES = re.compile(
    rf"(?:(?:however|but|and|also|unfortunately|regrettably)[,:]? |(?:based on|according to|from|in) {_SOURCES},? )*"
    r"(?:(?:(?:I['’]m|I am) (?:very )?sorry|sorry,|I apologi[sz]e)(?:[,;:–—]? but\b)?"
    rf"|I {_CANNOT}\b|{_SOURCES} {_NOT}\b|(?:none of|nothing in) {_SOURCES} {_TELL}s?\b"
    r"|there(?: is|['’]s) (?P<none>(?:no|not enough) (?:information|mention|answer)\b(?: \w+){0,2})"
    rf"|it is (?:not (?:said|stated|mentioned|given|explained|specified|clear)|unclear) (?:in|from|by) {_SOURCES})",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"[,;:–—] ?(?:but|though|although|however|only|while|whereas)\b[ ,]*", re.IGNORECASE)


def refused(said: str) -> bool:
    """Tell whether an answer begins with the refusal that the prompt asks for.

    >>> refused("> **Answer:** The articles do not answer the question. Sorry.")
    True
    """
    return bool(_REFUSAL.match(said))


def declines(sentence: str, passages: Iterable[str]) -> bool:
    """Tell whether a sentence, without marks, speaks of what the passages do not say, and of nothing else.

    >>> declines("I'm sorry, but the provided passages do not explain why.", ["It was cut."])
    True
    >>> declines("The passages do not say why, but they say when: on Monday.", ["It was cut."])
    False
    """
    found = _DECLINES.match(sentence)
    texts = list(passages)
    if not found or any((found["none"] or found[0]).lower() in text.lower() for text in texts):
        return False
    more = _GOES_ON.search(sentence, found.end())
    return not more or declines(sentence[more.end() :], texts)
