from collections.abc import Iterator, Sequence
from threading import Event

from rag.answer.generate import Prose, Writer
from rag.llm.base import Delta, Limits, Message
from rag.llm.faults import Fault
from rag.records import Article, Hit, Passage, Usage
from rag.settings import Generate

TEXTS = {
    "a": "Tessaly suspended its military hotline with Orvane on Monday.",
    "b": "The ferry Halcyon Star rolled over in heavy seas.",
}
SETTINGS = Generate(price_in=1.0, price_out=10.0)
TOO_LONG = Fault("long", "the passages are too long for test:calls")


class Calls:
    """Says with each call what is next; a fault is raised."""

    name = "test:calls"

    def __init__(self, *calls: Sequence[Delta | Fault]) -> None:
        self.left = list(calls)

    def stream(self, messages: Sequence[Message], limits: Limits) -> Iterator[Delta | None]:
        for item in self.left.pop(0):
            if isinstance(item, Fault):
                raise item
            yield item


def hit(id: str) -> Hit:
    article = Article(id=id, title="", chars=len(TEXTS[id]), sha256="")
    passage = Passage(id=id, article_id=id, start=0, end=len(TEXTS[id]), text=TEXTS[id])
    return Hit(passage=passage, article=article, score=1.0, relevance=1.0)


def written(model: Calls) -> tuple[str, Prose]:
    steps = Writer(model, SETTINGS, TEXTS.__getitem__).write("Why?", [hit("a"), hit("b")], Limits.of(SETTINGS, Event()))
    shown = ""
    while True:
        try:
            shown += next(steps).text
        except StopIteration as end:
            return shown, end.value


SAID = Delta(text="Tessaly suspended its military hotline [1]. ", tokens_in=100, tokens_out=10)
AGAIN = Delta(text="Tessaly suspended its hotline on Monday [1].", tokens_in=60, tokens_out=20, finish="stop")


def test_after_the_first_text_too_long_is_not_asked_again() -> None:
    more = Delta(text="The ferry Halcyon Star rolled over, and with it went a great many words that were")
    model = Calls([SAID, more, TOO_LONG], [AGAIN])
    shown, prose = written(model)
    assert shown == prose.text == "Tessaly suspended its military hotline [1]. …" and len(model.left) == 1
    assert prose.notes == ("The answer is incomplete: the passages are too long for test:calls.",)


def test_what_a_call_cost_that_was_too_long_is_counted() -> None:
    shown, prose = written(Calls([Delta(text="Penguins", tokens_in=100, tokens_out=10), TOO_LONG], [AGAIN]))
    assert shown == prose.text == AGAIN.text
    assert prose.usage == Usage(tokens_in=160, tokens_out=30, cost=0.00046)
