"""The generator that writes prose: passages to a language model, and its words back as checked, cited text."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace

from rag import prompts
from rag.answer import support
from rag.answer.checked import Checked, Rules, Tally
from rag.answer.pack import Pack, pack
from rag.llm import attempt, cost
from rag.llm.base import Delta, LanguageModel, Limits
from rag.llm.faults import Fault
from rag.models.tokens import count
from rag.records import NOT_IN_CORPUS, Citation, Hit, Piece, Usage
from rag.settings import Generate

_OVER = 1.25
"""How far past its limit a model may go before it is cut off: our count of tokens is not its own."""
_LIMITS = {"length", "max_tokens"}
"""What the providers call the end of an answer that its limit of length cut."""


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
class _Coming:
    """What has come so far of one answer."""

    checked: Checked
    tokens_in: int
    shown: list[str] = field(default_factory=list)
    raw: str = ""
    tokens_out: int | None = None
    counted: int = 0
    """Tokens that came, by our count."""
    finish: str | None = None
    fault: Fault | None = None

    @property
    def refused(self) -> bool:
        return self.raw.lstrip(' \n*"“').startswith(NOT_IN_CORPUS)

    @property
    def too_long(self) -> bool:
        """The model could not take the passages, and nothing is shown yet that another answer would repeat."""
        return self.fault is not None and self.fault.kind == "long" and not self.shown

    def take(self, delta: Delta) -> Iterator[Piece]:
        """Yield what may be shown now. After a refusal nothing more is listened to."""
        self.tokens_in = delta.tokens_in or self.tokens_in
        self.tokens_out = delta.tokens_out or self.tokens_out
        self.finish = delta.finish or self.finish
        self.raw += delta.text
        self.counted += count(delta.text) if delta.text else 0
        if not self.refused:
            yield from self._show(self.checked.feed(delta.text))

    def end(self) -> Iterator[Piece]:
        """Yield the rest, now that nothing follows."""
        if not self.refused:
            yield from self._show(self.checked.close(whole=self.finish == "stop"))
            if self.shown and self.finish != "stop":
                yield from self._show(iter([" …"]))

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
                yield from (coming.take(delta) if delta else ())
                yield Piece(text="")
                if coming.counted > limits.tokens_out * _OVER:
                    coming.finish = "length"
                    break
        except Fault as fault:
            coming.fault, coming.finish = fault, None
        yield from coming.end()
        return coming

    def _prose(self, coming: _Coming) -> Prose:
        tally = coming.checked.tally
        prose = Prose(usage=self._usage(coming), refused=coming.refused and coming.fault is None)
        if prose.refused:
            return replace(prose, notes=("The language model found no answer in the passages that it was shown.",))
        if coming.shown:
            notes = (*_incomplete(coming), *_checks(tally))
            return replace(prose, text="".join(coming.shown), citations=coming.checked.citations, notes=notes)
        return replace(prose, reason=_why_nothing(coming))

    def _usage(self, coming: _Coming) -> Usage:
        """Return what the answer cost; a model that was never reached cost nothing."""
        if not coming.raw:
            return Usage()
        out = coming.counted if coming.tokens_out is None else coming.tokens_out
        return cost.usage(coming.tokens_in, out, self._settings)


def _why_nothing(coming: _Coming) -> str:
    if coming.fault:
        return str(coming.fault)
    if not coming.raw.strip():
        limit = coming.finish in _LIMITS
        return "it reached its limit of length" if limit else "it gave an empty answer"
    return "nothing that it wrote is supported by the passages"


def _incomplete(coming: _Coming) -> tuple[str, ...]:
    if coming.finish == "stop":
        return ()
    limit = coming.finish in _LIMITS
    why = str(coming.fault) if coming.fault else "it reached its limit of length" if limit else "the model broke off"
    return (f"The answer is incomplete: {why}.",)


def _checks(tally: Tally) -> Iterator[str]:
    """Say what was done to the model's prose."""
    counted = (
        (tally.marked, "{} not supported by the quote that the language model gave, and marked."),
        (tally.dropped, "{} not supported by any passage, and left out."),
        (tally.moved, "{} cited to the wrong passage by the language model; the citation was corrected."),
    )
    for number, says in counted:
        if number:
            yield says.format("One sentence is" if number == 1 else f"{number} sentences are")
    if tally.unknown:
        what = "a passage" if tally.unknown == 1 else f"{tally.unknown} passages"
        yield f"The language model cited {what} that it was never shown; the mark was dropped."
