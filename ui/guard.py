"""What stands between the network and Gradio: pure ASGI, so that streams and disconnects pass untouched."""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MB = 2**20
_ADDRESSES = 10_000
"""Addresses that are remembered; the one that was silent longest is forgotten first."""

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
"""Gradio writes inline scripts and compiles its templates in the browser; nothing may come from elsewhere."""

HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}

_CLOSED = re.compile(
    r"/(?:gradio_api/)?(?:file=\s*https?:|proxy=|deep_link|monitoring|runs|openapi\.json)", re.IGNORECASE
)
"""Gradio's routes that fetch for strangers, show others' sessions, show how the server is used, or describe Gradio."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much one request may carry, in bytes, how long that may take, and how often one address may ask."""

    body: int = 2 * 1024 * 1024
    upload: int = 20 * 20 * MB
    seconds: float = 20.0
    """For the whole body to arrive."""
    upload_seconds: float = 600.0
    per_minute: int = 600
    """Requests that change or ask something, from one address; a question takes about four."""
    log_ins_per_minute: int = 10
    """Passwords tried from one address."""


class Pace:
    """How often each address asks: so many times a minute, all at once if it likes."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._seen: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, address: str) -> bool:
        """Count one request; False when it is one too many."""
        now = time.monotonic()
        left, then = self._seen.pop(address, (float(self.per_minute), now))
        left = min(left + (now - then) * self.per_minute / 60, self.per_minute)
        allowed = left >= 1
        self._seen[address] = (left - allowed, now)
        if len(self._seen) > _ADDRESSES:
            self._seen.popitem(last=False)
        return allowed


class Guard:
    """Refuses foreign origins, closed routes and oversized bodies; adds the security headers."""

    def __init__(self, app: ASGIApp, limits: Limits | None = None) -> None:
        self.app = app
        self.limits = limits or Limits()
        self.pace = Pace(self.limits.per_minute)
        self.log_ins = Pace(self.limits.log_ins_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        send = _with_headers(send)
        refusal = self._refusal(scope)
        if refusal:
            await PlainTextResponse(refusal[1], status_code=refusal[0])(scope, receive, send)
            return
        await self._limited(scope, receive, send)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        if _changes(scope) and _foreign(headers):
            return 403, "Requests from other sites are refused."
        if _CLOSED.match(scope["path"]):
            return 403, "This address is closed."
        if _changes(scope) and not self._pace(scope).allows((scope.get("client") or ("",))[0]):
            return 429, "Too many requests. Wait a minute."
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._limit(scope):
            return 413, _too_large(self._limit(scope))
        return None

    def _pace(self, scope: Scope) -> Pace:
        return self.log_ins if scope["path"].rstrip("/") == "/login" else self.pace

    def _seconds(self, scope: Scope) -> float:
        return self.limits.upload_seconds if scope["path"].endswith("/upload") else self.limits.seconds

    def _limit(self, scope: Scope) -> int:
        return self.limits.upload if scope["path"].endswith("/upload") else self.limits.body

    async def _limited(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the body as it comes, and wait for it only so long: a length that is not announced is limited too."""
        limit, seen, whole = self._limit(scope), 0, False
        deadline = asyncio.get_running_loop().time() + self._seconds(scope)

        async def counted() -> Message:
            nonlocal seen, whole
            try:
                async with asyncio.timeout_at(None if whole else deadline):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, "The request took too long to arrive.") from None
            seen += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if seen > limit:
                raise HTTPException(413, _too_large(limit))
            return message

        await self.app(scope, counted, send)


def _too_large(limit: int) -> str:
    return f"A request may carry at most {limit} bytes."


def _changes(scope: Scope) -> bool:
    """Whether a request may change something: logging out does, though Gradio lets a mere link do it."""
    return scope["method"] not in ("GET", "HEAD") or scope["path"].rstrip("/") == "/logout"


def _foreign(headers: Headers) -> bool:
    """Whether a browser says that the request comes from another site's page."""
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
    return urlsplit(origin).netloc.lower() != headers.get("host", "").lower()


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
        await send(message)

    return sending
