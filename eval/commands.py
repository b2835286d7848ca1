"""What each command does, between parsing and printing. All return an exit status.

0 done · 1 a gate was missed · 2 part of the input was bad · 3 the system failed on a case.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from eval import gate as gates
from eval.aside import stdout_aside
from eval.cases import Split, Suite, Trouble
from eval.compare import Comparison, compare
from eval.metrics import usual
from eval.run import Plan
from eval.run import run as run_suite
from eval.runfile import Run, find_runs, read_run, several
from eval.score import How, Scores, groups, rows
from eval.score import score as score_run
from eval.suite import Selection, load, select
from eval.systems.base import Wish, build
from eval.table import (
    comparison_headline,
    comparison_tables,
    console,
    groups_table,
    headline,
    printable,
    scores_table,
)
from rag.errors import UserError

_BY_KIND = ("right", "recall@5", "answer_match", "citation_precision", "citation_recall", "answer_words")
_BY_KIND_OF_SEARCH = ("recall@5", "words@5", "mrr@10", "ndcg@10")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the user asked for on the command line."""

    system: str = "footnote"
    llm: str | None = None
    model: str | None = None
    out: Path | None = None
    split: str | None = None
    kinds: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    sample: int | None = None
    timeout: float = 60.0
    seed: int = 0
    fresh: bool = False
    gate: Path | None = None
    as_json: bool = False
    quiet: bool = False


def run(suites: list[str], asked: Asked) -> int:
    """Run and score suites one after the other."""
    if asked.gate:
        gates.read(asked.gate)
    chosen = [select(load(name), _selection(asked)) for name in suites]
    name, count = Counter(suite.name for suite in chosen).most_common(1)[0]
    if count > 1:  # one run file would take the place of the other
        raise UserError(f"{count} of the suites have the name {name!r}. Run each by itself, with its own --out.")
    if asked.gate:
        for suite in chosen:
            gates.limits_of(asked.gate, suite.name)  # what the file lacks is said now, not after the run
    return _report([_run_one(chosen.pop(0), asked) for _ in suites], asked)


def _run_one(suite: Suite, asked: Asked) -> tuple[Run, list[Trouble]]:
    for note in suite.notes:
        print(printable(note), file=sys.stderr)
    out = (asked.out or Path("runs") / _slug(asked)) / suite.name / "run.jsonl"
    with stdout_aside(asked.as_json), progress(asked.quiet) as bar:
        system = build(
            Wish(name=asked.system, llm=asked.llm, model=asked.model, on_progress=on_stage(bar, "index ")), suite
        )
        tell = on_stage(bar, "")
        try:
            plan = Plan(
                system=asked.system,
                out=out,
                seed=asked.seed,
                timeout=asked.timeout,
                fresh=asked.fresh,
                ours=asked.out is None,
                on_case=lambda done, total, outcome: tell(suite.name, done, total),
            )
            run_suite(suite, system, plan)
        finally:
            system.close()
    return read_run(out), list(suite.troubles)


def score(paths: list[Path], asked: Asked) -> int:
    """Score stored runs."""
    return _report([(found, []) for found in map(read_run, find_runs(paths))], asked)


def compare_runs(a: Path, b: Path, asked: Asked) -> int:
    """Compare the runs of the suites that two folders share."""
    first, second = map(_by_suite, (a, b))
    shared = [suite for suite in first if suite in second]
    if not shared:
        raise UserError(f"{a} and {b} hold no run of the same suite. Compare two runs of one suite.")
    found = [compare(first[suite], second[suite], asked.seed) for suite in shared]
    _print_comparisons(found, asked)
    troubles = [trouble for runs in (first, second) for suite in shared for trouble in runs[suite].troubles]
    for trouble in troubles:
        print(printable(str(trouble)), file=sys.stderr)
    return 2 if troubles else 0


def _by_suite(place: Path) -> dict[str, Run]:
    """Return the runs at a place by suite.

    Raises:
        UserError: there are several of one suite.
    """
    runs = [read_run(path) for path in find_runs([place])]
    found = {run.head.suite: run for run in runs}
    for suite in found:
        same = [run.path for run in runs if run.head.suite == suite]
        if len(same) > 1:
            raise several(place, same)
    return found


def _report(runs: list[tuple[Run, list[Trouble]]], asked: Asked) -> int:
    """Print scores, troubles, failures and the gate; return the exit status."""
    scored = [(found, score_run(found, how=_how(found, asked))) for found, _ in runs]
    troubles = [trouble for found, more in runs for trouble in (*more, *found.troubles)]
    verdicts = [v for found, scores in scored if asked.gate for v in gates.judge(asked.gate, found, scores)]
    _print_scores(scored, asked)
    for trouble in troubles:
        print(printable(str(trouble)), file=sys.stderr)
    for found, scores in scored:
        _print_failures(found, scores)
    for verdict in verdicts:
        print(f"{'held  ' if verdict.passed else 'MISSED'} {verdict.suite}: {verdict.what}", file=sys.stderr)
    if troubles:
        return 2
    if not all(verdict.passed for verdict in verdicts):
        return 1
    return 3 if any(scores.failures for _, scores in scored) and not asked.gate else 0


def _how(found: Run, asked: Asked) -> How:
    """A table needs only what it shows; JSON has every figure, a gate what it names."""
    gated = gates.named(asked.gate, found.head.suite) if asked.gate else ()
    return How(seed=asked.seed, names=None if asked.as_json else usual(found.head.metrics), also=gated)


def _print_scores(scored: list[tuple[Run, Scores]], asked: Asked) -> None:
    if asked.as_json:
        documents = [scores.to_dict() for _, scores in scored]
        print_json(documents[0] if len(documents) == 1 else documents)
        return
    screen = console()
    for found, scores in scored:
        screen.print(headline(scores), style="bold")
        screen.print(scores_table(scores))
        parts = groups(rows(found), "kind")
        if len(parts) > 1:
            names = _BY_KIND_OF_SEARCH if found.head.task == "search" else _BY_KIND
            screen.print(groups_table(parts, names))
        screen.print(f"Run file: {found.path}", style="dim", soft_wrap=True)


def _print_failures(found: Run, scores: Scores) -> None:
    missing = found.head.n - len(found.cases)
    if missing:
        print(f"{found.path}: interrupted, {missing} of {found.head.n} cases are missing.", file=sys.stderr)
    if not scores.failures:
        return
    print(f"{scores.failures} of {scores.n} cases failed, tracebacks in {found.path}:", file=sys.stderr)
    for case in [case for case in found.cases if case.outcome == "failed"][:5]:
        print(printable(f"  {case.case.id}: {case.error}"), file=sys.stderr)


def _print_comparisons(found: Iterable[Comparison], asked: Asked) -> None:
    if asked.as_json:
        documents = [comparison.to_dict() for comparison in found]
        print_json(documents[0] if len(documents) == 1 else documents)
        return
    screen = console()
    for comparison in found:
        screen.print(comparison_headline(comparison), style="bold")
        for table in comparison_tables(comparison):
            screen.print(table)


def print_json(document: Any) -> None:
    """Print one JSON document; NaN cannot get out."""
    print(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))


def _selection(asked: Asked) -> Selection:
    if asked.split is not None and asked.split not in get_args(Split):
        raise UserError(f"Unknown split {asked.split!r}. Use dev or held-out.")
    split: Split | None = "dev" if asked.split == "dev" else "held-out" if asked.split else None
    return Selection(split=split, kinds=asked.kinds, ids=asked.ids, sample=asked.sample, seed=asked.seed)


def _slug(asked: Asked) -> str:
    name = "-".join(part for part in (asked.system, asked.llm, asked.model) if part)
    return re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-")


@contextmanager
def progress(quiet: bool) -> Iterator[Progress]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
    )
    screen = console(stderr=True)
    with Progress(*columns, console=screen, disable=quiet or not screen.is_terminal, transient=True) as bar:
        yield bar


def on_stage(bar: Progress, prefix: str) -> Any:
    """Return a callback that shows how far a stage has come, and at what rate."""
    tasks: dict[str, Any] = {}

    def tell(stage: str, done: int, total: int) -> None:
        if stage not in tasks:
            tasks[stage] = bar.add_task(prefix + stage, total=total, rate="")
        task = bar.tasks[bar.task_ids.index(tasks[stage])]
        rate = f"{done / task.elapsed:.1f}/s" if task.elapsed else ""
        bar.update(tasks[stage], completed=done, total=total, rate=rate)

    return tell
