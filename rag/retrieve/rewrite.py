"""A follow-up as a question that stands alone: by the language model where there is one, by rules otherwise."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence

from rag import prompts
from rag.errors import QuestionError
from rag.llm import brief
from rag.llm.base import LanguageModel, Limits
from rag.records import Piece, Turn
from rag.retrieve.standalone import clean, standalone

_WORD = re.compile(r"\w{3,}")


def rewrite(
    question: str, history: Sequence[Turn], model: LanguageModel | None, limits: Limits
) -> Generator[Piece, None, tuple[str, tuple[int, int]]]:
    """Return the question as it is searched for, and the tokens in and out; yields empty pieces while it waits.

    A model that fails, or says something that is no version of the question, is passed over.

    Raises:
        Stopped: nobody wants the answer any more.
    """
    by_rule = standalone(question, history)
    if model is None or not history or limits.left <= 0:
        return by_rule, (0, 0)
    said, tokens = yield from brief.say(model, prompts.rewrite(question, history), limits)
    spoken = (f"{t.question} {t.answer if isinstance(t.answer, str) else t.answer.text}" for t in history)
    line = cleaned(said).strip("\"“”' ")
    return (line if made_of(line, " ".join([question, *spoken])) else by_rule), tokens


def cleaned(line: str) -> str:
    """Return a question that a model wrote as one that a user wrote: a lone surrogate would end in a traceback."""
    try:
        return clean(line, brief.LONGEST)
    except QuestionError:  # empty, or too long
        return ""


def made_of(line: str, spoken: str) -> bool:
    """Tell whether what a model wrote is short, and made at least half of words that were spoken."""
    words = {word.lower() for word in _WORD.findall(line)}
    known = {word.lower() for word in _WORD.findall(spoken)}
    return len(line) <= brief.LONGEST and bool(words) and 2 * len(words & known) >= len(words)
