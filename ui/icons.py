"""The page's few icons, drawn here: nothing is fetched, and they take the colour of the text beside them."""

from __future__ import annotations

from ui.text import element, escape

_PATHS = {
    "new": "M12 5v14M5 12h14",
    "past": "M4 12a8 8 0 1 0 2.6-5.9L4 8.5M4 4v4.5h4.5M12 8v4.4l3 1.8",
    "library": "M5 4v16M9.5 4v16M14 4.6l4.6 15.2",
    "settings": "M4 7h9M19 7h1M4 17h1M11 17h9M16 4.5v5M8 14.5v5",
    "theme": "M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16",
    "filter": "M4 6.5h16M7 12h10M10 17.5h4",
    "edit": "M5 19l1-4L16 5l3 3L9 18zM14 7l3 3",
    "retry": "M19 12a7 7 0 1 1-2.2-5.1L19 9M19 4.5V9h-4.5",
    "why": "M9.2 9.2a2.8 2.8 0 1 1 4.2 2.4c-.9.5-1.4 1-1.4 2.1M12 17.2v.1M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 0 0 0-17",
    "up": "M7 11l4-7c1.5 0 2 1 1.8 2.4L12.3 10H18c1.2 0 1.8 1 1.5 2.1l-1.6 5.6c-.2.8-.9 1.3-1.7 1.3H7zM3.8 11v8",
    "down": "M7 13l4 7c1.5 0 2-1 1.8-2.4L12.3 14H18c1.2 0 1.8-1 1.5-2.1l-1.6-5.6C17.7 5.5 17 5 16.2 5H7zM3.8 5v8",
    "remove": "M6 6l12 12M18 6L6 18",
    "leave": "M14 5h4.5v14H14M4 12h10M10.5 8.5L14 12l-3.5 3.5",
    "export": "M12 4v10M8 10l4 4l4-4M5 19h14",
}


def icon(name: str) -> str:
    """Return an icon as inline SVG, hidden from screen readers: the label beside it speaks."""
    path = element("path", d=_PATHS[name])
    return element("svg", path, cls="icon", viewBox="0 0 24 24", width=20, height=20, aria_hidden="true")


def icon_button(name: str, label: str, **attributes: object) -> str:
    """Return a button with an icon; its label is shown where there is room and is always read out."""
    return element("button", _faced(name, label), type="button", cls="tool iconic", title=label, **attributes)


def icon_link(name: str, label: str, *, href: str) -> str:
    """Return a link to a page of this server that looks like the buttons beside it."""
    return element("a", _faced(name, label), href=href, cls="tool iconic", title=label)


def _faced(name: str, label: str) -> str:
    return icon(name) + element("span", escape(label), cls="label")
