"""Language models without a model, deterministic: for tests, demonstrations and trying out the path of an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.ingest.sentences import sentences
from rag.llm.base import Delta, Limits, Message
from rag.models.tokens import count

_PASSAGE = re.compile(r"^\[(\d+)\] [^\n]*\n([^\n]+)", re.MULTILINE)
_MOST = 2


class CopyingModel:
    """Copies the first sentence of the first two passages that it is shown, each with its number."""

    name = "fake:copy"

    def stream(self, messages: Sequence[Message], limits: Limits) -> Iterator[Delta]:
        """Yield the copied sentences word by word."""
        prompt = "\n".join(message.text for message in messages)
        said = " ".join(_first(body, number) for number, body in _PASSAGE.findall(prompt)[:_MOST])
        for word in re.findall(r"\S+\s*", said):
            yield Delta(text=word)
        yield Delta(tokens_in=count(prompt), tokens_out=count(said), finish="stop")


class SilentModel:
    """Says nothing, as a broken server does."""

    name = "fake:silent"

    def stream(self, messages: Sequence[Message], limits: Limits) -> Iterator[Delta]:
        """Yield an end without a beginning."""
        yield Delta(finish="stop")


def _first(body: str, number: str) -> str:
    spans = sentences(body)
    sentence = body[slice(*spans[0])] if spans else body
    return f"{sentence.rstrip('.')} [{number}]."
