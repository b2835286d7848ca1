"""What a language model is called: `KIND:MODEL`, and what must be there before it can be used.

Nothing is imported or called here, so that a wrong name costs one line and no time.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.util import find_spec
from urllib.parse import urlsplit

from rag.errors import ModelError

EXTRACTIVE = "extractive"
"""The generator that needs no language model."""
FAKES = ("copy", "silent")
PYTHON = "python"
FAKE = "fake"


@dataclass(frozen=True, kw_only=True)
class Provider:
    """Where a kind of model is reached, and what that takes."""

    integration: str
    """Module of the LlamaIndex integration."""
    extra: str
    """Optional dependency of `footnote-rag` that brings it."""
    example: str
    url: str
    """Where requests go unless settings or environment say otherwise."""
    url_variable: str
    bare_port: int | None = None
    """The port of an address without a scheme, where that may lack host or port too."""
    loads: tuple[str, ...] = ()
    """What the provider's library would import only with the first question."""
    keys: tuple[str, ...] = ()
    """Environment variables that may hold the key; the first is the customary one."""


PROVIDERS: Mapping[str, Provider] = {
    "openai": Provider(
        integration="llama_index.llms.openai_like",
        extra="openai",
        example="openai:gpt-4o-mini",
        url="https://api.openai.com/v1",
        url_variable="OPENAI_BASE_URL",
        loads=("openai.resources.chat.completions",),
        keys=("OPENAI_API_KEY",),
    ),
    "ollama": Provider(
        integration="llama_index.llms.ollama",
        extra="ollama",
        example="ollama:llama3.2",
        url="http://127.0.0.1:11434",
        url_variable="OLLAMA_HOST",
        bare_port=11434,
    ),
    "anthropic": Provider(
        integration="llama_index.llms.anthropic",
        extra="anthropic",
        example="anthropic:claude-sonnet-4-5",
        url="https://api.anthropic.com",
        url_variable="ANTHROPIC_BASE_URL",
        loads=("anthropic.resources.messages",),
        keys=("ANTHROPIC_API_KEY",),
    ),
    "google": Provider(
        integration="llama_index.llms.google_genai",
        extra="google",
        example="google:gemini-2.5-flash",
        url="https://generativelanguage.googleapis.com",
        url_variable="GOOGLE_GEMINI_BASE_URL",
        keys=("GOOGLE_API_KEY", "GEMINI_API_KEY"),
    ),
}
KINDS = (*PROVIDERS, PYTHON, FAKE)


@dataclass(frozen=True, kw_only=True)
class ModelName:
    """A language model's name, taken apart. `str()` gives it back."""

    kind: str
    model: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.model}"


def parse(name: str) -> ModelName | None:
    """Take a generator's name apart; None is the extractive generator.

    >>> parse("ollama:llama3.2:3b")
    ModelName(kind='ollama', model='llama3.2:3b')
    >>> parse("extractive") is None
    True

    Raises:
        ModelError: no such kind, or no model named; the message says what was probably meant.
    """
    if name == EXTRACTIVE:
        return None
    kind, colon, model = name.partition(":")
    if kind not in KINDS:
        raise ModelError(_unknown(name, kind))
    if not colon or not model.strip():
        example = (
            PROVIDERS[kind].example if kind in PROVIDERS else {PYTHON: "python:module:object"}.get(kind, "fake:copy")
        )
        raise ModelError(f"{name!r} names no model: write KIND:MODEL, for example {example}.")
    if kind == PYTHON and not all(model.partition(":")[::2]):
        raise ModelError(f"{name!r} names no object: write python:module:object, for example python:my_llms:local.")
    if kind == FAKE and model not in FAKES:
        raise ModelError(f"There is no generator {name!r}.{meant(model, FAKES, 'fake:{}')}")
    return ModelName(kind=kind, model=model)


def check(name: str, base_url: str | None = None) -> ModelName | None:
    """Parse a generator's name, and refuse one whose extra or key is missing.

    Raises:
        ModelError: as `parse`; or the extra or the key is missing, with the command that mends it.
    """
    parsed = parse(name)
    if parsed is None or parsed.kind not in PROVIDERS:
        return parsed
    provider = PROVIDERS[parsed.kind]
    if not installed(provider.integration):
        raise ModelError(
            f"{name} needs an extra that is not installed. Run: pip install 'footnote-rag[{provider.extra}]'"
        )
    found = key(provider)
    if found is None and needs_key(provider, base_url):
        raise ModelError(f"{name} needs a key that is not set. Run: export {provider.keys[0]}=…")
    if found and not (found.isascii() and found.isprintable()):  # no header can hold it
        raise ModelError(
            f"The key for {name} holds what no key does (…, a curly quote or a line break): copy it again. "
            f"Run: export {_variable(provider)}='KEY'"
        )
    address(provider, base_url)
    return parsed


def key(provider: Provider) -> str | None:
    """Return the key from the environment, None when there is none."""
    variable = _variable(provider)
    return os.environ[variable].strip() if variable else None


def _variable(provider: Provider) -> str | None:
    return next((name for name in provider.keys if os.environ.get(name, "").strip()), None)


def address(provider: Provider, base_url: str | None = None) -> str:
    """Return where requests go: the setting, else the provider's environment variable, else its own address.

    Raises:
        ModelError: that is not the address of a server.
    """
    given = base_url or os.environ.get(provider.url_variable, "").strip() or provider.url
    try:
        url = given if "://" in given else f"http://{_whole(given, provider)}"
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and not parts.username and parts.port != 0
    except ValueError:  # of the port, or of a bracket that is never closed
        usable = False
    if not usable:
        raise ModelError("The address of the language model is not usable: write http://HOST:PORT or https://HOST.")
    return url.replace("//0.0.0.0", "//127.0.0.1").rstrip("/")


def _whole(given: str, provider: Provider) -> str:
    """Return an address without a scheme with host and port. `OLLAMA_HOST` is customarily one of the two, or both."""
    if provider.bare_port is None:
        return given
    parts = urlsplit(f"//{given}")
    place = parts.netloc if parts.port else f"{parts.netloc.rstrip(':')}:{provider.bare_port}"
    return ("127.0.0.1" if place.startswith(":") else "") + place + given.removeprefix(parts.netloc)


def needs_key(provider: Provider, base_url: str | None = None) -> bool:
    """Tell whether the server asks for a key: the providers' own do, one of your own may not."""
    return bool(provider.keys) and address(provider, base_url) == provider.url


def meant(given: str, known: Iterable[str], pattern: str = "{}") -> str:
    """Return ` Did you mean X?`, or nothing when nothing comes close."""
    close = get_close_matches(given, list(known), n=1, cutoff=0.6)
    return f" Did you mean {pattern.format(close[0])}?" if close else ""


def _unknown(name: str, kind: str) -> str:
    if ":" not in name:
        hint = meant(name, (EXTRACTIVE, *PROVIDERS))
        return f"There is no generator {name!r}.{hint} Write extractive, or KIND:MODEL with one of: {', '.join(KINDS)}."
    model = name.partition(":")[2]
    hint = meant(kind, KINDS, f"{{}}:{model}")
    return f"There is no kind of language model {kind!r}.{hint} Known: {', '.join(KINDS)}."


def installed(module: str) -> bool:
    """Tell whether a module can be imported, without importing it."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
