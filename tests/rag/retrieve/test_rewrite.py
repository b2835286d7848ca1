from collections.abc import Iterator, Sequence
from threading import Event

from rag.llm.base import Delta, Limits, Message
from rag.records import Turn
from rag.retrieve.apart import take_apart
from rag.retrieve.rewrite import rewrite
from rag.settings import Generate

ASKED = "Why did Tessaly suspend its hotline and Orvane, too, what did it do with the hotline?"


class Says:
    name = "test:says"

    def __init__(self, text: str) -> None:
        self.text = text

    def stream(self, messages: Sequence[Message], limits: Limits) -> Iterator[Delta | None]:
        yield Delta(text=self.text)


def rewritten(said: str) -> str:
    history = [Turn(question="Why did Tessaly suspend its hotline?", answer="A drone.")]
    steps = rewrite("And when?", history, Says(said), Limits.of(Generate(), Event()))
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value[0]


def test_what_a_model_rewrites_is_cleaned_like_a_question() -> None:
    assert (
        rewritten("When did Tessaly\x00 suspend\u202e its hotline \ud83d?") == "When did Tessaly suspend its hotline ?"
    )
    assert rewritten("\ud83d\x00") == "When did Tessaly suspend its hotline?"


def test_what_a_model_takes_apart_is_cleaned_like_a_question() -> None:
    said = "1. Why did Tessaly suspend its hotline \ud83d?\n2. What did Orvane\x00 do with the hotline?"
    steps = take_apart(ASKED, Says(said), Limits.of(Generate(), Event()))
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found = [part.question for part in end.value[0].parts]
            break
    assert found == ["Why did Tessaly suspend its hotline ?", "What did Orvane do with the hotline?"]
