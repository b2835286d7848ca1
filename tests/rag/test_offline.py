"""Nothing leaves the machine: import, sync, ask and the page's start, with every other host refused."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.offline import Blocked, is_local

ASK = """
from rag.offline import Guard
guard = Guard()
import socket
try:
    socket.create_connection(("192.0.2.1", 80), timeout=1)
except ConnectionError:
    guard.attempts.clear()
else:
    raise SystemExit("the guard does not guard")
import rag
with rag.Corpus.open() as corpus:
    assert corpus.ask("why were military channels cut?").answered
    {more}
raise SystemExit(", ".join(guard.attempts) or 0)
"""
PAGE = """
    from fastapi.testclient import TestClient
    from ui.server import app
    with TestClient(app(corpus), base_url="http://127.0.0.1:7860") as client:
        assert client.get("/").status_code == 200
"""


SYNC = """
    import os
    report = corpus.sync(os.environ["ARTICLES"])
    assert len(report.added) == 2 and not report.failed
"""


@pytest.mark.parametrize("more", ["", SYNC, PAGE], ids=["ask", "sync", "page"])
def test_nothing_leaves_the_machine(home: Path, articles: Path, more: str) -> None:
    (articles / "ferry.md").unlink()
    (articles / "line.html").write_text(f"<html><body><p>{'The line was opened in 2016. ' * 9}</p></body></html>")
    done = subprocess.run(
        [sys.executable, "-c", ASK.format(more=more)],
        capture_output=True, text=True, check=False,
        env=os.environ | {"RAG_HOME": str(home), "ARTICLES": str(articles)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org", "2001:db8::1"])
def test_the_guard_refuses_other_hosts(host: str) -> None:
    with pytest.raises(Blocked, match="nothing may leave"):
        socket.create_connection((host, 80), timeout=1)


def _sends(host: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        datagrams.sendmsg([b"x"], [], 0, (host, 9))


@pytest.mark.parametrize(
    "tries",
    [
        socket.gethostbyname, socket.gethostbyname_ex, socket.gethostbyaddr,
        lambda host: socket.getnameinfo((host, 9), 0), _sends,
    ],
    ids=["gethostbyname", "gethostbyname_ex", "gethostbyaddr", "getnameinfo", "sendmsg"],
)  # fmt: skip
def test_the_guard_hears_every_way_out(tries: Callable[[str], object]) -> None:
    with pytest.raises(Blocked, match=r"'192\.0\.2\.1' was refused"):
        tries("192.0.2.1")
    tries("127.0.0.1")


def test_a_message_between_processes_of_this_machine_passes() -> None:
    one, other = socket.socketpair()
    with one, other:
        assert one.sendmsg([b"x"]) == 1 and other.recv(1) == b"x"


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("127.8.8.8", True), ("10.0.0.1", False), ("a.b", False)],
)
def test_what_counts_as_this_machine(host: str, local: bool) -> None:
    assert is_local(host) is local
