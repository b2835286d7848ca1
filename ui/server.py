"""The page as a web application, and the process that serves it."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import itertools
import logging
import os
import shlex
import socket
import sys
import webbrowser
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import gradio as gr
import uvicorn
from fastapi import FastAPI, params
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from rag.corpus import Corpus
from rag.errors import RagError, UserError
from rag.home import is_new
from rag.settings import Settings, load
from ui import originals
from ui.app import build
from ui.desks import named
from ui.guard import Guard, Limits
from ui.strings import ENGLISH, Strings
from ui.text import element, says
from ui.theme import ASSETS, asset, theme
from ui.users import Users

LOOPBACK = ("127.0.0.1", "localhost")
UPLOAD = "20mb"


def app(
    corpora: Mapping[str, Corpus] | Corpus,
    *,
    strings: Strings = ENGLISH,
    hosts: Sequence[str] = LOOPBACK,
    limits: Limits | None = None,
    users: Users | None = None,
) -> FastAPI:
    """Return the ASGI application over one or more corpora: the page at `/`, `/healthz` and `/readyz`.

    `hosts` are the names it answers to; a request under any other name is refused, so that a foreign
    page cannot reach it by pointing its own name at this machine. With `users`, only they are let in, and their
    conversations are kept here.
    """
    parent = FastAPI(title=strings.name, docs_url=None, redoc_url=None, openapi_url=None)
    _add_health(parent, named(corpora).values())
    parent.add_middleware(CORSMiddleware, allow_origins=[])
    _in_loop(lambda: _mount(parent, build(corpora, strings=strings, users=users), strings, users))
    page = parent.routes[-1].app  # type: ignore[attr-defined]
    originals.add(page, named(corpora), _log_in_check(page))
    parent.add_middleware(Guard, limits=limits)
    parent.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    return parent


def _add_health(parent: FastAPI, corpora: Iterable[Corpus]) -> None:
    @parent.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @parent.get("/readyz")
    def readyz() -> JSONResponse:
        try:
            for corpus in corpora:
                corpus.articles(limit=1)
        except RagError as error:
            return JSONResponse({"status": "not ready", "reason": str(error)}, status_code=503)
        return JSONResponse({"status": "ready"})


def _in_loop(work: Callable[[], None]) -> None:
    """Call `work` while an event loop runs: without one, Gradio makes its own and never closes it."""

    async def call() -> None:
        work()

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(call())
    else:
        work()


def _log_in_check(page: FastAPI) -> Sequence[params.Depends]:
    """Return what Gradio asks before it shows its page: everybody passes when there is no log-in."""
    return next(one.dependencies for one in page.routes if isinstance(one, APIRoute) and one.path == "/config")


def _mount(parent: FastAPI, page: gr.Blocks, strings: Strings, users: Users | None) -> None:
    page.has_launched = True  # Gradio copies any file that an event names until its own `launch` has set this
    gr.mount_gradio_app(
        parent, page, path="/", auth=users.admits if users else None, auth_message=_log_in_message(strings),
        theme=theme(), head=element("style", asset("page.css")), js=asset("page.js"),
        favicon_path=str(ASSETS / "icon.png"),
        footer_links=[], run_history=False, show_error=False, enable_monitoring=False, mcp_server=False,
        ssr_mode=False, pwa=False, max_file_size=UPLOAD, allowed_paths=[],
    )  # fmt: skip


def _log_in_message(strings: Strings) -> str:
    """Return what stands on Gradio's log-in page, with the title and the colours that it lacks."""
    return (
        says("title", strings.title) + element("style", asset("page.css")) + says("span", strings.log_in, cls="log-in")
    )


def serve(
    paths: Sequence[Path],
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    open_browser: bool = False,
    llm: str | None = None,
    names: Sequence[str] = (),
    users: Path | None = None,
) -> int:
    """Serve the page until it is interrupted; return the exit status.

    `paths` are the corpora that readers can switch between; none means the default one.
    `names` are the host names that people use to reach a server that other machines can reach.
    `users` is the store of the users who may log in; None lets everybody in who can reach the server.

    Raises:
        UserError: the port is taken, the host cannot be used, or the corpus cannot be opened.
    """
    _check_exposure(host, names, log_in=users is not None)
    listener = _listen(host, port)
    try:
        with _admitted(users) as admitted, _opened(paths, load(llm=llm)) as corpora:
            named_host = _in_url(host)
            url = f"http://{named_host}:{listener.getsockname()[1]}"
            config = _config(app(corpora, hosts=(*LOOPBACK, named_host, *names), users=admitted))
            print(f"{ENGLISH.name} is at {url} (Ctrl-C stops it)", flush=True)
            if open_browser:
                webbrowser.open(url)
            _run(uvicorn.Server(config), listener)
    finally:
        listener.close()
    return 0


def _run(server: uvicorn.Server, listener: socket.socket) -> None:
    """Run the server until it is stopped; an open page's streams, which never end, are cut off then without a word."""

    def tells(record: logging.LogRecord) -> bool:
        return not server.should_exit

    log = logging.getLogger("uvicorn.error")
    log.addFilter(tells)
    try:
        server.run(sockets=[listener])
    finally:
        log.removeFilter(tells)


def _config(application: FastAPI) -> uvicorn.Config:
    """Return how the application is served.

    Uvicorn takes whoever is on this machine for a proxy and believes the addresses that it forwards: then each
    request comes from another one and no rate is limited. Here only a proxy that is named is believed.
    """
    return uvicorn.Config(
        application, log_level="warning", limit_concurrency=256, timeout_keep_alive=15,
        timeout_graceful_shutdown=2, server_header=False, proxy_headers="FORWARDED_ALLOW_IPS" in os.environ,
    )  # fmt: skip


@contextmanager
def _opened(paths: Sequence[Path], settings: Settings) -> Iterator[dict[str, Corpus]]:
    """Open corpora, each named after its folder; two of one name are told apart by a number."""
    with ExitStack() as stack:
        corpora: dict[str, Corpus] = {}
        for path in paths or (None,):
            chosen = path or os.environ.get("RAG_CORPUS")
            new = chosen is not None and is_new(chosen)
            corpus = stack.enter_context(Corpus.open(path, settings=settings))
            if new:
                print(
                    f"{corpus.path} is new and empty: add articles on the page, or with "
                    f"`rag sync SOURCE --corpus {shlex.quote(str(corpus.path))}`.",
                    file=sys.stderr,
                )
            name = next(iter(named(corpus)))
            numbered = itertools.chain([name], (f"{name} ({n})" for n in itertools.count(2)))
            corpora[next(one for one in numbered if one not in corpora)] = corpus
        yield corpora


@contextmanager
def _admitted(path: Path | None) -> Iterator[Users | None]:
    """Open the user store, when there is to be one."""
    if path is None:
        yield None
        return
    with closing(Users(path)) as users:
        if not users.names():
            quoted = shlex.quote(str(users.path))
            raise UserError(f"{path} holds no users: add one with `rag user NAME --users {quoted}`.")
        yield users


def _check_exposure(host: str, names: Sequence[str], *, log_in: bool) -> None:
    """Refuse to be reachable from other machines by accident: without a log-in, or with passwords in the clear."""
    if host != "localhost" and not _is_loopback(host) and not names:
        lacks, front = ("no encryption", "TLS") if log_in else ("no log-in", "a log-in")
        raise UserError(
            f"{host} can be reached from other machines and the page has {lacks}. "
            f"Use 127.0.0.1, or name the host that people use with --name and put {front} in front."
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _in_url(host: str) -> str:
    """Return the host as addresses and requests name it: IPv6 in brackets and in its shortest form.

    >>> _in_url("0:0:0:0:0:0:0:1"), _in_url("localhost")
    ('[::1]', 'localhost')
    """
    try:
        return f"[{ipaddress.IPv6Address(host).compressed}]"
    except ValueError:
        return host


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything slow happens, so that a taken one is told at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    if sys.platform != "win32":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OverflowError:
        listener.close()
        raise UserError(f"{port} is not a port. Choose one from 1 to 65535 with --port.") from None
    except OSError as error:
        listener.close()
        raise _port_error(host, port, error) from None
    return listener


def _port_error(host: str, port: int, error: OSError) -> UserError:
    if error.errno == errno.EADDRINUSE:
        return UserError(f"Port {port} is taken. Choose another with --port, for example --port {port + 1}.")
    if error.errno == errno.EACCES:
        return UserError(f"Port {port} is not allowed for this user. Choose one above 1023 with --port.")
    return UserError(f"Cannot serve on {host}:{port}: {error.strerror}. Choose another --host or --port.")
