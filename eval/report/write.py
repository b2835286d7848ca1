"""Write the report's files: HTML for people, Markdown for pull requests, JUnit XML for CI."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from eval.compare import against
from eval.diagnose import outcome, why
from eval.metrics import metric_of, usual
from eval.record import CaseRun
from eval.runfile import Run, find_runs, read_run
from eval.score import How, score
from eval.table import cells, number
from rag.errors import UserError

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, kw_only=True)
class Files:
    """Which files to write."""

    html: Path
    markdown: Path | None = None
    junit: Path | None = None


def report(paths: Sequence[Path], files: Files, *, seed: int = 0, as_json: bool = False) -> int:
    """Write all wanted files and say where they are.

    Raises:
        UserError: a file cannot be written, or a library of the eval extra is missing.
    """
    runs = [read_run(path) for path in find_runs(paths)]
    for run in runs:
        for trouble in run.troubles:
            print(trouble, file=sys.stderr)
    texts = {files.html: _html(runs, seed)}
    if files.markdown:
        texts[files.markdown] = markdown(runs, seed)
    if files.junit:
        texts[files.junit] = junit(runs)
    for path, text in texts.items():
        _write(path, text)
    written = [str(path) for path in texts]
    print(json.dumps({"written": written}) if as_json else "\n".join(written))
    return 2 if any(run.troubles for run in runs) else 0


def _html(runs: Sequence[Run], seed: int) -> str:
    try:
        from eval.report.page import render
    except ImportError as error:
        raise UserError(f"{error.name} is missing. Run `pip install 'footnote-rag[eval]'`.") from None
    return render(runs, seed)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}. Choose another place.") from None


def markdown(runs: Sequence[Run], seed: int = 0) -> str:
    """Return the figures as Markdown tables; the first run of a suite is what others are compared with."""
    first: dict[str, Run] = {}
    blocks = []
    for run in runs:
        blocks.append(_scores_block(run, seed))
        if run.head.suite in first:
            blocks.append(_changes_block(first[run.head.suite], run, seed))
        first.setdefault(run.head.suite, run)
    return "\n\n".join(blocks) + "\n"


def _scores_block(run: Run, seed: int) -> str:
    shown = usual(run.head.metrics)
    scores = score(run, how=How(seed=seed, names=shown))
    failed = f", **{scores.failures} failed**" if scores.failures else ""
    lines = [
        f"### {_cell(scores.suite)} · {_cell(run.name)}",
        f"{_cell(scores.system)}, {scores.n} cases{failed}",
        "",
        "| metric | figure | 95 % interval | n |",
        "|---|---:|---:|---:|",
    ]
    known = [name for name in shown if name in scores.metrics and scores.metrics[name].n]
    rows = [(name, *cells(name, scores.metrics[name])) for name in known]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows])


def _changes_block(a: Run, b: Run, seed: int) -> str:
    found = against(a, b, seed)
    left_out = f", {found.unpaired}" if found.unpaired else ""
    lines = [
        f"#### {_cell(found.b)} against {_cell(found.a)}, {found.n} shared cases{left_out}",
        "",
        "| metric | difference | 95 % interval | p |",
        "|---|---:|---:|---:|",
    ]
    for name in usual(b.head.metrics):
        if name in found.differences:
            gap, unit = found.differences[name], metric_of(name).unit
            span = f"{number(gap.low, unit)} … {number(gap.high, unit)}"
            lines.append(f"| {name} | {number(gap.delta, unit)} | {span} | {gap.p:.3f} |")
    changed = sorted(found.changes, key=lambda change: change.better)
    lines += ["", *(f"- {'gained' if c.better else 'lost'} `{_code(c.id)}` {_cell(c.question)}" for c in changed)]
    return "\n".join(lines)


def _cell(text: str) -> str:
    """Make text of others harmless in Markdown: one line, no markup, no table cells."""
    line = " ".join(text.split()).replace("\\", "\\\\")
    return re.sub(r"([|`*_<>\[\]!#@&])", r"\\\1", line)


def _code(text: str) -> str:
    return " ".join(text.replace("`", "'").replace("|", "/").split())


def junit(runs: Sequence[Run]) -> str:
    """Return one test suite for each run: wrong cases are failures, failed cases are errors."""
    root = ET.Element("testsuites")
    for run in runs:
        wrong = sum(not outcome(case, run.head)[0] and case.outcome != "failed" for case in run.cases)
        broken = sum(case.outcome == "failed" for case in run.cases)
        counts = {"tests": len(run.cases), "failures": wrong, "errors": broken}
        suite = ET.SubElement(
            root,
            "testsuite",
            {"name": _xml(f"{run.head.suite} {run.name}")} | {k: str(v) for k, v in counts.items()},
        )
        for case in run.cases:
            _junit_case(suite, run, case)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode")


def _junit_case(suite: ET.Element, run: Run, case: CaseRun) -> None:
    seconds = f"{case.times.get('total_ms', 0) / 1000:.3f}"
    about = {"name": _xml(f"{case.case.id} {case.case.question}"), "classname": _xml(run.head.suite), "time": seconds}
    element = ET.SubElement(suite, "testcase", about)
    right, words = outcome(case, run.head)
    if not right:
        kind = "error" if case.outcome == "failed" else "failure"
        fault = ET.SubElement(element, kind, {"message": _xml(f"{words}: {why(case, run.head)}")})
        fault.text = _xml(case.trace or "")


def _xml(text: str) -> str:
    """Drop the characters that XML 1.0 cannot hold."""
    return _NOT_XML.sub("�", text)
