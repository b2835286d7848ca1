"""What every language model can do: messages in, text out piece by piece, under a deadline."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Literal, Protocol

from rag.settings import Generate

THINKING = 4_096
"""Tokens that a model may think beyond its answer's."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message of a prompt."""

    role: Literal["system", "user"]
    text: str


@dataclass(frozen=True, kw_only=True)
class Delta:
    """What came since the last one. Token counts are totals so far, None while the model has not said."""

    text: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None
    finish: str | None = None
    """Why the model stopped, `stop` when it had said all; None while it goes on."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long one call may take and how much it may say."""

    deadline: float
    """`time.monotonic()` at which it ends, whatever has come."""
    connect: float
    """Seconds within which the server must take the connection."""
    tokens_out: int
    stop: Event = field(default_factory=Event)
    """Set by whoever no longer wants the answer."""

    @classmethod
    def of(cls, settings: Generate, stop: Event) -> Limits:
        """Return the limits of one answer that begins now."""
        deadline = time.monotonic() + settings.deadline
        return cls(deadline=deadline, connect=settings.connect, tokens_out=settings.answer_tokens, stop=stop)

    @property
    def left(self) -> float:
        """Seconds left, negative when it is too late."""
        return self.deadline - time.monotonic()


class LanguageModel(Protocol):
    """A language model that can be asked."""

    name: str

    def stream(self, messages: Sequence[Message], limits: Limits) -> Iterator[Delta | None]:
        """Yield what the model says as it comes, and None now and then while nothing does.

        Raises:
            Fault: the model could not be reached, refused, or broke off.
            Stopped: `limits.stop` was set.
        """
        ...


class Stopped(Exception):
    """Whoever asked no longer wants the answer."""
