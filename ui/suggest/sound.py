"""Whether a question reads as one that a person would ask, without the article before them."""

from __future__ import annotations

import re

_SHORTEST, _LONGEST = 3, 95
"""Words, characters."""
_POINTING = re.compile(
    r"\b(?:he|she|it|they|them|him|this|these|those|there|here|I|we|us|you|my|our|your|Mr|Ms|Mrs|former|latter|other|"
    r"so|such|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today|tomorrow|now|last|next|ago|also|then|too|"
    r"therefore|thus)\b"
)
"""Words that point at something outside the question."""
_UNSAID = re.compile(
    r"\bthe (?:idea|move|decision|plan|deal|claim|issue|matter|doubt|answer|encounter|news|statement|request|case|"
    r"remark|change|accord|law|rule|ruling|report|charge|site|building)s?\b"
    r"(?! (?:of|to|for|on|between|in|with|by|against|that|about)\b)"
)
"""Nouns that mean little without what an article said of them before."""
_VAGUE = re.compile(
    r"\b(?:is|was|were|are|did|does|has|have|had|will|would|can|could) (?:the|an?) [a-z]+ (?!of\b|for\b|at\b|on\b)"
)
"""A subject of one common noun: `the company`."""
_NAME = re.compile(r"[“\"]?(?!(?:January|February|March|April|May|June|July|August|\w+mber|October)\b)[A-Z]")
_TELLING = 3
"""A question without a name needs more long words than this."""


def sound(question: str) -> bool:
    """Whether a question names what it is about and points at nothing unsaid.

    >>> sound("When did China break off climate talks?"), sound("When did it break off the talks?")
    (True, False)
    """
    words = question.rstrip("?").split()
    fits = len(words) >= _SHORTEST and len(question) <= _LONGEST
    whole = question.count("“") == question.count("”") and question.count('"') % 2 == 0
    return fits and whole and stands_alone(question) and (_named(words) or _specific(question, words))


def stands_alone(question: str) -> bool:
    """Whether nothing in it points at what was said before."""
    return not (_POINTING.search(question) or _UNSAID.search(question))


def _named(words: list[str]) -> bool:
    return any(_NAME.match(word) for word in words[1:])


def _specific(question: str, words: list[str]) -> bool:
    return sum(len(word) > 4 for word in words[1:]) > _TELLING and not _VAGUE.search(question)
