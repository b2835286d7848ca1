"""Why an answer is as it is: what was searched for, what was read, how long it took. Pure."""

from __future__ import annotations

from rag.records import Answer, Hit
from ui.source import aside, close_button
from ui.strings import Strings
from ui.text import element, escape, says, whole_percent


def pane(answer: Answer, turn: int, strings: Strings) -> str:
    """Return the panel's markup: a summary, then every passage that was considered, best first."""
    bar = says("span", strings.why, cls="position") + close_button(strings)
    facts = element("dl", "".join(_facts(answer, strings)), cls="facts")
    read = says("h3", strings.considered) + says("p", strings.considered_note, cls="note") if answer.hits else ""
    rows = "".join(_row(hit, n, turn, answer, strings) for n, hit in enumerate(answer.hits))
    listed = element("ol", rows, cls="considered") if rows else ""
    sheet = element("div", says("h2", answer.question, dir="auto") + facts + read + listed, cls="sheet why")
    return aside(element("div", bar, cls="bar") + sheet, strings.why, data_turn=turn)


def _facts(answer: Answer, strings: Strings) -> list[str]:
    usage = answer.usage
    verdict = strings.was_answered if answer.answered else strings.was_refused
    facts = [
        (strings.searched_for, answer.standalone_question if answer.standalone_question != answer.question else ""),
        (strings.confidence, f"{whole_percent(answer.confidence)}%, {verdict}"),
        (strings.written_by, strings.extractive if answer.generator == "extractive" else answer.generator),
        (strings.tokens, f"{usage.tokens_in:,} + {usage.tokens_out:,}" if usage.tokens_in else ""),
        (strings.cost, f"${usage.cost:.4f}" if usage.cost is not None else ""),
        (strings.took, _times(answer, strings)),
    ]
    return [says("dt", name) + says("dd", value, dir="auto") for name, value in facts if value]


def _times(answer: Answer, strings: Strings) -> str:
    total = sum(answer.timings.values())
    stages = ", ".join(f"{strings.stages.get(stage, stage)} {ms:.0f}" for stage, ms in answer.timings.items())
    return f"{total:.0f} ms ({stages})" if answer.timings else ""


def _row(hit: Hit, n: int, turn: int, answer: Answer, strings: Strings) -> str:
    snippet = " ".join(hit.passage.text.split())
    shown = snippet if len(snippet) <= 180 else snippet[:180].rsplit(" ", 1)[0] + " …"
    inner = (
        says("span", shown, cls="quote", dir="auto")
        + element("span", says("cite", hit.article.title, dir="auto"), cls="where")
        + element("span", _scores(hit, answer, strings), cls="scores")
    )
    label = element("button", inner, type="button", cls="card", data_turn=turn, data_hit=n)
    return element("li", label)


def _scores(hit: Hit, answer: Answer, strings: Strings) -> str:
    ranks = [f"{strings.ranks.get(name, name)} {rank}" for name, rank in hit.ranks.items()]
    cited = [str(c.number) for c in answer.citations if c.passage_id == hit.passage.id]
    fate = strings.cited_as.format(numbers=", ".join(cited)) if cited else strings.not_cited
    said = " · ".join([f"{strings.relevance} {hit.relevance:.2f}" if hit.relevance else strings.not_read, *ranks])
    return _meter(hit.relevance) + escape(said) + " · " + says("strong" if cited else "span", fate)


def _meter(relevance: float) -> str:
    """Return a bar; nothing for a passage that the reader never read, whose relevance is exactly 0."""
    share = f"--share:{min(max(relevance, 0.0), 1.0):.3f}"
    return element("span", cls="meter", style=share, aria_hidden="true") if relevance else ""
