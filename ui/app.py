"""The page: which handler each event calls. What is on it is in `layout`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr

from rag.errors import RagError, UserError
from ui import export, feedback, saved
from ui.chat import Shown
from ui.desks import Desk, Desks, named
from ui.filters import Narrowing
from ui.keeping import Keeping, Tell
from ui.layout import Page, lay_out
from ui.look import look
from ui.owned import Owned
from ui.session import Preferences, Session
from ui.strings import ENGLISH, Strings
from ui.suggest.worker import Worker
from ui.text import escape
from ui.wire_library import held, wire_library

if TYPE_CHECKING:
    from rag.corpus import Corpus
    from ui.users import Users

QUEUE = 64
"""Questions that may wait; the next one stays in its field, and Gradio says that the application is busy."""
AT_ONCE = 8
"""Questions answered at the same time."""

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_NOW: dict[str, Any] = {**_QUIET, "queue": False}
_NOTHING = (KeyError, IndexError, TypeError, ValueError, RagError)
"""What an event raises that names nothing on the page: it changes nothing."""


def build(
    corpora: Mapping[str, Corpus] | Corpus, *, strings: Strings = ENGLISH, users: Users | None = None
) -> gr.Blocks:
    """Return the chat page over one or more corpora, ready to be mounted by `ui.server.app`."""
    desks, keeping = Desks(named(corpora), strings), Keeping(users, strings)
    blocks = Owned(strings, title=strings.title, analytics_enabled=False, fill_width=True)
    with blocks:
        page = lay_out(desks, strings, log_in=users is not None)
        asking = _wire_questions(desks, page, keeping)
        blocks.there = lambda state: _there(desks, state[page.session._id])
        _wire_conversation(desks, page, keeping, asking)
        restored, switched = _wire_past(desks, page, keeping, asking), _wire_corpora(desks, page, asking)
        _wire_suggestions(desks, page, [blocks.load, switched.then], [*asking, restored])
        _wire_pane(desks, page)
        wire_library(desks, page)
        for event in (blocks.load, restored.then, switched.then):
            event(lambda session: held(desks, session), page.session, page.held, **_NOW)
    blocks.queue(max_size=QUEUE, default_concurrency_limit=AT_ONCE)
    return blocks


def _wire_questions(desks: Desks, page: Page, keeping: Keeping) -> list[Any]:
    """Connect every way to ask; returns the events, so that they can be cancelled."""

    def ask(question: str, session: Session, request: gr.Request, *fields: Any) -> Iterator[Shown]:
        narrowed, preferred = fields[: len(page.narrowing)], fields[len(page.narrowing) :]
        session = session.preferring(_preferred(page, preferred))
        yield from keeping.each(request, desks.of(session).chat.ask(question, session, _narrowing(narrowed)))

    def ask_suggested(session: Session, request: gr.Request, event: gr.EventData, *fields: Any) -> Iterator[Shown]:
        yield from ask(str(event._data.get("question", "")), session, request, *fields)

    def again(session: Session, request: gr.Request, *fields: Any, sureness: float | None = None) -> Iterator[Shown]:
        narrowed, preferred = fields[: len(page.narrowing)], fields[len(page.narrowing) :]
        session = session.preferring(_preferred(page, preferred))
        yield from keeping.each(request, desks.of(session).chat.again(session, _narrowing(narrowed), sureness))

    def surer(session: Session, request: gr.Request, event: gr.EventData, *fields: Any) -> Iterator[Shown]:
        sureness = max(0.0, min(float(event._data.get("value", 1)), 1.0))  # 0 for what is no number
        yield from again(session, request, *fields, sureness=sureness)

    # The settings come with each question: kept by an event of their own, they might reach the server after it.
    inputs = [page.session, *page.narrowing, *page.preferring]
    typed = gr.on([page.box.submit, page.send.click], ask, [page.box, *inputs], page.talk, **_QUIET)
    picked = [part.ask(ask_suggested, inputs, page.talk, **_QUIET) for part in (page.begin, page.further)]
    anew = [page.latest.retry(again, inputs, page.talk, **_QUIET)]
    return [typed, *picked, *anew, page.latest.sure(surer, inputs, page.talk, **_QUIET)]


def _wire_conversation(desks: Desks, page: Page, keeping: Keeping, asking: list[Any]) -> None:
    def new(session: Session) -> tuple[Any, ...]:
        return _empty(desks, session.afresh())

    def deleted(session: Session) -> tuple[Any, ...]:
        # a question that is being typed has nothing to do with it
        return _empty(desks, session.afresh(), box=None)

    def edit(session: Session, request: gr.Request) -> Shown:
        return keeping.one(request, desks.of(session).chat.edit(session))

    def stop(session: Session, request: gr.Request) -> Shown:
        return keeping.one(request, desks.of(session).chat.stop(session))

    def rate(session: Session, request: gr.Request, event: gr.EventData) -> Shown:
        try:
            opinion = feedback.opinion(event._data, session)
            return keeping.one(request, desks.of(session).chat.rate(session, int(event._data["turn"]), opinion))
        except _NOTHING:
            return Shown()

    page.latest.edit(edit, page.session, page.talk, cancels=asking, **_NOW)
    page.stop.click(stop, page.session, page.talk, cancels=asking, **_NOW)
    page.masthead.new(new, page.session, [*page.talk, page.pane], cancels=asking, **_NOW)
    page.past.new(deleted, page.session, [*page.talk, page.pane], cancels=asking, **_NOW)
    for part in (page.done, page.latest):
        part.rate(rate, page.session, page.talk, **_NOW)
        part.comment(rate, page.session, page.talk, **_NOW)


def _wire_corpora(desks: Desks, page: Page, asking: list[Any]) -> Any:
    """Another corpus is another conversation: what was cited stands in the one before."""

    def switch(session: Session, name: str) -> tuple[Any, ...]:
        if name == desks.of(session).name:  # a conversation was opened, and has brought its corpus along
            return (*_stopped(desks, session, Shown()), gr.skip(), gr.skip(), gr.skip())
        # an outlet or author of the corpus before would let nothing of this one through
        return (*_empty(desks, session.afresh(corpus=name)), "", "")

    changed = [*page.talk, page.pane, page.source, page.author]
    # Not by `input`: Gradio sends it twice for a click, and also when the field is only walked past with the tab key.
    # Cancelled apart, and first: what is asked as soon as a conversation has brought its corpus along goes on.
    page.corpus.change(None, cancels=asking, **_NOW)
    return page.corpus.change(switch, [page.session, page.corpus], changed, trigger_mode="always_last", **_NOW)


def _wire_suggestions(desks: Desks, page: Page, opened: list[Any], answered: list[Any]) -> None:
    """Look for questions in the background, once the page or an answer is there."""
    worker = Worker()

    async def begin(session: Session, *fields: str | None) -> str:
        desk, narrowing = desks.of(session), _narrowing(fields)
        if session.exchanges:
            return ""
        return await worker.run((desk.name, narrowing), lambda: desk.chat.begin(narrowing))

    async def further(session: Session) -> str:
        if not session.exchanges:
            return ""
        # by the answer itself: another one to the same question has suggestions of its own
        key = (session.id, id(session.exchanges[-1].answer))
        return await worker.run(key, lambda: desks.of(session).chat.further(session))

    inputs = [page.session, *page.narrowing]
    for event in (*opened, *(field.change for field in page.narrowing)):
        event(begin, inputs, page.begin, trigger_mode="always_last", **_NOW)
    for event in answered:
        # each counts: by default Gradio drops what comes while another is under way, as the next answer's
        event.then(further, page.session, page.further, trigger_mode="multiple", **_NOW)


def _wire_past(desks: Desks, page: Page, keeping: Keeping, asking: list[Any]) -> Any:
    """Connect earlier conversations, from files or from where they are kept; returns the event that opens one."""

    def restore(session: Session, request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
        said: list[str] = []
        shown, desk = opened(session, request, event, said.append)
        # an outlet or author of another corpus would let nothing of this one through
        moved = gr.skip() if desk in (None, desks.of(session)) else ""
        return (*keeping.one(request, shown, said.append), desk.name if desk else gr.skip(), moved, moved, said)

    def opened(session: Session, request: gr.Request, event: gr.EventData, tell: Tell) -> tuple[Shown, Desk | None]:
        """Return a conversation and its corpus, or what becomes of the one that is there."""
        if event._data.get("large"):
            tell(desks.strings.too_large_to_open)
            return _stopped(desks, session, Shown()), None
        id, text = event._data.get("id"), str(event._data.get("text", ""))
        if id is not None and not (text := keeping.text(request, str(id))):
            # the browser's last one is not this user's, or is no longer there
            return _stopped(desks, session, Shown(keep="")), None
        try:
            kept = saved.load(text, desks.strings)
        except UserError as error:
            tell(str(error))
            return _stopped(desks, session, Shown()), None
        kept = kept.apart() if event._data.get("file") else kept  # a file may be older than what is kept
        desk = desks.of(kept)
        checked = saved.checked(kept, desk.chat.corpus, desks.strings)
        return desk.chat.show(checked)._replace(further=""), desk

    def warn(said: list[str]) -> None:
        for one in said:
            gr.Warning(escape(one))  # Gradio takes it for markup, and it may quote a file

    def take_away(session: Session, event: gr.EventData) -> Any:
        try:
            return export.file(session, str(event._data.get("format")), desks.strings)
        except KeyError:
            return gr.skip()

    _wire_kept(page, keeping)
    page.past.export(take_away, page.session, page.download, **_NOW)
    changed = [*page.talk, page.corpus, page.source, page.author, page.said]
    # Not by the queue: what comes there as the stream of an answer ends is sometimes lost with it.
    restored = page.past.restore(restore, page.session, changed, cancels=asking, **_NOW)
    restored.then(warn, page.said, None, **_QUIET)  # outside of the queue warnings reach the server's log alone
    return restored


def _wire_kept(page: Page, keeping: Keeping) -> None:
    """Connect the list of what the server keeps; a browser's own list asks for nothing."""

    def find(request: gr.Request, event: gr.EventData) -> str:
        return keeping.find(request, str(event._data.get("wanted", "")))

    def rename(request: gr.Request, event: gr.EventData) -> str:
        keeping.rename(request, str(event._data.get("id")), str(event._data.get("name", "")))
        return find(request, event)

    def delete(request: gr.Request, event: gr.EventData) -> str:
        keeping.delete(request, str(event._data.get("id")))
        return find(request, event)

    for event, handler in ((page.past.find, find), (page.past.rename, rename), (page.past.forget, delete)):
        # each counts: by default Gradio drops what comes while another is under way, as the next key in the search
        event(handler, None, page.keep, trigger_mode="multiple", **_NOW)


def _wire_pane(desks: Desks, page: Page) -> None:
    def show(session: Session, event: gr.EventData) -> Any:
        try:
            desk = desks.of(session)
            return look(event._data, session, desk.library.corpus, desks.strings, name=desk.name)
        except _NOTHING:
            return gr.skip()

    def read(session: Session, event: gr.EventData) -> Any:
        try:
            return desks.of(session).library.read(str(event._data["id"]))
        except _NOTHING:
            return gr.skip()

    for part in (page.done, page.latest, page.pane):
        part.look(show, page.session, page.pane, **_NOW)
    page.shelf.read(read, page.session, page.pane, **_NOW)


def _empty(desks: Desks, session: Session, box: str | None = "") -> tuple[Any, ...]:
    """Return an empty conversation, and an empty pane."""
    return (*desks.of(session).chat.show(session, box=box)._replace(further=""), "")


def _there(desks: Desks, session: Session) -> Shown:
    """Return the page as it is now: on a slow line, the first word of an answer comes after what has cancelled it."""
    return desks.of(session).chat.show(session)._replace(session=gr.skip(), keep=gr.skip())


def _stopped(desks: Desks, session: Session, otherwise: Shown) -> Shown:
    """Return the conversation without an answer under way: that is cancelled, though nothing takes its place."""
    under_way = session.stopped() is not session
    return desks.of(session).chat.stop(session) if under_way else otherwise


def _preferred(page: Page, values: Sequence[Any]) -> Preferences:
    """Return what a reader has changed: what the page came with leaves the corpus its own."""
    pairs = zip(values, page.preferring, strict=True)
    llm, read, sentences = (None if value == field.value else value for value, field in pairs)
    return Preferences(llm=llm, read=read and int(read), sentences=sentences and int(sentences))


def _narrowing(fields: tuple[str | None, ...]) -> Narrowing:
    since, until, source, author = fields
    return Narrowing(since=since, until=until, source=source, author=author)
