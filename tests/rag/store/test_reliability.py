"""The store when things go wrong: cases S1 to S22. Kills are in `test_torture.py`, the lock in `test_lock.py`."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from rag.corpus import Corpus
from rag.errors import BackendError, CorpusError, SpaceError
from rag.settings import Settings
from rag.store import dense as dense_module
from rag.store import files, lexical, schema, space
from rag.store.ledger import Ledger
from rag.store.lock import FileLock
from rag.store.store import LEDGER

WHY = "Why did Tessaly suspend its hotline with Orvane?"
MORE = "The grain accord was signed on Tuesday in Halvik. " * 30


@pytest.fixture(autouse=True)
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new dense index is not checked in a process of its own: it is not what is tested here."""
    monkeypatch.setattr(dense_module, "_checked_by_child", lambda folder, rows: None)


@pytest.fixture
def corpus(tmp_path: Path, articles: Path, settings: Settings) -> Iterator[Corpus]:
    with Corpus.open(tmp_path / "test.corpus", settings=settings) as opened:
        opened.sync(articles)
        yield opened


def found(corpus: Corpus) -> list[str]:
    return [hit.passage.id for hit in corpus.search(WHY)]


def add_more(articles: Path) -> None:
    for number in range(20):
        (articles / f"more-{number}.txt").write_text(f"Report {number}. {MORE}", encoding="utf-8")


# --- S4: a power cut


def test_s04_every_file_is_on_the_disk_before_the_pointer_names_it(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: set[int] = set()
    missing: list[str] = []
    fsync, replace = os.fsync, os.replace

    def noting(handle: int) -> None:
        flushed.add(os.fstat(handle).st_ino)
        fsync(handle)

    def checking(source: Path, target: Path) -> None:
        if target.name == "current.json":
            newest = max(target.parent.glob("gen-*"))
            everything = [source, newest, *newest.rglob("*")]
            missing.extend(str(path) for path in everything if path.stat().st_ino not in flushed)
        replace(source, target)

    monkeypatch.setattr(files.os, "fsync", noting)
    monkeypatch.setattr(files.os, "replace", checking)
    corpus._store.dense.publish()
    assert flushed and missing == []


# --- S5: a full disk


def no_room(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("home", ["lexical", "dense", "pointer"])
def test_s05_no_room_for_an_index_is_said_and_mended_later(
    corpus: Corpus, articles: Path, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    before = found(corpus)
    add_more(articles)
    (articles / "ferry.md").unlink()  # a removal makes both indexes anew
    places = {
        "lexical": (lexical.LexicalIndex, "_write"),
        "dense": (dense_module.DenseIndex, "_build"),
        "pointer": (files, "replace"),
    }
    with monkeypatch.context() as patch:
        patch.setattr(*places[home], no_room)
        with pytest.raises(SpaceError, match=r"about [\d.,]+ MB are needed, [\d.,]+ MB are free"):
            corpus.sync(articles)
    assert before[0] in found(corpus)
    corpus.sync(articles)
    assert corpus.verify() == [] and len(corpus.articles()) == 21


@pytest.mark.parametrize(("free", "told"), [(1_000_000, SpaceError), (10_000_000, RuntimeError)])
def test_s05_what_chroma_says_without_a_reason_is_a_full_disk_where_there_is_no_room(
    corpus: Corpus, articles: Path, monkeypatch: pytest.MonkeyPatch, free: int, told: type[Exception]
) -> None:
    def failing(*_: object) -> None:
        raise RuntimeError("Error in compaction: Failed to apply logs to the hnsw segment writer")

    (articles / "ferry.md").unlink()
    monkeypatch.setattr(dense_module.DenseIndex, "_build", failing)
    monkeypatch.setattr(space, "free", lambda path: free)  # about 2 MB are needed
    with pytest.raises(told):
        corpus.sync(articles)
    assert len(corpus.articles()) == 1


def test_s05_no_room_for_the_ledger_keeps_what_was_stored(corpus: Corpus, articles: Path) -> None:
    before = found(corpus)
    add_more(articles)
    db = corpus._store.ledger._db
    pages = int(db.execute("PRAGMA page_count").fetchone()[0])
    db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(SpaceError, match="make room and run the same command again"):
        corpus.sync(articles)
    assert found(corpus) == before
    db.execute("PRAGMA max_page_count = 1000000")
    assert len(corpus.sync(articles).failed) == 0
    assert len(corpus.articles()) == 22 and corpus.verify() == []


ON_A_SMALL_DISK = """
import shutil, sys
from pathlib import Path
from rag.corpus import Corpus
from rag.errors import SpaceError
from tests.rag.store.test_reliability import SMALL as settings
disk, articles = Path(sys.argv[1]), Path(sys.argv[2])
with Corpus.open(disk / "c", settings=settings) as corpus:
    try:
        corpus.sync(articles)
    except SpaceError as error:
        print("SpaceError", error)
    stored = len(corpus.articles())
    print("stored", stored, "problems", [p.what for p in corpus.verify() if "ledger" in p.what or "slice" in p.what])
    print("answers", len(corpus.search("grain accord")) > 0)
"""
SMALL = Settings.model_validate({"ingest": {"embedder": "fake:hash"}, "answer": {"reader": "fake:overlap"}})


@pytest.mark.slow
def test_s05_a_disk_that_is_really_full(tmp_path: Path, articles: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    for number in range(400):
        (articles / f"more-{number}.txt").write_text(f"Report {number}. {number} {MORE}", encoding="utf-8")
    script = f'mount -t tmpfs -o size=2m tmpfs "{disk}" && exec "$@"'
    command = ["unshare", "-rm", "sh", "-c", script, "sh", sys.executable, "-c", ON_A_SMALL_DISK, disk, articles]
    if shutil.which("unshare") is None:
        pytest.skip("no unshare: a small disk cannot be made")
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=300, cwd=Path(__file__).parents[3]
    )
    if "mount" in done.stderr or "unshare" in done.stderr:
        pytest.skip("a small disk may not be mounted here")
    assert done.returncode == 0, done.stderr
    assert "SpaceError" in done.stdout and "MB are needed" in done.stdout
    assert "problems []" in done.stdout and "answers True" in done.stdout


# --- S6, S7, S9, S20, S21: what the machine permits


def test_s06_a_folder_that_may_not_be_written_answers_and_refuses(
    corpus: Corpus, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = found(corpus)

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(FileLock, "acquire", refused)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with Corpus.open(corpus.path, settings=corpus.settings, read_only=True) as reader:
        assert found(reader) == before
    with Corpus.open(corpus.path, settings=corpus.settings) as writer:
        assert found(writer) == before
        with pytest.raises(CorpusError, match=r"cannot be written: Permission denied\."):
            writer.sync(articles)


def test_s08_a_reader_goes_on_while_another_writes(corpus: Corpus, articles: Path) -> None:
    before = found(corpus)
    with Corpus.open(corpus.path, settings=corpus.settings, read_only=True) as reader:
        seen: list[bool] = []
        add_more(articles)
        corpus.sync(articles, on_progress=lambda step: seen.append(before[0] in found(reader)))
        assert len(seen) > 20 and all(seen)


def test_s20_few_open_files_are_enough(tmp_path: Path, articles: Path, home: Path) -> None:
    fakes = {"RAG_INGEST__EMBEDDER": "fake:hash", "RAG_ANSWER__READER": "fake:overlap"}
    environment = os.environ | {"RAG_HOME": str(home)} | fakes
    for rest in (["sync", str(articles)], ["search", "hotline"]):
        done = subprocess.run(
            [sys.executable, "-m", "rag", *rest, "--corpus", str(tmp_path / "few.corpus")],
            capture_output=True, text=True, check=False, timeout=300, env=environment,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


def test_s21_a_file_system_without_locks_is_refused(
    corpus: Corpus, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr(FileLock, "acquire", unknown)
    with pytest.raises(CorpusError, match="knows no locks"):
        corpus.sync(articles)


# --- S12 to S17, S22: damaged, old and moved stores


def test_s13_a_truncated_ledger_is_refused_and_kept(corpus: Corpus) -> None:
    path = corpus.path / LEDGER
    corpus.close()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with (
        pytest.raises(CorpusError, match="Keep the file"),
        Corpus.open(corpus.path, settings=corpus.settings) as opened,
    ):
        assert any("ledger is damaged" in problem.what for problem in opened.verify())
        found(opened)
    assert path.read_bytes() == whole[: len(whole) // 2]


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def inflate(path: Path) -> None:
    with open(path, "ab") as file:
        file.truncate(path.stat().st_size + 10_000_000)


@pytest.mark.parametrize("damage", [truncate, inflate, Path.unlink])
def test_s14_s15_damaged_index_files_are_noticed_and_made_anew(
    corpus: Corpus, articles: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], object]
) -> None:
    before, vectors = found(corpus), corpus._store.ledger.counts()["vectors"]
    for path in (corpus.path / "dense").rglob("data_level0.bin"):
        damage(path)
    with Corpus.open(corpus.path, settings=corpus.settings) as opened:
        assert found(opened) == before
        assert any("dense index is missing or torn" in problem.what for problem in opened.verify())
        with monkeypatch.context() as patch:
            patch.setattr(opened._embedder, "embed", lambda texts: pytest.fail(f"{texts} embedded again"))
            opened.sync(articles)
    with Corpus.open(corpus.path, settings=corpus.settings) as opened:
        assert opened.verify() == [] and found(opened) == before
        assert opened._store.ledger.counts()["vectors"] == vectors


def test_s16_an_older_ledger_is_brought_up_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / LEDGER
    old = sqlite3.connect(path)
    old.executescript(schema._STEPS[0] + "PRAGMA user_version = 1;")
    old.execute("INSERT INTO articles VALUES ('a','/a.txt','A',NULL,NULL,NULL,NULL,NULL,5,'s','Texts','/','f')")
    old.execute("INSERT INTO vectors VALUES ('k', ?)", (np.ones(384, "<f4").tobytes(),))
    old.execute("INSERT INTO passages VALUES (7, 'a', 0, 5, NULL, 'text', 'k')")
    old.commit()
    old.close()
    with pytest.raises(CorpusError, match="older release"):
        Ledger(path, read_only=True)
    book = Ledger(path)
    article = book.article("a")
    assert article is not None and article.copies == () and book.text("a") == "Texts" and book.removals == 0
    numbers, vectors = book.vectors()
    assert numbers.tolist() == [7] and vectors.tolist() == [[1.0] * 384]
    with pytest.raises(sqlite3.IntegrityError):
        book._db.execute("UPDATE passages SET vector_key = 'none'")
    book.close()
    assert Ledger(path, read_only=True).known()["/a.txt"].container is None


def test_s17_a_corpus_may_be_moved(corpus: Corpus, tmp_path: Path) -> None:
    before = found(corpus)
    corpus.close()
    shutil.move(corpus.path, tmp_path / "elsewhere")
    with Corpus.open(tmp_path / "elsewhere", settings=corpus.settings) as moved:
        assert found(moved) == before and moved.verify() == []


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="there is no list of open files")
def test_a_closed_corpus_lets_go_of_its_files(corpus: Corpus) -> None:
    def held() -> list[str]:
        links = [os.readlink(path) for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
        return [link for link in links if link.startswith(str(corpus.path))]

    found(corpus)
    assert any("chroma" in link for link in held())
    corpus.close()
    end = time.monotonic() + 5
    while held() and time.monotonic() < end:  # threads of Chroma's close them
        time.sleep(0.01)
    assert held() == []


def test_s22_an_index_that_fails_is_replaced_by_comparing(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    before = found(corpus)

    def failing(*_: object) -> None:
        raise RuntimeError("Failed to apply logs to the hnsw segment writer")

    monkeypatch.setattr(dense_module.DenseIndex, "_query", failing)
    assert found(corpus) == before


# --- S18, S19: bad vectors, bad clocks


@pytest.mark.parametrize("value", [np.nan, 0.0, np.inf])
def test_s18_a_vector_that_is_none_is_refused(
    corpus: Corpus, articles: Path, monkeypatch: pytest.MonkeyPatch, value: float
) -> None:
    monkeypatch.setattr(corpus._embedder, "embed", lambda texts: np.full((len(texts), 384), value, dtype=np.float32))
    (articles / "new.txt").write_text("A zeppelin landed.", encoding="utf-8")
    with pytest.raises(BackendError, match="no unit vector for a passage of"):
        corpus.sync(articles)
    monkeypatch.undo()
    assert len(corpus.articles()) == 2


def test_s19_the_clock_may_jump_back(corpus: Corpus, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 0.0)
    (articles / "ferry.md").write_text("A zeppelin landed.", encoding="utf-8")
    os.utime(articles / "ferry.md", (0, 0))
    assert len(corpus.sync(articles).changed) == 1 and corpus.verify() == []
