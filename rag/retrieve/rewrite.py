"""A follow-up as a question that stands alone: by the language model where there is one, by rules otherwise."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import replace

from rag import prompts
from rag.llm import attempt
from rag.llm.base import LanguageModel, Limits
from rag.llm.faults import Fault
from rag.models.tokens import count
from rag.records import Piece, Turn
from rag.retrieve.standalone import standalone

_TOKENS = 120
_SHARE = 0.25
"""How much of an answer's time a rewriting may take."""
_LONGEST = 400
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
    short = replace(limits, deadline=limits.deadline - limits.left * (1 - _SHARE), tokens_out=_TOKENS)
    messages = prompts.rewrite(question, history)
    said, tokens_in, tokens_out = "", None, None
    try:
        for delta in attempt.stream(model, messages, short, retries=0):
            yield Piece(text="")
            if delta:
                said += delta.text
                tokens_in, tokens_out = delta.tokens_in or tokens_in, delta.tokens_out or tokens_out
            if len(said) > _LONGEST:
                break
    except Fault:
        said = said and ""
    asked = sum(count(message.text) for message in messages) if tokens_in is None else tokens_in
    return _usable(said, question, history) or by_rule, (asked, count(said) if tokens_out is None else tokens_out)


def _usable(said: str, question: str, history: Sequence[Turn]) -> str | None:
    """Return a model's rewriting when it is one line that is made of the conversation's words."""
    line = " ".join(said.split()).strip("\"“”' ")
    if len(line) > _LONGEST:
        return None
    words = {word.lower() for word in _WORD.findall(line)}
    spoken = " ".join(
        [question, *(f"{t.question} {t.answer if isinstance(t.answer, str) else t.answer.text}" for t in history)]
    )
    known = {word.lower() for word in _WORD.findall(spoken)}
    return line if words and len(words & known) >= len(words) / 2 else None
