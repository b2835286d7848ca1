"""Records to HTML, pure: the same exchange always gives the same markup, and no server is needed."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from datetime import date

from rag.records import Answer, Article, Citation, Filter, Hit
from ui.compare import Difference, as_of, differences
from ui.icons import icon_button
from ui.session import Exchange, Session
from ui.source import imprint
from ui.strings import Strings
from ui.text import element, escape, opened, says, whole_percent

_MARKER = re.compile(r"\s?\[(\d{1,3})\]")
_MARKERS = re.compile(r"((?:\s?\[\d{1,3}\])+)((?:&#?\w+;|[^\s<>&\w\[])*)")
_OPEN_MARKER = re.compile(r"\s?(?:\[\d{0,3})?$")
_MOST = 0.7
"""Share of a quote above which a short answer says nothing more shortly."""
_BEGINNING = 200
"""Characters of an answer that a screen reader is told of itself."""
_ITEM = re.compile(r"\s*(?:[-*•]|\d{1,2}[.)])\s+")


def conversation(session: Session, strings: Strings) -> str:
    """Return all exchanges but the last, which has a place of its own while it streams."""
    return "".join(exchange(one, n, strings) for n, one in enumerate(session.exchanges[:-1]))


def latest(session: Session, strings: Strings) -> str:
    """Return the last exchange, or nothing before the first question."""
    last = len(session.exchanges) - 1
    return exchange(session.exchanges[last], last, strings, last=True) if last >= 0 else ""


def exchange(one: Exchange, index: int, strings: Strings, *, last: bool = False) -> str:
    """Return one question and its answer, in whatever state it is; the last one can be asked anew."""
    if one.state == "working":
        return streaming(one, index, strings)
    told = _told(one, strings) if last else None
    body = answered(one.answer, index, strings) if one.answer else _unfinished(one, strings)
    warning = strings.warning(one.answer) if one.answer and one.unsure else ""
    remarks = "".join(says("p", remark, cls="note remark") for remark in (warning, *one.remarks))
    slider = _sureness(one, strings) if last else ""
    return (
        f"{_question(one, index, strings, told)}{body}{remarks}{slider}"
        f"{_actions(one, index, strings, last=last)}</article>"
    )


def streaming(one: Exchange, index: int, strings: Strings) -> str:
    """Return an exchange that is under way.

    Its elements are left open, so that each piece of text only adds to the end of the markup: the
    server then sends the addition, not the whole, and the browser closes the elements itself.
    """
    status = says("p", strings.searching, cls="short waiting", role="status")
    return f"{_question(one, index, strings)}{status}{opened('div', cls='prose live')}{_live(one.partial)}"


def answered(answer: Answer, index: int, strings: Strings) -> str:
    """Return a finished answer: the short form, the text, its footnotes or what came nearest."""
    if not answer.answered:
        return _refused(answer, index, strings)
    markers = {citation.number: _marker(citation, index, strings) for citation in answer.citations}
    text = element("div", prose(answer.text, markers), cls="prose")
    about = f"{_notes(answer)}{_as_of(answer, strings)}{_differences(answer, index, strings)}"
    return f"{_short(answer, strings)}{text}{about}{_sources(answer, index, strings)}"


def prose(text: str, markers: Mapping[int, str]) -> str:
    """Return an answer's text as HTML: paragraphs, lists, bold and code; everything else is literal.

    A marker becomes a control only when a citation stands behind it.
    """
    parts: list[str] = []
    for chunk in re.split(r"\n\s*\n", text.strip()):
        lines = chunk.split("\n")
        if all(_ITEM.match(line) for line in lines):
            items = (element("li", _inline(_ITEM.sub("", line, count=1), markers)) for line in lines)
            parts.append(element("ul", "".join(items)))
        else:
            parts.append(element("p", "<br>".join(_inline(line, markers) for line in lines)))
    return "".join(parts)


def suggestions(questions: Sequence[str], label: str, turn: int | None = None) -> str:
    """Return questions that can be asked with a click; `turn` is the exchange that they go on from."""
    if not questions:
        return ""
    asked = (says("button", one, type="button", cls="idea", data_ask=one, dir="auto") for one in questions)
    listed = element("ul", "".join(element("li", one) for one in asked))
    follows = None if turn is None else f"turn-{turn}"
    return element("section", says("h3", label) + listed, cls="ideas", aria_label=label, data_for=follows)


def describe_filter(where: Filter | None, strings: Strings) -> str:
    """Return what a filter lets through, in words; empty when it lets everything through."""
    if where is None:
        return ""
    parts = [where.source, where.author, where.language]
    if where.published_from:
        parts.append(strings.from_date.format(date=_day(where.published_from, strings)))
    if where.published_to:
        parts.append(strings.to_date.format(date=_day(where.published_to, strings)))
    return ", ".join(part for part in parts if part)


def _day(day: date | str, strings: Strings) -> str:
    return strings.date(day) if isinstance(day, date) else day


def _told(one: Exchange, strings: Strings) -> str | None:
    """Return what a screen reader is told once an exchange is over; a failure is told where it stands."""
    if one.answer is None:
        return strings.stopped if one.state == "stopped" else None
    said = one.answer.short or _MARKER.sub("", one.answer.text)
    beginning = textwrap.shorten(said, _BEGINNING, placeholder=" …")
    return strings.answered.format(beginning=beginning) if one.answer.answered else beginning


def _question(one: Exchange, index: int, strings: Strings, told: str | None = None) -> str:
    busy = str(one.state == "working").lower()
    narrowed = describe_filter(one.where, strings)
    return (
        opened("article", cls="turn", id=f"turn-{index}", aria_busy=busy, data_told=told)
        + says("h2", one.question, cls="question", dir="auto")
        + says("p", narrowed and strings.filtered.format(filter=narrowed), cls="filtered")
    )


def _short(answer: Answer, strings: Strings) -> str:
    """Return the short answer, unless it is most of a sentence that stands right below it."""
    quotes = [" ".join(citation.quote.split()) for citation in answer.citations]
    if not answer.short or any(answer.short in quote and len(answer.short) > _MOST * len(quote) for quote in quotes):
        return ""
    label = says("span", f"{strings.short}: ", cls="visually-hidden")
    return element("p", label + escape(answer.short), cls="short", dir="auto")


def _live(text: str) -> str:
    """Return streamed text; a marker that is not complete yet is held back."""
    match = _OPEN_MARKER.search(text)
    shown = text[: match.start()] if match else text
    return _MARKER.sub(r'<sup class="cite-wait">\1</sup>', escape(shown))


def _unfinished(one: Exchange, strings: Strings) -> str:
    said = element("div", prose(one.partial, {}), cls="prose") if one.partial else ""
    if one.state == "failed":
        return said + says("p", one.error or strings.failed, cls="note failed", role="alert")
    return said + says("p", strings.stopped, cls="note")


def _sureness(one: Exchange, strings: Strings) -> str:
    """Return a slider under a refusal: how sure an answer must be, and what another value would change."""
    if not one.answer or one.answer.answered or not one.answer.hits:
        return ""
    reached, usual = whole_percent(one.answer.confidence), whole_percent(one.threshold, up=True)
    slider = opened(
        "input", type="range", min=0, max=100, value=usual, aria_label=strings.how_sure,
        data_reached=one.answer.confidence * 100, data_yes=strings.would_answer, data_no=strings.would_refuse,
    )  # fmt: skip
    said = says("output", strings.usual.format(threshold=f"{usual}%", confidence=f"{reached}%"))
    return element("div", says("h3", strings.how_sure) + slider + said, cls="sureness")


def _actions(one: Exchange, index: int, strings: Strings, *, last: bool) -> str:
    """Return what can be done with an exchange: a row of small buttons under it."""
    row = ""
    if one.answer:
        row += icon_button("why", strings.why, data_turn=index, data_why=True)
        for rating, label in (("up", strings.good), ("down", strings.bad)):
            pressed = str(one.rating == rating).lower()
            row += icon_button(rating, label, data_turn=index, data_rate=rating, aria_pressed=pressed)
    if last:
        row += icon_button("edit", strings.edit, data_act="edit") + icon_button(
            "retry", strings.retry, data_act="retry"
        )
    return element("div", row, cls="actions") + _comment(one, index, strings)


def _comment(one: Exchange, index: int, strings: Strings) -> str:
    """Return the field that a rating opens, or thanks once it is filled in; or why there is nothing to thank for."""
    if one.answer and one.error:
        return says("p", one.error, cls="note failed", role="alert")
    if one.rating is None:
        return ""
    if one.rated or one.rating == "up":
        return says("p", strings.thanks, cls="note", role="status")
    field = opened("textarea", id=f"comment-{index}", rows=2, maxlength=2000, placeholder=strings.should_have)
    send = says("button", strings.save, type="button", cls="tool", data_turn=index, data_comment=True)
    label = says("label", strings.should_have, cls="visually-hidden", **{"for": f"comment-{index}"})
    return element("div", f"{label}{field}</textarea>{send}", cls="comment")


def _refused(answer: Answer, index: int, strings: Strings) -> str:
    text = element("div", prose(answer.text, {}), cls="prose refusal")
    near = "".join(_near(hit, index, n, strings) for n, hit in enumerate(answer.nearest))
    listed = says("h3", strings.nearest) + element("ol", near, cls="sources nearest") if near else ""
    return f"{text}{_notes(answer)}{listed}"


def _notes(answer: Answer) -> str:
    return "".join(says("p", note, cls="note") for note in answer.notes)


def _as_of(answer: Answer, strings: Strings) -> str:
    day = as_of(answer)
    several = len({citation.article.id for citation in answer.citations}) > 1
    said = strings.as_of_newest if several else strings.as_of
    return says("p", said.format(date=strings.date(day)), cls="note as-of") if day else ""


def _differences(answer: Answer, index: int, strings: Strings) -> str:
    """Return what the cited articles say differently, each with outlet and date."""
    return "".join(_difference(one, index, strings) for one in differences(answer))


def _difference(one: Difference, index: int, strings: Strings) -> str:
    rows = []
    for said, citation in one.said:
        about = imprint(citation.article, strings) or escape(citation.article.title)
        inner = says("strong", said, dir="auto") + element("span", about, dir="auto")
        rows.append(element("li", inner + _marker(citation, index, strings)))
    heading = strings.differences[one.kind]
    return element("section", says("h3", heading) + element("ul", "".join(rows)), cls="differ", aria_label=heading)


def _sources(answer: Answer, index: int, strings: Strings) -> str:
    cards = "".join(_footnote(citation, index, strings) for citation in answer.citations)
    heading = says("h3", strings.sources, cls="visually-hidden")
    return heading + element("ol", cards, cls="sources") if cards else ""


def _footnote(citation: Citation, index: int, strings: Strings) -> str:
    number = says("span", str(citation.number), cls="number")
    inner = number + _what(citation.quote, citation.article, strings)
    return element("li", _button(inner, cls="card", data_turn=index, data_cite=citation.number))


def _near(hit: Hit, index: int, n: int, strings: Strings) -> str:
    inner = _what(hit.passage.text, hit.article, strings)
    return element("li", _button(inner, cls="card", data_turn=index, data_near=n))


def _what(quote: str, article: Article, strings: Strings) -> str:
    said = says("span", " ".join(quote.split()), cls="quote", dir="auto")
    where = says("cite", article.title, dir="auto") + " " + element("span", imprint(article, strings))
    return element("span", said + element("span", where, cls="where"), cls="what")


def _marker(citation: Citation, index: int, strings: Strings) -> str:
    label = strings.cite_label.format(number=citation.number, about=strings.about(citation.article))
    number = str(citation.number)
    return _button(number, cls="cite", data_turn=index, data_cite=number, aria_label=label)


def _button(inner: str, **attributes: object) -> str:
    return element("button", inner, type="button", **attributes)


def _inline(text: str, markers: Mapping[int, str]) -> str:
    plain = escape(" ".join(text.split()))
    plain = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", plain)
    plain = re.sub(r"`([^`]+)`", r"<code>\1</code>", plain)
    return _marked(plain, markers)


def _marked(line: str, markers: Mapping[int, str]) -> str:
    """Return a line in which each run of markers stays together with the word before it and the signs after it.

    The word is looked for from its end: a pattern that begins with it takes quadratic time on a long one.
    """

    def mark(match: re.Match[str]) -> str:
        return markers.get(int(match.group(1)), match.group())

    parts, place = [], 0
    for match in _MARKERS.finditer(line):
        word = max(place, *(line.rfind(end, place, match.start()) + 1 for end in " <>"))
        held = f"{line[word : match.start()]}{_MARKER.sub(mark, match[1])}{match[2]}"
        parts += [line[place:word], element("span", held, cls="marked")]
        place = match.end()
    return "".join([*parts, line[place:]])
