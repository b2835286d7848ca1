"""Servers that misbehave, in each protocol: always passages, an answer, a reason, in time, and never the key."""

from __future__ import annotations

import logging
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from rag.corpus import Corpus
from rag.llm import attempt
from rag.llm.faults import from_client, from_error, from_status, retry_after
from rag.llm.names import PROVIDERS, installed
from rag.records import Answer
from rag.settings import AnswerSettings, Ingest, Settings
from tests.conftest import FERRY, HOTLINE
from tests.rag.llm.scripted_server import DIALECTS, Handler, Server, closing, opening, text, tool_call

pytestmark = pytest.mark.slow
KEY = "sk-planted-0123456789abcdef"
WHY = "Why did Tessaly suspend its military hotline with Orvane?"
FIRST = "Tessaly suspended its military hotline with Orvane on Monday [1]. "
SECOND = "An Orvani drone had crossed the border on 3 July [1]."
GOOD = (FIRST, SECOND)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A script for the server, and what is to come of it."""

    name: str
    script: Callable[[Handler], None]
    by: str = "extractive"
    """`extractive`, `model`, `incomplete`, `refused`, or `either`."""
    reason: str = ""
    """Pattern that the notes hold."""
    generate: dict[str, Any] = field(default_factory=dict)


def failing(status: int, message: str, times: int = 99, **headers: str) -> Callable[[Handler], None]:
    return lambda h: h.fail(status, message, **headers) if h.count <= times else h.say(*GOOD)


def saying(*pieces: str, **how: Any) -> Callable[[Handler], None]:
    return lambda h: h.say(*pieces, **how)


def broken(h: Handler) -> None:
    h.begin()
    event = "event: message_start\n" if h.dialect == "anthropic" else ""
    h.send(event + 'data: {"choices": [{"delta": {"cont\n\n' if h.dialect != "ollama" else '{"message": {"ro\n')
    h.end()


def page(h: Handler) -> None:
    h.begin(kind="text/html; charset=utf-8")
    h.send("<html><form>Sign in</form></html>")
    h.end()


def crash(h: Handler) -> None:
    h.begin()
    for event in (
        *opening(h.dialect),
        text(h.dialect, FIRST),
        text(h.dialect, "It did so because an Orvani drone had"),
    ):
        h.send(event)
    time.sleep(0.3)
    h.reset()


def endless(h: Handler) -> None:
    h.begin()
    for event in (*opening(h.dialect), text(h.dialect, FIRST)):
        h.send(event)
    while True:
        h.send(text(h.dialect, "Then it went on and on "))


def tools(h: Handler) -> None:
    h.begin()
    prose = "<b>Tessaly suspended</b> its military hotline with Orvane ![x](http://evil.example/p.png) on Monday [1]."
    for event in (*opening(h.dialect), *tool_call(h.dialect), text(h.dialect, prose), *closing(h.dialect, "stop")):
        h.send(event)
    h.end()


def redirect(h: Handler) -> None:
    h.begin(307, Location=f"http://localhost:{h.server.server_address[1]}/elsewhere")  # another name, another host
    h.end()


CASES = (
    Case(name="L2 429, then well", script=failing(429, "slow down", 1, Retry_After="1"), by="model"),
    Case(name="L2 429 for too long", script=failing(429, "slow down", Retry_After="600"), reason="slow down"),
    Case(name="L3 500 503 502", script=failing(500, "oops", 2), by="model"),
    Case(name="L3 500 for ever", script=failing(500, "oops"), reason=r"failed \(500\)"),
    Case(name="L4 malformed", script=broken, reason="could not be read"),
    Case(name="L5 login page", script=page, reason="web page"),
    Case(name="L6 empty", script=saying(), reason="empty answer"),
    Case(name="L7 cites what was never shown", script=saying("Penguins eat fish [99][0][-1]."), reason="support"),
    Case(name="L8 refuses", script=saying("The articles do not answer this question."), by="refused",
         reason="found no answer"),
    Case(name="L9 slow", script=saying(FIRST, "It ", *["is slow "] * 50, pause=0.5), by="incomplete",
         reason="too long"),
    Case(name="L10 reset", script=crash, by="incomplete", reason="broke off"),
    Case(name="L11 length", script=saying(FIRST, "It did", finish="length"), by="incomplete", reason="of length"),
    Case(name="L11 length before any text", script=saying("", finish="length"), reason="its limit of length"),
    Case(name="L11 no end", script=saying(FIRST, "It did so", finish=None), by="incomplete", reason="broke off"),
    Case(name="L12 wrong key", script=failing(401, f"Incorrect API key: {KEY}"), reason=r"rejected by .* \(401\)"),
    Case(name="L13 no such model", script=failing(404, "model 'm' not found"), reason=r":m was not found at"),
    Case(name="L14 too long", script=failing(400, "the maximum context length is 4096 tokens", 1), by="model"),
    Case(name="L14 always too long", script=failing(400, "maximum context length exceeded"), reason="too long"),
    Case(name="L15 endless", script=endless, by="incomplete", reason="limit of length", generate={"answer_tokens": 64}),
    Case(name="L16 tools, HTML, images", script=tools, by="model"),
    Case(name="L18 redirect", script=redirect, reason=r"elsewhere \(307\)"),
    Case(name="L19 loading", script=failing(503, "the model is loading"), reason="while the model loads"),
    Case(name="L19 overloaded", script=failing(503, "The model is overloaded"), reason=r"is overloaded \(503\)"),
    Case(name="an error with status 200", script=lambda h: h.fail(200, f"oops {KEY}"), reason="answered with an error"),
    Case(name="L20 other language", by="either",
         script=saying("Tessaly hat die Hotline mit Orvane am Montag ausgesetzt [1].")),
)  # fmt: skip


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    folder = tmp_path_factory.mktemp("faults")
    (folder / "hotline.md").write_text(HOTLINE, encoding="utf-8")
    (folder / "ferry.md").write_text(FERRY, encoding="utf-8")
    settings = Settings(ingest=Ingest(embedder="fake:hash"), answer=AnswerSettings(reader="fake:overlap"))
    with Corpus.open(folder / "faults.corpus", settings=settings) as opened:
        opened.sync(folder)
        yield opened


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OLLAMA_API_KEY", "GOOGLE_API_KEY"):
        monkeypatch.setenv(variable, KEY)
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(attempt, "_FIRST_WAIT", 0.05)


def asking(corpus: Corpus, dialect: str, url: str, **generate: Any) -> Corpus:
    if not installed(PROVIDERS[dialect].integration):
        pytest.skip(f"the extra {dialect} is not installed")
    settings = corpus.settings.with_llm(f"{dialect}:m")
    update = {"base_url": url, "deadline": 6.0, "connect": 0.5, **generate}
    return corpus.using(settings.model_copy(update={"generate": settings.generate.model_copy(update=update)}))


def warmed(opened: Corpus) -> Corpus:
    """Import the integration before the clock runs."""
    opened._models.choose(opened.settings, ())
    return opened


def check(answer: Answer, corpus: Corpus, by: str) -> None:
    assert answer.hits and answer.text
    for citation in answer.citations:
        assert corpus.text(citation.article.id)[citation.start : citation.end] == citation.quote
    numbers = {int(number) for number in re.findall(r"\[(\d+)\]", answer.text)}
    assert numbers == {citation.number for citation in answer.citations}
    assert answer.answered == (by != "refused")
    if by == "extractive":
        assert answer.generator == "extractive" and "did not answer" in answer.notes[-1]
    elif by != "either":
        assert answer.generator.endswith(":m")
    if by == "incomplete":
        assert answer.text.startswith(FIRST.strip()) and answer.text.endswith("…")
    if by == "model":
        assert answer.notes == () and "evil" not in answer.text and "<" not in answer.text
        assert answer.usage.tokens_in == 7 and answer.usage.tokens_out == 5


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_server_that_misbehaves(
    case: Case, dialect: str, corpus: Corpus, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with Server(dialect, case.script) as server:
        opened = warmed(asking(corpus, dialect, server.url, **case.generate))
        began = time.monotonic()
        answer = opened.ask(WHY)
        took = time.monotonic() - began
    assert took < 6.0 + 2.0
    check(answer, corpus, case.by)
    assert re.search(case.reason, " ".join(answer.notes))
    assert len(server.requests) <= 3
    out = capfd.readouterr()
    assert KEY not in answer.to_json() + answer.to_markdown() + caplog.text + out.out + out.err


@pytest.mark.parametrize("dialect", DIALECTS)
def test_l1_nothing_takes_the_connection(dialect: str, corpus: Corpus) -> None:
    with ExitStack() as stack:
        full = stack.enter_context(socket.socket())
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(3):  # fill the queue, so that the next connection waits for ever
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        opened = warmed(asking(corpus, dialect, f"http://127.0.0.1:{full.getsockname()[1]}"))
        answer = opened.ask(WHY)
    check(answer, corpus, "extractive")
    assert "nothing answers at 127.0.0.1:" in answer.notes[0]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_l19_nothing_runs_there(dialect: str, corpus: Corpus) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    answer = asking(corpus, dialect, f"http://127.0.0.1:{port}").ask(WHY)
    check(answer, corpus, "extractive")
    assert f"nothing answers at 127.0.0.1:{port}" in answer.notes[0]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_l17_a_certificate_that_nobody_vouches_for(dialect: str, corpus: Corpus, tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    pem = tmp_path / "own.pem"
    command = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -keyout {pem} -out {pem}.crt"
    subprocess.run(command.split(), check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{pem}.crt", pem)
    with Server(dialect, lambda h: h.say(*GOOD)) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        answer = asking(corpus, dialect, server.url).ask(WHY)
    check(answer, corpus, "extractive")
    assert "certificate of 127.0.0.1:" in answer.notes[0] and server.requests == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_key_goes_to_the_configured_host_and_the_call_ends_with_its_reader(dialect: str, corpus: Corpus) -> None:
    with Server(dialect, lambda h: h.say(*["word "] * 200, pause=0.1)) as server:
        events = warmed(asking(corpus, dialect, server.url)).stream(WHY)
        while not server.requests:
            next(events)
        assert KEY in str(server.requests[0]["headers"])
        events.close()
        assert server.hung_up.wait(2)


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        (429, '{"error": {"code": "insufficient_quota"}}', "credit", "no credit left (429)"),
        (400, "Your credit balance is too low to access the API", "credit", "no credit left (400)"),
        (402, "", "credit", "no credit left (402)"),
        (429, "You exceeded your current quota", "busy", "slow down"),
        (400, "prompt is too long: 214232 tokens", "long", "too long"),
        (400, "Your messages are too long", "long", "too long"),
        (422, "model name too long", "refused", "refused the request"),
        (400, '{"type": "invalid_request_error", "message": "model name too long"}', "refused", "refused the request"),
        (400, "The request took too long", "refused", "refused the request"),
    ],
)
def test_what_a_status_means(status: int, body: str, kind: str, said: str) -> None:
    fault = from_status(status, {}, body, where="here", model="openai:m")
    assert fault.kind == kind and said in str(fault) and fault.retryable is (kind == "busy")


def test_what_an_error_without_a_status_means(monkeypatch: pytest.MonkeyPatch) -> None:
    late = from_error(TimeoutError("the prompt took too long"), where="here", model="m")
    assert late.kind == "late"
    within = Exception("overloaded")
    within.body = {"type": "error", "error": {"type": "overloaded_error"}}  # type: ignore[attr-defined]
    assert str(from_error(within, where="here", model="m")) == "here is overloaded (529)"
    assert from_error(within, where="here", model="m").retryable
    monkeypatch.setenv("ALL_PROXY", "socks5://user:secret@proxy:1")
    said = str(from_client(ImportError("Using SOCKS proxy, but the 'socksio' package is not installed")))
    assert "ALL_PROXY" in said and "secret" not in said
    monkeypatch.setenv("ALL_PROXY", "")
    monkeypatch.setenv("https_proxy", "socks4://proxy:1")
    assert "that https_proxy names" in str(from_client(ImportError("Unknown scheme for proxy URL")))


def test_retry_after_as_a_date() -> None:
    soon = retry_after({"retry-after": format_datetime(datetime.now(UTC) + timedelta(seconds=5), usegmt=True)})
    assert soon is not None and 3 < soon <= 5
