"""Curves as SVG by matplotlib. Colours are the page's own variables, so that one drawing suits light and dark."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.report.curves import Bin, Points
from rag.home import home

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    Shown = dict[str, Artist]
    """What stands for each run in the legend. Told by hand: matplotlib leaves out a label that begins with `_`."""

_VARIABLES = {"#010203": "var(--ink-soft)", "#010204": "var(--rule)"}
_SOFT, _RULE = _VARIABLES
SERIES = tuple(f"#01030{at}" for at in range(1, 5))
"""Stand-ins for the colours of the first four runs; more runs share the last."""
_VARIABLES.update({stand_in: f"var(--series-{at})" for at, stand_in in enumerate(SERIES, 1)})
_STYLES = ("-", "--", ":", "-.")
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.size": 9,
    "text.color": _SOFT,
    "text.parse_math": False,  # a run's name is no formula
    "axes.labelcolor": _SOFT,
    "axes.edgecolor": _RULE,
    "xtick.color": _SOFT,
    "ytick.color": _SOFT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": _RULE,
    "grid.linewidth": 0.6,
    "lines.linewidth": 2,
    "legend.frameon": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
}


def recall(curves: Mapping[str, Points]) -> str:
    """Draw recall against the number of hits."""

    def draw(axes: Axes) -> Shown:
        shown: Shown = {}
        for at, (name, points) in enumerate(curves.items()):
            if points:
                (shown[name],) = axes.plot(*zip(*points, strict=True), color=_colour(at), linestyle=_line(at))
        axes.set(xlabel="hits read (k)", ylabel="recall@k", ylim=(0, 1.03), xlim=(1, 20))
        axes.set_xticks([1, 5, 10, 15, 20])
        return shown

    return _svg("recall", draw, len(curves))


def risk(curves: Mapping[str, Points]) -> str:
    """Draw the share of wrong answers against the share of questions answered; the dot is where it stops."""

    def draw(axes: Axes) -> Shown:
        shown: Shown = {}
        for at, (name, points) in enumerate(curves.items()):
            if points:
                (shown[name],) = axes.plot(*zip(*points, strict=True), color=_colour(at), linestyle=_line(at))
                axes.plot(*points[-1], marker="o", markersize=7, color=_colour(at))
        axes.set(xlabel="questions answered (coverage)", ylabel="answered wrongly (risk)", xlim=(0, 1))
        axes.set_ylim(0, max(0.1, *(p[1] for points in curves.values() for p in points), 0.1) * 1.1)
        return shown

    return _svg("risk", draw, len(curves))


def reliability(diagrams: Mapping[str, Sequence[Bin]]) -> str:
    """Draw the share that is answerable against confidence; the area of a dot tells its cases."""

    def draw(axes: Axes) -> Shown:
        shown: Shown = {}
        axes.plot([0, 1], [0, 1], color=_SOFT, linewidth=0.8, linestyle=":")
        for at, (name, bins) in enumerate(diagrams.items()):
            if bins:
                x, y, n = zip(*((b.confidence, b.share, b.n) for b in bins), strict=True)
                (shown[name],) = axes.plot(x, y, color=_colour(at), linestyle=_line(at), linewidth=1.4)
                sizes = 220 * np.array(n) / max(n) + 12
                axes.scatter(x, y, s=sizes, color=_colour(at), alpha=0.75, linewidths=0, zorder=3)
        axes.set(xlabel="confidence", ylabel="share answerable", xlim=(-0.03, 1.03), ylim=(-0.05, 1.05))
        return shown

    return _svg("reliability", draw, len(diagrams))


def latency(times: Mapping[str, Sequence[float]]) -> str:
    """Draw how many questions took how long, on a logarithmic scale."""

    def draw(axes: Axes) -> Shown:
        shown: Shown = {}
        every = [t for found in times.values() for t in found if t > 0]
        if not every:
            return shown
        edges = np.geomspace(min(every) * 0.95, max(every) * 1.05, 25)
        for at, (name, found) in enumerate(times.items()):
            filled = at == 0
            axes.hist(
                found,
                bins=list(edges),
                color=_colour(at),
                alpha=0.75 if filled else 1,
                histtype="stepfilled" if filled else "step",
                linewidth=0 if filled else 1.8,
            )
            shown[name] = axes.patches[-1]
        axes.set_xscale("log")
        axes.set_xticks(*_ticks(min(every), max(every)))
        axes.set_xticks([], minor=True)
        axes.set(xlabel="milliseconds", ylabel="questions")
        return shown

    return _svg("latency", draw, len(times))


def _ticks(low: float, high: float) -> tuple[list[float], list[str]]:
    """Return 1, 2, 5 in every power of ten that the data spans, at least the nearest one."""
    steps = [m * 10.0**p for p in range(-3, 7) for m in (1, 2, 5)]
    inside = [s for s in steps if low * 0.95 <= s <= high * 1.05] or [min(steps, key=lambda s: abs(s - low))]
    return inside, [f"{s:g}" for s in inside]


def _colour(at: int) -> str:
    return SERIES[min(at, len(SERIES) - 1)]


def _line(at: int) -> str:
    return _STYLES[min(at, len(_STYLES) - 1)]


def _svg(name: str, draw: Callable[[Axes], Shown], series: int) -> str:
    """Return the drawing as an SVG element whose bytes depend on the data alone."""
    # It looks for a place for its caches once, when it is first imported: that place is ours.
    os.environ.setdefault("MPLCONFIGDIR", str(home() / "matplotlib"))
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({**_STYLE, "svg.hashsalt": name}):
        figure = Figure(figsize=(4.6, 2.9), layout="constrained")
        axes = figure.add_subplot()
        shown = draw(axes)
        if series > 1 and shown:
            axes.legend(list(shown.values()), list(shown))
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    return _themed(out.getvalue(), name)


def _themed(svg: str, name: str) -> str:
    """Drop what only a file needs, name colours by variable and keep ids apart from other drawings'."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r' width="[^"]*pt" height="[^"]*pt"| height="[^"]*pt"', "", svg, count=1)
    for stand_in, variable in _VARIABLES.items():
        svg = svg.replace(stand_in, variable)
    return re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{name}-", svg)
