"""What the page shows around the conversation: the masthead, the greeting, questions to begin with. Pure."""

from __future__ import annotations

from ui.filters import Holdings
from ui.icons import icon_button, icon_link
from ui.strings import Strings
from ui.text import element, escape, says


def masthead(strings: Strings, *, log_in: bool = False) -> str:
    """Return the strip at the top of the page."""
    brand = element("a", escape(strings.name) + '<sup aria-hidden="true">1</sup>', cls="brand", href="/")
    acts = (
        ("new", strings.new), ("past", strings.past), ("library", strings.library),
        ("settings", strings.settings), ("theme", strings.theme),
    )  # fmt: skip
    nav = "".join(icon_button(name, label, data_act=name) for name, label in acts)
    nav += icon_link("leave", strings.log_out, href="/logout") if log_in else ""
    return element("header", brand + element("nav", nav, aria_label=strings.name), cls="masthead")


def library_head(strings: Strings) -> str:
    """Return the head of the library page."""
    back = says("button", strings.back, type="button", cls="tool", data_act="back")
    return element("div", says("h1", strings.library) + back, cls="library-head")


def greeting(holdings: Holdings, strings: Strings) -> str:
    """Return what stands above the first question: what can be asked about."""
    held = inventory(holdings, strings) if holdings.articles else strings.no_articles
    inner = says("h1", strings.welcome) + says("p", held, cls="inventory")
    return element("section", inner, cls="greeting")


def promise(strings: Strings) -> str:
    """Return the line under the first question's field."""
    return says("p", strings.promise, cls="promise")


def inventory(holdings: Holdings, strings: Strings) -> str:
    """Return how many articles there are, from when, and from which outlets."""
    count = len(holdings.articles)
    parts = [strings.articles_one if count == 1 else strings.articles_many.format(count=f"{count:,}")]
    if holdings.dates:
        first, last = (strings.date(day) for day in holdings.dates)
        parts.append(first if first == last else strings.span.format(first=first, last=last))
    if holdings.sources:
        parts.append(", ".join(holdings.sources[:4]) + (" …" if len(holdings.sources) > 4 else ""))
    return " · ".join(parts)
