"""Exact copies: an article that says exactly what another one says holds no text, passages or vectors of its own.

It points to the other, its original. When the original changes or goes, a copy takes its place; the passages
keep their numbers, so no index notices. The functions work within a transaction of the ledger's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A passage that is about to be written."""

    start: int
    end: int
    heading: str | None
    kind: str
    vector_key: str
    """Hash of the text that was embedded, see `vectors`."""


def original(db: sqlite3.Connection, sha256: str, drafts: Sequence[Draft]) -> str | None:
    """Return the article that holds this text in exactly these passages, None when there is none."""
    wanted = [(d.start, d.end, d.heading, d.kind, d.vector_key) for d in drafts]
    for (id,) in db.execute("SELECT id FROM articles WHERE sha256 = ? AND copy_of IS NULL ORDER BY id", (sha256,)):
        columns = "start, end, heading, kind, vector_key"
        if (
            db.execute(f"SELECT {columns} FROM passages WHERE article_id = ? ORDER BY number", (id,)).fetchall()
            == wanted
        ):
            return str(id)
    return None


def delete(db: sqlite3.Connection, id: str) -> bool:
    """Delete an article, if there is one; tell whether passages went with it."""
    if not hand_over(db, id):
        had = db.execute("SELECT 1 FROM passages WHERE article_id = ? LIMIT 1", (id,)).fetchone() is not None
    else:
        had = False
    db.execute("DELETE FROM articles WHERE id = ?", (id,))
    return had


def hand_over(db: sqlite3.Connection, id: str) -> bool:
    """Let the first copy of an article take its place, if it has one."""
    heir = db.execute("SELECT id FROM articles WHERE copy_of = ? ORDER BY id LIMIT 1", (id,)).fetchone()
    if heir is None:
        return False
    db.execute(
        "UPDATE articles SET copy_of = NULL, (text, signature) = (SELECT text, signature FROM articles WHERE id = ?) "
        "WHERE id = ?",
        (id, heir[0]),
    )
    db.execute("UPDATE articles SET copy_of = ? WHERE copy_of = ?", (heir[0], id))
    db.execute("UPDATE passages SET article_id = ? WHERE article_id = ?", (heir[0], id))
    return True
