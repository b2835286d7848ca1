"""The generator that writes prose: passages to a language model, and its words back as checked, cited text."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace

from rag import prompts
from rag.answer import support
from rag.answer.checked import Checked, Rules, Tally
from rag.answer.declined import refused
from rag.answer.pack import Pack, pack
from rag.llm import attempt, cost
from rag.llm.base import THINKING, Delta, LanguageModel, Limits, Stopped
from rag.llm.faults import Fault
from rag.llm.thoughts import Thoughts
from rag.models.tokens import count
from rag.records import Citation, Hit, Piece, Usage
from rag.settings import Generate

_OVER = 1.25
"""How far past its limit a model may go before it is cut off: our count of tokens is not its own."""
_SLICE = 200
"""Characters that are counted and checked at a time, so that neither how a model cuts its stream nor how much it sends
at once decides where it is cut off."""
_CUT = "cut"
"""What we call the end of an answer that we did not listen to any longer."""
_LIMITS = {"length", "max_tokens", _CUT}
"""What the providers call the end of an answer that its limit of length cut."""
_AT_LIMIT = "it reached its limit of length, which RAG_GENERATE__ANSWER_TOKENS sets"
_BLOCKS = frozenset(
    "blocklist content_filter image_safety prohibited_content recitation refusal safety sensitive spii".split()  # noqa: SIM905
)
"""What the providers call the end of an answer that they held back."""


@dataclass(frozen=True, kw_only=True)
class Prose:
    """What came of asking a language model. Without `text` and not `refused`, `reason` says why."""

    text: str = ""
    citations: tuple[Citation, ...] = ()
    notes: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)
    refused: bool = False
    """The model said that the passages do not answer."""
    reason: str = ""


@dataclass(kw_only=True)
class _Count:
    """Tokens of a text that comes in pieces, by our count."""

    tokens: int = 0
    """Without those of `rest`."""
    rest: str = ""

    @property
    def total(self) -> int:
        return self.tokens + count(self.rest)

    def add(self, text: str) -> None:
        self.rest += text
        if len(self.rest) >= _SLICE:
            self.tokens, self.rest = self.total, ""


@dataclass(kw_only=True)
class _Coming:
    """What has come so far of one answer."""

    checked: Checked
    tokens_in: int
    shown: list[str] = field(default_factory=list)
    raw: str = ""
    """What the model said, without what it thought aloud."""
    thoughts: Thoughts = field(default_factory=Thoughts)
    reached: bool = False
    """The model said anything, if only that it had nothing to say."""
    tokens_out: int | None = None
    came: _Count = field(default_factory=_Count)
    """All that came, thoughts among it."""
    said: _Count = field(default_factory=_Count)
    """What of it was no thought."""
    finish: str | None = None
    fault: Fault | None = None

    @property
    def refused(self) -> bool:
        return refused(self.raw)

    @property
    def declined(self) -> bool:
        """The model refused, be it in words of its own."""
        return self.fault is None and (self.refused or (not self.shown and self.checked.tally.declined > 0))

    @property
    def too_long(self) -> bool:
        """The model could not take the passages, and nothing is shown yet that another answer would repeat."""
        return self.fault is not None and self.fault.kind == "long" and not self.shown

    def note(self, delta: Delta) -> None:
        """Keep what comes with text: counts and the end."""
        self.reached = self.reached or delta != Delta()
        self.tokens_in = delta.tokens_in or self.tokens_in
        self.tokens_out = delta.tokens_out or self.tokens_out
        if self.finish not in _BLOCKS:  # OpenAI's models end well after a refusal
            self.finish = delta.finish or self.finish

    def over(self, tokens_out: int) -> bool:
        """Tell whether more came than an answer of so many tokens takes; thoughts have a limit of their own."""
        most = tokens_out * _OVER
        return self.said.tokens > most or self.came.tokens > most + THINKING

    def take(self, text: str) -> Iterator[Piece]:
        """Yield what may be shown now. After a refusal nothing more is listened to."""
        self.came.add(text)
        forget, said = self.thoughts.feed(text)
        if forget:
            self.said = _Count()
        if forget and not self.shown:
            self.raw, self.checked = "", self.checked.anew()
        self.said.add(said)
        yield from self._hear(said)

    def end(self) -> Iterator[Piece]:
        """Yield the rest, now that nothing follows."""
        yield from self._hear(self.thoughts.close())
        if not self.refused:
            yield from self._show(self.checked.close(whole=self.finish == "stop"))
            if self.shown and self.finish != "stop":
                yield from self._show(iter([" …"]))

    def _hear(self, said: str) -> Iterator[Piece]:
        self.raw += said
        if not self.refused:
            yield from self._show(self.checked.feed(said))

    def _show(self, texts: Iterator[str]) -> Iterator[Piece]:
        for text in texts:
            self.shown.append(text)
            yield Piece(text=text)


class Writer:
    """Writes answers with one language model under one group of settings. Keeps nothing between answers."""

    def __init__(self, model: LanguageModel, settings: Generate, text_of: Callable[[str], str]) -> None:
        self.model = model
        self._settings = settings
        judge = support.load(settings.support)
        threshold = judge.threshold if settings.supported is None else settings.supported
        self._rules = Rules(judge=judge, threshold=threshold, strict=settings.strict, text_of=text_of)

    def write(self, question: str, hits: Sequence[Hit], limits: Limits) -> Generator[Piece, None, Prose]:
        """Yield pieces of the answer as they are checked, empty ones in between; return the whole.

        An empty piece is where a caller who has gone away is noticed, so there is one for whatever comes.

        Nothing with text is yielded before the first sentence that a quote backs, so that a caller who gets no text
        back can still answer otherwise.

        Raises:
            Stopped: nobody wants the answer any more.
        """
        packed = pack(hits, self._settings)
        coming = yield from self._ask(question, packed, limits)
        spent = Usage()
        if coming.too_long and len(packed.hits) > 1:
            spent = self._usage(coming)
            packed = pack(hits, self._settings, most=len(packed.hits) // 2)
            coming = yield from self._ask(question, packed, limits)
        prose = self._prose(coming)
        return replace(prose, usage=cost.total(spent, prose.usage))

    def _ask(self, question: str, packed: Pack, limits: Limits) -> Generator[Piece, None, _Coming]:
        messages = prompts.answer(question, packed.text, sentences=self._settings.sentences)
        tokens = sum(count(message.text) for message in messages)
        coming = _Coming(checked=Checked(packed.hits, self._rules), tokens_in=tokens)
        try:
            for delta in attempt.stream(self.model, messages, limits):
                yield from _listen(coming, delta or Delta(), limits)
                if coming.over(limits.tokens_out):
                    coming.finish = _CUT
                    break
        except Fault as fault:
            coming.fault, coming.finish = fault, None
        yield from coming.end()
        return coming

    def _prose(self, coming: _Coming) -> Prose:
        tally = coming.checked.tally
        prose = Prose(usage=self._usage(coming), refused=coming.declined)
        if prose.refused:
            return replace(prose, notes=("The language model found no answer in the passages that it was shown.",))
        if coming.shown:
            notes = (*_incomplete(coming), *_checks(tally))
            return replace(prose, text="".join(coming.shown), citations=coming.checked.citations, notes=notes)
        return replace(prose, reason=_why_nothing(coming))

    def _usage(self, coming: _Coming) -> Usage:
        """Return what the answer cost; a model that was never reached cost nothing."""
        if not coming.reached:
            return Usage()
        out = coming.tokens_out
        if out is None or coming.finish in {None, _CUT}:  # what was reported last may be of the beginning
            out = max(out or 0, coming.came.total)
        return cost.usage(coming.tokens_in, out, self._settings)


def _listen(coming: _Coming, delta: Delta, limits: Limits) -> Iterator[Piece]:
    """Yield what may be shown of a delta, slice by slice: one may hold a whole answer, or far more than that."""
    coming.note(delta)
    for start in range(0, len(delta.text) or 1, _SLICE):
        if start and limits.stop.is_set():
            raise Stopped
        if start and limits.left <= 0:
            raise Fault("late", "the language model took too long")
        if coming.over(limits.tokens_out):
            return
        yield from coming.take(delta.text[start : start + _SLICE])
        yield Piece(text="")


def _why_nothing(coming: _Coming) -> str:
    if coming.fault:
        return str(coming.fault)
    if coming.finish in _BLOCKS:
        return "the provider blocked the answer"
    if not coming.raw.strip():
        return _AT_LIMIT if coming.finish in _LIMITS else "it gave an empty answer"
    return "nothing that it wrote is supported by the passages"


def _incomplete(coming: _Coming) -> tuple[str, ...]:
    if coming.finish == "stop":
        return ()
    return (f"The answer is incomplete: {coming.fault or _ends(coming.finish)}.",)


def _ends(finish: str | None) -> str:
    if finish in _BLOCKS:
        return "the provider blocked the rest"
    return _AT_LIMIT if finish in _LIMITS else "the model broke off"


def _checks(tally: Tally) -> Iterator[str]:
    """Say what was done to the model's prose."""
    counted = (
        (tally.marked, "{} not supported by the quote that the language model gave, and marked."),
        (tally.dropped, "{} not supported by any passage, and left out."),
        (tally.declined, "{} about what the passages do not say, and left out."),
        (tally.moved, "{} cited to the wrong passage by the language model; the citation was corrected."),
    )
    for number, says in counted:
        if number:
            yield says.format("One sentence is" if number == 1 else f"{number} sentences are")
    if tally.unknown:
        what = "a passage" if tally.unknown == 1 else f"{tally.unknown} passages"
        yield f"The language model cited {what} that it was never shown; the mark was dropped."
