"""What the server lets in, and what it says about itself. Called in process, without a network."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
import uvicorn
from stand_in import StandIn
from starlette.testclient import TestClient

from rag import Corpus
from rag.errors import CorpusError, UserError
from rag.settings import Settings
from ui import guard
from ui.guard import Limits
from ui.owned import Owned
from ui.server import LOOPBACK, _config, _in_url, _opened, _run, app, serve

HOME = "http://127.0.0.1:7860"
QUEUED = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""Gradio's queue counts its events with pandas, in ways that pandas 3 advises against."""


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(app(StandIn(), limits=Limits(body=2_000)), base_url=HOME) as client:
        yield client


def test_the_page_comes_with_headers_that_shut_out_other_sites(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "Footnote" in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy and "http" not in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "access-control-allow-origin" not in page.headers


def test_health_and_readiness(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_it_is_not_ready_when_the_corpus_cannot_be_read() -> None:
    class Broken(StandIn):
        def articles(self, where: object = None, *, limit: int | None = None, offset: int = 0) -> list:
            if limit == 1:
                raise CorpusError("The ledger is damaged: run rag doctor.")
            return []

    with TestClient(app(Broken()), base_url=HOME) as client:
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["reason"] == "The ledger is damaged: run rag doctor."


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
def test_another_host_name_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize(
    "headers", [{"origin": "http://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]
)
def test_a_request_from_another_site_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/gradio_api/queue/join", json={}, headers=headers).status_code == 403
    assert client.post("/gradio_api/queue/join", json={}, headers={"origin": HOME}).status_code != 403


def test_a_foreign_origin_is_not_echoed(client: TestClient) -> None:
    answer = client.get("/config", headers={"origin": "http://evil.example"})
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=https://evil.example/x", "/file=http://evil.example/x",
        "/gradio_api/FILE=HTTPS://evil.example/x", "/gradio_api/runs",
        "/gradio_api/proxy=https://evil.example", "/gradio_api/deep_link?session_hash=x",
        "/monitoring/summary", "/openapi.json", "/gradio_api/openapi.json",
    ],
)  # fmt: skip
def test_routes_that_fetch_or_show_what_is_not_the_readers_are_closed(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("path", ["/gradio_api/file=/etc/passwd", "/gradio_api/file=../../../etc/passwd"])
def test_files_of_the_machine_are_not_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (403, 404)


def happen(client: TestClient, element: str, event: str, sent: object) -> str:
    """Send an event of one of the page's elements, with this as the element's value; return all that comes back."""
    page = client.get("/config").json()
    parts = {one["id"]: one for one in page["components"]}
    ids = {id for id, one in parts.items() if one["props"].get("elem_id") == element}
    wired = next(one for one in page["dependencies"] if any([id, event] in one["targets"] for id in ids))
    data = [sent if id in ids else parts[id]["props"].get("value") for id in wired["inputs"]]
    body = {"fn_index": wired["id"], "data": data, "session_hash": "tab", "trigger_id": min(ids)}
    assert client.post("/gradio_api/queue/join", json=body).status_code == 200
    return client.get("/gradio_api/queue/data", params={"session_hash": "tab"}).text


def file(path: str) -> dict[str, Any]:
    return {"path": path, "meta": {"_type": "gradio.FileData"}}


@QUEUED
@pytest.mark.parametrize("check", [Owned.preprocess_data, gr.Blocks.preprocess_data], ids=["ours", "Gradio's alone"])
def test_a_file_of_the_machine_cannot_be_asked_for(check: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache, secret = tmp_path / "cache", tmp_path / "secret.txt"
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(cache))
    monkeypatch.setattr(Owned, "preprocess_data", check)
    secret.write_text("The secret tunnel was opened in March.", encoding="utf-8")
    with TestClient(app(StandIn()), base_url=HOME) as client:
        said = happen(client, "question", "submit", file(str(secret)))
        said += happen(client, "files", "upload", [file(str(secret))])
    assert said.count('"success":false') == 2 and str(cache) not in said
    assert list(cache.rglob("*")) == [] and secret.exists()


@QUEUED
def test_an_upload_is_taken_in_and_neither_a_folder_of_them_nor_an_address(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(cache))
    with TestClient(app(corpus), base_url=HOME) as client:
        given = {"files": ("tunnel.txt", b"The tunnel was opened in March.")}
        upload = client.post("/gradio_api/upload", files=given).json()[0]
        for wrong in (str(cache), str(Path(upload).parent), "http://127.0.0.1:9/tunnel.txt"):
            assert '"success":false' in happen(client, "files", "upload", [file(wrong)])
        assert Path(upload).is_file()
        assert "1 added" in happen(client, "files", "upload", [file(upload)])
    assert [path.name for path in (corpus.path / "uploads").iterdir()] == ["tunnel.txt"]


def test_an_announced_and_an_unannounced_oversized_body_are_refused(client: TestClient) -> None:
    assert client.post("/gradio_api/queue/join", content=b"x" * 2_001).status_code == 413
    assert client.post("/gradio_api/queue/join", content=iter([b"x" * 1_500, b"x" * 1_500])).status_code == 413


def test_an_address_that_asks_too_often_is_told_to_wait() -> None:
    with TestClient(app(StandIn(), limits=Limits(per_minute=3)), base_url=HOME) as client:
        codes = [client.post("/gradio_api/queue/join", json={}).status_code for _ in range(5)]
        assert [code == 429 for code in codes] == [False, False, False, True, True]
        assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(("proxy", "refused"), [(None, True), ("127.0.0.1", False)])
def test_a_forwarded_address_counts_only_from_a_proxy_that_is_named(
    proxy: str | None, refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FORWARDED_ALLOW_IPS", raising=False)
    if proxy:
        monkeypatch.setenv("FORWARDED_ALLOW_IPS", proxy)
    config = _config(app(StandIn(), limits=Limits(per_minute=2)))
    config.load()
    client = TestClient(config.loaded_app, base_url=HOME, client=("127.0.0.1", 1))
    for n in range(3):
        last = client.post("/gradio_api/queue/join", json={}, headers={"x-forwarded-for": f"9.9.9.{n}"})
    assert (last.status_code == 429) is refused


def test_the_pace_recovers_with_time_and_forgets_old_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(guard.time, "monotonic", lambda: now)
    monkeypatch.setattr(guard, "_ADDRESSES", 2)
    pace = guard.Pace(60)
    assert [pace.allows("a") for _ in range(61)] == [True] * 60 + [False]
    now = 1.0
    assert [pace.allows("a"), pace.allows("a")] == [True, False]
    assert pace.allows("b") and pace.allows("c") and pace.allows("a")  # forgotten, so it starts anew


def test_a_body_that_drips_in_is_given_up() -> None:
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        await asyncio.sleep(0.05)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/gradio_api/queue/join", "raw_path": b"", "query_string": b"",
        "headers": [(b"host", b"127.0.0.1:7860"), (b"content-type", b"application/json")], "client": ("a", 1),
        "server": ("127.0.0.1", 7860), "scheme": "http", "http_version": "1.1", "root_path": "",
    }  # fmt: skip
    slow = app(StandIn(), limits=Limits(seconds=0.2))
    asyncio.run(asyncio.wait_for(slow(scope, receive, send), 10))
    assert sent[0]["status"] == 408


def test_no_gradio_route_answers_without_the_page(client: TestClient) -> None:
    info = client.get("/gradio_api/info").json()
    assert info["named_endpoints"] == {}


def test_a_taken_port_is_told_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=rf"Port {port} is taken.*--port") as told:
            serve((), port=port)
    assert "\n" not in str(told.value)


def test_streams_that_are_cut_off_at_the_end_are_not_told(caplog: pytest.LogCaptureFixture) -> None:
    class Stopping(uvicorn.Server):
        def run(self, sockets: list[socket.socket] | None = None) -> None:
            for self.should_exit in (False, True):
                logging.getLogger("uvicorn.error").error(
                    "Exception in ASGI application, stopping: %s", self.should_exit
                )

    with socket.socket() as listener:
        _run(Stopping(uvicorn.Config(app(StandIn()), log_config=None)), listener)
    assert caplog.messages == ["Exception in ASGI application, stopping: False"]


def test_a_number_that_is_no_port_is_told() -> None:
    with pytest.raises(UserError, match="70000 is not a port"):
        serve((), port=70_000)


@pytest.mark.parametrize("named", [True, False], ids=["--corpus", "RAG_CORPUS"])
def test_a_corpus_that_serving_makes_is_told(
    tmp_path: Path,
    settings: Settings,
    named: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "typo.corpus"
    monkeypatch.setenv("RAG_CORPUS", str(folder))
    with _opened([folder] if named else [], settings):
        told = capsys.readouterr().err
    assert told.startswith(f"{folder} is new and empty: ") and told.count("\n") == 1
    with _opened([folder], settings):
        assert capsys.readouterr().err == ""


def test_corpora_of_one_name_each_have_a_name_of_their_own(tmp_path: Path, settings: Settings) -> None:
    paths = [tmp_path / name for name in ("news (2).corpus", "news.corpus", "other/news.corpus", "news")]
    with _opened(paths, settings) as corpora:
        assert list(corpora) == ["news (2)", "news", "news (3)", "news (4)"]
        assert [corpus.path for corpus in corpora.values()] == paths


def test_it_is_not_opened_to_other_machines_by_accident() -> None:
    with pytest.raises(UserError, match="no log-in"):
        serve((), host="0.0.0.0")


def test_ipv6_stands_in_brackets_and_lets_no_other_name_in() -> None:
    assert [_in_url(host) for host in ("::1", "0:0:0:0:0:0:0:1", "127.0.0.1", "localhost")] == [
        "[::1]", "[::1]", "127.0.0.1", "localhost"
    ]  # fmt: skip
    with TestClient(app(StandIn(), hosts=(*LOOPBACK, _in_url("::1"))), base_url="http://[::1]:7977") as client:
        assert client.get("/healthz").status_code == 200
        for host in ("[::2]:7977", "[", "[::1].evil.example", "evil.example"):
            assert client.get("/healthz", headers={"host": host}).status_code == 400
