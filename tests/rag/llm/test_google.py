"""What only Google's protocol has: its errors, thoughts, blocked questions, and settings of its library."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from rag.llm.base import Delta, Limits, Message
from rag.llm.build import load
from rag.llm.faults import Fault, from_status
from rag.llm.names import PROVIDERS, installed
from rag.settings import Generate, Settings
from tests.rag.llm.scripted_server import Handler, Server

pytestmark = pytest.mark.skipif(
    not installed(PROVIDERS["google"].integration), reason="the extra google is not installed"
)
KEY = "AIza-planted-0123456789"
ASKED = [Message(role="system", text="Be brief."), Message(role="user", text="Why?")]
SLOW_DOWN = """{"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "details": [
  {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "37.5s"}]}}"""


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("GOOGLE_API_KEY", "GOOGLE_GEMINI_BASE_URL", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("GEMINI_API_KEY", KEY)


def asked(server: Server, path: str = "") -> list[Delta]:
    settings = Settings(generate=Generate(base_url=server.url + path)).with_llm("google:m")
    model = load(settings)
    assert model is not None
    limits = Limits(deadline=time.monotonic() + 10, connect=1.0, tokens_out=50)
    return [delta for delta in model.stream(ASKED, limits) if delta]


def sending(*records: dict[str, Any], status: int = 200) -> Callable[[Handler], None]:
    def script(h: Handler) -> None:
        h.begin(status)
        for record in records:
            h.send(f"data: {json.dumps(record)}\r\n\r\n" if status == 200 else json.dumps(record))
        h.end()

    return script


def test_what_is_sent() -> None:
    with Server("google", lambda h: h.say("Yes.")) as server:
        deltas = asked(server, "/proxy")
    assert "".join(delta.text for delta in deltas) == "Yes." and deltas[-1].finish == "stop"
    request = server.requests[0]
    assert request["path"] == "/proxy/v1beta/models/m:streamGenerateContent?alt=sse"
    assert request["headers"]["x-goog-api-key"] == KEY
    assert request["body"]["systemInstruction"]["parts"] == [{"text": "Be brief."}]
    assert request["body"]["contents"] == [{"role": "user", "parts": [{"text": "Why?"}]}]


def test_vertex_ai_in_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"USE_VERTEXAI": "true", "USE_ENTERPRISE": "true"}.items():
        monkeypatch.setenv(f"GOOGLE_GENAI_{name}", value)
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "a-project")
    with Server("google", lambda h: h.say("Yes.")) as server:
        asked(server, "/vertex")
    assert server.requests[0]["path"] == "/vertex/v1beta/models/m:streamGenerateContent?alt=sse"
    assert server.requests[0]["headers"]["x-goog-api-key"] == KEY


def test_thoughts_are_not_shown_and_are_counted() -> None:
    parts = [{"text": "Hm, let me think.", "thought": True}, {"text": "Yes."}]
    usage = {"promptTokenCount": 7, "candidatesTokenCount": 1, "thoughtsTokenCount": 9}
    record = {"candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP"}]}
    with Server("google", sending({**record, "usageMetadata": usage})) as server:
        deltas = asked(server)
    assert deltas == [Delta(text="Yes.", tokens_in=7, tokens_out=10, finish="stop")]


def test_a_blocked_question_ends_without_text() -> None:
    with Server("google", sending({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}})) as server:
        assert [(delta.text, delta.finish) for delta in asked(server)] == [("", "prohibited_content")]


def test_a_wrong_key_is_told_as_such() -> None:
    error = {"code": 400, "message": f"API key not valid: {KEY}", "status": "INVALID_ARGUMENT",
             "details": [{"reason": "API_KEY_INVALID", "domain": "googleapis.com"}]}  # fmt: skip
    with (
        Server("google", sending({"error": error}, status=400)) as server,
        pytest.raises(Fault, match=r"key was rejected by 127.0.0.1:\d+ \(400\)$") as caught,
    ):
        asked(server)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(("code", "kind"), [(503, "server"), (429, "busy"), (404, "model")])
def test_an_error_within_the_stream(code: int, kind: str) -> None:
    error = {"code": code, "message": f"oops {KEY}", "status": "UNAVAILABLE"}
    with Server("google", sending({"error": error})) as server, pytest.raises(Fault) as caught:
        asked(server)
    assert caught.value.kind == kind and KEY not in str(caught.value)


def test_the_wait_that_google_asks_for_in_its_record() -> None:
    def waits(headers: dict[str, str]) -> float | None:
        return from_status(429, headers, SLOW_DOWN, where="here", model="google:m").wait

    assert waits({}) == 37.5 and waits({"retry-after": "2"}) == 2.0
