"""Lay the report out as one HTML file. Nothing in it is fetched, and every word of others is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from eval.report import curves, plots
from eval.report.view import Section, section
from eval.runfile import Run

_ASSETS = Path(__file__).parent / "assets"
_READING = {
    "Recall by depth": "How much of the evidence is among the first k hits.",
    "Risk and coverage": "Wrong answers among those given, when only the surest are given. The dot is where "
    "the system itself stops answering. Good is low, and late to rise.",
    "Reliability": "Of the cases that got some confidence, how many the articles do answer. On the diagonal "
    "confidence means what it says; a larger dot holds more cases.",
    "Time for a question": "Without the conversation before it, on a logarithmic scale.",
}


def render(runs: Iterable[Run], seed: int = 0) -> str:
    """Return the report of some runs; runs of one suite are shown side by side, against the first."""
    by_suite: dict[str, list[Run]] = {}
    for run in runs:
        by_suite.setdefault(run.head.suite, []).append(run)
    sections = [section(suite, found, seed) for suite, found in by_suite.items()]
    page = _environment().get_template("report.html")
    return page.render(
        sections=[(found, _figures(found)) for found in sections],
        css=Markup((_ASSETS / "report.css").read_text(encoding="utf-8")),
        js=Markup((_ASSETS / "report.js").read_text(encoding="utf-8")),
        title=" · ".join(found.suite for found in sections),
    )


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_ASSETS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _figures(found: Section) -> list[tuple[str, str, Markup]]:
    """Return title, how to read it, and drawing of every plot that has data."""
    named = list(zip(found.names, found.rows, strict=True))
    recall = {name: curves.recall(of) for name, of in named}
    risk = {name: curves.risk(of) for name, of in named}
    bins = {name: curves.reliability(of) for name, of in named}
    times = {name: curves.latencies(of) for name, of in named}
    drawings = {
        "Recall by depth": plots.recall(recall) if any(recall.values()) else "",
        "Risk and coverage": plots.risk(risk) if any(risk.values()) else "",
        "Reliability": plots.reliability(bins) if any(bins.values()) else "",
        "Time for a question": plots.latency(times) if any(times.values()) else "",
    }
    return [(title, _READING[title], Markup(_unique(svg, found.suite))) for title, svg in drawings.items() if svg]


def _unique(svg: str, suite: str) -> str:
    """Keep the ids of one suite's drawings apart from another's."""
    prefix = "".join(c if c.isalnum() else "-" for c in suite)
    for before in ('id="', "url(#", 'href="#'):
        svg = svg.replace(before, f"{before}{prefix}-")
    return svg
