"""LlamaIndex's language models as ours: each provider's integration, and any `LLM` object of the caller's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from rag.llm.base import Delta, Limits, Message
from rag.llm.faults import from_client, from_error
from rag.llm.pump import pump, pump_block
from rag.llm.wire import Server

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage, ChatResponse
    from llama_index.core.llms import LLM

_ENDS = {"stop", "end_turn", "stop_sequence", "eos", "eos_token", "complete"}
"""What the providers call the end of an answer that has said all."""


class ProviderModel:
    """A provider's model. Its client is made anew for each call: none is ever shared between threads or loops."""

    def __init__(self, name: str, server: Server, build: Callable[[Server, Limits], tuple[LLM, Any]]) -> None:
        self.name = name
        self._server = server
        self._build = build

    def stream(self, messages: Sequence[Message], limits: Limits) -> Iterator[Delta | None]:
        """Yield what the model says as it comes, see `LanguageModel.stream`."""
        yield from pump(lambda: self._deltas(messages, limits), limits)

    async def _deltas(self, messages: Sequence[Message], limits: Limits) -> AsyncIterator[Delta]:
        try:
            llm, client = self._build(self._server, limits)
        except Exception as error:  # nothing has been sent: it is this machine's own
            raise from_client(error) from None
        try:
            try:
                async with aclosing(await llm.astream_chat(_chat(messages))) as responses:
                    async for response in responses:
                        yield _delta(response)
            finally:
                await client.aclose()
        except Exception as error:
            raise from_error(error, where=self._server.where, model=self._server.model) from None


class GivenModel:
    """An `LLM` object that the caller made. It is called in a thread, by its blocking methods, which all have."""

    def __init__(self, name: str, llm: LLM) -> None:
        self.name = name
        self._llm = llm

    def stream(self, messages: Sequence[Message], limits: Limits) -> Iterator[Delta | None]:
        """Yield what the model says as it comes, see `LanguageModel.stream`."""
        yield from pump_block(lambda: self._deltas(messages), limits)

    def _deltas(self, messages: Sequence[Message]) -> Iterator[Delta]:
        try:
            ended = False
            for response in self._responses(_chat(messages)):
                delta = _delta(response)
                ended = ended or delta.finish is not None
                yield delta
            if not ended:  # many models of callers never say how they end
                yield Delta(finish="stop")
        except (Exception, SystemExit, asyncio.CancelledError) as error:  # in its own thread, both are its own
            raise from_error(error, where=self.name, model=self.name) from None

    def _responses(self, messages: list[ChatMessage]) -> Iterator[ChatResponse]:
        try:
            yield from self._llm.stream_chat(messages)
        except NotImplementedError:
            response = self._llm.chat(messages)
            response.delta = response.message.content
            yield response


def _chat(messages: Sequence[Message]) -> list[ChatMessage]:
    from llama_index.core.base.llms.types import ChatMessage

    return [ChatMessage(role=message.role, content=message.text) for message in messages]


def _delta(response: ChatResponse) -> Delta:
    """Read what a response of any provider carries; none of them says it in the same place."""
    raw = _plain(response.raw)
    extra = response.message.additional_kwargs
    usage = _plain(extra.get("usage") or raw.get("usage") or raw.get("usage_metadata"))
    choice = _plain((raw.get("choices") or [None])[0])
    finish = choice.get("finish_reason") or raw.get("finish_reason") or extra.get("stop_reason")
    if raw.get("done"):
        finish = raw.get("done_reason") or "stop"
    name = getattr(finish, "value", finish)
    if _plain(choice.get("delta")).get("refusal"):  # OpenAI's own words for why, and no answer
        name = "refusal"
    return Delta(
        text=response.delta or "",
        tokens_in=_first(usage, "prompt_tokens", "input_tokens", "prompt_token_count"),
        tokens_out=_first(usage, "completion_tokens", "output_tokens", "candidates_token_count"),
        finish=None if name is None else "stop" if str(name).lower() in _ENDS else str(name).lower(),
    )


def _plain(value: object) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    return dict(vars(value)) if hasattr(value, "__dict__") else {}


def _first(usage: dict[str, Any], *names: str) -> int | None:
    """Return the first that is a count; a caller's own model may report anything."""
    return next((usage[name] for name in names if type(usage.get(name)) is int and usage[name] >= 0), None)
