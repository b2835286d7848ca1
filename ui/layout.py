"""What is on the page. Which handler each event calls is in `app`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from rag.settings import Settings
from ui import past, welcome
from ui.desks import Desks
from ui.filters import Holdings, choices
from ui.session import Session
from ui.strings import Strings
from ui.theme import asset


@dataclass(frozen=True, kw_only=True)
class Page:
    """The components that events read and write."""

    session: gr.State
    masthead: gr.HTML
    greeting: gr.HTML
    done: gr.HTML
    latest: gr.HTML
    further: gr.HTML
    begin: gr.HTML
    box: gr.Textbox
    send: gr.Button
    stop: gr.Button
    since: gr.Textbox
    until: gr.Textbox
    source: gr.Dropdown
    author: gr.Dropdown
    corpus: gr.Dropdown
    pane: gr.HTML
    past: gr.HTML
    keep: gr.HTML
    download: gr.HTML
    said: gr.State
    """What the reader is to be told of the conversation that was opened last."""
    llm: gr.Radio
    read: gr.Slider
    sentences: gr.Slider
    shelf: gr.HTML
    wanted: gr.Textbox
    files: gr.File
    title: gr.Textbox
    text: gr.Textbox
    paste: gr.Button
    outcome: gr.HTML

    @property
    def narrowing(self) -> list[Any]:
        """The fields that narrow a question down, in the order of `Narrowing`."""
        return [self.since, self.until, self.source, self.author]

    @property
    def preferring(self) -> list[Any]:
        """The settings that a reader may change, in the order of `Preferences`."""
        return [self.llm, self.read, self.sentences]

    @property
    def talk(self) -> list[Any]:
        """What the chat's handlers change, in the order of `Shown`."""
        return [self.session, self.done, self.latest, self.box, self.keep, self.further]

    @property
    def held(self) -> list[Any]:
        """What depends on the articles that the corpus holds."""
        return [self.greeting, self.source, self.author]


def lay_out(desks: Desks, strings: Strings, *, log_in: bool = False) -> Page:
    """Place everything inside the current Blocks; with a log-in, conversations are kept on the server."""
    library = desks.first.library
    masthead = _html(welcome.masthead(strings, log_in=log_in), "masthead", "storage.js", "masthead.js")
    return Page(
        session=gr.State(Session()),  # for as long as the page is open; Gradio keeps it for one more hour
        masthead=masthead,
        **_chat(library.holdings(), desks.names, strings),
        **_library(strings),
        **_drawers(library.corpus.settings, strings, log_in=log_in),
        pane=_html("", "pane", "clicks.js", "pane.js"),
        keep=_carrier("keep"),
        download=_carrier("download"),
        said=gr.State([]),
    )


def _chat(holdings: Holdings, corpora: list[str], strings: Strings) -> dict[str, Any]:
    with gr.Column(elem_id="chat"):
        parts: dict[str, Any] = {
            "greeting": _html(welcome.greeting(holdings, strings), "greeting", "clicks.js"),
            "done": _html("", "done", "clicks.js"),
        }
        with gr.Column(elem_id="now"):
            parts["latest"] = _html("", "latest", "clicks.js", "latest.js")
            parts["further"] = _html("", "further", "clicks.js", "further.js")
        with gr.Column(elem_id="ask"):
            parts |= _composer(strings) | _filter_row(holdings, strings)
            parts["corpus"] = gr.Dropdown(
                corpora, value=corpora[0], label=strings.corpus, elem_id="corpus", container=False, filterable=False,
                visible=len(corpora) > 1, min_width=0,
            )  # fmt: skip
        _html(welcome.promise(strings), "promise")
        parts["begin"] = _html("", "begin", "clicks.js")
    return parts


def _composer(strings: Strings) -> dict[str, Any]:
    with gr.Row(elem_id="composer"):
        box = gr.Textbox(
            elem_id="question", label=strings.question_label, placeholder=strings.placeholder,
            show_label=False, container=False, lines=1, max_lines=8, autofocus=True, scale=1,
        )  # fmt: skip
        return {
            "box": box,
            "send": gr.Button(strings.send, elem_id="send", min_width=0, scale=0),
            "stop": gr.Button(strings.stop, elem_id="stop", min_width=0, scale=0),
        }


def _filter_row(holdings: Holdings, strings: Strings) -> dict[str, Any]:
    with gr.Accordion(strings.narrow, open=False, elem_id="narrow"), gr.Row():
        return {
            "since": _day(strings.since, "since"),
            "until": _day(strings.until, "until"),
            "source": _choice(strings.outlet, holdings.sources, strings.any_outlet),
            "author": _choice(strings.author, holdings.authors, strings.any_author),
        }


def _day(label: str, elem_id: str) -> gr.Textbox:
    """Return a field for a date; `page.js` gives it the browser's own picker when it is touched."""
    return gr.Textbox(label=label, elem_id=elem_id, placeholder="2023-07-10", max_lines=1, min_width=120)


def _choice(label: str, names: list[str], anything: str) -> gr.Dropdown:
    # another value may come from the library, or stay when its last article goes: Gradio would refuse every question
    return gr.Dropdown(choices(names, anything), value="", label=label, min_width=120, allow_custom_value=True)


def _library(strings: Strings) -> dict[str, Any]:
    with gr.Column(elem_id="library"):
        _html(welcome.library_head(strings), "library-head", "back.js")
        with gr.Row(elem_id="take-in"):
            files = gr.File(label=strings.add_files, file_count="multiple", elem_id="files", height=150)
            with gr.Column(elem_id="paste"):
                title = gr.Textbox(label=strings.paste_title, max_lines=1, max_length=300)
                text = gr.Textbox(label=strings.paste_text, lines=2, max_lines=6)
                paste = gr.Button(strings.paste, elem_id="paste-add")
        outcome = _html("", "outcome")
        wanted = gr.Textbox(
            label=strings.library_search, placeholder=strings.library_search, show_label=False, container=False,
            elem_id="wanted", max_lines=1,
        )  # fmt: skip
        shelf = _html("", "shelf", "shelf.js")
    return {"files": files, "title": title, "text": text, "paste": paste, "outcome": outcome, "wanted": wanted} | {
        "shelf": shelf
    }


def _drawers(settings: Settings, strings: Strings, *, log_in: bool) -> dict[str, Any]:
    generators = list(dict.fromkeys(["extractive", settings.answer.llm]))
    read = settings.retrieve.read
    with gr.Column(elem_id="past", elem_classes="drawer"):
        drawer = _html(past.drawer(strings, on_server=log_in), "past-list", "storage.js", "past.js")
    with gr.Column(elem_id="settings", elem_classes="drawer"):
        _html(past.head(strings.settings, strings), "settings-head", "back.js")
        return {
            "past": drawer,
            "llm": gr.Radio(generators, value=settings.answer.llm, label=strings.generator),
            "read": gr.Slider(1, max(100, read), value=read, step=1, label=strings.depth),
            "sentences": gr.Slider(1, 10, value=settings.answer.sentences, step=1, label=strings.sentences),
        }


def _html(value: str, elem_id: str, *scripts: str) -> gr.HTML:
    script = "\n".join(asset(name) for name in scripts)
    return gr.HTML(value, elem_id=elem_id, js_on_load=script or None, apply_default_css=False)


def _carrier(name: str) -> gr.HTML:
    """Return a component that shows nothing: what it is given goes to a script, never into the page."""
    return gr.HTML(
        "",
        html_template=" ",
        elem_id=name,
        elem_classes="carrier",
        js_on_load=asset(f"{name}.js"),
        apply_default_css=False,
    )
