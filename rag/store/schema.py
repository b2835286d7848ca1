"""The ledger's tables, and the mapping between rows and records."""

from __future__ import annotations

import json
import os
import sqlite3
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from rag.errors import CorpusError, LockedError, UserError
from rag.records import Article, Filter, Passage
from rag.store.space import full, is_full

_STEPS = (
    """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE articles (
    id TEXT PRIMARY KEY, path TEXT UNIQUE, title TEXT NOT NULL, author TEXT, published TEXT, source TEXT,
    url TEXT, language TEXT, chars INTEGER NOT NULL, sha256 TEXT NOT NULL,
    text TEXT NOT NULL, root TEXT, file_sha256 TEXT NOT NULL
);
CREATE TABLE vectors (key TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL, heading TEXT, kind TEXT NOT NULL,
    vector_key TEXT NOT NULL REFERENCES vectors (key)
);
CREATE INDEX passages_article ON passages (article_id);
CREATE INDEX passages_vector ON passages (vector_key);
CREATE INDEX articles_published ON articles (published);
INSERT INTO meta VALUES ('revision', 0);
""",
    """
ALTER TABLE articles ADD COLUMN container TEXT;
ALTER TABLE articles ADD COLUMN copy_of TEXT REFERENCES articles (id);
ALTER TABLE articles ADD COLUMN story TEXT;
ALTER TABLE articles ADD COLUMN signature BLOB;
CREATE INDEX articles_sha256 ON articles (sha256);
CREATE INDEX articles_same ON articles (COALESCE(copy_of, id));
CREATE TABLE containers (path TEXT PRIMARY KEY, root TEXT NOT NULL, sha256 TEXT NOT NULL, failures TEXT NOT NULL)
WITHOUT ROWID;
INSERT INTO meta VALUES ('removals', 0);
""",
    # without a rowid, a row of this size takes a page of its own; with one, two share it
    """
CREATE TABLE packed (key TEXT PRIMARY KEY, data BLOB NOT NULL);
INSERT INTO packed SELECT key, data FROM vectors ORDER BY key;
DROP TABLE vectors;
ALTER TABLE packed RENAME TO vectors
""",
)
"""What leads from each version of the format to the next; only ever added to."""
VERSION = len(_STEPS)

SAME = "COALESCE(articles.copy_of, articles.id)"
"""The article that holds the text and the passages: itself, but for an exact copy."""
_WRONG_TYPE = ("datatype mismatch", "user-defined function raised exception")
"""What SQLite says of a limit that is no number, and of a value that `_fold` cannot take."""
_MAY_NOT = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_READONLY_DIRECTORY)
"""What SQLite says where it has nothing to undo, but the file or its folder may not be written."""
ARTICLE_COLUMNS = f"""articles.id, path, title, author, published, source, url, language, chars, sha256, story,
(SELECT json_group_array(id) FROM (SELECT other.id FROM articles AS other
 WHERE COALESCE(other.copy_of, other.id) = {SAME} AND other.id <> articles.id ORDER BY other.id))"""
INSERT_ARTICLE = f"""INSERT INTO articles (id, path, title, author, published, source, url, language, chars, sha256,
text, root, file_sha256, container, copy_of) VALUES ({",".join("?" * 15)})"""


def connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """Open the ledger, creating its tables when the file is new.

    Raises:
        CorpusError: the file is not a ledger, is damaged, or was made by a newer release.
    """
    try:
        target = f"{path.absolute().as_uri()}?mode={_mode(path, read_only=read_only)}"
        wait = 5 if read_only else 30  # what was read and embedded is not to be lost to a reader that is slow
        db = sqlite3.connect(target, uri=True, isolation_level=None, timeout=wait, check_same_thread=False)
        db.create_function("fold", 1, _fold, deterministic=True)
        db.execute("PRAGMA secure_delete = ON")  # what was removed leaves no trace in the file
        db.execute("PRAGMA synchronous = FULL")
        db.execute(f"PRAGMA query_only = {'ON' if read_only else 'OFF'}")
        if not read_only:
            _upgrade(db)  # before foreign keys are enforced: a table that others refer to is made anew
        db.execute("PRAGMA foreign_keys = ON")
        version = _version(db)
    except sqlite3.DatabaseError as error:
        raise failed(path, error) from error
    if version > VERSION:
        raise CorpusError(f"{path.parent} was made by a newer release (format {version}): upgrade footnote-rag.")
    if version < VERSION:
        raise CorpusError(f"{path.parent} is of an older release: `rag articles --corpus {path.parent}` brings it up.")
    return db


def _mode(path: Path, *, read_only: bool) -> str:
    if not read_only:
        return "rwc"
    # Also a reader must be able to undo what a killed writer left half done.
    return "rw" if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK) else "ro"


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _upgrade(db: sqlite3.Connection) -> None:
    """Bring an empty file, or the ledger of an older release, to this format: all of it or nothing."""
    if _version(db) >= VERSION:
        return
    db.execute("BEGIN IMMEDIATE")
    for step in _STEPS[_version(db) :]:  # read again: another process may have been first
        for statement in step.split(";"):
            db.execute(statement)
    db.execute(f"PRAGMA user_version = {max(VERSION, _version(db))}")
    db.execute("COMMIT")


def is_busy(error: BaseException) -> bool:
    """Tell whether an error is another process that held the file for longer than was waited."""
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY


def is_damage(error: BaseException | None) -> bool:
    """Tell whether an error says that the file itself is broken."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest says in which way
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR)


def failed(path: Path, error: sqlite3.DatabaseError) -> UserError:
    """Say why the ledger cannot be read or written, and what to do."""
    if is_full(error):
        return full(path.parent, 1_000_000)
    if is_busy(error):
        return LockedError(f"{path.parent} is in use by another process: try again in a moment.")
    if getattr(error, "sqlite_errorcode", None) in _MAY_NOT:
        return CorpusError(f"The ledger {path} may not be written from here: check its owner and permissions.")
    if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CANTOPEN:
        return CorpusError(f"The ledger {path} may not be read from here ({error}): check its owner and permissions.")
    if "readonly database" in str(error):
        return CorpusError(f"{path.parent} was left in the middle of a write: open it once where it may be written.")
    if "closed database" in str(error):
        return CorpusError(f"The corpus {path.parent} has been closed: open it again.")
    if is_damage(error):
        return CorpusError(
            f"The ledger {path} cannot be used ({error}). Keep the file, open a new corpus folder and sync again."
        )
    if isinstance(error, sqlite3.ProgrammingError) or any(words in str(error) for words in _WRONG_TYPE):
        return UserError(f"A filter, id, limit or offset is of the wrong type ({error}).")
    return CorpusError(f"The ledger {path} cannot be used ({error}).")


def conditions(where: Filter | None) -> tuple[str, list[object]]:
    """Return the SQL condition and its values for a filter.

    Raises:
        UserError: a date is not ISO.
    """
    if where is None:
        return "1", []
    parts: list[tuple[str, object]] = []
    if where.published_from is not None:
        parts.append(("published >= ?", _iso(where.published_from)))
    if where.published_to is not None:
        parts.append(("published <= ?", _iso(where.published_to)))
    for column in ("source", "author"):
        if (value := getattr(where, column)) is not None:
            parts.append((f"instr(fold({column}), fold(?)) > 0", value))
    if where.language is not None:
        parts.append(("language = ?", where.language))
    if where.path_prefix is not None:
        parts.append(("instr(path, ?) = 1", _beginning(where.path_prefix)))
    clause = [sql for sql, _ in parts]
    values = [value for _, value in parts]
    if where.article_ids is not None:
        # one value, for there may be more of them than a statement takes
        clause.append("articles.id IN (SELECT value FROM json_each(?))")
        values.append(json.dumps([storable(id) for id in where.article_ids]))
    return " AND ".join(clause) or "1", values


def article(row: Sequence[object]) -> Article:
    """Build an article from `ARTICLE_COLUMNS`."""
    id_, path, title, author, published, source, url, language, chars, sha256, story, copies = row
    return Article(
        id=str(id_),
        path=_text(path),
        title=str(title),
        author=_text(author),
        published=None if published is None else date.fromisoformat(str(published)),
        source=_text(source),
        url=_text(url),
        language=_text(language),
        chars=int(str(chars)),
        sha256=str(sha256),
        story=_text(story),
        copies=tuple(json.loads(str(copies))),
    )


def article_row(article: Article) -> tuple[object, ...]:
    """Return the first ten values of `INSERT_ARTICLE`."""
    published = article.published.isoformat() if article.published else None
    head = (article.id, article.path, article.title, article.author, published, article.source)
    return (*head, article.url, article.language, article.chars, article.sha256)


def passage(row: Sequence[object]) -> tuple[Passage, Article]:
    """Build a passage from its number, start, end, heading, text and its article's columns."""
    start, end = int(str(row[1])), int(str(row[2]))
    found = article(row[5:])
    passage_id = f"{found.id}:{start}-{end}"
    record = Passage(id=passage_id, article_id=found.id, start=start, end=end, text=str(row[4]), heading=_text(row[3]))
    return record, found


def renamed(passage: Passage, owner: Article) -> tuple[Passage, Article]:
    """Return a passage as that of an exact copy of its article."""
    id = f"{owner.id}:{passage.start}-{passage.end}"
    return replace(passage, id=id, article_id=owner.id), owner


def storable(value: object) -> object:
    """Return a value of a query; NULL, which equals nothing, for half a surrogate pair: no stored text has one."""
    try:
        if isinstance(value, str):
            value.encode()
    except UnicodeEncodeError:
        return None
    return value


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _fold(value: str | None) -> str | None:
    """Case folded as Python does it, as SQLite's own `lower` knows ASCII only, and each accent written in one way."""
    return None if value is None else unicodedata.normalize("NFC", value.casefold())


def _beginning(prefix: str) -> str:
    """Return how a path begins as paths are stored: absolute, links followed, a separator at the end kept."""
    try:
        whole = os.path.realpath(prefix) if prefix else ""
    except (TypeError, ValueError):  # of the wrong type, or with a zero character, which no path has
        return prefix
    return os.path.join(whole, "") if prefix.endswith(os.sep) else whole


def _iso(value: date | str) -> str:
    if isinstance(value, date):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise UserError(f"{value!r} is not a date: write it as 2023-07-31.") from None
