"""What the command line prints: plain text that reads well with and without colour, on a screen and in a pipe."""

from __future__ import annotations

import json as json_module
import re
import shlex
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rag import records
from rag.records import Answer, Article, Hit, Progress, SyncReport

if TYPE_CHECKING:
    from rag.doctor import Finding

# Escape sequences, other control characters and text direction overrides: nothing that an article holds
# may steer the terminal.
_UNSAFE = re.compile("\x1b\\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_STAGES = {"read": "Reading", "embed": "Embedding", "index": "Indexing"}


def plain(text: str) -> str:
    """Return the text without anything that could steer a terminal."""
    return _UNSAFE.sub("", text)


def answer(answer: Answer) -> str:
    """Return the answer, then its numbered sources with title, outlet, date and quote."""
    parts = ["\n".join(_wrap(line) for line in answer.text.split("\n"))]
    for citation in answer.citations:
        head = f"[{citation.number}] {records.describe(citation.article)}"
        parts.append(f"{plain(head)}\n{_wrap(f'“{citation.quote}”', indent='    ')}")
    parts.extend(_wrap(f"Note: {note}") for note in answer.notes)
    return "\n\n".join(parts)


def hits(found: Sequence[Hit]) -> str:
    """Return one paragraph for each hit."""
    if not found:
        return "Nothing found."
    return "\n\n".join(
        f"{place}. {plain(records.describe(hit.article))}\n{_wrap(hit.passage.text, indent='   ')}"
        for place, hit in enumerate(found, start=1)
    )


def articles(found: Sequence[Article], *, filtered: bool = False) -> str:
    """Return one line for each article: id, date, title, outlet."""
    if not found:
        return "No article fits these filters." if filtered else "No articles. Add some: rag sync FOLDER"
    width = max(len(article.id) for article in found)
    return "\n".join(
        plain(f"{a.id:<{width}}  {a.published or '          '}  {', '.join(filter(None, (a.title, a.source)))}")
        for a in found
    )


def sync_report(report: SyncReport, path: Path, *, dry_run: bool) -> str:
    """Return what a sync did, with the reason for every file that failed."""
    counts = ("added", "changed", "renamed", "removed", "unchanged", "failed")
    said = ", ".join(f"{len(getattr(report, name))} {name}" for name in counts if getattr(report, name))
    verb = "Would sync" if dry_run else "Synced"
    lines = [f"{verb} {path}: {said or 'nothing to do'} ({report.seconds:.1f} s)."]
    lines += [f"  renamed: {one.before} is now {one.after}" for one in report.renamed]
    lines += [re.sub(r"\s", " ", f"  failed: {failure.path}: {failure.reason}") for failure in report.failed]
    if report.added and not dry_run:
        lines.append(f'Ask it: rag ask "…" --corpus {shlex.quote(str(path))}')
    return plain("\n".join(lines))


def findings(found: Sequence[Finding]) -> str:
    """Return one line for each finding, with what to do where something is wrong."""
    lines = []
    for finding in found:
        lines.append(f"{'ok   ' if finding.ok else 'WRONG'}  {finding.what}")
        if finding.mend:
            lines.append(f"       {finding.mend}")
    return plain("\n".join(lines))


def json(value: object, *, indent: int | None = 2) -> str:
    """Return any record, or a list of them, as one JSON document; without `indent` on one line."""
    return json_module.dumps(records.to_plain(value), ensure_ascii=False, indent=indent)


def prompt() -> str:
    """Ask for a question; empty at the end of the input."""
    try:
        return input("? " if sys.stdin.isatty() else "").strip()
    except EOFError:
        return ""


@contextmanager
def waiting(what: str, *, shown: bool) -> Iterator[None]:
    """Show a spinner on an interactive terminal until the first output."""
    if not (shown and sys.stderr.isatty()):
        yield
        return
    print(f"{what}…", end="\r", file=sys.stderr, flush=True)
    try:
        yield
    finally:
        print(" " * (len(what) + 1), end="\r", file=sys.stderr, flush=True)


@contextmanager
def progress(*, shown: bool) -> Iterator[Callable[[Progress], None] | None]:
    """Show a bar for each stage, with rate and time left, on standard error."""
    if not (shown and sys.stderr.isatty()):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:,.0f}/s" if task.speed else "")

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, object] = {}

        def report(step: Progress) -> None:
            if step.stage not in tasks:
                tasks[step.stage] = bars.add_task(_STAGES[step.stage], total=step.total)
            bars.update(tasks[step.stage], completed=step.done, total=step.total)  # type: ignore[arg-type]

        yield report


def _wrap(text: str, *, indent: str = "") -> str:
    width = min(100, shutil.get_terminal_size((100, 24)).columns)
    return textwrap.fill(
        plain(" ".join(text.split())), width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )
