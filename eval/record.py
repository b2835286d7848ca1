"""What a run writes: one JSON line for its head, one for each case, one at the end. Scoring reads only this.

A record comes from any system and from files of other versions, so it is validated like other input.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from eval.cases import Case

FORMAT = 1
"""Of `run.jsonl`. Raised when an older reader could misread a newer file."""
DEPTH = 20
"""How many hits are kept of each case: no ranking is judged beyond."""

Finite = Annotated[float, Field(allow_inf_nan=False)]
Unit = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Whole = Annotated[int, Field(gt=-(2**53), lt=2**53)]
"""A float holds it exactly; a larger one could be neither read back nor averaged."""
Money = Annotated[float, Field(gt=-1e12, lt=1e12, allow_inf_nan=False)]
"""However many are added, the sum is finite."""
Outcome = Literal["answered", "refused", "failed"]


class _Record(BaseModel):
    # With a length to keep, pydantic refuses half of a surrogate pair, which no file could hold.
    model_config = ConfigDict(extra="forbid", frozen=True, str_min_length=0)


class FoundHit(_Record):
    """A passage that a system returned."""

    article: str
    """The suite's id of the article; empty when the system does not say."""
    text: str = ""
    start: Whole | None = None
    """Where the system says that it stands in its stored text."""
    score: Finite | None = None
    relevance: Finite | None = None
    ranks: Mapping[str, Whole] = {}
    span: tuple[int, int] | None = None
    """Where it stands in the suite's text, found by the harness; None when it does not stand there."""


class FoundCitation(_Record):
    """A quote that an answer gives as its ground."""

    number: Whole | None = None
    article: str
    quote: str
    start: Whole | None = None
    end: Whole | None = None
    stored: str | None = None
    """What the system's stored text holds at `start:end`; None when the system does not show its text."""
    support: Finite | None = None
    span: tuple[int, int] | None = None
    verbatim: bool | None = None
    """Whether the quote stands in the suite's text, found by the harness."""


class Tokens(_Record):
    """What an answer cost."""

    tokens_in: Whole = 0
    tokens_out: Whole = 0
    cost: Money | None = None
    """US dollars."""


class Reply(_Record):
    """What a system said to one question."""

    text: str
    answered: bool
    confidence: Unit | None = None
    short: str | None = None
    citations: tuple[FoundCitation, ...] = ()
    hits: tuple[FoundHit, ...] = ()
    standalone: str | None = None
    """The question as it was searched for."""
    generator: str | None = None
    usage: Tokens = Tokens()
    notes: tuple[str, ...] = ()
    timings: Mapping[str, Finite] = {}
    """Milliseconds by stage."""


class Place(_Record):
    """Somewhere in the suite's text; no span when only the article is known."""

    article: str
    span: tuple[int, int] | None = None


class GoldSpan(Place):
    """Where a piece of evidence stands."""

    grade: int = 1
    copies: tuple[Place, ...] = ()
    """Where exact or near copies of the article say it in the same words: as good as the place itself."""

    @property
    def places(self) -> tuple[Place, ...]:
        """The place itself, then its copies."""
        return (self, *self.copies)


class CaseRun(_Record):
    """One case and what became of it."""

    type: Literal["case"] = "case"
    case: Case
    gold: tuple[GoldSpan, ...] = ()
    outcome: Outcome
    reply: Reply | None = None
    error: str | None = None
    """One line, set when the outcome is `failed`."""
    trace: str | None = None
    """The traceback of a failure."""
    times: Mapping[str, Finite] = {}
    """`total_ms`: the question itself, without the earlier questions of the conversation."""

    @property
    def relevant(self) -> tuple[GoldSpan, ...]:
        """The evidence; what was judged and found not relevant, by a grade of 0, is none."""
        return tuple(piece for piece in self.gold if piece.grade > 0)


class RunHead(_Record):
    """How a run was made."""

    type: Literal["run"] = "run"
    format: int = FORMAT
    suite: str
    suite_sha256: str
    suite_path: str
    unit: Literal["quote", "article"]
    task: Literal["answer", "search"] = "answer"
    split: str | None = None
    metrics: tuple[str, ...] = ()
    n: int
    """How many cases were to be asked."""
    system: str
    settings: Mapping[str, Any] = {}
    versions: Mapping[str, str] = {}
    machine: Mapping[str, Any] = {}
    code: str = ""
    """Hash of the code that answered, where the system is ours, or of a function's module file."""
    seed: int = 0
    times: Mapping[str, str] = {}

    def same_work(self, other: RunHead) -> bool:
        """Say whether two runs would give the same lines, so that one can go on where the other stopped."""
        drop = {"times", "machine"}
        return self.model_dump(exclude=drop) == other.model_dump(exclude=drop)


class RunEnd(_Record):
    """The last line of a run that came to its end."""

    type: Literal["end"] = "end"
    n: int
    failures: int
    times: Mapping[str, Finite] = {}


def line(record: _Record) -> str:
    """Return the record as one line of JSON, keys in a fixed order."""
    return record.model_dump_json(exclude_defaults=False, exclude_none=True) + "\n"
