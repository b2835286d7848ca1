"""Any server that speaks the OpenAI chat protocol: `openai:http://127.0.0.1:8000/v1`.

The server gets the question and the conversation, nothing else: it is to bring its own articles. A field
`citations` as Footnote's server sends it, in the body or the message, is read when it is there.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from eval.cases import Suite
from eval.record import FoundCitation, FoundHit, Reply, Tokens
from eval.systems.base import Exchange, Said, Wish, looks_refused
from rag.errors import BackendError, UserError


class ChatApi:
    """One server, one model."""

    def __init__(self, url: str, wish: Wish, suite: Suite) -> None:
        """Connect.

        Raises:
            UserError: the URL is not one.
            BackendError: nothing answers there, or it names no model.
        """
        if not url.startswith(("http://", "https://")):
            raise UserError(f"openai:{url} is no URL. Use openai:http://HOST:PORT/v1.")
        self._url = url.rstrip("/").removesuffix("/chat/completions")
        key = os.environ.get("OPENAI_API_KEY")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(headers=headers, timeout=None)
        self._names = {Path(name).stem: name for name in suite.articles} | {n: n for n in suite.articles}
        self._model = wish.model or self._first_model()

    def ask(self, question: str, history: Sequence[Exchange]) -> Said:
        """Answer one question of a conversation.

        Raises:
            BackendError: the server fails or answers in another form.
        """
        messages = [
            message
            for turn in history
            for message in (_message("user", turn.question), _message("assistant", turn.reply.text))
        ]
        asked = {"model": self._model, "temperature": 0, "messages": [*messages, _message("user", question)]}
        body = self._call("POST", "/chat/completions", asked)
        try:
            message = body["choices"][0]["message"]
            text = message["content"] or ""
        except (KeyError, IndexError, TypeError):
            raise BackendError(f"{self._url} did not answer in the chat form: {str(body)[:200]}") from None
        cited = body.get("citations") or message.get("citations") or ()
        used = body.get("usage") or {}
        tokens = Tokens(tokens_in=used.get("prompt_tokens") or 0, tokens_out=used.get("completion_tokens") or 0)
        citations = tuple(self._citation(record) for record in cited if isinstance(record, Mapping))
        refused = looks_refused(text)
        return Said(
            reply=Reply(text=text, answered=not refused, citations=citations, usage=tokens, generator=self._model)
        )

    def search(self, question: str, k: int) -> list[FoundHit]:
        """Return nothing: the protocol has no search."""
        return []

    def about(self) -> Mapping[str, Any]:
        """Return address and model."""
        return {"settings": {"url": self._url, "model": self._model}}

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _citation(self, record: Mapping[str, Any]) -> FoundCitation:
        article = record.get("article")
        name = str(article.get("id", "")) if isinstance(article, Mapping) else str(article or "")
        return FoundCitation(
            number=record.get("number"),
            article=self._names.get(name, self._names.get(Path(name).stem, name)),
            quote=str(record.get("quote") or ""),
            start=record.get("start"),
            end=record.get("end"),
        )

    def _first_model(self) -> str:
        models = self._call("GET", "/models").get("data") or []
        if not models:
            raise BackendError(f"{self._url}/models names no model. Give one with --model.")
        return str(models[0]["id"])

    def _call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        try:
            response = self._client.request(method, self._url + path, json=body)
            response.raise_for_status()
            answer = response.json()
        except httpx.HTTPStatusError as error:
            retryable = error.response.status_code in {408, 429} or error.response.status_code >= 500
            raise BackendError(f"{self._url}{path}: {error}".splitlines()[0], retryable=retryable) from None
        except (httpx.HTTPError, ValueError) as error:
            raise BackendError(f"{self._url}{path}: {error or type(error).__name__}", retryable=True) from None
        if not isinstance(answer, dict):
            raise BackendError(f"{self._url}{path} answered {type(answer).__name__}, not an object.")
        return answer


def _message(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}
