"""What can go wrong with a language model, in one line each; no text of a server or key of ours is repeated.

The integrations raise each library's own errors. They are told apart here by what they all carry: an HTTP status,
a response, the class of the error underneath.
"""

from __future__ import annotations

import json
import os
import re
import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from rag.errors import BackendError

Kind = Literal[
    "unreachable", "certificate", "redirect", "key", "model", "long", "busy", "server", "refused", "page", "broken",
    "late", "empty", "credit", "error", "client",
]  # fmt: skip
_AGAIN: frozenset[Kind] = frozenset({"unreachable", "busy", "server"})
_LONG = re.compile(
    r"context.{0,20}(?:length|window|size|exceed)|too many tokens|maximum.{0,20}tokens|exceed.{0,30}(?:context|token)"
    r"|(?:prompt|input|context|token).{0,40}too long|too long.{0,40}(?:prompt|input|context|token)"
    r"|\b(?:request|messages?|conversation)\b(?:(?!\bt(?:ook|ak))[^\"':{}]){0,40}too long",
    re.IGNORECASE | re.DOTALL,
)
"""The last not over a quote or colon, `"message": "model name too long"`, nor of what took too long."""
_NO_CREDIT = re.compile(r"insufficient_quota|credit balance is too low|insufficient (?:credit|balance|funds)", re.I)
"""Not "exceeded your current quota" alone: Google says so of every minute's limit."""
_RETRY_DELAY = re.compile(r"""["']retryDelay["']:\s*["'](\d{1,6}(?:\.\d+)?)s["']""")
_LOADING = re.compile(r"\bload(?:ing|s)?\b", re.IGNORECASE)
_OVERLOADED = re.compile(r"overload", re.IGNORECASE)
_IN_STREAM = {"overloaded_error": 529, "api_error": 500, "rate_limit_error": 429}
"""The status that Anthropic's errors would have had, when they come within an answer that began well."""
_PROXIES = tuple(name for upper in ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY") for name in (upper, upper.lower()))


class Fault(BackendError):
    """A language model failed; the message is the reason as a reader is told it."""

    def __init__(self, kind: Kind, reason: str, *, wait: float | None = None) -> None:
        super().__init__(reason, retryable=kind in _AGAIN)
        self.kind = kind
        self.wait = wait
        """Seconds that the server asked to wait."""


def from_status(status: int, headers: Mapping[str, str], body: str, *, where: str, model: str) -> Fault:
    """Return the fault behind an HTTP status that is not a success."""
    if 300 <= status < 400:
        return Fault(
            "redirect", f"{where} sends requests elsewhere ({status}), which is not followed: check the address"
        )
    if status == 402 or (status in {400, 403, 429} and _NO_CREDIT.search(body)):
        return Fault("credit", f"the account at {where} has no credit left ({status})")
    if status in {401, 403} or (status == 400 and "API_KEY_INVALID" in body):  # the latter is Google's
        return Fault("key", f"the key was rejected by {where} ({status})")
    if status == 404:
        hint = (
            f"run: ollama pull {model[7:]}" if model.startswith("ollama:") else "check the model's name and the address"
        )
        return Fault("model", f"{model} was not found at {where} (404): {hint}")
    if status == 413 or (status in {400, 422} and _LONG.search(body)):
        return Fault("long", f"the passages are too long for {model}")
    wait = _asked_to_wait(headers, body)
    if status == 429:
        return Fault("busy", f"{where} asks to slow down (429)", wait=wait)
    if status in {500, 502, 503, 504, 529}:
        if status == 529 or _OVERLOADED.search(body):
            return Fault("server", f"{where} is overloaded ({status})", wait=wait)
        loading = " while the model loads" if status == 503 and _LOADING.search(body) else ""
        return Fault("server", f"{where} failed ({status}){loading}", wait=wait)
    return Fault("refused", f"{where} refused the request ({status})")


def from_error(error: BaseException, *, where: str, model: str) -> Fault:
    """Return the fault behind what a library raised."""
    chain = list(_chain(error))
    for one in chain:
        if isinstance(one, Fault):
            return one
    for one in chain:
        if isinstance(one, ssl.SSLError) or "CERTIFICATE_VERIFY_FAILED" in str(one):
            return Fault("certificate", f"the certificate of {where} is not valid")
    for one in chain:
        status = _status(one)
        if status is not None:
            return from_status(status, _headers(one), str(one), where=where, model=model)
    names = {base.__name__ for one in chain for base in type(one).__mro__}
    if (
        names & {"ConnectError", "ConnectTimeout", "ConnectionRefusedError", "gaierror"}
        or type(error) is ConnectionError
    ):
        hint = " (is Ollama running? Start it: ollama serve)" if model.startswith("ollama:") else ""
        return Fault("unreachable", f"nothing answers at {where}{hint}")
    return _without_status(error, names, where, model)


def from_body(body: str, *, where: str, model: str) -> Fault | None:
    """Return the fault that an answer of status 200 holds when it is a record of an error and no stream."""
    try:
        record = json.loads(body)
    except ValueError:
        return None
    error = record.get("error") if isinstance(record, dict) else None
    if not error:
        return None
    code = error.get("code") if isinstance(error, dict) else None
    if isinstance(code, int) and code >= 300:
        return from_status(code, {}, body, where=where, model=model)
    return Fault("error", f"{where} answered with an error")


def from_client(error: Exception) -> Fault:
    """Return the fault behind a client that could not even be made: something in the environment is in its way."""
    said = str(error).lower()
    proxy = next((name for name in _PROXIES if not (os.environ.get(name) or "http").lower().startswith("http")), None)
    if proxy and ("proxy" in said or "socks" in said):
        return Fault("client", f"the proxy that {proxy} names cannot be used: unset it, or give it http://HOST:PORT")
    return Fault("client", f"its client could not be made ({type(error).__name__}): check proxies and certificates")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a `Retry-After` header asks to wait, given as a number or a date.

    >>> retry_after({"retry-after": "2"}), retry_after({"retry-after": "soon"}), retry_after({})
    (2.0, None, None)
    """
    given = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,6}(\.\d+)?", given):
        return float(given)
    try:
        when = parsedate_to_datetime(given)
    except ValueError:
        return None
    moment = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _without_status(error: BaseException, names: set[str], where: str, model: str) -> Fault:
    if names & {"TimeoutException", "TimeoutError", "APITimeoutError"}:
        return Fault("late", f"{where} took too long")
    if _LONG.search(str(error)):
        return Fault("long", f"the passages are too long for {model}")
    if names & {"APIError", "ResponseError"} and "APIConnectionError" not in names:
        return Fault("error", f"{where} answered with an error")
    return Fault("broken", f"the answer from {where} broke off or could not be read")


def _asked_to_wait(headers: Mapping[str, str], body: str) -> float | None:
    """Return what the server asks for in a header, or as Google does in its record of the error."""
    found = _RETRY_DELAY.search(body)
    return float(found[1]) if found and "retry-after" not in headers else retry_after(headers)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        if isinstance(error, BaseExceptionGroup):
            yield from error.exceptions
        error = error.__cause__ or error.__context__


def _status(error: BaseException) -> int | None:
    """Return the HTTP status of an error, or the one that an error within an answer stands for."""
    status = getattr(error, "status_code", getattr(error, "code", None))
    if isinstance(status, int) and status >= 300:
        return status
    body = getattr(error, "body", None)
    inner = body.get("error") if isinstance(body, dict) else None
    return _IN_STREAM.get(str(inner.get("type"))) if isinstance(inner, dict) else None


def _headers(error: BaseException) -> Mapping[str, str]:
    found = getattr(getattr(error, "response", None), "headers", None) or {}
    return {str(name).lower(): str(value) for name, value in found.items()}
