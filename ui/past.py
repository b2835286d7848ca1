"""The drawer of earlier conversations. `past.js` lists what the browser's storage or the server holds. Pure."""

from __future__ import annotations

from ui.icons import icon
from ui.strings import Strings
from ui.text import element, escape, says


def drawer(strings: Strings, *, on_server: bool = False) -> str:
    """Return the drawer's frame; the script fills the list."""
    search = element(
        "input", type="search", cls="search", placeholder=strings.past_search, aria_label=strings.past_search
    ).removesuffix("</input>")
    listed = element(
        "ul", cls="kept", data_server=on_server or None,
        data_rename=strings.rename, data_rename_label=strings.rename_label,
        data_delete=strings.delete, data_delete_label=strings.delete_label, data_sure=strings.really_delete,
    )  # fmt: skip
    note = strings.past_on_server if on_server else strings.past_none
    return head(strings.past, strings) + search + listed + says("p", note, cls="note") + _away(strings)


def head(title: str, strings: Strings) -> str:
    """Return the head of a drawer, with the button that closes it."""
    close = says("button", "×", type="button", cls="tool close", data_act="close", aria_label=strings.close_drawer)
    return element("div", says("h2", title) + close, cls="drawer-head")


def _away(strings: Strings) -> str:
    formats = (("md", "Markdown"), ("html", "HTML"), ("json", "JSON"))
    buttons = "".join(says("button", name, type="button", cls="tool", data_export=kind) for kind, name in formats)
    file = '<input type="file" accept=".json,application/json" class="visually-hidden">'
    opener = element("label", icon("export") + escape(strings.open_file) + file, cls="tool iconic")
    return says("h3", strings.take_away) + element("div", buttons, cls="formats") + opener
