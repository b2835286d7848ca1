"""What the reader is asked where a question is longer than it can take."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.ingest.sentences import sentences
from rag.retrieve.sides import WH
from rag.retrieve.standalone import content

_WORDS = 44
"""About what fits into the 64 word pieces that the reader keeps of a question."""
_HEAD = 14
"""Most words of its first sentence that are kept: they mostly name what it is about."""


def gist(question: str) -> str:
    """Return a question, or of a long one its first sentence and the last ones in which something is asked.

    >>> told = "Tell me about the Queen Maud. " + "I read of her in an old book. " * 8
    >>> gist(f"{told}Who was the captain? Can you help me?")
    'Tell me about the Queen Maud. Who was the captain?'
    >>> gist("Who was the captain of the Queen Maud?")
    'Who was the captain of the Queen Maud?'
    """
    words = question.split()
    if len(words) <= _WORDS:
        return question
    told = [question[start:end].strip() for start, end in sentences(question)]
    asking = [one for one in told if one.endswith("?")] or told
    # What ends in "Can you help me?" asks for something else before.
    wanted = [one for one in asking if content(one) and re.search(rf"\b{WH}\b", one, re.IGNORECASE)]
    topic = f" {told[-1]}" if told[-1].startswith("(") and told[-1].endswith(")") else ""  # see `standalone`
    opening = told[0].split()[:_HEAD]
    asked = _last(wanted or [one for one in asking if content(one)] or asking, _WORDS - len([*opening, *topic.split()]))
    room = _WORDS - len(f"{asked}{topic}".split())
    head = " ".join(opening[: max(room, 0)])
    return f"{asked}{topic}" if asked.startswith(head) else f"{head} {asked}{topic}"


def _last(sentences: Sequence[str], room: int) -> str:
    """Return the last sentence, and the questions before it for which there is room."""
    kept = sentences[-1]
    for one in reversed(sentences[:-1]):
        if not one.endswith("?") or len(f"{one} {kept}".split()) > room:
            break
        kept = f"{one} {kept}"
    return kept
