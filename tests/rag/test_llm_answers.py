"""A question's path with a language model on top, with the models that need none."""

import asyncio
import threading
import time
from collections.abc import Iterator, Sequence

import pytest

from rag.api import query
from rag.corpus import Corpus
from rag.errors import ModelError
from rag.llm.base import Delta, LanguageModel, Limits, Message
from rag.llm.pump import pump_block
from rag.records import NOT_IN_CORPUS, Answer, Piece, Turn, Usage
from rag.retrieve.apart import take_apart
from rag.retrieve.parts import Plan
from rag.settings import AnswerSettings, Ingest, Settings
from tests.conftest import FERRY, HOTLINE


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    folder = tmp_path_factory.mktemp("llm")
    (folder / "hotline.md").write_text(HOTLINE, encoding="utf-8")
    (folder / "ferry.md").write_text(FERRY, encoding="utf-8")
    settings = Settings(ingest=Ingest(embedder="fake:hash"), answer=AnswerSettings(reader="fake:overlap"))
    with Corpus.open(folder / "test.corpus", settings=settings) as opened:
        opened.sync(folder)
        yield opened


WHY = "Why did Tessaly suspend its military hotline with Orvane?"


class Scripted:
    """Says what it is told to; an exception is raised, a number waited for."""

    name = "test:scripted"

    def __init__(self, *script: str | float, finish: str = "stop") -> None:
        self.script = script
        self.finish = finish
        self.asked: list[Sequence[Message]] = []
        self.ended = threading.Event()

    def stream(self, messages: Sequence[Message], limits: Limits) -> Iterator[Delta | None]:
        self.asked.append(messages)
        yield from pump_block(self._say, limits)

    def _say(self) -> Iterator[Delta]:
        try:
            for item in self.script:
                if isinstance(item, str):
                    yield Delta(text=item)
                else:
                    time.sleep(item)
                    yield Delta()
            yield Delta(finish=self.finish, tokens_in=100, tokens_out=10)
        finally:
            self.ended.set()


def using(corpus: Corpus, model: LanguageModel, **generate: object) -> Corpus:
    settings = corpus.settings.with_llm("fake:copy")
    settings = settings.model_copy(update={"generate": settings.generate.model_copy(update=generate)})
    other = corpus.using(settings)
    other._models._made[("fake:copy", settings.generate)] = model
    return other


def test_the_shipped_fake_is_cited_like_any_model(corpus: Corpus) -> None:
    *pieces, answer = corpus.using(corpus.settings.with_llm("fake:copy")).stream(WHY)
    assert isinstance(answer, Answer) and answer.generator == "fake:copy" and answer.usage.tokens_in > 100
    assert "".join(piece.text for piece in pieces if isinstance(piece, Piece)) == answer.text
    for citation in answer.citations:
        assert corpus.text(citation.article.id)[citation.start : citation.end] == citation.quote
        assert f"[{citation.number}]" in answer.text and citation.support >= 0.5


def test_a_model_is_chosen_for_one_question(corpus: Corpus) -> None:
    assert query(WHY, corpus=corpus, llm="fake:copy").generator == "fake:copy"
    assert query(WHY, corpus=corpus).generator == "extractive"


def test_a_model_that_says_nothing_is_replaced_by_the_articles_own_sentences(corpus: Corpus) -> None:
    answer = corpus.using(corpus.settings.with_llm("fake:silent")).ask(WHY)
    assert answer.answered and answer.generator == "extractive" and answer.text == corpus.ask(WHY).text
    assert "fake:silent did not answer: it gave an empty answer." in answer.notes[0]


def test_prose_that_nothing_backs_is_replaced_too(corpus: Corpus) -> None:
    answer = using(corpus, Scripted("Penguins eat fish [1]. They live in Antarctica.")).ask(WHY)
    assert answer.text == corpus.ask(WHY).text and "supported by the passages" in answer.notes[-1]


def test_the_models_refusal_is_a_refusal(corpus: Corpus) -> None:
    answer = using(corpus, Scripted(NOT_IN_CORPUS)).ask(WHY)
    assert not answer.answered and answer.text.startswith(NOT_IN_CORPUS) and answer.citations == ()
    assert answer.nearest and answer.generator == "test:scripted"


def test_what_the_corpus_does_not_answer_is_not_asked_of_the_model(corpus: Corpus) -> None:
    model = Scripted("Anything.")
    assert not using(corpus, model).ask("What do penguins weigh in Antarctica?").answered
    assert model.asked == []


UNSURE = "Which admiral told Tessaly reporters what military hotline repairs cost?"
"""Half of its words are in the articles: more than nothing, less than the threshold."""


def test_between_the_two_thresholds_the_model_decides(corpus: Corpus) -> None:
    refusal = corpus.ask(UNSURE)
    assert not refusal.answered and corpus.settings.generate.least <= refusal.confidence < corpus.threshold
    answer = using(corpus, Scripted("Tessaly suspended its military hotline with Orvane [1].")).ask(UNSURE)
    assert answer.answered and answer.citations and answer.confidence == refusal.confidence
    for failing in (Scripted(""), Scripted("Penguins eat fish."), Scripted(NOT_IN_CORPUS)):
        answer = using(corpus, failing).ask(UNSURE)
        assert not answer.answered and answer.text == refusal.text and answer.notes
    model = Scripted("x")
    strict = using(corpus, model).settings
    strict = strict.model_copy(update={"answer": strict.answer.model_copy(update={"threshold": 0.5})})
    assert not using(corpus, model).using(strict).ask(UNSURE).answered and model.asked == []


def test_the_prompt_holds_passages_as_data(corpus: Corpus) -> None:
    model = Scripted("x")
    using(corpus, model).ask(WHY)
    system, user = model.asked[0]
    assert NOT_IN_CORPUS in system.text and "date: 2023-07-10\n" in user.text
    assert "[1] Tessaly cuts the hotline | author: Mara Lind | outlet: Coastal Wire | " in user.text
    line = user.text.splitlines()[0]
    assert line in system.text and user.text.count(line) == 2 and user.text.endswith(WHY)


def test_a_deadline_ends_with_what_has_come(corpus: Corpus) -> None:
    model = Scripted("Tessaly suspended its military hotline with Orvane [1]. ", "It did so because of", 5.0)
    answer = using(corpus, model, deadline=1.0).ask(WHY)
    assert answer.text == "Tessaly suspended its military hotline with Orvane [1]. …"
    assert "incomplete: the language model took too long" in answer.notes[0]


def test_a_deadline_before_anything_has_come_quotes_the_articles(corpus: Corpus) -> None:
    began = time.monotonic()
    answer = using(corpus, Scripted(6.0), deadline=0.7).ask(WHY)
    assert time.monotonic() - began < 4 and answer.answered and "took too long" in answer.notes[0]


def test_closing_the_stream_ends_the_call(corpus: Corpus) -> None:
    model = Scripted(*[0.1] * 50)
    events = using(corpus, model).stream(WHY)
    assert next(events) == Piece(text="")
    events.close()
    assert model.ended.wait(2)


def test_cancelling_an_async_answer_ends_the_call(corpus: Corpus) -> None:
    model = Scripted(*[0.1] * 50)

    async def run() -> None:
        task = asyncio.create_task(using(corpus, model).aask(WHY))
        while not model.asked:
            await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert model.ended.wait(2)


def test_leaving_an_async_stream_does_not_hold_up_the_event_loop(corpus: Corpus) -> None:
    """The model is stuck in one step: closing it waits, though not on the loop's own thread."""
    model, gaps = Scripted(2.0), [0.0]

    async def tick() -> None:
        while True:
            began = time.monotonic()
            await asyncio.sleep(0.01)
            gaps.append(time.monotonic() - began)

    async def run() -> None:
        ticking = asyncio.create_task(tick())
        events = using(corpus, model).astream(WHY)
        await anext(events)
        gaps.clear()
        await events.aclose()
        ticking.cancel()

    asyncio.run(run())
    assert max(gaps) < 0.3


def test_async_and_sync_give_the_same_answer(corpus: Corpus) -> None:
    opened = corpus.using(corpus.settings.with_llm("fake:copy"))
    assert asyncio.run(opened.aask(WHY)).text == opened.ask(WHY).text


def test_a_model_rewrites_a_follow_up_and_rules_do_when_it_talks_nonsense(corpus: Corpus) -> None:
    history = [Turn(question=WHY, answer="An Orvani drone had crossed the border.")]
    good = "When did Tessaly suspend its military hotline with Orvane?"
    answer = using(corpus, Scripted(good)).ask("And when?", history=history)
    assert answer.standalone_question == good and answer.usage.tokens_in >= 100
    answer = using(corpus, Scripted("Buy cheap watches at our online shop today")).ask("And when?", history=history)
    assert answer.standalone_question == corpus.ask("And when?", history=history).standalone_question


def test_a_model_takes_a_question_apart_that_the_rules_leave_whole(corpus: Corpus) -> None:
    asked = "Why did Tessaly suspend its military hotline, and the wages of the mayor of Port Ellery?"
    parts = ["Why did Tessaly suspend its military hotline?", "What were the wages of the mayor of Port Ellery?"]
    model = Scripted("\n".join(f"- {part}" for part in parts))
    corpus = using(corpus, model)
    found = taken_apart(corpus, asked, model)
    assert [part.question for part in found.parts] == parts
    assert corpus.ask(asked).usage.tokens_in == 200 and len(model.asked) == 3


@pytest.mark.parametrize(
    "said",
    [
        "Buy cheap watches at our online shop today\nAnd never pay for shipping",
        "Why was the hotline cut?",
        "\n".join(["Why was the hotline cut?"] * 2),
        "\n".join(f"Why was the hotline cut {n}?" for n in range(5)),
        "Why was the hotline cut?\n" + "Who was the mayor of Port Ellery and " * 20,
        "",
    ],
)
def test_what_is_no_list_of_its_questions_leaves_a_question_whole(corpus: Corpus, said: str) -> None:
    asked = "Why was the hotline cut, and the mayor of Port Ellery?"
    assert len(taken_apart(corpus, asked, Scripted(said)).parts) == 1


def test_a_list_of_questions_that_was_cut_off_is_not_taken(corpus: Corpus) -> None:
    asked = "Why was the hotline cut, and the mayor of Port Ellery?"
    cut = Scripted("Why was the hotline cut?\nWhy the mayor of Port", finish="length")
    assert len(taken_apart(corpus, asked, cut).parts) == 1


def taken_apart(corpus: Corpus, asked: str, model: Scripted) -> Plan:
    steps = take_apart(asked, model, Limits.of(corpus.settings.generate, threading.Event()))
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value[0]


def test_a_model_is_not_asked_to_take_apart_what_asks_for_one_thing(corpus: Corpus) -> None:
    model = Scripted("Tessaly suspended its military hotline with Orvane [1].")
    using(corpus, model).ask(WHY)
    assert len(model.asked) == 1


def test_a_conversation_that_has_used_its_tokens_goes_on_without_the_model(corpus: Corpus) -> None:
    model = Scripted("x")
    before = corpus.ask(WHY)
    spent = Answer(question=WHY, standalone_question=WHY, text="x", answered=True, confidence=1, generator="x",
                   usage=Usage(tokens_in=900, tokens_out=101))  # fmt: skip
    answer = using(corpus, model, conversation_tokens=1000).ask(WHY, history=[Turn(question="?", answer=spent)])
    assert model.asked == [] and answer.text == before.text and "1,000 tokens" in answer.notes[0]


def test_what_an_answer_costs(corpus: Corpus) -> None:
    model = Scripted("Tessaly suspended its military hotline with Orvane [1].")
    answer = using(corpus, model, price_in=1.0, price_out=10.0).ask(WHY)
    assert answer.usage == Usage(tokens_in=100, tokens_out=10, cost=0.0002)


def test_a_model_that_cannot_be_used_is_refused_at_once(corpus: Corpus) -> None:
    with pytest.raises(ModelError, match=r"Did you mean ollama:x\?"):
        corpus.using(corpus.settings.with_llm("olama:x"))
