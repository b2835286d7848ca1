"""What can go wrong with a language model, in one line each; no text of a server or key of ours is repeated.

The integrations raise each library's own errors. They are told apart here by what they all carry: an HTTP status,
a response, the class of the error underneath.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from rag.errors import BackendError

Kind = Literal[
    "unreachable", "certificate", "redirect", "key", "model", "long", "busy", "server", "refused", "page", "broken",
    "late", "empty",
]  # fmt: skip
_AGAIN: frozenset[Kind] = frozenset({"unreachable", "busy", "server"})
_LONG = re.compile(
    r"context.{0,20}(length|window|size|exceed)|too (long|many tokens)|maximum.{0,20}tokens"
    r"|exceed.{0,30}(context|token)",
    re.IGNORECASE | re.DOTALL,
)
_RETRY_DELAY = re.compile(r"""["']retryDelay["']:\s*["'](\d{1,6}(?:\.\d+)?)s["']""")
_LOADING = re.compile(r"load", re.IGNORECASE)


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
        status = getattr(one, "status_code", getattr(one, "code", None))
        if isinstance(status, int) and status >= 300:
            return from_status(status, _headers(one), str(one), where=where, model=model)
    names = {base.__name__ for one in chain for base in type(one).__mro__}
    if (
        names & {"ConnectError", "ConnectTimeout", "ConnectionRefusedError", "gaierror"}
        or type(error) is ConnectionError
    ):
        hint = " (is Ollama running? Start it: ollama serve)" if model.startswith("ollama:") else ""
        return Fault("unreachable", f"nothing answers at {where}{hint}")
    if _LONG.search(str(error)):
        return Fault("long", f"the passages are too long for {model}")
    if names & {"TimeoutException", "TimeoutError", "APITimeoutError"}:
        return Fault("late", f"{where} took too long")
    return Fault("broken", f"the answer from {where} broke off or could not be read")


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


def _headers(error: BaseException) -> Mapping[str, str]:
    found = getattr(getattr(error, "response", None), "headers", None) or {}
    return {str(name).lower(): str(value) for name, value in found.items()}
