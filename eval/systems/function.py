"""A Python function as a system: `python:package.module:function`."""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.cases import Suite
from eval.record import FoundHit, Reply
from eval.systems.base import Exchange, Said, looks_refused
from rag.errors import UserError


class Function:
    """Calls `function(question, history)` with the earlier turns as `(question, answer text)` pairs.

    The function returns a string, or a mapping with the fields of `eval.record.Reply` of which only
    `text` is needed. When it has an attribute `prepare`, that is called once with the articles, a list
    of mappings with `id`, `title` and `text`.
    """

    def __init__(self, name: str, suite: Suite) -> None:
        self._name = name
        self._call = _resolve(name)
        self._code = _code_hash(name)
        prepare = getattr(self._call, "prepare", None)
        if prepare is not None:
            _prepare(name, prepare, [article.model_dump(exclude_none=True) for article in suite.articles.values()])

    def ask(self, question: str, history: Sequence[Exchange]) -> Said:
        """Answer one question.

        Raises:
            ValueError: the function returned something that is not an answer.
        """
        said = self._call(question, [(turn.question, turn.reply.text) for turn in history])
        return Said(reply=_reply(said))

    def search(self, question: str, k: int) -> list[FoundHit]:
        """Return what the function's attribute `search` returns; nothing when it has none."""
        search = getattr(self._call, "search", None)
        return [FoundHit.model_validate(hit) for hit in search(question, k)] if search else []

    def about(self) -> Mapping[str, Any]:
        """Return which function it is and a hash of its module's file: an edited one is another system."""
        return {"settings": {"function": self._name}, "code": self._code}

    def close(self) -> None:
        return None


def _reply(said: object) -> Reply:
    if isinstance(said, str):
        return Reply(text=said, answered=not looks_refused(said))
    if isinstance(said, Mapping) and isinstance(said.get("text"), str):
        return Reply.model_validate({"answered": not looks_refused(said["text"]), **said})
    raise ValueError(f"the function returned {type(said).__name__}, not a string or a mapping with text")


def _code_hash(name: str) -> str:
    """Return a short hash of the function's module file; empty where it has none."""
    file = getattr(sys.modules.get(name.rpartition(":")[0]), "__file__", None)
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()[:12] if file else ""


def _prepare(name: str, prepare: Callable[..., Any], articles: list[dict[str, Any]]) -> None:
    try:
        prepare(articles)
    except (Exception, SystemExit) as error:
        raise UserError(f"python:{name} could not prepare itself: {_said(error)}. Mend its `prepare`.") from None


def _said(error: BaseException) -> str:
    """Return kind and message of an error on one line."""
    return f"{type(error).__name__}: {error}".splitlines()[0]


def _resolve(name: str) -> Callable[..., Any]:
    module, _, function = name.rpartition(":")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        call = getattr(importlib.import_module(module), function)
    except (Exception, SystemExit) as error:  # a module may raise whatever it likes, and end the process
        raise UserError(f"python:{name} cannot be imported: {_said(error)}. Use python:module:function.") from None
    if not callable(call):
        raise UserError(f"python:{name} is not a function. Use python:module:function.")
    found: Callable[..., Any] = call
    return found
