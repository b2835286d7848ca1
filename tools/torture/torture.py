"""One corpus under torture beside one that is left in peace."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import chromadb  # noqa: F401  so that no child has to import it
import tantivy  # noqa: F401

from rag.corpus import Corpus
from rag.settings import AnswerSettings, Ingest, Settings
from rag.store import containers, copies, dense, files, ledger, lexical, stories
from tools.torture.child import ended, forked
from tools.torture.compare import answers, manifest, questions
from tools.torture.folder import change, fill

SETTINGS = Settings(ingest=Ingest(embedder="fake:hash"), answer=AnswerSettings(reader="fake:overlap"))
HELD_BACK = re.compile(r"The (lexical|dense) index (lacks|is missing|still holds)|holds \d+ that are gone")
"""Problems that the next sync mends: an index that was about to follow the ledger."""
POINTS: dict[str, tuple[Any, str, int]] = {
    "an article": (ledger.Ledger, "put", 10),
    "within an article's transaction": (copies, "original", 10),
    "within a removal's transaction": (copies, "delete", 8),
    "a removal": (ledger.Ledger, "remove", 2),
    "a file of several articles": (containers, "keep", 1),
    "signatures": (stories, "_sign", 1),
    "stories": (stories, "_name", 1),
    "the lexical index": (lexical.LexicalIndex, "_write", 1),
    "a file that is replaced": (files, "replace", 2),
    "the rename of a file": (os, "replace", 2),
    "a flush to disk": (os, "fsync", 8),
    "the dense index": (dense.DenseIndex, "_build", 1),
    "the check of the dense index": (dense, "_checked_by_child", 1),
    "the dense index's way to the disk": (files, "to_disk", 1),
    "tidying": (dense.DenseIndex, "tidy", 2),
    "a deletion of a folder": (shutil, "rmtree", 1),
}
"""Where a kill is placed: before or after one of the first calls of a function."""


@dataclass
class Outcome:
    """What happened."""

    articles: int = 0
    kills: int = 0
    at: dict[str, int] = field(default_factory=dict)
    """Kills by place."""
    rounds: int = 0
    """Syncs that got through and were compared with an uninterrupted corpus."""
    lost: int = 0
    """Articles that were stored, as far as the sync knew, and were not there afterwards."""
    unreadable: int = 0
    reader_crashes: int = 0
    differences: int = 0
    approximate: int = 0
    """Questions, 50 a round, for which the two approximate indexes give other passages; exactly compared, none may."""
    answers_meanwhile: int = 0
    """Questions answered by a reader that was never restarted."""
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def clean(self) -> bool:
        return not (self.lost or self.unreadable or self.reader_crashes or self.differences)


class Torture:
    """One corpus under torture beside one that is left in peace, over the same folder."""

    def __init__(self, work: Path, sources: Sequence[Path], seed: int) -> None:
        self.random = random.Random(seed)
        self.folder = work / "articles"
        self.tortured, self.peaceful = work / "tortured.corpus", work / "peaceful.corpus"
        self.acknowledged = work / "acknowledged"
        self.outcome = Outcome(articles=fill(self.folder, sources))
        self.usual = 1.0

    def run(self, kills: int, minutes: float) -> Outcome:
        """Kill until there were as many kills as wanted or the time is up, then let the last sync through."""
        began = time.monotonic()
        reader: tuple[int, Path] | None = None
        places = self._places()
        while self.outcome.kills < kills and time.monotonic() - began < 60 * minutes:
            self.acknowledged.write_bytes(b"")
            killed = self._attempt(*next(places))
            if self.tortured.exists():
                reader = reader or self._start_reader()
            self._look()
            if not killed or self.outcome.kills % 12 == 0:
                self._finish_round()
                change(self.folder, self.random)
            said = f"{time.monotonic() - began:.0f} s: {self.outcome.kills} kills, {self.outcome.rounds} rounds"
            print(said, file=sys.stderr, flush=True)
        self._finish_round()
        if reader:
            self._stop_reader(*reader)
        self.outcome.seconds = round(time.monotonic() - began, 1)
        return self.outcome

    def _places(self) -> Iterator[tuple[str, str]]:
        while True:
            both = [(name, when) for name in POINTS for when in ("before", "after")]
            for name, when in self.random.sample(both, len(both)):
                yield name, when
                yield "a random moment", "after"

    def _attempt(self, name: str, when: str) -> bool:
        """Sync with a kill at this place; tell whether it was killed."""
        pid = os.fork()
        if pid == 0:
            self._sync_asended(name, when)
        began = time.monotonic()
        if name == "a random moment":
            time.sleep(self.random.uniform(0, self.usual))
            os.kill(pid, signal.SIGKILL)
        status = os.waitpid(pid, 0)[1]
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            self.outcome.kills += 1
            place = f"{when} {name}" if name in POINTS else name
            self.outcome.at[place] = self.outcome.at.get(place, 0) + 1
            return True
        if status:
            self._problem("unreadable", f"a sync ended with status {status}")
        self.usual = max(0.2, 0.5 * self.usual + 0.5 * (time.monotonic() - began))
        return False

    def _sync_asended(self, name: str, when: str) -> None:
        self._acknowledge()
        if name in POINTS:
            self._plant(*POINTS[name], when=when)
        ended(lambda: self._sync(self.tortured), os.open(os.devnull, os.O_WRONLY))

    def _sync(self, path: Path) -> int:
        with Corpus.open(path, settings=SETTINGS) as corpus:
            return len(corpus.sync(self.folder).added)

    def _acknowledge(self) -> None:
        """Note every article once its transaction is through, before anything else can happen."""
        put, note = ledger.Ledger.put, os.open(self.acknowledged, os.O_WRONLY | os.O_APPEND)

        def noted(book: ledger.Ledger, article: Any, *rest: Any) -> None:
            put(book, article, *rest)
            os.write(note, f"{article.id}\n".encode())

        ledger.Ledger.put = noted  # type: ignore[method-assign]

    def _plant(self, home: Any, name: str, most: int, *, when: str) -> None:
        original, left = getattr(home, name), self.random.randint(1, most)

        def deadly(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0 and when == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            result = original(*arguments, **named)
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        setattr(home, name, deadly)

    def _look(self) -> None:
        """See from a fresh process what is left."""
        if not (self.tortured / "ledger.sqlite").exists():
            return
        known = self.acknowledged.read_text(encoding="utf-8").split()
        status, seen = forked(lambda: self._seen(known))
        if os.WIFSIGNALED(status):
            self._problem("reader_crashes", f"a fresh reader ended by signal {os.WTERMSIG(status)}")
        elif status:
            self._problem("unreadable", "a fresh reader could not read the corpus")
        else:
            for what in seen["problems"]:
                self._problem("unreadable", what)
            for id in seen["lost"]:
                self._problem("lost", f"{id} is gone")

    def _seen(self, known: list[str]) -> dict[str, list[str]]:
        with Corpus.open(self.tortured, settings=SETTINGS, read_only=True) as corpus:
            here = {article.id for article in corpus.articles()}
            problems = [problem.what for problem in corpus.verify()]
            corpus.ask("What did the agency report?")
        return {
            "lost": sorted(set(known) - here),
            "problems": [what for what in problems if not HELD_BACK.search(what)],
        }

    def _finish_round(self) -> None:
        """Let a sync through, and compare with the corpus that was left in peace."""
        for path in (self.tortured, self.peaceful):
            if forked(lambda path=path: self._sync(path))[0]:
                self._problem("unreadable", f"an uninterrupted sync of {path.name} failed")
                return
        status, found = forked(self._compare)
        for what in found["differences"] if status == 0 else ["the two corpora could not be compared"]:
            self._problem("differences", what)
        self.outcome.approximate += found["approximate"] if status == 0 else 0
        self.outcome.rounds += 1

    def _compare(self) -> dict[str, Any]:
        with (
            Corpus.open(self.tortured, settings=SETTINGS) as one,
            Corpus.open(self.peaceful, settings=SETTINGS) as other,
        ):
            mine, theirs = manifest(one), manifest(other)
            found = [key for key in mine.keys() | theirs.keys() if mine.get(key) != theirs.get(key)]
            found += [problem.what for problem in one.verify()]
            asked = questions(other, 50)
            near = sum(a != b for a, b in zip(answers(one, asked), answers(other, asked), strict=True))
            # Two approximate indexes with other histories may miss other rows; what is stored must be the same.
            dense.DenseIndex.published = lambda index: None  # type: ignore[method-assign]
            pairs = zip(asked, answers(one, asked), answers(other, asked), strict=True)
            found += [f"other passages for {question!r}" for question, a, b in pairs if a != b]
            return {"differences": found, "approximate": near}

    def _start_reader(self) -> tuple[int, Path]:
        """Start a reader that asks one question after the other until it is told to stop."""
        said = self.acknowledged.with_name("reader")
        pid = os.fork()
        if pid == 0:
            ended(lambda: self._read_on(said), os.open(os.devnull, os.O_WRONLY))
        return pid, said

    def _read_on(self, said: Path) -> None:
        while not (self.tortured / "dense").exists():
            time.sleep(0.1)
        with Corpus.open(self.tortured, settings=SETTINGS, read_only=True) as corpus:
            asked = questions(corpus, 20)
            count = 0
            while not said.with_suffix(".stop").exists():
                for hit in corpus.search(asked[count % len(asked)], k=10):
                    assert len(hit.passage.text) == hit.passage.end - hit.passage.start
                count += 1
                time.sleep(0.2)
        said.write_text(str(count), encoding="utf-8")

    def _stop_reader(self, pid: int, said: Path) -> None:
        said.with_suffix(".stop").touch()
        if status := os.waitpid(pid, 0)[1]:
            self._problem("reader_crashes", f"the reader ended with status {status}")
        else:
            self.outcome.answers_meanwhile = int(said.read_text(encoding="utf-8"))

    def _problem(self, kind: str, what: str) -> None:
        setattr(self.outcome, kind, getattr(self.outcome, kind) + 1)
        self.outcome.problems.append(f"{kind}: {what}")
