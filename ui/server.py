"""The page as a web application, and the process that serves it."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
import sys
import webbrowser
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from rag.corpus import Corpus
from rag.errors import RagError, UserError
from rag.settings import Settings, load
from ui import originals
from ui.app import build
from ui.desks import named
from ui.guard import Guard, Limits
from ui.strings import ENGLISH, Strings
from ui.text import element
from ui.theme import ASSETS, asset, theme

LOOPBACK = ("127.0.0.1", "localhost")
UPLOAD = "20mb"


def app(
    corpora: Mapping[str, Corpus] | Corpus,
    *,
    strings: Strings = ENGLISH,
    hosts: Sequence[str] = LOOPBACK,
    limits: Limits | None = None,
) -> FastAPI:
    """Return the ASGI application over one or more corpora: the page at `/`, `/healthz` and `/readyz`.

    `hosts` are the names it answers to; a request under any other name is refused, so that a foreign
    page cannot reach it by pointing its own name at this machine.
    """
    parent = FastAPI(title=strings.name, docs_url=None, redoc_url=None, openapi_url=None)
    _add_health(parent, named(corpora).values())
    originals.add(parent, named(corpora))
    parent.add_middleware(CORSMiddleware, allow_origins=[])
    _in_loop(lambda: _mount(parent, build(corpora, strings=strings), strings))
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


def _mount(parent: FastAPI, page: gr.Blocks, strings: Strings) -> None:
    gr.mount_gradio_app(
        parent, page, path="/",
        theme=theme(), head=element("style", asset("page.css")), js=asset("page.js"),
        favicon_path=str(ASSETS / "icon.png"),
        footer_links=[], run_history=False, show_error=False, enable_monitoring=False, mcp_server=False,
        ssr_mode=False, pwa=False, max_file_size=UPLOAD, allowed_paths=[],
    )  # fmt: skip


def serve(
    paths: Sequence[Path],
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    open_browser: bool = False,
    llm: str | None = None,
    names: Sequence[str] = (),
) -> int:
    """Serve the page until it is interrupted; return the exit status.

    `paths` are the corpora that readers can switch between; none means the default one.
    `names` are the host names that people use to reach a server that other machines can reach.

    Raises:
        UserError: the port is taken, the host cannot be used, or the corpus cannot be opened.
    """
    _check_exposure(host, names)
    listener = _listen(host, port)
    try:
        with _opened(paths, load(llm=llm)) as corpora:
            url = f"http://{host}:{listener.getsockname()[1]}"
            config = uvicorn.Config(
                app(corpora, hosts=(*LOOPBACK, host, *names)), log_level="warning", limit_concurrency=256,
                timeout_keep_alive=15, timeout_graceful_shutdown=2, server_header=False,
            )  # fmt: skip
            print(f"{ENGLISH.name} is at {url} (Ctrl-C stops it)", flush=True)
            if open_browser:
                webbrowser.open(url)
            uvicorn.Server(config).run(sockets=[listener])
    finally:
        listener.close()
    return 0


@contextmanager
def _opened(paths: Sequence[Path], settings: Settings) -> Iterator[dict[str, Corpus]]:
    """Open corpora, each named after its folder; two of one name are told apart by a number."""
    with ExitStack() as stack:
        corpora: dict[str, Corpus] = {}
        for path in paths or (None,):
            corpus = stack.enter_context(Corpus.open(path, settings=settings))
            name = next(iter(named(corpus)))
            taken = sum(1 for other in corpora if other == name or other.startswith(f"{name} ("))
            corpora[f"{name} ({taken + 1})" if taken else name] = corpus
        yield corpora


def _check_exposure(host: str, names: Sequence[str]) -> None:
    """Refuse to be reachable from other machines by accident: there is no log-in."""
    if host != "localhost" and not _is_loopback(host) and not names:
        raise UserError(
            f"{host} can be reached from other machines and the page has no log-in. "
            "Use 127.0.0.1, or name the host that people use with --name and put a log-in in front."
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


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
