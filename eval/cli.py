"""The command line: parse, call, print. `rag eval …` is the same."""

from __future__ import annotations

import errno
import math
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from eval import commands, extras
from eval.commands import Asked
from eval.extras import JudgeOrder, Proposals
from eval.imports import Source
from rag.entry import run as run_command_line
from rag.errors import UserError

_DAY = 86_400
_CLOSED = frozenset([errno.EACCES, errno.EPERM, errno.ENAMETOOLONG])


class _Commands(TyperGroup):
    """All commands; a path that may not be used is the caller's to mend, wherever it is come upon."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except OSError as error:
            if error.errno not in _CLOSED or error.filename is None:
                raise
            raise UserError(f"{error.filename} cannot be used: {error.strerror}. Give another path.") from error


def _number(value: float) -> float:
    """Refuse what a range lets through: `nan` is neither below nor above."""
    if math.isnan(value):
        raise typer.BadParameter("nan is no number.")
    return value


app = typer.Typer(
    name="eval",
    cls=_Commands,
    help="Measure how well questions are answered. Without a command: the bundled seeds suite.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, all else on stderr.")]
JsonEach = Annotated[
    bool, typer.Option("--json", help="One JSON document on stdout, of several suites a list; all else on stderr.")
]
Seed = Annotated[int, typer.Option(min=0, help="Of all resampling and sampling.")]
Gate = Annotated[Path | None, typer.Option(help="Thresholds; exit 1 when one is missed.")]
System = Annotated[str, typer.Option(help="footnote, openai:URL, python:module:function or baseline:llamaindex.")]
Llm = Annotated[str | None, typer.Option(help="Generator of footnote, KIND:MODEL.", envvar="RAG_LLM")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")]
Runs = Annotated[list[Path], typer.Argument(help="Run files, or folders that hold some.", metavar="RUN…")]


@app.callback(invoke_without_command=True)
def default(ctx: typer.Context, as_json: Json = False, gate: Gate = None, quiet: Quiet = False) -> None:
    """Run the bundled seeds suite and print its table."""
    if ctx.invoked_subcommand is None:
        ctx.exit(commands.run(["seeds"], Asked(gate=gate, quiet=quiet, as_json=as_json, fresh=True)))
    for name, given in (("--gate", gate), ("--json", as_json), ("--quiet", quiet)):
        if given:  # here it would hold for the bundled suite alone
            raise UserError(f"Put {name} after the command: python -m eval {ctx.invoked_subcommand} … {name} …")


@app.command()
def run(
    ctx: typer.Context,
    suites: Annotated[list[str], typer.Argument(help="Bundled names, suite or BEIR folders, SQuAD files.")],
    system: System = "footnote",
    llm: Llm = None,
    model: Annotated[str | None, typer.Option(help="Model name for an openai: server.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the run; default runs/SYSTEM.")] = None,
    split: Annotated[str | None, typer.Option(help="Only dev, or only held-out cases.")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="Only cases of this kind; repeatable.")] = None,
    case_id: Annotated[list[str] | None, typer.Option("--id", help="Only this case; repeatable.")] = None,
    sample: Annotated[int | None, typer.Option(min=1, help="So many cases, drawn by the seed.")] = None,
    timeout: Annotated[
        float, typer.Option(min=0.1, max=_DAY, callback=_number, help="Seconds for one question.")
    ] = 60.0,
    seed: Seed = 0,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start again, whatever run is there.")] = False,
    gate: Gate = None,
    as_json: JsonEach = False,
    quiet: Quiet = False,
) -> None:
    """Ask a system every case, write run.jsonl, print the scores."""
    asked = Asked(
        system=system,
        llm=llm,
        model=model,
        out=out,
        split=split,
        kinds=tuple(kind or ()),
        ids=tuple(case_id or ()),
        sample=sample,
        timeout=timeout,
        seed=seed,
        fresh=fresh,
        gate=gate,
        as_json=as_json,
        quiet=quiet,
    )
    ctx.exit(commands.run(suites, asked))


@app.command()
def score(ctx: typer.Context, runs: Runs, gate: Gate = None, seed: Seed = 0, as_json: JsonEach = False) -> None:
    """Judge stored runs again, without asking anything."""
    ctx.exit(commands.score(runs, Asked(gate=gate, seed=seed, as_json=as_json)))


@app.command()
def compare(
    ctx: typer.Context,
    run_a: Annotated[Path, typer.Argument(help="The run to compare with.")],
    run_b: Annotated[Path, typer.Argument(help="The run in question.")],
    seed: Seed = 0,
    as_json: JsonEach = False,
) -> None:
    """Hold run B against run A, case against case, with a permutation test."""
    ctx.exit(commands.compare_runs(run_a, run_b, Asked(seed=seed, as_json=as_json)))


@app.command()
def report(
    ctx: typer.Context,
    runs: Runs,
    out: Annotated[Path, typer.Option(help="HTML file to write.")] = Path("report.html"),
    markdown: Annotated[Path | None, typer.Option(help="Also write a summary for pull requests.")] = None,
    junit: Annotated[Path | None, typer.Option(help="Also write JUnit XML for CI.")] = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Write one self-contained HTML file; runs of one suite stand side by side."""
    from eval.report import write

    files = write.Files(html=out, markdown=markdown, junit=junit)
    ctx.exit(write.report(runs, files, seed=seed, as_json=as_json))


@app.command()
def bench(
    ctx: typer.Context,
    repeat: Annotated[int, typer.Option(min=1, help="How often each process is started.")] = 5,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Measure start, answers, sync, serving, memory and size on this machine."""
    ctx.exit(extras.bench_all(repeat, Asked(as_json=as_json, quiet=quiet)))


@app.command("import")
def import_(
    ctx: typer.Context,
    place: Annotated[Path, typer.Argument(help="Folder of JSON lines, BEIR folder or SQuAD file.")],
    out: Annotated[Path, typer.Argument(help="New folder for the suite.")],
    name: Annotated[str | None, typer.Option(help="Name of the suite; default the folder's.")] = None,
    licence: Annotated[str, typer.Option(help="Licence of the set.")] = "",
    part: Annotated[str | None, typer.Option(help="Which of several examples.PART.jsonl.")] = None,
    as_json: Json = False,
) -> None:
    """Turn another question set into a suite."""
    source = Source(place=place, name=name or out.resolve().name, licence=licence, source=place.name, part=part)
    ctx.exit(extras.import_set(source, out, Asked(as_json=as_json)))


@app.command()
def propose(
    ctx: typer.Context,
    articles: Annotated[Path, typer.Argument(help="Folder of articles, or a corpus.jsonl.")],
    out: Annotated[Path, typer.Argument(help="New folder for the suite.")],
    count: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    review: Annotated[bool, typer.Option("--review", help="Accept or drop each one now.")] = False,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Propose cases from your own articles, for you to accept or drop."""
    wanted = Proposals(articles=articles, out=out, count=count, review=review)
    ctx.exit(extras.propose_cases(wanted, Asked(seed=seed, as_json=as_json)))


@app.command()
def judge(
    ctx: typer.Context,
    run: Annotated[Path, typer.Argument(help="A run file, or a folder that holds one.")],
    llm: Annotated[str, typer.Option(help="Judge, KIND:MODEL.")],
    price_in: Annotated[float | None, typer.Option(help="US dollars for a million tokens read.")] = None,
    price_out: Annotated[float | None, typer.Option(help="The same for tokens written.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before it starts.")] = False,
    as_json: Json = False,
) -> None:
    """Let a language model judge a stored run; optional, and its agreement is shown."""
    wanted = JudgeOrder(run=run, llm=llm, price_in=price_in, price_out=price_out, yes=yes)
    ctx.exit(extras.judge_run(wanted, Asked(as_json=as_json)))


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    return run_command_line(app, argv, "python -m eval")
