"""Who may log in, in one SQLite file that also holds what the server keeps for them: see `keeping`.

A password is never stored: only what scrypt makes of it, with a salt of its own.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import re
import secrets
import shlex
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rag.errors import UserError
from rag.home import expanded

SHORTEST = 8
"""Characters of a password, at least."""
_LONGEST = 1_000
_NAME = re.compile(r"[\w.@-]{1,64}")
_MARK = 0x466E7573
"""SQLite's application id, so that no other file is taken for a user store."""
_TABLES = f"""
BEGIN;
CREATE TABLE users (name TEXT PRIMARY KEY, salt BLOB NOT NULL, hash BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE conversations (
    user TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    id TEXT NOT NULL, time REAL NOT NULL, name TEXT NOT NULL DEFAULT '', text TEXT NOT NULL,
    PRIMARY KEY (user, id)
);
PRAGMA application_id = {_MARK};
COMMIT;
"""


class Users:
    """One connection to a user store, shared by threads; `create` makes the file when there is none.

    Raises:
        UserError: there is no such file, or it is something else.
    """

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self.path = expanded(path)
        self._lock = threading.RLock()
        self._db = _connect(self.path, create=create)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it or nothing, on disk when it returns."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # a full disk has ended it already
                    self._db.execute("ROLLBACK")
                raise

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return what a query finds; like `write`, for this package."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def names(self) -> list[str]:
        return [str(row[0]) for row in self.rows("SELECT name FROM users ORDER BY name")]

    def put(self, name: str, password: str) -> None:
        """Let somebody in, or give them another password.

        Raises:
            UserError: the name or the password will not do.
        """
        if not _NAME.fullmatch(name):
            raise UserError(f"{name!r} will not do: a name has 1 to 64 letters, digits, dots, dashes, _ or @.")
        if not SHORTEST <= len(password) <= _LONGEST:
            raise UserError(f"A password has {SHORTEST} to {_LONGEST:,} characters: choose another.")
        salt = secrets.token_bytes(16)
        with self.write() as db:
            db.execute(
                "INSERT INTO users VALUES (?, ?, ?) "
                "ON CONFLICT DO UPDATE SET salt = excluded.salt, hash = excluded.hash",
                (name, salt, _hash(password, salt)),
            )

    def remove(self, name: str) -> None:
        """Let somebody in no more, and delete what was kept for them.

        Raises:
            UserError: there is nobody of this name.
        """
        with self.write() as db:
            if not db.execute("DELETE FROM users WHERE name = ?", (name,)).rowcount:
                raise UserError(f"There is no user {name!r} in {self.path}.")

    async def admits(self, name: str, password: str) -> bool:
        """Whether the password is this user's; takes as long when there is no such user."""
        return await asyncio.to_thread(self._admits, name, password)

    def _admits(self, name: str, password: str) -> bool:
        found = self.rows("SELECT salt, hash FROM users WHERE name = ?", (name,))
        salt, known = found[0] if found else (b"", b"")
        same = hmac.compare_digest(_hash(password[:_LONGEST], salt), known)
        return same and len(password) <= _LONGEST


def _hash(password: str, salt: bytes) -> bytes:
    """Return scrypt's hash, at the cost that OWASP advises for 16 MB of memory."""
    return hashlib.scrypt(password.encode(errors="surrogatepass"), salt=salt, n=2**14, r=8, p=5)


def _connect(path: Path, *, create: bool) -> sqlite3.Connection:
    try:
        if not create and not path.is_file():
            quoted = shlex.quote(str(path))
            raise UserError(f"There is no user store at {path}: add a user with `rag user NAME --users {quoted}`.")
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # for its owner alone
        db = sqlite3.connect(path, isolation_level=None, timeout=5, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise UserError(f"{path} cannot be opened: {error}. Give another file with --users.") from None
    try:
        _prepare(db, path)
    except sqlite3.Error as error:
        db.close()
        raise UserError(f"{path} cannot be used as a user store: {error}. Give another file with --users.") from None
    except UserError:
        db.close()
        raise
    return db


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    db.create_function("fold", 1, lambda text: str(text).casefold(), deterministic=True)
    if not db.execute("PRAGMA page_count").fetchone()[0]:
        db.executescript(_TABLES)
    if db.execute("PRAGMA application_id").fetchone()[0] != _MARK:
        raise UserError(f"{path} is not a user store. Give another file with --users.")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA secure_delete = ON")  # what was deleted leaves no trace in the file
    db.execute("PRAGMA synchronous = FULL")
