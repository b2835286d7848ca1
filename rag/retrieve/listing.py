"""Questions for articles rather than for a fact: "which articles mention the hotline?".

Each article is judged by its own best passage.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.records import Hit

LONGEST = 500
"""Characters of a question that is looked at; what is longer is no plain question."""
READ = 12
"""Articles that are read."""
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
    if not (found := _ASKED.match(question)):
        return None
    return f"What is said about {found['topic']}?" if found["about"] else found["topic"]


def one_each(hits: Sequence[Hit]) -> list[Hit]:
    """Return the best hit of every article, in their order."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.article.id, hit)
    return list(best.values())
