from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from eval.run import Plan, run
from eval.runfile import read_run
from eval.suite import load
from eval.systems.base import Wish, build
from rag.errors import BackendError

QUOTE = "They met again in June 2023."


class Server(BaseHTTPRequestHandler):
    asked: ClassVar[list[Any]] = []

    def do_GET(self) -> None:
        self._send({"data": [{"id": "parrot"}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        Server.asked.append(body)
        question = body["messages"][-1]["content"]
        if "won" in question:
            self.send_error(503)
            return
        text = "I don't know." if "When did" in question else f"{QUOTE} [1]"
        cited = [{"number": 1, "quote": QUOTE, "article": {"id": "talks"}}]
        used = {"prompt_tokens": 7, "completion_tokens": 3}
        message = {"role": "assistant", "content": text}
        self._send({"choices": [{"message": message}], "citations": cited, "usage": used})

    def _send(self, record: object) -> None:
        data = json.dumps(record).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def url() -> Iterator[str]:
    Server.asked = []
    server = HTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


def test_a_server_is_asked_in_conversations(url: str, tiny: Path, tmp_path: Path) -> None:
    suite = load(tiny)
    system = build(Wish(name=f"openai:{url}"), suite)
    run(suite, system, Plan(system="server", out=tmp_path / "run.jsonl"))
    system.close()
    when, won, again = read_run(tmp_path / "run.jsonl").cases
    assert (when.outcome, won.outcome, again.outcome) == ("refused", "failed", "answered")
    assert "503" in (won.error or "")
    assert again.reply is not None
    assert again.reply.citations[0].article == "talks.md"
    assert again.reply.citations[0].span == again.gold[0].span
    assert again.reply.usage.tokens_in == 7
    roles = [message["role"] for message in Server.asked[-1]["messages"]]
    assert roles == ["user", "assistant", "user"]
    assert Server.asked[0]["model"] == "parrot"


def test_a_server_that_is_not_there_ends_the_run_before_it_starts(tiny: Path) -> None:
    with pytest.raises(BackendError, match=r"127\.0\.0\.1:9"):
        build(Wish(name="openai:http://127.0.0.1:9/v1"), load(tiny))
