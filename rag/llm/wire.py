"""How the HTTP client of every provider is made: our timeouts, no redirect, no page taken for a model, no stray key.

The key is put into a request only when it goes to the configured host, by a hook; the libraries above hold a
placeholder, so that no dump, trace or error of theirs can show it.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from rag.llm.base import Limits
from rag.llm.faults import Fault, from_body, from_status

PLACEHOLDER = "not-the-key"
_BODY = 4_000


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where a model is, and how a request shows that it may ask."""

    url: str
    model: str
    """The model's name, for messages."""
    secret: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Headers that hold the key."""

    @property
    def where(self) -> str:
        """Host and port, for messages."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{_port(parts)}"


def options(library: ModuleType, server: Server, limits: Limits) -> dict[str, Any]:
    """Return how an asynchronous client of `httpx`, or of a library with its interface, is to be made."""
    left = max(limits.left, 0.1)
    timeout = library.Timeout(left, connect=min(limits.connect, left))
    return {
        "timeout": timeout,
        "follow_redirects": False,
        "verify": certificates(),
        "event_hooks": {"request": [_with_key(server), _in_time(timeout)], "response": [_accepted(server, library)]},
    }


@cache
def certificates() -> ssl.SSLContext:
    """Return whom every connection trusts; made once, it takes a while."""
    import httpx

    return httpx.create_ssl_context()


def _with_key(server: Server) -> Any:
    home = urlsplit(server.url)

    async def hook(request: Any) -> None:
        asked = request.url
        if (asked.scheme, asked.host, _port(asked)) == (home.scheme, home.hostname, _port(home)):
            request.headers.update(server.secret)

    return hook


def _port(url: Any) -> int:
    """Return the port that a URL means: `httpx` leaves out the one that its scheme has anyway, `urlsplit` does not."""
    return int(url.port or (443 if url.scheme == "https" else 80))


def _in_time(timeout: Any) -> Any:
    async def hook(request: Any) -> None:
        request.extensions["timeout"] = timeout.as_dict()  # Google's library gives each request one of its own

    return hook


def _accepted(server: Server, library: ModuleType) -> Any:
    async def hook(response: Any) -> None:
        if not response.is_success:
            body = "" if response.is_redirect else await _start(response)
            raise from_status(response.status_code, response.headers, body, where=server.where, model=server.model)
        kind = response.headers.get("content-type", "").lower()
        if "html" in kind:
            raise Fault(
                "page", f"{server.where} answers with a web page, it is not a model endpoint: check the address"
            )
        if "json" in kind:
            response.stream = _without_error(response.stream, server, library)

    return hook


def _without_error(stream: Any, server: Server, library: ModuleType) -> Any:
    """Return the stream, which fails when its first block is a record of an error: a stream of events it is not.

    The libraries above would find no event in it, and call that an empty answer.
    """

    class Watched(library.AsyncByteStream):  # type: ignore[misc, name-defined]
        async def __aiter__(self) -> AsyncIterator[bytes]:
            first = True
            async for block in stream:
                body = block[:_BODY].decode("utf-8", "replace") if first else ""
                if fault := from_body(body, where=server.where, model=server.model):
                    raise fault
                first = False
                yield block

        async def aclose(self) -> None:
            await stream.aclose()

    return Watched()


async def _start(response: Any) -> str:
    """Return the beginning of a body, enough to see why a request was refused."""
    found = b""
    async for block in response.aiter_bytes():
        found += block
        if len(found) >= _BODY:
            break
    return found[:_BODY].decode("utf-8", "replace")
