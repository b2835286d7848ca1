from collections.abc import Iterator, Sequence
from threading import Event

from rag.llm import brief
from rag.llm.base import Delta, Limits, Message
from rag.settings import Generate


class Says:
    name = "test:says"

    def __init__(self, *texts: str) -> None:
        self.texts = texts

    def stream(self, messages: Sequence[Message], limits: Limits) -> Iterator[Delta | None]:
        for text in self.texts:
            yield Delta(text=text)


def said(*texts: str) -> str:
    steps = brief.say(Says(*texts), [], Limits.of(Generate(), Event()))
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value[0]


def test_what_a_model_thinks_aloud_is_no_help() -> None:
    assert said("<think>" + "They mean the strike. " * 50, "</think>\nHow long did the strike last?") == (
        "How long did the strike last?"
    )
    assert said("They mean the strike.", "</think>", "How long?") == "How long?"


def test_a_model_that_talks_or_thinks_without_end_is_no_help() -> None:
    assert said("a" * 601) == "" == said("<think>", *["Well. "] * 1000, "</think>How long?")
