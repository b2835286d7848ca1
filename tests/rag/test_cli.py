"""The command line as a person meets it: what it prints where, and its exit status."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from rag.corpus import Corpus
from rag.settings import AnswerSettings, Ingest, Settings

FAKES = {"RAG_INGEST__EMBEDDER": "fake:hash", "RAG_ANSWER__READER": "fake:overlap"}
WHY = "Why did Tessaly suspend its military hotline with Orvane?"


@pytest.fixture
def rag(tmp_path: Path, home: Path):  # type: ignore[no-untyped-def]
    """Run `rag` in a process of its own, with the embedder that needs no model file."""

    def run(*arguments: str, text: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "rag", *arguments],
            input=text, capture_output=True, text=True, check=False, timeout=120,
            env=os.environ | {"RAG_HOME": str(home)} | FAKES | environment,
        )  # fmt: skip

    return run


@pytest.fixture
def made(rag, tmp_path: Path, articles: Path) -> str:  # type: ignore[no-untyped-def]
    folder = str(tmp_path / "cli.corpus")
    done = rag("sync", str(articles), "--corpus", folder)
    assert done.returncode == 0 and "2 added" in done.stdout, done.stderr
    return folder


def test_ask_prints_the_text_then_the_sources(rag, made: str) -> None:  # type: ignore[no-untyped-def]
    done = rag("ask", WHY, "--corpus", made, RAG_ANSWER__THRESHOLD="0")
    assert done.returncode == 0, done.stderr
    text, source, *_ = done.stdout.split("\n\n")
    assert "[1]" in text
    assert source.startswith("[1] Tessaly cuts the hotline, Coastal Wire, 2023-07-10\n    “")
    assert "\x1b" not in done.stdout


def test_a_question_that_is_not_answered_exits_with_1(rag, made: str) -> None:  # type: ignore[no-untyped-def]
    done = rag("ask", "Who won the chess final?", "--corpus", made, RAG_ANSWER__THRESHOLD="1")
    assert done.returncode == 1
    assert done.stdout.startswith("The articles do not answer this question.")


def test_json_is_one_document_on_stdout(rag, made: str) -> None:  # type: ignore[no-untyped-def]
    done = rag("ask", WHY, "--corpus", made, "--json", RAG_ANSWER__THRESHOLD="0")
    assert json.loads(done.stdout)["answered"] is True
    assert json.loads(rag("search", "hotline", "--corpus", made, "--json").stdout)[0]["ranks"]["lexical"] == 1
    assert len(json.loads(rag("articles", "--corpus", made, "--json").stdout)) == 2
    report = json.loads(rag("sync", str(Path(made).parent / "articles"), "--corpus", made, "--json").stdout)
    assert len(report["unchanged"]) == 2


def test_articles_search_and_remove(rag, made: str) -> None:  # type: ignore[no-untyped-def]
    first, second = rag("articles", "--corpus", made).stdout.splitlines()
    assert first.split()[:2] == ["ferry-6fbb2a", "2024-03-12"] or "2024-03-12" in first
    assert "Coastal Wire" in second
    assert rag("search", "ferry", "--corpus", made, "-k", "1").stdout.startswith("1. Ferry capsizes")
    assert "2024-03-12" not in rag("articles", "--corpus", made, "--to", "2023-12-31").stdout
    assert rag("articles", "--corpus", made, "--source", "nobody").stdout == "No article fits these filters.\n"
    removed = rag("remove", first.split()[0], "--corpus", made, "--json")
    assert json.loads(removed.stdout) == {"removed": first.split()[0]} and removed.stderr == ""
    assert len(rag("articles", "--corpus", made).stdout.splitlines()) == 1


def test_chat_is_a_conversation(rag, made: str) -> None:  # type: ignore[no-untyped-def]
    done = rag("chat", "--corpus", made, text=f"{WHY}\nAnd when?\n", RAG_ANSWER__THRESHOLD="0")
    assert done.returncode == 0 and done.stdout.count("[1] ") >= 2


def test_chat_asks_only_the_articles_that_are_meant(rag, made: str) -> None:  # type: ignore[no-untyped-def]
    meant = ("chat", "--corpus", made, "--source", "Meridian")
    done = rag(*meant, text=f"{WHY}\n", RAG_ANSWER__THRESHOLD="0")
    assert done.returncode == 0 and "Meridian" in done.stdout and "Coastal Wire" not in done.stdout


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A corpus of one article, made once: mistakes change nothing."""
    folder = tmp_path_factory.mktemp("small") / "small.corpus"
    settings = Settings(ingest=Ingest(embedder="fake:hash"), answer=AnswerSettings(reader="fake:overlap"))
    with Corpus.open(folder, settings=settings) as corpus:
        corpus.add("The budget was passed in May.", title="Budget")
    return str(folder)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ask", ""), "The question is empty"),
        (("ask", "a" * 100_000), "8,000 is the limit"),
        (("sync", "no-such-folder", "--corpus", "{tmp}/x"), "no-such-folder does not exist"),
        (("sync", "{tmp}/empty", "--corpus", "{tmp}/x"), "holds no article"),
        (("sync", "{tmp}/articles"), "--corpus DIR"),
        (("ask", "why?", "--corpus", "{tmp}/articles"), "not a corpus"),
        (("ask", "why?", "--corpus", "{tmp}/slip"), "There is no corpus at"),
        (("ask", "why?", "--corpus", "{tmp}/empty"), "There is no corpus at"),
        (("ask", "why?", "--corpus", "{tmp}/articles/ferry.md"), "is a file"),
        (("ask", "why?", "--from", "July"), "'July' is not a date"),
        (("chat", "--from", "July"), "'July' is not a date"),
        (("ask", "why?", "--from", "2024-02-01", "--to", "2023-01-01"), "from 2024-02-01 and to 2023-01-01: the first"),
        (("ask", "why?", "--corpus", "~nobody-here/x"), "~nobody-here/x cannot be found"),
        (("ask", "why?", "--corpus", "{tmp}/two words"), "/two words'` makes one"),
        (("ask", "why?", "--llm", "extractiv"), "extractive"),
        (("remove", "nothing"), "No article has the id 'nothing'"),
        (("search", "why?", "-k", "0"), "Invalid value for '-k'"),
        (("nonsense",), "No such command"),
    ],
)
def test_mistakes_end_in_one_clear_line_and_2(rag, small, tmp_path: Path, articles: Path, arguments, says) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "empty").mkdir()
    chosen = {} if arguments[0] == "sync" else {"RAG_CORPUS": small}
    done = rag(*(argument.replace("{tmp}", str(tmp_path)) for argument in arguments), **chosen)
    assert done.returncode == 2, done.stderr
    assert says in " ".join(done.stderr.split()) and "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_setting_that_does_not_fit_is_named(rag) -> None:  # type: ignore[no-untyped-def]
    done = rag("articles", RAG_RETRIEVE__READ="many")
    assert done.returncode == 2 and "RAG_RETRIEVE__READ is not usable" in done.stderr


def test_a_corpus_may_be_named_from_the_home_folder(rag, small: str) -> None:  # type: ignore[no-untyped-def]
    done = rag("articles", f"--corpus=~/{Path(small).name}", HOME=str(Path(small).parent))
    assert done.returncode == 0 and "Budget" in done.stdout, done.stderr


def test_sources_may_be_named_from_the_home_folder(rag, tmp_path: Path, articles: Path) -> None:  # type: ignore[no-untyped-def]
    done = rag("sync", f"~/{articles.name}", "--corpus=~/new", "--dry-run", HOME=str(tmp_path))
    assert done.returncode == 0 and "2 added" in done.stdout, done.stderr


@pytest.mark.parametrize("source", ["slip", "empty"])
def test_a_sync_of_nothing_makes_no_corpus(rag, tmp_path: Path, source: str) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "empty").mkdir()
    done = rag("sync", str(tmp_path / source), "--corpus", str(tmp_path / "new"))
    assert done.returncode == 2 and not (tmp_path / "new").exists()


def test_a_sync_that_is_only_tried_makes_no_corpus(rag, tmp_path: Path, articles: Path) -> None:  # type: ignore[no-untyped-def]
    done = rag("sync", str(articles), "--corpus", str(tmp_path / "new"), "--dry-run")
    assert done.returncode == 0 and f"Would sync {tmp_path / 'new'}: 2 added" in " ".join(done.stdout.split())
    assert not (tmp_path / "new").exists()


def test_doctor_makes_no_corpus(rag, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    done = rag("doctor", "--corpus", str(tmp_path / "slip"))
    assert done.returncode == 2 and "There is no corpus at" in done.stdout
    assert not (tmp_path / "slip").exists()


def test_a_quiet_doctor_says_only_what_is_wrong(rag, small: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    done = rag("doctor", "--corpus", small, "--quiet")
    assert (done.returncode, done.stdout) == (0, "")
    done = rag("doctor", "--corpus", str(tmp_path / "slip"), "--quiet", "--json")
    assert done.returncode == 2 and [one["ok"] for one in json.loads(done.stdout)] == [False]


def test_no_article_can_steer_the_terminal(rag, made: str, articles: Path) -> None:  # type: ignore[no-untyped-def]
    hostile = '---\ntitle: "\\e[31mRed\\e[0m"\n---\nA \x1b]0;owned\x07 zeppelin \u202eflew\u202c away.\n'
    (articles / "hostile.md").write_text(hostile, encoding="utf-8")
    assert rag("sync", str(articles), "--corpus", made).returncode == 0
    shown = rag("search", "zeppelin", "--corpus", made).stdout + rag("articles", "--corpus", made).stdout
    assert "zeppelin" in shown and not {"\x1b", "\x07", "\u202e"} & set(shown)


def test_ctrl_c_keeps_what_was_stored(tmp_path: Path, home: Path, articles: Path) -> None:
    for number in range(1000):
        (articles / f"{number}.txt").write_text(f"Report {number}. The budget was passed in May.", encoding="utf-8")
    folder = str(tmp_path / "c.corpus")
    command = [sys.executable, "-m", "rag", "sync", str(articles), "--corpus", folder]
    environment = os.environ | {"RAG_HOME": str(home)} | FAKES
    child = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
    deadline = time.monotonic() + 60
    while not (tmp_path / "c.corpus" / "writer.json").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    child.send_signal(signal.SIGINT)
    _, stderr = child.communicate(timeout=60)
    assert child.returncode == 130 and "run the same command again" in stderr
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    listed = subprocess.run(
        [*command[:3], "articles", "--corpus", folder], capture_output=True, text=True, check=True, env=environment
    )
    assert len(listed.stdout.splitlines()) == 1002


def test_watch_follows_a_folder_until_interrupted(tmp_path: Path, home: Path, articles: Path) -> None:
    folder = str(tmp_path / "w.corpus")
    command = [sys.executable, "-m", "rag", "sync", str(articles), "--corpus", folder, "--watch"]
    environment = os.environ | {"RAG_HOME": str(home)} | FAKES
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    assert child.stdout is not None and child.stderr is not None
    late = threading.Timer(120, child.kill)  # rather an empty line than waiting for ever
    late.start()
    assert "2 added" in child.stdout.readline()
    assert child.stderr.readline().startswith("Watching")
    (articles / "ferry.md").rename(articles / "ship.md")
    lines = [child.stdout.readline(), child.stdout.readline()]
    if lines[0].startswith("Ask it"):
        lines = [lines[1], child.stdout.readline()]
    child.send_signal(signal.SIGINT)
    child.communicate(timeout=60)
    late.cancel()
    assert "1 renamed, 1 unchanged" in lines[0] and lines[1].startswith("  renamed: ferry-")
    assert child.returncode == 130


def test_watch_prints_each_round_as_one_line_of_json(tmp_path: Path, home: Path, articles: Path) -> None:
    folder = str(tmp_path / "w.corpus")
    command = [sys.executable, "-m", "rag", "sync", str(articles), "--corpus", folder, "--watch", "--json"]
    environment = os.environ | {"RAG_HOME": str(home), "PYTHONUNBUFFERED": ""} | FAKES
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    assert child.stdout is not None
    late = threading.Timer(120, child.kill)  # rather an empty line than waiting for ever
    late.start()
    assert len(json.loads(child.stdout.readline())["added"]) == 2
    child.send_signal(signal.SIGINT)
    rest, _ = child.communicate(timeout=60)
    late.cancel()
    assert rest == "" and child.returncode == 130


def test_strict_says_by_its_status_that_a_file_could_not_be_read(rag, made: str, articles: Path) -> None:  # type: ignore[no-untyped-def]
    (articles / "broken.txt").write_bytes(bytes(range(256)) * 20)
    assert rag("sync", str(articles), "--corpus", made).returncode == 0
    done = rag("sync", str(articles), "--corpus", made, "--strict")
    assert done.returncode == 1 and "failed: " in done.stdout and "broken.txt: not text" in done.stdout


def test_files_of_which_none_can_be_read_are_a_mistake(rag, tmp_path: Path, articles: Path) -> None:  # type: ignore[no-untyped-def]
    broken = articles / "broken.txt"
    broken.write_bytes(bytes(range(256)) * 20)
    done = rag("sync", str(broken), "--corpus", str(tmp_path / "new"))
    assert done.returncode == 2 and done.stderr.startswith("None of these files gave an article")
    assert "broken.txt: not text" in done.stdout
    done = rag("sync", str(broken), str(articles / "ferry.md"), "--corpus", str(tmp_path / "new"))
    assert done.returncode == 0 and "1 added, 1 failed" in done.stdout


def test_help_names_every_command(rag) -> None:  # type: ignore[no-untyped-def]
    text = rag("--help").stdout
    for name in ("ask", "chat", "sync", "search", "articles", "remove", "serve", "user", "doctor", "eval"):
        assert f" {name} " in text


def test_users_are_added_with_a_password_from_standard_input_and_removed(rag, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    store = str(tmp_path / "news.users")
    done = rag("user", "mara", "--users", store, text="correct horse\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "mara may log in.\n")
    assert rag("user", "noor", text="short\n", RAG_USERS=store).returncode == 2
    assert rag("user", "mara", "--users", store, "--remove").returncode == 0
    done = rag("user", "mara", "--users", store, "--remove")
    assert done.returncode == 2 and "no user 'mara'" in done.stderr
    with closing(sqlite3.connect(store)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = rag("user", "mara", "--users", store, text="correct horse\n")
        assert done.returncode == 2 and "try again in a moment" in done.stderr
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    assert "holds no users" in rag("serve", "--users", store, "--port", port).stderr
