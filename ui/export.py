"""A conversation as a web page of its own, readable without this program. Pure."""

from __future__ import annotations

import json

from rag.records import Answer, Citation
from ui import saved
from ui.session import Exchange, Session
from ui.strings import Strings
from ui.text import element, escape, says

_TYPES = {"md": "text/markdown", "html": "text/html", "json": "application/json"}
_STYLE = (
    "body{max-width:42rem;margin:3rem auto;padding:0 1.5rem;font:1.0625rem/1.65 Charter,Georgia,serif;"
    "color:#23201b;background:#fbf9f5}h2{font:600 1.0625rem/1.45 system-ui,sans-serif;margin-top:3rem}"
    "li{font-size:.9375rem;margin:.5rem 0}small{color:#68625a;overflow-wrap:anywhere}"
)


def file(session: Session, wanted: str, strings: Strings) -> str:
    """Return name, type and text of the file to save, as JSON for the page's script.

    Raises:
        KeyError: there is no such format.
    """
    kind = _TYPES[wanted]
    if wanted == "md":
        text = markdown(session, strings)
    else:
        text = page(session, strings) if wanted == "html" else saved.dump(session, indent=2)
    return saved.inert(json.dumps({"name": f"{strings.file_name}.{wanted}", "type": kind, "text": text}))


def markdown(session: Session, strings: Strings) -> str:
    """Return a conversation for people to read: questions as headings, answers with their numbered quotes."""
    return "\n".join(f"## {one.question}\n\n{_said(one, strings)}" for one in session.exchanges)


def page(session: Session, strings: Strings) -> str:
    """Return a self-contained HTML page: nothing in it is fetched, and nothing in it runs."""
    body = "".join(_exchange(one, n, strings) for n, one in enumerate(session.exchanges))
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    head += says("title", strings.title) + element("style", _STYLE)
    page = element("html", element("head", head) + element("body", body), lang=strings.language)
    return f"<!doctype html>{page}\n"


def _said(one: Exchange, strings: Strings) -> str:
    if not one.answer:
        return f"{one.partial}\n"
    warning = strings.warning(one.answer) if one.unsure else ""
    return one.answer.to_markdown() + (f"\n_{warning}_\n" if warning else "")


def _exchange(one: Exchange, index: int, strings: Strings) -> str:
    text = one.answer.text if one.answer else one.partial
    said = "".join(says("p", part) for part in text.split("\n\n"))
    if not one.answer:
        return says("h2", one.question) + said
    warning = says("p", strings.warning(one.answer)) if one.unsure else ""
    return says("h2", one.question) + said + warning + _notes(one.answer, index, strings)


def _notes(answer: Answer, index: int, strings: Strings) -> str:
    notes = "".join(_note(citation, index, strings) for citation in answer.citations)
    return element("ol", notes) if notes else ""


def _note(citation: Citation, index: int, strings: Strings) -> str:
    quote = escape(f"“{' '.join(citation.quote.split())}”")
    where = strings.about(citation.article)
    proof = strings.proof.format(start=citation.start, end=citation.end, sha256=citation.article.sha256)
    return element("li", f"{quote}<br>{escape(where)}<br>{says('small', proof)}", id=f"note-{index}-{citation.number}")
