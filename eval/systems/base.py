"""The seam between the harness and a system, and the table of names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from eval.cases import Suite
from eval.record import FoundHit, Reply
from rag.errors import UserError


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """An earlier question of the conversation and what the system said to it."""

    question: str
    reply: Reply
    native: object = None
    """The system's own record of the turn."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """A reply with the system's own record beside it, for the next turn."""

    reply: Reply
    native: object = None


class System(Protocol):
    """Something that answers the questions of one suite."""

    def ask(self, question: str, history: Sequence[Exchange]) -> Said:
        """Answer one question of a conversation."""

    def search(self, question: str, k: int) -> list[FoundHit]:
        """Return passages, best first; empty when the system cannot."""

    def about(self) -> Mapping[str, Any]:
        """Return `settings`, `versions` and `code` for the head of the run."""

    def close(self) -> None:
        """Let go of files and connections."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Which system to build, and how."""

    name: str = "footnote"
    """`footnote`, `openai:URL`, `python:module:function` or `baseline:llamaindex`."""
    llm: str | None = None
    model: str | None = None
    """Model name to send to an `openai:` server."""
    on_progress: Callable[[str, int, int], None] = field(default=lambda stage, done, total: None)


def build(wish: Wish, suite: Suite) -> System:
    """Build the system that a name stands for.

    Raises:
        UserError: nothing is known by this name.
    """
    kind, _, rest = wish.name.partition(":")
    if kind == "footnote":
        from eval.systems.footnote import Footnote

        return Footnote(suite, wish)
    if kind == "openai" and rest:
        from eval.systems.chat_api import ChatApi

        return ChatApi(rest, wish, suite)
    if kind == "python" and rest:
        from eval.systems.function import Function

        return Function(rest, suite)
    if wish.name == "baseline:llamaindex":
        from eval.systems.llamaindex import Starter

        return Starter(suite, wish)
    known = "footnote, openai:URL, python:module:function, baseline:llamaindex"
    raise UserError(f"Unknown system {wish.name!r}. Use one of {known}.")


_SOURCE = r"(articles?|context|documents?|passages?|sources?|text|corpus)\b"
_REFUSALS = re.compile(
    r"^\W*(unfortunately,? )?"
    rf"((based on|according to|from|in) (the|these|this) (\w+ )?{_SOURCE}( \w+){{0,2}}, )?"
    r"(empty response"
    r"|(i'?m |i am )?(sorry|afraid)\b(?! to (say|report|tell)).{0,80}(\b(not|cannot|unable)|n't)\b"
    r"|(i )?(do not|don't|cannot|can't|could not|couldn't) (know|answer|find|determine)"
    r"|(i )?(do not|don't) have (enough |sufficient |any )?(information|context|details)\b"
    r"|(i'?m |i am )?(unable|not able) to (answer|find|determine|say)\b"
    r"|((there is|there's) )?(not enough|insufficient) (information|context|evidence)\b"
    r"|(this|that|the|your) question (is not|isn't|cannot be|can't be|could not be) answered\b"
    r"|(it|this|that) (is|was) ?(not|n't) (answered|given|mentioned|provided|said|stated|specified)"
    rf"( \w+){{0,2}} {_SOURCE}"
    rf"|the (\w+ )?{_SOURCE}( \w+){{0,3}} (do|does|did) ?(not|n't) (answer|contain|mention|provide|say|state|include)"
    r"|there (is no|is not any|isn't any|isn't an) (answer|information|mention)\b"
    rf"|no (answer|information|mention)\b(\W*$| (is |was )?(found|available)\b|( \w+){{0,8}} {_SOURCE}))",
    re.IGNORECASE | re.DOTALL,
)


def looks_refused(text: str) -> bool:
    """Say whether an answer of a foreign system is a refusal. Judged by its opening words only.

    >>> looks_refused("I could not find anything on that."), looks_refused("No. The talks went on.")
    (True, False)
    """
    return not text.strip() or bool(_REFUSALS.match(text.replace("’", "'")))
