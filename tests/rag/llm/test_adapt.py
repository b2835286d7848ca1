import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest
from llama_index.core.base.llms.types import ChatMessage, ChatResponse
from llama_index.core.llms.mock import MockLLM

from rag.llm.adapt import GivenModel, _delta
from rag.llm.base import Limits, Message
from rag.llm.faults import Fault


class Ending(MockLLM):
    """Says one word and how it ends, each in a part of its own."""

    def __init__(self, finish: str | None) -> None:
        super().__init__()
        self._finish = finish

    def stream_chat(self, messages: Any, **kwargs: Any) -> Iterator[ChatResponse]:  # type: ignore[override]
        message = ChatMessage(role="assistant", content="")
        yield ChatResponse(message=message, delta="Talks", raw={"choices": [{"finish_reason": None}]})
        yield ChatResponse(message=message, delta="", raw={"choices": [{"finish_reason": self._finish}]})


@pytest.mark.parametrize(
    ("finish", "told"), [("length", "length"), ("stop", "stop"), ("eos_token", "stop"), (None, "stop")]
)
def test_how_a_given_model_ends_is_taken_from_it_where_it_says_so(finish: str | None, told: str) -> None:
    limits = Limits(deadline=time.monotonic() + 10, connect=1.0, tokens_out=50)
    model = GivenModel("python:x:y", Ending(finish))
    deltas = [delta for delta in model.stream([Message(role="user", text="Why?")], limits) if delta]
    assert [delta.finish for delta in deltas if delta.finish] == [told]


@pytest.mark.parametrize("error", [SystemExit("no key"), asyncio.CancelledError()])
def test_a_given_model_that_would_end_the_process_only_fails(error: BaseException) -> None:
    class Leaving(MockLLM):
        def stream_chat(self, messages: Any, **kwargs: Any) -> Iterator[ChatResponse]:  # type: ignore[override]
            raise error

    limits = Limits(deadline=time.monotonic() + 10, connect=1.0, tokens_out=50)
    with pytest.raises(Fault, match="broke off"):
        list(GivenModel("python:x:y", Leaving()).stream([Message(role="user", text="Why?")], limits))


def test_counts_that_are_none_are_not_taken_and_a_refusal_is() -> None:
    raw = {"usage": {"prompt_tokens": -5, "completion_tokens": True}, "choices": [{"delta": {"refusal": "I cannot."}}]}
    delta = _delta(ChatResponse(message=ChatMessage(role="assistant", content=""), raw=raw))
    assert (delta.tokens_in, delta.tokens_out, delta.finish) == (None, None, "refusal")
