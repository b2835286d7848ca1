"""Conversations that the server keeps for users who log in; without a user store, the browser keeps them.

Whatever is read or changed is looked up under the name of the user who asks, so that nobody reaches another's.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from ui import saved
from ui.chat import Shown
from ui.saved import LARGEST, inert
from ui.session import Session
from ui.strings import Strings
from ui.turns import over
from ui.users import Users

log = logging.getLogger(__name__)

Tell = Callable[[str], None]

MOST = 200
"""Conversations kept for one user; the oldest make room."""
MOST_CHARACTERS = 20_000_000
"""Characters kept for one user."""
_LONGEST_NAME = 120
_LIST = f"""
SELECT id, COALESCE(NULLIF(name, ''), SUBSTR(JSON_EXTRACT(text, '$.exchanges[0].question'), 1, {_LONGEST_NAME}))
FROM conversations WHERE user = ?1 AND (?2 = '' OR INSTR(FOLD(name), ?2) OR EXISTS (
    SELECT 1 FROM JSON_EACH(text, '$.exchanges') WHERE INSTR(FOLD(JSON_EXTRACT(value, '$.question')), ?2)
    OR INSTR(FOLD(COALESCE(JSON_EXTRACT(value, '$.answer.text'), JSON_EXTRACT(value, '$.partial'), '')), ?2)
)) ORDER BY time DESC
"""
"""What is searched is what a reader reads: names, questions and answers, not the document that they are kept in."""
_PRUNE = """
DELETE FROM conversations WHERE user = :user AND id NOT IN (
    SELECT id FROM (
        SELECT id, ROW_NUMBER() OVER newest AS place, SUM(LENGTH(text)) OVER newest AS characters
        FROM conversations WHERE user = :user WINDOW newest AS (ORDER BY time DESC, id ROWS UNBOUNDED PRECEDING)
    ) WHERE place <= :most AND characters <= :most_characters
)
"""


class Keeping:
    """Keeps what the chat's handlers show, when there is a user store; without one, it changes nothing."""

    def __init__(self, users: Users | None, strings: Strings) -> None:
        self.users = users
        self.strings = strings

    def each(self, request: gr.Request, stream: Iterable[Shown]) -> Iterator[Shown]:
        """Yield what a handler shows, with `one` done to it, as long as nothing has taken its place."""
        for shown in stream:
            if over():
                yield Shown()  # the last thing said is sent once more when a stream ends
                return
            yield self.one(request, shown)

    def one(self, request: gr.Request, shown: Shown, tell: Tell | None = None) -> Shown:
        """Keep the conversation for the user, and send its name to the browser instead of its text.

        `tell` tells the user of one that cannot be kept; without it, Gradio does.
        """
        if self.users is None or not isinstance(shown.keep, str) or not shown.keep:
            return shown
        session = self._kept(self.users, str(request.username), shown.session, tell or gr.Warning)
        return shown._replace(session=session, keep=_message(current=session.id))

    def text(self, request: gr.Request, id: str) -> str:
        """Return a conversation of this user; empty when there is none of this name."""
        found = self._rows("SELECT text FROM conversations WHERE user = ? AND id = ?", str(request.username), id)
        return str(found[0][0]) if found else ""

    def find(self, request: gr.Request, wanted: str) -> str:
        """Return the names of this user's conversations that hold these words, newest first, and the words."""
        found = self._rows(_LIST, str(request.username), wanted.strip().casefold())
        return _message(wanted=wanted, rows=[{"id": id, "name": name or "…"} for id, name in found])

    def rename(self, request: gr.Request, id: str, name: str) -> None:
        """Give one of this user's conversations another name."""
        change = "UPDATE conversations SET name = ? WHERE user = ? AND id = ?"
        self._change(change, " ".join(name.split())[:_LONGEST_NAME], str(request.username), id)

    def delete(self, request: gr.Request, id: str) -> None:
        """Delete one of this user's conversations."""
        self._change("DELETE FROM conversations WHERE user = ? AND id = ?", str(request.username), id)

    def _rows(self, sql: str, *values: str) -> list[tuple[Any, ...]]:
        return self.users.rows(sql, values) if self.users else []

    def _change(self, sql: str, *values: str) -> None:
        if self.users:
            with self.users.write() as db:
                db.execute(sql, values)

    def _kept(self, users: Users, user: str, session: Session, tell: Tell) -> Session:
        try:
            if stored := _store(users, user, session):
                return stored
            tell(self.strings.too_long_to_keep)
        except (sqlite3.Error, ValueError) as error:  # the answer is shown all the same
            log.error("a conversation could not be kept: %s", error)
            tell(self.strings.not_kept)
        return session


def _store(users: Users, user: str, session: Session) -> Session | None:
    """Store a conversation and return it as it is kept; None when it has become too long.

    What another page has added to it is not cut off: then this one goes on as a conversation of its own.
    """
    with users.write() as db:
        row = db.execute("SELECT text FROM conversations WHERE user = ? AND id = ?", (user, session.id)).fetchone()
        if row and _cuts(_said(row[0]), session):
            session = session.apart()
        document = saved.dump(session)
        if len(document) > LARGEST:
            return None
        db.execute(
            "INSERT INTO conversations (user, id, time, text) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET time = excluded.time, text = excluded.text",
            (user, session.id, time.time(), document),
        )
        db.execute(_PRUNE, {"user": user, "most": MOST, "most_characters": MOST_CHARACTERS})
    return replace(session, kept=_said(document))


def _cuts(there: tuple[tuple[str, str], ...], session: Session) -> bool:
    """Whether storing a session would take away what its own page has not written."""
    return there != session.kept and there != _said(saved.dump(session))[: len(there)]


def _said(document: str) -> tuple[tuple[str, str], ...]:
    """Return questions and answers alone: a rating in another tab makes no other conversation."""
    exchanges = json.loads(document)["exchanges"]
    return tuple(
        (one["question"], one["answer"]["text"] if "answer" in one else one.get("partial", "")) for one in exchanges
    )


def _message(**said: Any) -> str:
    return inert(json.dumps(said, ensure_ascii=False))
