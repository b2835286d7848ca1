"""The commands beside run, score and compare: bench, import, propose, judge. All return an exit status."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import typer

from eval.cases import Case, SourceArticle, Trouble
from eval.commands import Asked, on_stage, print_json, progress
from eval.imports import Source, convert
from eval.place import check_free, make
from eval.readers import native
from eval.readers.lines import foreign
from eval.runfile import only_run, read_run
from eval.table import bench_about, bench_table, console, number, printable
from rag.errors import UserError

_TOLD = 20


@dataclass(frozen=True, kw_only=True)
class Proposals:
    """What to propose from, and where to."""

    articles: Path
    out: Path
    count: int
    review: bool = False


@dataclass(frozen=True, kw_only=True)
class JudgeOrder:
    """Which run to judge, by whom, at what price."""

    run: Path
    llm: str
    price_in: float | None = None
    price_out: float | None = None
    yes: bool = False


def bench_all(repeat: int, asked: Asked) -> int:
    """Measure speed, memory and size."""
    from eval.bench import bench

    found = bench(repeat, lambda step: None if asked.quiet else print(f"measuring {step} …", file=sys.stderr))
    if asked.as_json:
        print_json(found.to_dict())
    else:
        screen = console()
        screen.print(bench_table(found))
        screen.print(bench_about(found), style="dim", soft_wrap=True)
    for fault in found.failed:
        print(printable(f"not measured: {fault}"), file=sys.stderr)
    return 3 if found.failed else 0


def import_set(source: Source, out: Path, asked: Asked) -> int:
    """Turn another set into a suite; says what was left out."""
    made = convert(source, out)
    for trouble in made.troubles[:_TOLD]:
        print(printable(str(trouble)), file=sys.stderr)
    left_out = len(made.troubles)
    if left_out > _TOLD:
        print(f"… and {left_out - _TOLD} more", file=sys.stderr)
    if asked.as_json:
        counts = {"articles": made.articles, "cases": made.cases, "not_asked": made.not_asked, "left_out": left_out}
        print_json({"suite": str(out), **counts})
    else:
        told = f"{made.articles} articles, {made.cases} cases, {made.not_asked} not asked, {left_out} left out"
        print(f"{out}: {told}")
    return 2 if made.troubles else 0


def propose_cases(wanted: Proposals, asked: Asked) -> int:
    """Write a suite of proposed cases, or with `--review` of the accepted ones.

    Raises:
        UserError: there are no articles, nothing can be proposed, or the place is taken.
    """
    from eval.propose import propose

    check_free(wanted.out)
    troubles: list[Trouble] = []
    articles = _articles(wanted.articles, troubles)
    cases = propose(articles, wanted.count, asked.seed)
    if not cases:
        raise UserError(f"Nothing can be proposed from {wanted.articles}. Write cases by hand: docs/evaluation.md.")
    if wanted.review:
        cases = _reviewed(cases)
    _write_suite(wanted.out, articles, cases)
    if asked.as_json:
        print_json({"suite": str(wanted.out), "cases": len(cases)})
    else:
        note = "" if wanted.review else " Read cases.jsonl and delete the lines that are no good questions."
        print(f"{wanted.out}: {len(cases)} cases.{note}")
    for trouble in troubles:
        print(printable(str(trouble)), file=sys.stderr)
    return 2 if troubles else 0


def _articles(place: Path, troubles: list[Trouble]) -> list[SourceArticle]:
    if place.is_dir():
        found = list(native.from_folder(place, troubles).values())
    elif place.is_file():
        found = native.from_file(place, troubles)
    else:
        found = []
    if not found:
        raise UserError(f"{place} holds no article. Give a folder of articles, or a corpus.jsonl.")
    return found


def _reviewed(cases: list[Case]) -> list[Case]:
    kept = []
    for at, case in enumerate(cases, 1):
        typer.echo(f"\n{at} of {len(cases)} · {printable(case.evidence[0].article)}", err=True)
        typer.echo(f"  {printable(case.evidence[0].quote)}", err=True)
        typer.echo(f"  Q {printable(case.question)}\n  A {printable(case.answers[0])}", err=True)
        said = typer.prompt("keep, drop or quit", default="drop", show_default=False, err=True)
        if said.lower().startswith("q"):
            break
        if said.lower().startswith("k"):
            kept.append(case)
    if not kept:
        raise UserError("No case was kept, so nothing is written.")
    return kept


def _write_suite(out: Path, articles: list[SourceArticle], cases: list[Case]) -> None:
    about = foreign(out, out.resolve().name)
    make(out)
    quoted = json.dumps(about.name, ensure_ascii=False)  # TOML knows no surrogate pairs
    (out / "suite.toml").write_text(f"name = {quoted}\n", encoding="utf-8")
    for name, records in (("corpus.jsonl", articles), ("cases.jsonl", cases)):
        lines = [record.model_dump_json(exclude_defaults=True) + "\n" for record in records]
        (out / name).write_text("".join(lines), encoding="utf-8")


def judge_run(wanted: JudgeOrder, asked: Asked) -> int:
    """Judge a run by a language model, after saying what it costs."""
    from eval.asked import judge_model
    from eval.judge import Judge

    found = read_run(only_run(wanted.run))
    judge = Judge(found, wanted.llm, judge_model(wanted.llm))
    quote = judge.quote(wanted.price_in, wanted.price_out)
    price = "price unknown" if quote.usd is None else f"about {number(quote.usd, 'usd')} US dollars"
    told = f"{quote.calls} calls, about {quote.tokens} tokens, {price}; {quote.cached} are cached."
    print(told, file=sys.stderr)
    if quote.calls and not wanted.yes and not typer.confirm("Start?", err=True):
        if asked.as_json:
            print_json(None)  # one document all the same: nothing was judged
        return 0
    with progress(asked.quiet) as bar:
        tell = on_stage(bar, "")
        judged = judge.judge(lambda done, total: tell("judge", done, total))
    if asked.as_json:
        print_json(judged.to_dict())
    else:
        for name, found_figure in (("judge_correct", judged.correct), ("judge_faithful", judged.faithful)):
            low, high = number(found_figure.low), number(found_figure.high)
            print(f"{name:16} {number(found_figure.mean)}  {low} … {high}  n = {found_figure.n}")
        print(f"agreement with `right` {number(judged.agreement)}, kappa {number(judged.kappa)}")
    if judged.failures:
        print(f"{judged.failures} calls failed; the same command asks them again.", file=sys.stderr)
    return 3 if judged.failures else 0
