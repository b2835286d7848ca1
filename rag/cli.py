"""The command line: parse, call, print. What things look like is in `terminal`."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from rag import terminal
from rag.entry import run
from rag.errors import UserError
from rag.home import is_new
from rag.ingest.watch import Changes, changes
from rag.records import Filter, SyncReport, Turn

if TYPE_CHECKING:
    from rag.corpus import Corpus

app = typer.Typer(
    name="rag",
    help="Ask your articles, get answers with footnotes.",
    epilog="Exit status: 0 done or answered, 1 the corpus does not answer, 2 a mistake in the call or its input, "
    "3 a model or server failed, 70 a fault of Footnote's own, 130 interrupted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

_CORPUS = typer.Option("--corpus", envvar="RAG_CORPUS", help="Folder of the corpus; default: the bundled articles.")
CorpusDir = Annotated[Path | None, _CORPUS]
CorpusDirs = Annotated[list[Path] | None, typer.Option("--corpus", help="Folder of a corpus; several may be given.")]
Llm = Annotated[str | None, typer.Option("--llm", envvar="RAG_LLM", help="Generator, KIND:MODEL or extractive.")]
_USERS = "File of the users who may log in and of the conversations that are kept for them."
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
JsonLines = Annotated[
    bool, typer.Option("--json", help="Print one JSON document; with --watch, each time on one line.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print results only, no progress.")]
Since = Annotated[str | None, typer.Option("--from", metavar="DATE", help="Only articles published on or after.")]
Until = Annotated[str | None, typer.Option("--to", metavar="DATE", help="Only articles published on or before.")]
Source = Annotated[str | None, typer.Option("--source", help="Only this outlet (part of its name).")]
Author = Annotated[str | None, typer.Option("--author", help="Only this author (part of the name).")]


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    corpus: CorpusDir = None,
    llm: Llm = None,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    author: Author = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Answer a question from the articles, with exact quotes."""
    with _open(corpus, llm, quiet=quiet or json) as opened:
        answer = opened.ask(question, where=_filter(since, until, source, author))
    print(answer.to_json() if json else terminal.answer(answer))
    raise typer.Exit(0 if answer.answered else 1)


@app.command()
def chat(
    corpus: CorpusDir = None,
    llm: Llm = None,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    author: Author = None,
    quiet: Quiet = False,
) -> None:
    """Ask in a conversation, in the terminal. An empty line or Ctrl-D ends it."""
    history: list[Turn] = []
    where = _filter(since, until, source, author)
    with _open(corpus, llm, quiet=quiet) as opened:
        opened.articles(where, limit=1)  # a date that is none is told now, not at every question
        while question := terminal.prompt():
            try:
                answer = opened.ask(question, history=history, where=where)
            except UserError as error:
                print(error)
                continue
            print(f"\n{terminal.answer(answer)}\n")
            history.append(Turn(question=question, answer=answer))


@app.command()
def sync(
    sources: Annotated[list[Path], typer.Argument(help="Folders or files.")],
    corpus: CorpusDir = None,
    prune: Annotated[bool, typer.Option(help="Remove what is gone from these sources, unless one is empty.")] = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, change nothing.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Stay, and do it again whenever a file changes.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 when a file could not be read.")] = False,
    json: JsonLines = False,
    quiet: Quiet = False,
) -> None:
    """Bring a corpus to what these folders and files hold now.

    A CSV, JSON or zip file holds an article in each row or file. In folders, hidden files, READMEs and types that are
    not read are passed over.
    """
    if corpus is None:
        raise UserError("Say where the corpus is to be: --corpus DIR, or RAG_CORPUS=DIR in the environment.")
    from rag.ingest.find import find

    sources = [Path(os.path.expanduser(source)) for source in sources]  # as a shell does: `~$draft.docx` stays
    with ExitStack() as stack:
        place = corpus
        if is_new(corpus):
            find(sources)  # a slip in their names makes no corpus
            if dry_run:
                place = Path(stack.enter_context(TemporaryDirectory()))
        opened = stack.enter_context(_open(place, quiet=quiet or json, make=True))

        def once() -> SyncReport:
            with terminal.progress(shown=not (quiet or json)) as report:
                result = opened.sync(*sources, prune=prune, dry_run=dry_run, on_progress=report)
            told = terminal.sync_report(result, corpus, dry_run=dry_run)
            print(terminal.json(result, indent=None if watch else 2) if json else told, flush=watch)
            return result

        seen = changes(sources) if watch else None
        report = once()
        held = report.added or report.changed or report.renamed or report.removed or report.unchanged
        if seen:
            _keep(once, seen)
        elif not held and not strict and all(source.is_file() for source in sources):
            raise UserError("None of these files gave an article: mend them, or name others.")
    raise typer.Exit(1 if strict and report.failed else 0)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="Words or a question.")],
    corpus: CorpusDir = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many passages.")] = 10,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    author: Author = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """List the best passages for a question."""
    with _open(corpus, quiet=quiet or json) as opened:
        hits = opened.search(query, k=k, where=_filter(since, until, source, author))
    print(terminal.json(hits) if json else terminal.hits(hits))


@app.command()
def articles(
    corpus: CorpusDir = None,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    author: Author = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """List the articles, newest first."""
    where = _filter(since, until, source, author)
    with _open(corpus, quiet=quiet or json) as opened:
        found = opened.articles(where)
    print(terminal.json(found) if json else terminal.articles(found, filtered=where is not None))


@app.command()
def remove(
    id: Annotated[str, typer.Argument(help="An article's id, see `rag articles`.")],
    corpus: CorpusDir = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Delete an article everywhere in the corpus. The file that it came from stays."""
    with _open(corpus, quiet=quiet or json) as opened:
        opened.remove(id)
    if json:
        print(terminal.json({"removed": id}))
    elif not quiet:
        print(f"Removed {id}.", file=sys.stderr)


@app.command()
def serve(
    corpus: CorpusDirs = None,
    llm: Llm = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 7860,
    name: Annotated[list[str] | None, typer.Option(help="Host name that people use to reach this server.")] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    users: Annotated[Path | None, typer.Option("--users", envvar="RAG_USERS", help=_USERS)] = None,
) -> None:
    """Serve the chat page."""
    from ui.server import serve as serve_page

    try:
        status = serve_page(
            corpus or (), host=host, port=port, llm=llm, names=name or (), users=users, open_browser=open_browser
        )
    except KeyboardInterrupt:  # the way to end it: nothing was broken off that could go on
        raise typer.Abort("Stopped.") from None
    raise typer.Exit(status)


@app.command()
def user(
    name: Annotated[str, typer.Argument(help="Who may log in to the chat page.")],
    users: Annotated[Path, typer.Option("--users", envvar="RAG_USERS", help=_USERS)],
    remove: Annotated[bool, typer.Option("--remove", help="Delete the user and all that was kept for them.")] = False,
) -> None:
    """Add a user of the chat page, or change a password. It is asked for, or read from standard input."""
    import sqlite3
    from contextlib import closing

    from ui.users import Users

    with closing(Users(users, create=not remove)) as store:
        try:
            if remove:
                store.remove(name)
            else:
                store.put(name, _password())
        except sqlite3.Error as error:
            raise UserError(f"{users} cannot be changed now ({error}): make room, or try again in a moment.") from None
    print(f"{name} was removed." if remove else f"{name} may log in.", file=sys.stderr)


@app.command()
def doctor(
    corpus: CorpusDir = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Prove that nothing leaves through Python's sockets.")
    ] = False,
    json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only what is wrong.")] = False,
) -> None:
    """Check the installation and the corpus, and say how to mend what is wrong."""
    from rag.doctor import examine

    findings = examine(corpus, offline=offline)
    wrong = [finding for finding in findings if not finding.ok]
    shown = wrong if quiet else findings
    if json or shown:
        print(terminal.json(shown) if json else terminal.findings(shown))
    raise typer.Exit(2 if wrong else 0)


@app.command(
    name="eval", context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
)
def evaluate(context: typer.Context) -> None:
    """Run an evaluation, the same as `python -m eval`."""
    from eval.__main__ import main as evaluate_suites

    sys.exit(evaluate_suites(context.args))  # it has said all that there is to say, an interrupt too


def main() -> None:
    """Run the command line."""
    sys.exit(run(app, None, "rag"))


def _password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def _keep(sync: Callable[[], object], seen: Changes) -> None:
    """Sync after every change, until interrupted."""
    print("Watching. Ctrl-C ends it.", file=sys.stderr, flush=True)
    for _ in seen:
        try:
            sync()
        except UserError as error:  # an empty folder or another writer now need not be one later
            print(terminal.plain(str(error)), file=sys.stderr)
            seen.refused(error)


def _filter(since: str | None, until: str | None, source: str | None, author: str | None) -> Filter | None:
    if not any((since, until, source, author)):
        return None
    with suppress(ValueError):  # what is no date is told where dates are read
        if since and until and date.fromisoformat(since) > date.fromisoformat(until):
            raise UserError(f"No day is from {since} and to {until}: the first is the later one. Swap them.")
    return Filter(published_from=since, published_to=until, source=source, author=author)


@contextmanager
def _open(path: Path | None, llm: str | None = None, *, quiet: bool = False, make: bool = False) -> Iterator[Corpus]:
    """Open a corpus; one that is not there is made only to be filled, else a slip would look like a refusal."""
    from rag.corpus import Corpus
    from rag.settings import load

    if path and not make and is_new(path):
        quoted = shlex.quote(str(path))
        raise UserError(f"There is no corpus at {path}: `rag sync SOURCE --corpus {quoted}` makes one.")
    with terminal.waiting("Opening the corpus", shown=not quiet):
        corpus = Corpus.open(path, settings=load(llm=llm))
    with corpus:
        yield corpus


if __name__ == "__main__":
    main()
