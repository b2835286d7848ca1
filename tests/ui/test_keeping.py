"""Conversations that the server keeps: each user's own, whole after a kill, and limited in size."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from stand_in import ANSWER, REFUSAL

from ui import keeping, saved
from ui.chat import Shown
from ui.keeping import Keeping
from ui.session import Exchange, Session
from ui.strings import ENGLISH
from ui.users import Users

MARA: Any = SimpleNamespace(username="mara")
NOOR: Any = SimpleNamespace(username="noor")
FIRST = Exchange(question="Why cut?", state="done", answer=ANSWER)
SECOND = Exchange(question="WHO won?", state="done", answer=REFUSAL)
SESSION = Session(id="abc", exchanges=(FIRST,))


@pytest.fixture
def users(tmp_path: Path) -> Iterator[Users]:
    store = Users(tmp_path / "news.users", create=True)
    for name in ("mara", "noor"):
        store.put(name, "correct horse")
    yield store
    store.close()


@pytest.fixture
def kept(users: Users) -> Keeping:
    return Keeping(users, ENGLISH)


@pytest.fixture
def warned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []
    monkeypatch.setattr(gr, "Warning", said.append)
    return said


def names(kept: Keeping, request: Any, wanted: str = "") -> list[str]:
    return [row["name"] for row in json.loads(kept.find(request, wanted))["rows"]]


def showing(session: Session) -> Shown:
    return Shown(session=session, keep=saved.dump_last(session))


def asked(id: str, *questions: str) -> Shown:
    return showing(Session(id=id, exchanges=tuple(replace(FIRST, question=one) for one in questions)))


def going_on(session: Session, question: str) -> Shown:
    """Return what is shown when a page that has this session asks one more question."""
    return showing(replace(session, exchanges=(*session.exchanges, replace(FIRST, question=question))))


def questions(kept: Keeping, id: str) -> list[str]:
    return [one.question for one in saved.load(kept.text(MARA, id), ENGLISH).exchanges]


def test_without_a_user_store_everything_goes_to_the_browser() -> None:
    shown = showing(SESSION)
    assert Keeping(None, ENGLISH).one(MARA, shown) is shown


def test_a_conversation_grows_answer_by_answer_and_only_its_name_is_sent(kept: Keeping) -> None:
    (first,) = kept.each(MARA, [showing(SESSION)])
    assert json.loads(first.keep) == {"current": "abc"}
    grown = kept.one(MARA, showing(replace(first.session, exchanges=(FIRST, SECOND)))).session
    assert questions(kept, "abc") == ["Why cut?", "WHO won?"]
    again = replace(grown, exchanges=(FIRST, replace(SECOND, question="Again?")))  # in place of the second
    kept.one(MARA, showing(again))
    assert kept.text(MARA, "abc") == saved.dump(again)


def test_an_answer_that_was_cancelled_is_not_kept(kept: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = iter([showing(SESSION), showing(replace(SESSION, exchanges=(FIRST, SECOND)))])
    monkeypatch.setattr(keeping, "over", lambda: names(kept, MARA) != [])  # as soon as the first one is there
    assert list(kept.each(MARA, stream))[1:] == [Shown()]
    assert questions(kept, "abc") == ["Why cut?"]


def test_a_list_names_the_words_that_were_wanted(kept: Keeping) -> None:
    """So that the page can tell one that has been overtaken by the next key."""
    assert json.loads(kept.find(MARA, " Ümlaut<")) == {"wanted": " Ümlaut<", "rows": []}


def test_an_answer_after_one_that_was_not_kept_brings_it_along(kept: Keeping) -> None:
    first = kept.one(MARA, showing(SESSION)).session
    grown = replace(first, exchanges=(FIRST, SECOND, replace(FIRST, question="And then?")))
    kept.one(MARA, showing(grown))  # the second one never came
    assert kept.text(MARA, "abc") == saved.dump(grown)


def test_what_another_tab_has_added_is_not_cut_off(kept: Keeping) -> None:
    one = kept.one(MARA, asked("abc", "q1")).session
    other = kept.one(MARA, showing(saved.load(kept.text(MARA, "abc"), ENGLISH))).session  # it opens the last one
    one = kept.one(MARA, going_on(one, "q2")).session
    other = kept.one(MARA, going_on(other, "other")).session
    one = kept.one(MARA, going_on(one, "q3")).session
    assert one.id == "abc" and questions(kept, "abc") == ["q1", "q2", "q3"]
    assert other.id != "abc" and questions(kept, other.id) == ["q1", "other"]


def test_a_page_may_take_back_what_it_has_kept_itself_whoever_rated_it(kept: Keeping) -> None:
    one = kept.one(MARA, asked("abc", "q1", "q2", "q3")).session
    rated = replace(one, kept=(), exchanges=tuple(replace(each, rating="up") for each in one.exchanges))
    kept.one(MARA, showing(rated))  # in another tab
    one = kept.one(MARA, showing(one.before(1))).session  # q2 is edited
    assert one.id == "abc" and questions(kept, "abc") == ["q1"]


def test_what_keeps_nothing_keeps_nothing(kept: Keeping) -> None:
    assert kept.one(MARA, Shown()) == Shown()
    assert kept.one(MARA, Shown(keep="")).keep == ""
    assert names(kept, MARA) == []


def test_nobody_reaches_anothers_conversations(kept: Keeping) -> None:
    kept.one(MARA, asked("abc", "Mara's secret"))
    assert kept.text(NOOR, "abc") == "" and names(kept, NOOR) == names(kept, NOOR, "secret") == []
    kept.rename(NOOR, "abc", "Noor's")
    kept.delete(NOOR, "abc")
    assert names(kept, MARA) == ["Mara's secret"]
    kept.one(NOOR, asked("abc", "Noor's own"))  # the same name, from a file that Mara gave away
    kept.one(NOOR, asked("abc", "Noor's own", "And then?"))
    assert names(kept, NOOR) == ["Noor's own"] and "secret" not in kept.text(NOOR, "abc")
    assert names(kept, MARA) == ["Mara's secret"] and "Noor" not in kept.text(MARA, "abc")
    for username in (None, "", "%", "mara' OR '1'='1", "Mara"):
        stranger: Any = SimpleNamespace(username=username)
        assert kept.text(stranger, "abc") == "" and names(kept, stranger) == []


def test_they_are_listed_newest_first_found_renamed_and_deleted(kept: Keeping, users: Users) -> None:
    for id, question in (("a", "Über den Fluss?"), ("b", "<b>Ships</b>?"), ("c", "Ferries?")):
        kept.one(MARA, asked(id, question))
    assert names(kept, MARA) == ["Ferries?", "<b>Ships</b>?", "Über den Fluss?"]
    assert names(kept, MARA, " ÜBER ") == ["Über den Fluss?"]
    assert names(kept, MARA, "pelosi") == names(kept, MARA)  # in the answers
    assert "<" not in kept.find(MARA, "")
    kept.rename(MARA, "a", " River  crossings ")
    assert names(kept, MARA, "crossings") == ["River crossings"]
    kept.one(MARA, asked("a", "Über den Fluss?"))
    assert names(kept, MARA)[0] == "River crossings"  # a name outlives the next answer
    kept.delete(MARA, "a")
    assert names(kept, MARA) == ["Ferries?", "<b>Ships</b>?"]
    users.remove("mara")
    assert users.rows("SELECT * FROM conversations") == []


def test_what_a_reader_reads_is_searched_and_nothing_else(kept: Keeping) -> None:
    kept.one(MARA, asked("a", 'Why cut "military" <b>?'))
    stopped = Exchange(question="Who won?", state="stopped", partial="Nobody\u2019s <fleet>")
    kept.one(MARA, showing(Session(id="b", exchanges=(stopped,))))
    for wanted in ("exchanges", "footnote-conversation", "\\", "u003c"):
        assert names(kept, MARA, wanted) == [], wanted
    assert names(kept, MARA, '"MILITARY" <b>') == ['Why cut "military" <b>?']
    assert names(kept, MARA, "<fleet>") == ["Who won?"]


def test_the_oldest_make_room(kept: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.one(NOOR, asked("n", "Noor's?"))
    monkeypatch.setattr(keeping, "MOST", 2)
    for id in "abc":
        kept.one(MARA, asked(id, f"{id}?"))
    assert names(kept, MARA) == ["c?", "b?"]
    monkeypatch.setattr(keeping, "MOST_CHARACTERS", len(kept.text(MARA, "c")) + 5)
    kept.one(MARA, asked("d", "d?"))
    assert names(kept, MARA) == ["d?"] and names(kept, NOOR) == ["Noor's?"]


def test_one_that_has_become_too_long_is_told_and_stays_as_it_was(
    kept: Keeping, warned: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = kept.one(MARA, showing(SESSION)).session
    monkeypatch.setattr(keeping, "LARGEST", len(saved.dump(SESSION)))
    kept.one(MARA, showing(replace(first, exchanges=(FIRST, SECOND))))
    assert warned == [ENGLISH.too_long_to_keep] and kept.text(MARA, "abc") == saved.dump(SESSION)
    said: list[str] = []
    kept.one(MARA, showing(replace(first, exchanges=(FIRST, SECOND))), said.append)
    assert said == warned and len(warned) == 1


def test_an_answer_is_shown_even_when_it_cannot_be_kept(
    kept: Keeping, users: Users, warned: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    users.remove("mara")  # while the page is open
    with caplog.at_level(logging.ERROR):
        kept.one(MARA, asked("abc", "A private question"))
    assert warned == [ENGLISH.not_kept]
    assert "could not be kept" in caplog.text and "private" not in caplog.text


KILLED = """
import os, sys
from pathlib import Path
from ui.users import Users
users = Users(Path(sys.argv[1]))
with users.write() as db:
    db.execute("UPDATE conversations SET text = '{}'")
    db.execute("DELETE FROM users")
    os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_a_kill_while_something_is_written_loses_nothing(kept: Keeping, users: Users) -> None:
    kept.one(MARA, showing(SESSION))
    assert subprocess.run([sys.executable, "-c", KILLED, str(users.path)], check=False).returncode == -9
    assert kept.text(MARA, "abc") == saved.dump(SESSION)
    assert users.names() == ["mara", "noor"]
