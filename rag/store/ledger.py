"""The ledger: one SQLite file that holds everything a corpus knows.

Articles, passages (offsets only, no copied text) and vectors. Every index is derived from it and can be
deleted at any time. Passages are immutable rows with numbers that are never used twice: a changed article
gets new numbers, so whatever an index says about a number is either true or about a row that is gone.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rag.errors import CorpusError
from rag.records import Article, Filter, Passage
from rag.store import copies, schema
from rag.store.copies import Draft
from rag.store.origin import Known, Origin
from rag.store.schema import ARTICLE_COLUMNS, SAME, conditions
from rag.store.space import is_full

__all__ = ["Draft", "Known", "Ledger", "Numbers", "Origin", "Vectors"]

Numbers = NDArray[np.int64]
Vectors = NDArray[np.float32]


class Ledger:
    """One connection to a corpus's ledger, shared by threads.

    Raises:
        CorpusError: the file is not a ledger, is damaged, or was made by a newer release.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._db = schema.connect(path, read_only=read_only)
        self._numbers: tuple[int, Numbers] | None = None

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def write(self, *, revise: bool = True) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it or nothing, on disk when it returns.

        Raises:
            LockedError: a reader blocks it.
            CorpusError: the file is damaged, may not be written, or was closed.
            sqlite3.IntegrityError: what was to be written contradicts itself: a fault of ours.
            sqlite3.OperationalError: the disk is full; whoever knows how much is to come says how much is needed.
        """
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield self._db
                if revise:
                    self._db.execute("UPDATE meta SET value = value + 1 WHERE key = 'revision'")
                self._db.execute("COMMIT")
            except BaseException as error:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                if not isinstance(error, sqlite3.DatabaseError) or isinstance(error, sqlite3.IntegrityError):
                    raise
                if is_full(error):
                    raise
                raise schema.failed(self.path, error) from error

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """Return what a query finds; like `write`, for this package."""
        with self._lock:
            try:
                return self._db.execute(sql, [schema.storable(value) for value in values]).fetchall()
            except sqlite3.DatabaseError as error:
                raise schema.failed(self.path, error) from error

    # --- what is there

    @property
    def revision(self) -> int:
        """Grows with every change of articles, by whichever process."""
        return int(self.meta("revision") or 0)

    def meta(self, key: str) -> str | None:
        rows = self.rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else None

    def set_meta(self, key: str, value: str) -> None:
        with self.write(revise=False) as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def articles(self, where: Filter | None = None, *, limit: int | None = None, offset: int = 0) -> list[Article]:
        """Return articles, newest first, those without a date last."""
        clause, values = conditions(where)
        order = "ORDER BY published IS NULL, published DESC, title, id LIMIT ? OFFSET ?"
        rows = self.rows(
            f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE {clause} {order}",
            [*values, -1 if limit is None else limit, offset],
        )
        return [schema.article(row) for row in rows]

    def distinct(self, column: Literal["source", "author"]) -> tuple[str, ...]:
        """Return what articles have in a column, each once."""
        rows = self.rows(f"SELECT DISTINCT {column} FROM articles WHERE {column} IS NOT NULL ORDER BY {column}")
        return tuple(str(row[0]) for row in rows)

    def article(self, article_id: str) -> Article | None:
        rows = self.rows(f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id = ?", (article_id,))
        return schema.article(rows[0]) if rows else None

    def text(self, article_id: str) -> str | None:
        """Return an article's text; a copy's is its original's."""
        holder = f"SELECT {SAME} FROM articles WHERE id = ?"
        rows = self.rows(f"SELECT text FROM articles WHERE id = ({holder})", (article_id,))
        return str(rows[0][0]) if rows else None

    def known(self) -> dict[str, Known]:
        """Return what is known of every article that came from a file, by its path."""
        rows = self.rows("SELECT id, path, root, file_sha256, container FROM articles WHERE path IS NOT NULL")
        found = (
            Known(
                id=str(id),
                path=str(path),
                root=None if root is None else str(root),
                file_sha256=str(digest),
                container=None if container is None else str(container),
            )
            for id, path, root, digest, container in rows
        )
        return {known.path: known for known in found}

    def counts(self) -> dict[str, int]:
        """Return how many `articles`, `passages` and `vectors` there are."""
        return {
            table: int(str(self.rows(f"SELECT count(*) FROM {table}")[0][0]))
            for table in ("articles", "passages", "vectors")
        }

    # --- passages

    def numbers(self, where: Filter | None = None) -> Numbers:
        """Return the numbers of all passages, ascending, or of those whose article fits `where`."""
        if where is not None:
            return self._select_numbers(where)
        revision = self.revision
        if self._numbers is None or self._numbers[0] != revision:
            self._numbers = (revision, self._select_numbers(None))
        return self._numbers[1]

    def _select_numbers(self, where: Filter | None) -> Numbers:
        clause, values = conditions(where)
        fits = "1" if where is None else f"article_id IN (SELECT {SAME} FROM articles WHERE {clause})"
        rows = self.rows(f"SELECT number FROM passages WHERE {fits} ORDER BY number", values)
        return np.array([row[0] for row in rows], dtype=np.int64)

    def passages(self, numbers: Collection[int], where: Filter | None = None) -> dict[int, tuple[Passage, Article]]:
        """Return passages and their articles by number; numbers that are gone are left out.

        Where exact copies hold a passage, its article is the original, or the first one that fits `where`.
        """
        marks = ",".join("?" * len(numbers))
        rows = self.rows(
            "SELECT number, start, end, heading, substr(text, start + 1, end - start), "
            f"{ARTICLE_COLUMNS} FROM passages JOIN articles ON articles.id = article_id "
            f"WHERE number IN ({marks})",
            [int(number) for number in numbers],
        )
        found = {int(str(row[0])): schema.passage(row) for row in rows}
        return found if where is None else self._cited_as(found, where)

    def _cited_as(self, found: dict[int, tuple[Passage, Article]], where: Filter) -> dict[int, tuple[Passage, Article]]:
        owners = sorted({article.id for _, article in found.values() if article.copies})
        clause, values = conditions(where)
        marks = ",".join("?" * len(owners))
        rows = self.rows(
            f"SELECT {SAME}, {ARTICLE_COLUMNS} FROM articles WHERE {SAME} IN ({marks}) AND {clause} "
            "ORDER BY copy_of IS NOT NULL DESC, articles.id DESC",
            [*owners, *values],
        )
        names = {str(row[0]): schema.article(row[1:]) for row in rows}  # the last one stays: the original, if it fits
        return {
            number: schema.renamed(passage, names[article.id]) if article.id in names else (passage, article)
            for number, (passage, article) in found.items()
        }

    def passages_after(self, number: int, *, batch: int = 1000) -> Iterator[dict[int, tuple[Passage, Article]]]:
        """Yield all passages with a greater number, ascending, in batches."""
        while True:
            rows = self.rows("SELECT number FROM passages WHERE number > ? ORDER BY number LIMIT ?", (number, batch))
            if not rows:
                return
            chunk = [int(str(row[0])) for row in rows]
            found = self.passages(chunk)
            yield {n: found[n] for n in chunk if n in found}
            number = chunk[-1]

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return an article's passages in order; a copy's are its original's."""
        holder = f"SELECT {SAME} FROM articles WHERE id = ?"
        rows = self.rows(f"SELECT number FROM passages WHERE article_id = ({holder}) ORDER BY start", (article_id,))
        found = self.passages([int(str(row[0])) for row in rows], Filter(article_ids=(article_id,)))
        return sorted((passage for passage, _ in found.values()), key=lambda one: one.start)

    def kinds(self, numbers: Collection[int]) -> dict[int, str]:
        """Return what each passage is: `text` or `caption`."""
        marks = ",".join("?" * len(numbers))
        rows = self.rows(f"SELECT number, kind FROM passages WHERE number IN ({marks})", [int(n) for n in numbers])
        return {int(str(n)): str(kind) for n, kind in rows}

    # --- vectors

    def vectors(self, *, after: int = 0, batch: int | None = None) -> tuple[Numbers, Vectors]:
        """Return numbers (n,) and vectors (n, dimension) of passages with a greater number, ascending."""
        rows = self.rows(
            "SELECT number, data FROM passages JOIN vectors ON key = vector_key WHERE number > ? "
            "ORDER BY number LIMIT ?",
            (after, -1 if batch is None else batch),
        )
        numbers = np.array([row[0] for row in rows], dtype=np.int64)
        if not rows:
            return numbers, np.zeros((0, 0), dtype=np.float32)
        return numbers, np.stack([np.frombuffer(row[1], dtype="<f4") for row in rows])  # type: ignore[call-overload]

    def missing_vectors(self, keys: Iterable[str]) -> set[str]:
        """Return those keys for which no vector is stored."""
        wanted = set(keys)
        have: set[str] = set()
        for chunk in _chunks(sorted(wanted), 500):
            marks = ",".join("?" * len(chunk))
            have.update(str(row[0]) for row in self.rows(f"SELECT key FROM vectors WHERE key IN ({marks})", chunk))
        return wanted - have

    # --- changes

    def put(
        self, article: Article, text: str, origin: Origin, drafts: Sequence[Draft], vectors: Mapping[str, Vectors]
    ) -> None:
        """Store an article with its passages and new vectors, replacing an earlier version, in one transaction.

        An exact copy of another article is stored as its name only.
        """
        with self.write() as db:
            copies.delete(db, article.id)
            original = copies.original(db, article.sha256, drafts)
            row = (*schema.article_row(article), "" if original else text)
            db.execute(schema.INSERT_ARTICLE, (*row, origin.root, origin.file_sha256, origin.container, original))
            if original:
                return
            db.executemany(
                "INSERT OR IGNORE INTO vectors VALUES (?, ?)",
                [(key, np.asarray(vector, dtype="<f4").tobytes()) for key, vector in vectors.items()],
            )
            db.executemany(
                "INSERT INTO passages (article_id, start, end, heading, kind, vector_key) VALUES (?, ?, ?, ?, ?, ?)",
                [(article.id, d.start, d.end, d.heading, d.kind, d.vector_key) for d in drafts],
            )

    def remove(self, ids: Collection[str]) -> None:
        """Delete articles with their passages, and every vector that no passage needs any more.

        What the indexes hold of them must go too: they see it by `removals`.
        """
        if not ids:
            return
        with self.write() as db:
            marks = "DELETE FROM containers WHERE path = (SELECT container FROM articles WHERE id = ?)"
            db.executemany(marks, [(id,) for id in ids])  # whoever syncs it next is to look at it again
            if sum(copies.delete(db, id) for id in ids):
                db.execute("UPDATE meta SET value = value + 1 WHERE key = 'removals'")
            db.execute("DELETE FROM vectors WHERE key NOT IN (SELECT vector_key FROM passages)")

    def sweep(self) -> None:
        """Delete every vector that no passage needs any more: changed articles leave some."""
        with self.write(revise=False) as db:
            db.execute("DELETE FROM vectors WHERE key NOT IN (SELECT vector_key FROM passages)")

    @property
    def removals(self) -> int:
        """Grows whenever articles are removed of which the indexes may hold passages."""
        return int(self.meta("removals") or 0)

    def check(self) -> str | None:
        """Return what SQLite finds wrong with the file, None when all is well.

        Raises:
            CorpusError: it cannot be looked at: it was closed, or another process holds it.
        """
        try:
            verdict = str(self.rows("PRAGMA quick_check")[0][0])
        except CorpusError as error:
            if not schema.is_damage(error.__cause__):
                raise
            return str(error.__cause__)
        return None if verdict == "ok" else verdict


def _chunks(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
