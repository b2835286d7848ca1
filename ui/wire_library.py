"""Which handler each event of the library page calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from ui import welcome
from ui.desks import Desks
from ui.filters import choices
from ui.layout import Page
from ui.library import Library
from ui.session import Session

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_NOW: dict[str, Any] = {**_QUIET, "queue": False}


def held(desks: Desks, session: Session) -> tuple[Any, ...]:
    """Return what depends on the corpus's articles, which may have changed since the page was built."""
    holdings, strings = desks.of(session).library.holdings(), desks.strings
    return (
        welcome.greeting(holdings, strings),
        gr.update(choices=choices(holdings.sources, strings.any_outlet)),
        gr.update(choices=choices(holdings.authors, strings.any_author)),
    )


def wire_library(desks: Desks, page: Page) -> None:
    """Connect the table, the timeline, uploads and removals."""

    def library(session: Session) -> Library:
        return desks.of(session).library

    def shelve(session: Session, wanted: str) -> str:
        return library(session).shelf(wanted)

    def turn(session: Session, wanted: str, event: gr.EventData) -> str:
        return library(session).shelf(wanted, int(event._data.get("page", 0)))

    shown: dict[str, Any] = {"inputs": [page.session, page.wanted], "outputs": page.shelf, **_NOW}
    page.masthead.shelve(shelve, **shown)
    page.wanted.change(shelve, **shown)
    page.shelf.turn(turn, **shown)
    for change in _wire_changes(library, page):
        change.then(shelve, **shown).then(lambda session: held(desks, session), page.session, page.held, **_NOW)
    page.shelf.period(_period, None, [page.since, page.until], **_NOW)
    page.shelf.outlet(_outlet, None, page.source, **_NOW)


def _wire_changes(library: Callable[[Session], Library], page: Page) -> list[Any]:
    """Connect what changes the corpus; returns the events, after which the table is drawn again."""

    def paste(session: Session, title: str, text: str) -> str:
        return library(session).paste(title, text)

    def remove(session: Session, event: gr.EventData) -> str:
        return library(session).remove(str(event._data.get("id")))

    def take_in(session: Session, files: list[str] | None) -> Iterator[tuple[Any, ...]]:
        for said in library(session).take_in(files or []):
            yield said, gr.skip()
        yield gr.skip(), None

    uploads: dict[str, Any] = {"inputs": [page.session, page.files], "outputs": [page.outcome, page.files]}
    return [
        page.files.upload(take_in, **uploads, concurrency_limit=1, **_QUIET),
        page.paste.click(paste, [page.session, page.title, page.text], page.outcome, **_QUIET),
        page.shelf.remove(remove, page.session, page.outcome, **_QUIET),
    ]


def _period(event: gr.EventData) -> tuple[str, str]:
    return str(event._data.get("from", "")), str(event._data.get("to", ""))


def _outlet(event: gr.EventData) -> str:
    return str(event._data.get("outlet", ""))
