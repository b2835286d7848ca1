from collections.abc import Iterator, Sequence
from threading import Event

import pytest

from rag.answer.generate import Prose, Writer
from rag.llm.base import Delta, Limits, Message, Stopped
from rag.llm.faults import Fault
from rag.records import NOT_IN_CORPUS, Article, Hit, Passage, Usage
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


def written(model: Calls, settings: Generate = SETTINGS) -> tuple[str, Prose]:
    steps = Writer(model, settings, TEXTS.__getitem__).write("Why?", [hit("a"), hit("b")], Limits.of(settings, Event()))
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


BACKED = "Tessaly suspended its military hotline [1]. "


@pytest.mark.parametrize(
    "said",
    [
        "The passages do not say why Tessaly suspended its military hotline with Orvane.",
        "I'm sorry, but the provided passages do not explain why Tessaly suspended its military hotline with Orvane.",
        f"<think>{BACKED}</think>\n\n{NOT_IN_CORPUS}",
        f"{BACKED}</think>{NOT_IN_CORPUS}",
        "> **Answer:** The articles do not answer the question.",
    ],
)
def test_a_refusal_in_whatever_words_is_one(said: str) -> None:
    for deltas in ([said], list(said)):
        shown, prose = written(Calls([*(Delta(text=text) for text in deltas), Delta(finish="stop")]))
        assert prose.refused and shown == prose.text == "" and prose.citations == ()


def test_a_refusal_that_broke_off_is_none() -> None:
    _, prose = written(Calls([Delta(text="The passages do not say why."), Fault("broken", "it broke off")]))
    assert not prose.refused and prose.reason == "it broke off"


def test_what_is_left_open_beside_an_answer_is_noted() -> None:
    shown, prose = written(Calls([Delta(text=f"{BACKED}The passages do not say why.", finish="stop")]))
    assert shown.strip() == BACKED.strip() and not prose.refused
    assert prose.notes == ("One sentence is about what the passages do not say, and left out.",)


def test_an_empty_answer_that_was_paid_for_is_counted() -> None:
    _, prose = written(Calls([Delta(tokens_in=100, tokens_out=10), Delta(finish="length")]))
    assert prose.usage == Usage(tokens_in=100, tokens_out=10, cost=0.0002)
    assert written(Calls([Delta(), Fault("broken", "x")]))[1].usage == Usage()


def test_where_a_model_is_cut_off_does_not_depend_on_how_it_streams() -> None:
    short = Generate(answer_tokens=100)
    said = BACKED * 5  # 45 tokens by words, more than 200 characters
    for deltas in ([said], list(said)):
        shown, prose = written(Calls([*(Delta(text=text) for text in deltas), Delta(finish="stop")]), short)
        assert shown.strip() == said.strip() and prose.notes == ()
    endless, prose = written(Calls([Delta(text=BACKED * 1000, finish="stop")]), short)
    assert len(endless) < 1000 and "its limit of length, which RAG_GENERATE__ANSWER_TOKENS" in prose.notes[0]


def test_one_large_delta_is_left_when_nobody_wants_it_any_more() -> None:
    limits = Limits.of(SETTINGS, Event())
    steps = Writer(Calls([Delta(text=BACKED * 20)]), SETTINGS, TEXTS.__getitem__).write("Why?", [hit("a")], limits)
    next(steps)
    limits.stop.set()
    with pytest.raises(Stopped):
        list(steps)


def test_thoughts_have_a_limit_of_their_own() -> None:
    short = Generate(answer_tokens=16)
    thought = "<think>" + "They ask why it was suspended. " * 50 + "</think>"
    shown, prose = written(Calls([Delta(text=thought + BACKED, finish="stop")]), short)
    assert shown.strip() == BACKED.strip() and prose.notes == () and prose.usage.tokens_out > 300
    _, prose = written(Calls([Delta(text="<think>" + "Well. " * 10_000)]), short)
    assert "RAG_GENERATE__ANSWER_TOKENS" in prose.reason


def test_what_broke_off_costs_what_came() -> None:
    begun = Delta(text=BACKED * 5, tokens_in=100, tokens_out=1)  # a report of the beginning
    for call in ([begun, Fault("broken", "it broke off")], [begun]):
        assert written(Calls(call))[1].usage.tokens_out > 40
    assert written(Calls([begun, Delta(finish="stop")]))[1].usage.tokens_out == 1


def test_a_blocked_answer_is_told_as_such() -> None:
    _, prose = written(Calls([Delta(finish="refusal"), Delta(finish="stop")]))
    assert prose.reason == "the provider blocked the answer" and not prose.refused
    _, prose = written(Calls([SAID, Delta(finish="content_filter")]))
    assert prose.notes == ("The answer is incomplete: the provider blocked the rest.",)
