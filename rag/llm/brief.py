"""A word of help from a language model before the answer: a few tokens, one try, no fault told."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace

from rag.llm import attempt
from rag.llm.base import LanguageModel, Limits, Message
from rag.llm.faults import Fault
from rag.llm.thoughts import Thoughts
from rag.models.tokens import count
from rag.records import Piece

LONGEST = 600
"""Characters after which a model is talking instead of helping."""
_MOST = 4 * LONGEST
"""The same with what it thinks aloud."""
_TOKENS = 200
_SHARE = 0.25
"""How much of an answer's time it may take."""


def say(
    model: LanguageModel, messages: Sequence[Message], limits: Limits
) -> Generator[Piece, None, tuple[str, tuple[int, int]]]:
    """Return what the model says and the tokens in and out; yields empty pieces meanwhile.

    It is nothing when the model fails or is cut off, and costs nothing when the model was never reached.

    Raises:
        Stopped: nobody wants the answer any more.
    """
    short = replace(limits, deadline=limits.deadline - limits.left * (1 - _SHARE), tokens_out=_TOKENS)
    came, said, finish, tokens_in, tokens_out = "", "", None, None, None
    thoughts = Thoughts()
    try:
        for delta in attempt.stream(model, messages, short, retries=0):
            yield Piece(text="")
            if delta:
                forget, heard = thoughts.feed(delta.text)
                came, said, finish = came + delta.text, heard if forget else said + heard, delta.finish or finish
                tokens_in, tokens_out = delta.tokens_in or tokens_in, delta.tokens_out or tokens_out
            if len(said) > LONGEST or len(came) > _MOST:
                finish = "length"
                break
    except Fault:
        if not came:
            return "", (0, 0)
        finish = "fault"
    said += thoughts.close()
    asked = sum(count(message.text) for message in messages) if tokens_in is None else tokens_in
    tokens = asked, count(came) if tokens_out is None else tokens_out
    return (said if finish in {None, "stop"} and len(said) <= LONGEST else ""), tokens
