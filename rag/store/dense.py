"""Dense search: published Chroma generations, and exact search over what is newer. The only file that imports chromadb.

A generation is built in a new folder, closed, checked in a child process and then pointed to by one file that
is replaced atomically; it is never changed afterwards, because Chroma's HNSW files do not survive a kill in
the middle of a write. Vectors that no generation holds yet are compared one by one, which is exact and takes
milliseconds, so a small sync costs little and a broken generation is never an outage.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rag import child
from rag.quiet import silence
from rag.store import files, forks
from rag.store.generation import Generation, Pointer, new_folder
from rag.store.ledger import Ledger, Numbers, Vectors

log = logging.getLogger(__name__)

OnCount = Callable[[int, int], None]
"""Called with how many rows are done, and of how many."""

COLLECTION = "passages"
STALE_ROWS = 2_000
"""How many rows may be newer than the generation, or gone from it, before a new one is built."""
STALE_SHARE = 0.1
_BATCH = 5_000  # Chroma refuses more than 5,461 rows in one call
_HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}
_FLUSHED = 1_000
"""Rows after which Chroma flushes an index to its files; a smaller one is flushed when it is whole."""
_counting = threading.Lock()
"""Chroma shares one system among clients of a folder, but does not count them safely when two threads open it."""


@dataclass(eq=False)
class _Opened:
    """A generation that is open."""

    generation: Generation
    client: Any
    collection: Any
    asking: int = 0
    """How many threads ask it at this moment."""


class DenseIndex:
    """Nearest passages by cosine; vectors are unit rows of the ledger."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        self.folder = folder
        self._ledger = ledger
        self._pointer = Pointer(folder)
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        self._loaded: tuple[int, int, Numbers, Vectors] | None = None
        """The ledger's revision, the number behind which they begin, and all vectors from there on."""

    def search(self, vector: Vectors, k: int, within: Numbers | None = None) -> list[int]:
        """Return up to `k` passage numbers, nearest first, all of them in `within` when it is given.

        A filtered search is exact: it compares every vector that the filter lets through. So is any search in a
        process that was forked from one which had used Chroma.
        """
        generation = self.published() if within is None and not forks.forked() else None
        numbers, rows = self._newer_than(generation.high if generation else 0)
        if within is not None:
            inside = np.isin(numbers, within)
            numbers, rows = numbers[inside], rows[inside]
        found = _nearest(vector, numbers, rows, k)
        if generation:
            found += self._query_or_compare(generation, vector, k)
        found.sort(key=lambda pair: (-pair[1], pair[0]))
        return [number for number, _ in found[:k]]

    def published(self) -> Generation | None:
        """Return the published generation, None when there is none or its files are not what was published."""
        return self._pointer.read()

    def stale(self) -> bool:
        """Tell whether so much has changed since the generation was built that a new one is due."""
        generation, alive = self.published(), self._ledger.numbers()
        if generation is None:
            return bool(alive.size)
        if self.holds_removed(generation):
            return True
        kept = int(np.count_nonzero(alive <= generation.high))
        drift = (len(alive) - kept) + (generation.rows - kept)
        return drift > max(STALE_ROWS, STALE_SHARE * len(alive))

    def holds_removed(self, generation: Generation) -> bool:
        """Tell whether passages of articles that were removed are still in a generation."""
        kept = int(np.count_nonzero(self._ledger.numbers() <= generation.high))
        return generation.removals != self._ledger.removals and generation.rows > kept

    def bytes_needed(self) -> int:
        """Return about how much a new generation of what is alive takes on disk while it is built."""
        one = self._ledger.vectors(batch=1)[1]
        return len(self._ledger.numbers()) * (2 * one.nbytes + 1_200) + 2_000_000

    def publish(self, on_progress: OnCount | None = None) -> None:
        """Build a generation from the ledger, check it in a child process, point to it. Writers only.

        One that does not read back is dropped: the old one stays, and what it lacks is compared exactly. A forked
        process can build none: it only deletes those that hold what was removed.
        """
        current = self.published() if forks.forked() else None
        if not self._ledger.numbers().size or (current and self.holds_removed(current)):
            self.drop()
        if not self._ledger.numbers().size or forks.forked():
            return
        folder = new_folder(self.folder)
        try:
            generation, reason = self._made(folder, on_progress)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        if reason:
            log.warning("A new dense index did not read back (%s); vectors are compared one by one instead.", reason)
            shutil.rmtree(folder, ignore_errors=True)
            return
        self._pointer.write(generation)
        self.tidy()

    def tidy(self) -> None:
        """Delete generations that are neither published nor the one before, which a reader may still hold."""
        if current := self.published():
            for path in self.folder.glob("gen-*"):
                if path.name not in (current.name, current.previous):
                    shutil.rmtree(path, ignore_errors=True)

    def _made(self, folder: Path, on_progress: OnCount | None) -> tuple[Generation, str | None]:
        """Build a generation and return what the pointer is to say of it, and what is wrong with it."""
        previous, removals = self.published(), self._ledger.removals
        high, rows = self._build(folder, on_progress)
        reason = _checked_by_child(folder, rows)
        found = {name: (size, files.crc(folder / name)) for name, size in files.sizes(folder).items()}
        files.to_disk(folder)
        keeps = previous is not None and previous.removals == removals
        name = previous.name if previous and keeps else None
        made = Generation(
            name=folder.name, previous=name, high=high, rows=rows, removals=removals, files=found,
            database=files.database_crc(folder / "chroma.sqlite3"),
        )  # fmt: skip
        return made, reason

    def check(self) -> str | None:
        """Return what is wrong with the published generation, looked at from a child process."""
        generation = self.published()
        return _checked_by_child(self.folder / generation.name, generation.rows) if generation else None

    def drop(self) -> None:
        """Delete every generation; `publish` builds one again."""
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def close(self) -> None:
        """Let go of the files and threads of what was asked; the next question opens it again."""
        with self._lock:
            self._replace_opened(None)

    def _build(self, folder: Path, on_progress: OnCount | None) -> tuple[int, int]:
        total, rows, high = len(self._ledger.numbers()), 0, 0
        hnsw = {**_HNSW, "sync_threshold": min(total, _FLUSHED)}
        with closing(client(folder)) as chroma:
            collection = chroma.create_collection(COLLECTION, configuration={"hnsw": hnsw}, embedding_function=None)
            while True:
                numbers, vectors = self._ledger.vectors(after=high, batch=_BATCH)
                if not numbers.size:
                    return high, rows
                collection.add(ids=[str(n) for n in numbers.tolist()], embeddings=vectors)
                rows, high = rows + len(numbers), int(numbers[-1])
                if on_progress:
                    on_progress(rows, total)

    def _query_or_compare(self, generation: Generation, vector: Vectors, k: int) -> list[tuple[int, float]]:
        try:
            return self._query(generation, vector, k)
        except Exception as error:  # whatever Chroma raises on files that are damaged or were just deleted
            log.warning("The dense index cannot be asked (%s); vectors are compared one by one instead.", error)
            numbers, rows = self._ledger.vectors()
            older = numbers <= generation.high
            return _nearest(vector, numbers[older], rows[older], k)

    def _query(self, generation: Generation, vector: Vectors, k: int) -> list[tuple[int, float]]:
        alive = self._ledger.numbers()
        gone = generation.rows - int(np.count_nonzero(alive <= generation.high))
        with self._collection(generation) as collection:
            answer = collection.query(
                query_embeddings=vector[None, :], n_results=min(k + gone, generation.rows), include=["distances"]
            )
        numbers = np.array([int(i) for i in answer["ids"][0]], dtype=np.int64)
        kept = np.isin(numbers, alive)
        distances = np.array(answer["distances"][0], dtype=np.float64)
        return [(int(n), 1.0 - float(d)) for n, d in zip(numbers[kept], distances[kept], strict=True)][:k]

    @contextmanager
    def _collection(self, generation: Generation) -> Iterator[Any]:
        """Lend a generation's collection; one that was replaced meanwhile is closed by the last thread that asks it."""
        with self._lock:
            if self._opened is None or self._opened.generation != generation:
                self._replace_opened(_open(self.folder, generation))
            assert self._opened
            lent = self._opened
            lent.asking += 1
        try:
            yield lent.collection
        finally:
            with self._lock:
                lent.asking -= 1
                if lent is not self._opened:
                    _close_unless_asked(lent)

    def _replace_opened(self, new: _Opened | None) -> None:
        """Call it with the lock held."""
        old, self._opened = self._opened, new
        if old:
            _close_unless_asked(old)

    def _newer_than(self, high: int) -> tuple[Numbers, Vectors]:
        """Return the numbers and vectors behind `high`; all of them stay in memory once a filter has asked for them."""
        with self._lock:
            revision = self._ledger.revision
            if self._loaded is None or self._loaded[0] != revision or self._loaded[1] > high:
                self._loaded = (revision, high, *self._ledger.vectors(after=high))
            numbers, rows = self._loaded[2:]
            first = int(np.searchsorted(numbers, high, side="right"))
            return numbers[first:], rows[first:]


def _checked_by_child(folder: Path, rows: int) -> str | None:
    command, environment = child.command("rag.store.check_generation", str(folder), str(rows)), child.environment()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode == 0:
        return None
    lines = (done.stdout or done.stderr).strip().splitlines()
    return lines[-1] if lines else f"exit status {done.returncode}"


def client(folder: Path) -> Any:
    """Open a folder with Chroma; the caller closes it."""
    silence()
    import chromadb
    from chromadb.config import Settings

    forks.used()
    return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


def _open(folder: Path, generation: Generation) -> _Opened:
    with _counting:
        chroma = client(folder / generation.name)
        try:
            opened = _Opened(generation, chroma, chroma.get_collection(COLLECTION, embedding_function=None))
        except BaseException:
            chroma.close()
            raise
        forks.open_now.add(opened)
        return opened


def _close_unless_asked(opened: _Opened) -> None:
    if not opened.asking and not forks.forked():
        with _counting:
            forks.open_now.discard(opened)
            opened.client.close()


def _nearest(vector: Vectors, numbers: Numbers, rows: Vectors, k: int) -> list[tuple[int, float]]:
    if not numbers.size:
        return []
    scores = rows @ vector
    best = np.argsort(-scores, kind="stable")[:k]
    return [(int(numbers[i]), float(scores[i])) for i in best]
