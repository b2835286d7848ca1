"""What the chat's events do: ask, stop, edit, ask again, rate. All state is in the reader's session."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import gradio as gr

from rag.errors import RagError, UserError
from rag.records import Answer
from ui import feedback, render, saved
from ui.feedback import Opinion
from ui.filters import Narrowing
from ui.session import Exchange, Session
from ui.strings import Strings
from ui.suggest.asked import Calm, Context, Suggestions

if TYPE_CHECKING:
    from rag.corpus import Corpus

log = logging.getLogger(__name__)

FRAME = 0.04
"""Seconds between two updates of the page while text streams: smooth to the eye, light on the wire."""


class Shown(NamedTuple):
    """What a handler changes on the page; what it does not name stays as it is.

    The session comes first, for Gradio writes one after another: nothing can come between `TakingTurns` and it.
    """

    session: Any = gr.skip()
    done: Any = gr.skip()
    latest: Any = gr.skip()
    box: Any = gr.skip()
    keep: Any = gr.skip()
    """The conversation as the reader's browser keeps it."""
    further: Any = gr.skip()
    """Questions to go on with."""


class Chat:
    """The handlers, bound to one corpus. They keep nothing between calls."""

    def __init__(self, corpus: Corpus, strings: Strings, calm: Calm | None = None, name: str = "") -> None:
        self.name = name
        self.corpus = corpus
        self.strings = strings
        self.calm = calm or Calm()
        self.suggestions = Suggestions(corpus, self.calm)

    def ask(self, question: str, session: Session, narrowing: Narrowing) -> Iterator[Shown]:
        """Answer a question as it comes."""
        if question.strip():
            yield from self._ask(self._exchange(question.strip(), narrowing), session)
        else:
            yield Shown()

    def again(self, session: Session, narrowing: Narrowing, sureness: float | None = None) -> Iterator[Shown]:
        """Ask the last question once more, in place of its answer; `sureness` is what it takes to answer.

        It is narrowed down as it was, unless the fields said nothing sensible: then as they now say.
        """
        if not session.exchanges:
            yield Shown()
            return
        last = session.exchanges[-1]
        one = Exchange(question=last.question, where=last.where, sureness=sureness)
        if not last.narrowed:
            one = self._exchange(last.question, narrowing)
        yield from self._ask(one, session.before(-1))

    def edit(self, session: Session) -> Shown:
        """Take the last question back into the question box."""
        if not session.exchanges:
            return Shown()
        return self.show(session.before(-1), box=session.exchanges[-1].question)._replace(further="")

    def stop(self, session: Session) -> Shown:
        """End the answer that is under way, keeping what has come."""
        return self.show(session.stopped())

    def rate(self, session: Session, turn: int, opinion: Opinion) -> Shown:
        """Store what a reader thinks of an answer; where that cannot be done, the page says why.

        Raises:
            IndexError: there is no such exchange, or it has no answer.
        """
        one = session.exchanges[turn] if 0 <= turn < len(session.exchanges) else None
        if one is None or one.answer is None:
            raise IndexError(turn)
        rated = replace(one, rating=opinion.rating, rated=bool(opinion.comment), error="")
        try:
            feedback.store(self.corpus.path, one.answer, session.before(turn).history, opinion)
        except OSError as error:
            log.error("an opinion could not be stored: %s", error)
            rated = replace(one, error=self.strings.not_stored.format(reason=error.strerror or error))
        return self.show(session.with_exchange(turn, rated))

    def show(self, session: Session, box: str | None = None) -> Shown:
        """Return a whole conversation, for the page and for the browser to keep."""
        return Shown(
            done=render.conversation(session, self.strings),
            latest=render.latest(session, self.strings),
            session=session,
            box=gr.skip() if box is None else box,
            keep=saved.dump(session),
        )

    def _exchange(self, question: str, narrowing: Narrowing) -> Exchange:
        try:
            return Exchange(question=question, where=narrowing.filter(self.strings))
        except UserError as error:
            return Exchange(question=question, state="failed", error=str(error), narrowed=False)

    def _ask(self, one: Exchange, session: Session) -> Iterator[Shown]:
        # with the corpus's name: which corpus is the first one may be another when the conversation is opened again
        id, corpus = session.id or uuid.uuid4().hex, session.corpus or self.name
        # of an answer that this question overtakes, the browser has not been sent what had come
        dump = saved.dump_last if session.stopped() is session else saved.dump
        session = replace(session.asked(one), id=id, corpus=corpus)
        yield self.show(session, box="")._replace(keep=gr.skip(), further="")
        for now in self._answering(session) if one.state == "working" else (session,):
            session = now
            yield Shown(latest=render.latest(session, self.strings), session=session)
        yield Shown(session=session, keep=dump(session))

    def begin(self, narrowing: Narrowing) -> str:
        """Return questions to begin with, as markup; nothing when there are none."""
        try:
            found = self.suggestions.first(narrowing.filter(self.strings))
        except RagError:
            return ""
        return render.suggestions(found, self.strings.try_one)

    def further(self, session: Session) -> str:
        """Return questions to go on with after the last answer, as markup; nothing when there are none."""
        last = len(session.exchanges) - 1
        one = session.exchanges[last] if last >= 0 else None
        if one is None or one.answer is None:
            return ""
        found = self.suggestions.further(one.answer, Context(history=session.history, where=one.where))
        return render.suggestions(found, self.strings.go_on, turn=last)

    def _answering(self, session: Session) -> Iterator[Session]:
        with self.calm.answering():
            yield from self._answers(session)

    def _answers(self, session: Session) -> Iterator[Session]:
        one = session.exchanges[-1]
        shown = time.monotonic()
        try:
            corpus = self.corpus.using(session.preferences.applied_to(self.corpus.settings, one.sureness))
            for event in corpus.stream(one.question, history=session.history, where=one.where):
                if isinstance(event, Answer):
                    one = replace(one, state="done", answer=event, threshold=corpus.threshold)
                    break
                one = replace(one, partial=one.partial + event.text)
                if time.monotonic() - shown >= FRAME:
                    shown = time.monotonic()
                    yield session.now(one)
        except RagError as error:
            one = replace(one, state="failed", error=str(error))
        except Exception:
            log.exception("a question failed")
            one = replace(one, state="failed")
        yield session.now(one if one.state != "working" else replace(one, state="stopped"))
