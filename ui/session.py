"""One reader's conversation. It lives in the reader's own session and nowhere else."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from rag.records import Answer, Filter, Turn
from rag.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A question, and what has come back so far."""

    question: str
    where: Filter | None = None
    """What the articles were narrowed to."""
    narrowed: bool = True
    """Whether that could be told: False when the fields said what is no filter."""
    state: Literal["working", "done", "stopped", "failed"] = "working"
    partial: str = ""
    """The text that has streamed so far."""
    answer: Answer | None = None
    error: str = ""
    """Why there is no answer; with one, why what the reader thought of it could not be stored."""
    sureness: float | None = None
    """The confidence that the reader asked for, when it is not the usual one."""
    threshold: float = 0.0
    """The confidence that it took to answer."""
    rating: Literal["up", "down"] | None = None
    """What the reader thought of the answer."""
    rated: bool = False
    """Whether the reader has also said what the answer should have been."""
    remarks: tuple[str, ...] = ()
    """What has changed in the articles since the answer was given."""

    @property
    def unsure(self) -> bool:
        """Whether the answer is only shown because its reader lowered the bar."""
        return self.sureness is not None and self.answer is not None and self.answer.answered

    @property
    def turn(self) -> Turn | None:
        """What a follow-up question may build on; None when nothing came back."""
        said = self.answer or self.partial
        return Turn(question=self.question, answer=said) if said else None


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """What a reader changed in the settings; None leaves the corpus's own."""

    llm: str | None = None
    read: int | None = None
    """How many passages are read for an answer."""
    sentences: int | None = None

    def applied_to(self, settings: Settings, sureness: float | None = None) -> Settings:
        """Return the corpus's settings with these on top."""
        answer = {"llm": self.llm, "sentences": self.sentences, "threshold": sureness}
        retrieve = {"read": self.read}
        update = {
            "answer": settings.answer.model_copy(update=_set(answer)),
            "retrieve": settings.retrieve.model_copy(update=_set(retrieve)),
        }
        return settings.model_copy(update=update)


@dataclass(frozen=True, kw_only=True)
class Session:
    """The exchanges of one conversation, oldest first."""

    id: str = ""
    """Names the conversation among those that are kept."""
    exchanges: tuple[Exchange, ...] = field(default=())
    preferences: Preferences = Preferences()
    """The settings that the last question was asked with."""
    corpus: str = ""
    """The name of the corpus that is asked; empty for the first one, until a question gives the name."""
    kept: tuple[tuple[str, str], ...] = ()
    """Questions and answers as the server last kept them for this page: what it may replace."""

    @property
    def history(self) -> tuple[Turn, ...]:
        """The turns that are over, for the corpus to read the next question in their light."""
        return tuple(turn for exchange in self.exchanges if (turn := exchange.turn))

    def afresh(self, corpus: str | None = None) -> Session:
        """Return an empty conversation, with another corpus when one is named."""
        return Session(corpus=self.corpus if corpus is None else corpus)

    def apart(self) -> Session:
        """Return the same conversation as another one, so that it overwrites nothing where it is kept."""
        return replace(self, id=uuid.uuid4().hex, kept=())

    def asked(self, exchange: Exchange) -> Session:
        """Return the session with one more exchange; one that was still working is stopped."""
        return replace(self, exchanges=(*self.stopped().exchanges, exchange))

    def now(self, exchange: Exchange) -> Session:
        """Return the session with its last exchange replaced."""
        return replace(self, exchanges=(*self.exchanges[:-1], exchange))

    def before(self, index: int) -> Session:
        """Return the session as it was before one of its questions."""
        return replace(self, exchanges=self.exchanges[:index])

    def with_exchange(self, index: int, exchange: Exchange) -> Session:
        """Return the session with one of its exchanges replaced."""
        return replace(self, exchanges=(*self.exchanges[:index], exchange, *self.exchanges[index + 1 :]))

    def preferring(self, preferences: Preferences) -> Session:
        """Return the session with the settings that the next question is asked with."""
        return replace(self, preferences=preferences)

    def stopped(self) -> Session:
        """Return the session with nothing under way."""
        if not self.exchanges or self.exchanges[-1].state != "working":
            return self
        return self.now(replace(self.exchanges[-1], state="stopped"))


def _set(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}
