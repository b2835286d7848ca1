"""Who may log in: passwords are never stored, and no other file is taken for a user store."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from stand_in import StandIn
from starlette.testclient import TestClient

from rag.errors import UserError
from ui.guard import Limits
from ui.server import app, serve
from ui.users import Users

HOME = "http://127.0.0.1:7860"
PASSWORD = "correct horse"


@pytest.fixture
def users(tmp_path: Path) -> Iterator[Users]:
    store = Users(tmp_path / "news.users", create=True)
    store.put("mara", PASSWORD)
    yield store
    store.close()


def admits(users: Users, name: str, password: str) -> bool:
    return asyncio.run(users.admits(name, password))


def test_only_a_users_own_password_admits(users: Users) -> None:
    users.put("noor", "battery staple")
    assert admits(users, "mara", PASSWORD) and admits(users, "noor", "battery staple")
    for name, password in (("mara", "battery staple"), ("mara", ""), ("Mara", PASSWORD), ("nobody", ""), ("", "")):
        assert not admits(users, name, password)
    assert not admits(users, "mara", PASSWORD + "x" * 2_000) and not admits(users, "mara", "\ud800")


def test_a_password_can_be_changed_and_a_user_removed(users: Users) -> None:
    users.put("mara", "another one")
    assert not admits(users, "mara", PASSWORD) and admits(users, "mara", "another one")
    users.remove("mara")
    assert users.names() == [] and not admits(users, "mara", "another one")
    with pytest.raises(UserError, match="no user 'mara'"):
        users.remove("mara")


def test_the_file_holds_no_password_and_is_its_owners_alone(users: Users) -> None:
    users.put("twin", PASSWORD)
    assert PASSWORD.encode() not in users.path.read_bytes()
    one, other = users.rows("SELECT hash FROM users")
    assert one != other  # each has a salt of its own
    if os.name == "posix":
        assert stat.S_IMODE(users.path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "password"), [("", PASSWORD), ("a b", PASSWORD), ("x" * 65, PASSWORD), ("mara", "short"), ("mara", "")]
)
def test_a_name_or_password_that_will_not_do_is_told(users: Users, name: str, password: str) -> None:
    with pytest.raises(UserError, match=r"will not do|A password has"):
        users.put(name, password)
    assert admits(users, "mara", PASSWORD)


def test_a_full_disk_is_told_as_such_and_changes_nothing(users: Users) -> None:
    with pytest.raises(sqlite3.OperationalError, match="disk is full"), users.write() as db:
        db.execute("DELETE FROM users")
        db.execute("ROLLBACK")  # SQLite's own, when it finds no room
        raise sqlite3.OperationalError("database or disk is full")
    assert admits(users, "mara", PASSWORD)


def test_what_is_no_user_store_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no user store at .*rag user NAME"):
        Users(tmp_path / "missing")
    (tmp_path / "text").write_text("Not a database, and long enough to be read as one." * 20, encoding="utf-8")
    db = sqlite3.connect(tmp_path / "other")
    db.execute("CREATE TABLE articles (id)")
    db.commit()
    db.close()
    for name in ("text", "other"):
        before = (tmp_path / name).read_bytes()
        with pytest.raises(UserError, match="user store"):
            Users(tmp_path / name, create=True)
        assert (tmp_path / name).read_bytes() == before
    with pytest.raises(UserError, match="cannot be opened"):
        Users(tmp_path / "no" / "folder", create=True)


def test_nothing_is_shown_before_the_log_in(users: Users) -> None:
    with TestClient(app({"news": StandIn()}, users=users), base_url=HOME) as client:
        for path in ("/config", "/gradio_api/info", "/original/news/talks", "/gradio_api/queue/data?session_hash=x"):
            assert client.get(path).status_code == 401, path
        for path in ("/gradio_api/queue/join", "/gradio_api/run/find", "/gradio_api/call/find", "/gradio_api/upload"):
            assert client.post(path, json={"data": []}).status_code == 401, path
        for path in ("/", "/?all_endpoints=true"):
            assert "The Post" not in client.get(path).text, "nor what may be chosen from"
        assert client.post("/login", data={"username": "mara", "password": "wrong one"}).status_code == 400
        assert client.get("/config").status_code == 401
        assert client.post("/login", data={"username": "mara", "password": PASSWORD}).status_code == 200
        assert "The Post" in client.get("/config").text
        assert client.get("/original/news/talks").status_code == 404  # let in; there is no such file
        foreign = client.get("/logout", headers={"sec-fetch-site": "cross-site"})  # an image on somebody's page
        assert foreign.status_code == 403 and client.get("/config").status_code == 200
        client.get("/logout", headers={"sec-fetch-site": "same-origin"})
        assert client.get("/config").status_code == 401


def test_passwords_cannot_be_tried_quickly(users: Users) -> None:
    with TestClient(app(StandIn(), users=users, limits=Limits(log_ins_per_minute=2)), base_url=HOME) as client:
        tries = [client.post("/login", data={"username": "mara", "password": "x"}).status_code for _ in range(3)]
    assert tries == [400, 400, 429]


def test_a_server_without_anybody_to_let_in_does_not_start(users: Users, tmp_path: Path) -> None:
    users.remove("mara")
    with pytest.raises(UserError, match="holds no users"):
        serve((tmp_path / "corpus",), port=0, users=users.path)
    with pytest.raises(UserError, match="no encryption"):
        serve((), host="0.0.0.0", users=users.path)


def test_the_store_may_be_named_from_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    Users(Path("~/two words"), create=True).close()
    assert (tmp_path / "two words").is_file()
    with pytest.raises(UserError, match=r"--users '.*/no such'`"):
        Users(Path("~/no such"))
    with pytest.raises(UserError, match="cannot be opened"):
        Users(Path("a" * 300))
