from datetime import date
from pathlib import Path

from rag import terminal
from rag.records import NOT_IN_CORPUS, Answer, Article, Citation, Failure, SyncReport

ARTICLE = Article(id="a-1", title="Talks \x1b[31mcut", source="Post", published=date(2023, 7, 10), chars=10, sha256="")


def citation(quote: str) -> Citation:
    return Citation(number=1, quote=quote, start=0, end=len(quote), article=ARTICLE, passage_id="p", support=1.0)


def test_an_answer_is_its_text_then_its_sources() -> None:
    answer = Answer(
        question="?", standalone_question="?", text="They were cut [1].", answered=True, confidence=0.9,
        citations=(citation("They were\ncut."),), notes=("read with care",), generator="extractive",
    )  # fmt: skip
    assert terminal.answer(answer) == (
        "They were cut [1].\n\n[1] Talks cut, Post, 2023-07-10\n    “They were cut.”\n\nNote: read with care"
    )


def test_a_refusal_is_its_text() -> None:
    answer = Answer(
        question="?", standalone_question="?", text=NOT_IN_CORPUS, answered=False, confidence=0.1, generator="x"
    )
    assert terminal.answer(answer) == NOT_IN_CORPUS


def test_nothing_steers_the_terminal() -> None:
    assert terminal.plain("a\x1b[2Jb\x1b]0;t\x07c\u202ed\u2066e\x00\x9bf\ttab\nline") == "ab]0;tcdef\ttab\nline"


def test_a_sync_names_what_failed() -> None:
    report = SyncReport(added=("a", "b"), failed=(Failure(path="x.txt", reason="not text"),), seconds=1.25)
    assert terminal.sync_report(report, Path("c"), dry_run=False) == (
        'Synced c: 2 added, 1 failed (1.2 s).\n  failed: x.txt: not text\nAsk it: rag ask "…" --corpus c'
    )
    assert terminal.sync_report(SyncReport(), Path("c"), dry_run=True).startswith("Would sync c: nothing to do")


def test_lists_that_are_empty_say_so() -> None:
    assert terminal.hits([]) == "Nothing found."
    assert terminal.articles([]).startswith("No articles.")
    assert terminal.articles([ARTICLE]) == "a-1  2023-07-10  Talks cut, Post"


def test_no_file_name_forges_a_line_and_a_command_to_copy_quotes_its_path() -> None:
    failed = Failure(path="x\nSynced\tc.txt", reason="not\ntext")
    told = terminal.sync_report(SyncReport(added=("a",), failed=(failed,)), Path("h'é x"), dry_run=False)
    assert told.splitlines()[1:] == [
        "  failed: x Synced c.txt: not text",
        """Ask it: rag ask "…" --corpus 'h'"'"'é x'""",
    ]


def test_articles_that_no_filter_fits_are_not_missing() -> None:
    assert terminal.articles([], filtered=True) == "No article fits these filters."
