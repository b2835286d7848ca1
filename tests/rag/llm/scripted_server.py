"""A server on this machine that speaks the four wire protocols and does what a script says, faults included."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DIALECTS = ("openai", "ollama", "anthropic", "google")
_TYPES = dict.fromkeys(DIALECTS, "text/event-stream") | {"ollama": "application/x-ndjson"}
_FINISH = {
    "anthropic": {"stop": "end_turn", "length": "max_tokens"},
    "google": {"stop": "STOP", "length": "MAX_TOKENS"},
}


class Handler(BaseHTTPRequestHandler):
    """Hands each request to the script, and helps it to answer."""

    protocol_version = "HTTP/1.1"
    server: Server  # type: ignore[assignment]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.requests.append({"path": self.path, "headers": dict(self.headers), "body": json.loads(body)})
        try:
            self.server.script(self)
        except (BrokenPipeError, ConnectionResetError):
            self.server.hung_up.set()
        self.close_connection = True

    @property
    def dialect(self) -> str:
        return self.server.dialect

    @property
    def count(self) -> int:
        """How many requests have come, this one included."""
        return len(self.server.requests)

    def begin(self, status: int = 200, kind: str | None = None, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind or _TYPES[self.dialect])
        self.send_header("Transfer-Encoding", "chunked")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def send(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def end(self) -> None:
        self.wfile.write(b"0\r\n\r\n")

    def fail(self, status: int, message: str, **headers: str) -> None:
        self.begin(status, "application/json", **headers)
        error = message if self.dialect == "ollama" else {"type": "error", "message": message, "code": status}
        self.send(json.dumps({"error": error}))
        self.end()

    def say(self, *pieces: str, finish: str | None = "stop", pause: float = 0.0) -> None:
        """Answer with these pieces of text; without `finish` the stream just ends."""
        self.begin()
        for event in opening(self.dialect):
            self.send(event)
        for piece in pieces:
            self.send(text(self.dialect, piece))
            time.sleep(pause)
        if finish:
            for event in closing(self.dialect, finish):
                self.send(event)
        self.end()

    def reset(self) -> None:
        """Break the connection as a crashed server does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, *arguments: object) -> None:
        """Keep quiet."""


class Server(ThreadingHTTPServer):
    """Runs until it is closed; `requests` holds what came."""

    daemon_threads = True

    def __init__(self, dialect: str, script: Callable[[Handler], None]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.dialect = dialect
        self.script = script
        self.requests: list[dict[str, Any]] = []
        self.hung_up = threading.Event()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def url(self) -> str:
        scheme = "https" if hasattr(self.socket, "context") else "http"
        path = "/v1" if self.dialect == "openai" else ""
        return f"{scheme}://127.0.0.1:{self.server_address[1]}{path}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away are part of the script."""

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *exc: object) -> None:
        self.shutdown()
        self.server_close()


def opening(dialect: str) -> Iterator[str]:
    if dialect == "anthropic":
        usage = {"input_tokens": 7, "output_tokens": 0}
        message = {"id": "m", "type": "message", "role": "assistant", "model": "m", "content": [], "usage": usage,
                   "stop_reason": None, "stop_sequence": None}  # fmt: skip
        yield _event("message_start", message=message)
        yield _event("content_block_start", index=0, content_block={"type": "text", "text": ""})


def text(dialect: str, piece: str) -> str:
    if dialect == "openai":
        return _chunk({"role": "assistant", "content": piece})
    if dialect == "ollama":
        return _line(message={"role": "assistant", "content": piece}, done=False)
    if dialect == "google":
        return _candidate([{"text": piece}])
    return _event("content_block_delta", index=0, delta={"type": "text_delta", "text": piece})


def tool_call(dialect: str) -> Iterator[str]:
    """Yield a call of a tool that nobody offered."""
    if dialect == "openai":
        call = {"index": 0, "id": "c", "type": "function", "function": {"name": "fetch", "arguments": "{}"}}
        yield _chunk({"role": "assistant", "content": None, "tool_calls": [call]})
    elif dialect == "ollama":
        call = {"function": {"name": "fetch", "arguments": {"url": "http://evil.example/"}}}
        yield _line(message={"role": "assistant", "content": "", "tool_calls": [call]}, done=False)
    elif dialect == "google":
        yield _candidate([{"functionCall": {"name": "fetch", "args": {"url": "http://evil.example/"}}}])
    else:
        yield _event("content_block_stop", index=0)
        yield _event("content_block_start", index=1,
                     content_block={"type": "tool_use", "id": "t", "name": "fetch", "input": {}})  # fmt: skip
        yield _event("content_block_stop", index=1)
        yield _event("content_block_start", index=2, content_block={"type": "text", "text": ""})


def closing(dialect: str, finish: str) -> Iterator[str]:
    reason = _FINISH.get(dialect, {}).get(finish, finish)
    if dialect == "openai":
        yield _chunk({}, finish=reason)
        yield "data: " + json.dumps(
            {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [],
             "usage": {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}}
        ) + "\n\n"  # fmt: skip
        yield "data: [DONE]\n\n"
    elif dialect == "ollama":
        yield _line(message={"role": "assistant", "content": ""}, done=True, done_reason=reason,
                    prompt_eval_count=7, eval_count=5)  # fmt: skip
    elif dialect == "google":
        usage = {"promptTokenCount": 7, "candidatesTokenCount": 3, "thoughtsTokenCount": 2, "totalTokenCount": 12}
        yield _candidate(finishReason=reason, usage=usage)
    else:
        yield _event("content_block_stop", index=0)
        yield _event("message_delta", delta={"stop_reason": reason, "stop_sequence": None}, usage={"output_tokens": 5})
        yield _event("message_stop")


def _chunk(delta: dict[str, Any], finish: str | None = None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    record = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
    return f"data: {json.dumps(record)}\n\n"


def _candidate(parts: list[dict[str, Any]] | None = None, usage: dict[str, int] | None = None, **more: str) -> str:
    content = {"role": "model"} if parts is None else {"role": "model", "parts": parts}
    record = {"candidates": [{"content": content, "index": 0, **more}], "modelVersion": "m",
              "usageMetadata": usage or {"promptTokenCount": 7, "totalTokenCount": 7}}  # fmt: skip
    return f"data: {json.dumps(record)}\r\n\r\n"


def _line(**record: Any) -> str:
    return json.dumps({"model": "m", "created_at": "2026-01-01T00:00:00Z", **record}) + "\n"


def _event(type: str, **record: Any) -> str:
    return f"event: {type}\ndata: {json.dumps({'type': type, **record})}\n\n"
