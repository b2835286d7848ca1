"""The path of a question over several articles: its parts, a development, and the filter that it names."""

from collections.abc import Iterator, Sequence

import pytest

from rag.answer.several import UNDATED_LAST
from rag.corpus import Corpus
from rag.llm.base import Delta, Limits, Message
from rag.records import NOT_IN_CORPUS, Filter
from rag.timing import Stopwatch

OPENED, DIED = "When was the line opened?", "how many people died on the ferry Halcyon Star?"
CHESS = "what did the Corvane chess club decide?"
CHANGED = "How did the death toll of the Orsk mine fire change?"
TOLLS = {
    "later": ("2024-05-02", "Hospitals raised the death toll of the Orsk mine fire to nineteen on Thursday."),
    "undated": (None, "A later death toll of the Orsk mine fire names seventeen people and two rescuers."),
    "first": ("2024-04-30", "The death toll of the Orsk mine fire was put at fourteen by police."),
}


def joined(first: str, second: str) -> str:
    return f"{first.rstrip('?')}, and {second}"


def quotes(corpus: Corpus, question: str) -> list[str]:
    answer = corpus.ask(question)
    for citation in answer.citations:
        assert corpus.text(citation.article.id)[citation.start : citation.end] == citation.quote
        assert f"[{citation.number}]" in answer.text
    return [citation.quote for citation in answer.citations]


def test_each_part_is_answered_by_its_own_article(corpus: Corpus) -> None:
    answer = corpus.ask(joined(OPENED, DIED))
    assert answer.answered and answer.notes == () and answer.short is None
    found = quotes(corpus, joined(OPENED, DIED))
    assert "The line had been opened in 2016." in found[0] and "14 people died" in found[-1]
    assert answer.confidence == min(corpus.ask(OPENED).confidence, corpus.ask(DIED).confidence)
    assert [hit.article.source for hit in answer.hits[:2]] == ["Coastal Wire", "The Meridian Post"]
    assert len({hit.passage.id for hit in answer.hits}) == len(answer.hits)
    assert tuple(corpus.search(joined(OPENED, DIED))) == answer.hits[:10]


def test_a_part_that_is_not_answered_is_named(corpus: Corpus) -> None:
    answer = corpus.ask(joined(OPENED, CHESS))
    assert answer.answered and answer.notes == (f"Nothing sure was found on: {CHESS}",)
    assert {citation.article.source for citation in answer.citations} == {"Coastal Wire"}
    assert answer.confidence == corpus.ask(OPENED).confidence


def test_each_part_has_the_filter_that_it_names_itself(corpus: Corpus) -> None:
    asked = joined("What did the Coastal Wire report about the line?", DIED)
    answer = corpus.ask(asked)
    assert any("Coastal Wire" in note for note in answer.notes)
    assert any("14 people died" in citation.quote for citation in answer.citations)


def test_a_filter_that_nothing_passes_is_told(corpus: Corpus) -> None:
    answer = corpus.ask(OPENED, where=Filter(author="Nobody"))
    assert not answer.answered and answer.notes == ("No article passes the filter.",)


@pytest.mark.parametrize("said", ["?", "hello", "Thank you!", "Who are you?", "and"])
def test_what_names_nothing_has_no_answer(corpus: Corpus, said: str) -> None:
    answer = corpus.ask(said)
    assert not answer.answered and answer.confidence == 0.0


def test_a_question_of_which_no_part_is_answered_is_refused(corpus: Corpus) -> None:
    other = "When did the Lodgepole orchestra tour?"
    answer = corpus.ask(joined(other, CHESS))
    assert not answer.answered and answer.text.startswith(NOT_IN_CORPUS) and answer.citations == ()
    assert answer.confidence == max(corpus.ask(other).confidence, corpus.ask(CHESS).confidence)


def test_a_sentence_that_answers_both_parts_is_quoted_once(corpus: Corpus) -> None:
    found = quotes(
        corpus, "When was the Tessaly military hotline suspended, and how was the military hotline suspended?"
    )
    assert len(found) == len(set(found)) and any("suspended its military hotline" in quote for quote in found)


@pytest.fixture
def tolls(corpus: Corpus) -> Iterator[Corpus]:
    """The corpus, with three articles that count the dead of one fire."""
    corpus.add_many(
        {"id": id, "title": "Mine fire", "published": day, "text": text} for id, (day, text) in TOLLS.items()
    )
    yield corpus


def test_a_development_is_told_oldest_first_and_undated_last(tolls: Corpus) -> None:
    answer = tolls.ask(CHANGED)
    assert [citation.article.id for citation in answer.citations] == ["first", "later", "undated"]
    assert answer.notes == (UNDATED_LAST,)
    assert quotes(tolls, CHANGED) == [TOLLS[id][1] for id in ("first", "later", "undated")]


def test_a_development_that_one_article_tells_has_no_order(corpus: Corpus) -> None:
    corpus.add(TOLLS["first"][1], title="Mine fire", id="first", published=TOLLS["first"][0])
    answer = corpus.ask(CHANGED)
    assert [citation.article.id for citation in answer.citations] == ["first"] and answer.notes == ()


def test_a_development_keeps_to_the_years_that_are_asked_for(tolls: Corpus) -> None:
    find = tolls._finder(Stopwatch()).find
    told = find("How did the death toll of the Orsk mine fire change between 2023 and 2024?", None).states
    assert {hit.article.id for hit, _ in told} == {"first", "later"}  # the third has no date and names no year
    assert find("How did the death toll of the Orsk mine fire change between 1914 and 1918?", None).states == ()


def test_a_part_that_its_outlet_does_not_answer_is_searched_everywhere_and_says_so(corpus: Corpus) -> None:
    part = "how many people died when the ferry rolled over according to Coastal Wire?"
    answer = corpus.ask(joined(OPENED, part))
    assert f"All articles were searched for: {part}" in answer.notes


def test_records_answer_a_question_of_two_parts_when_they_answer_both(corpus: Corpus) -> None:
    answer = corpus.ask("Who wrote the article Tessaly cuts the hotline, and when was it published?")
    assert [citation.number for citation in answer.citations] == [1, 2] and answer.short is None
    half = corpus.ask(joined("Who wrote the article Tessaly cuts the hotline?", DIED))
    assert "was written by" not in half.text


ONLY = "Only articles in Coastal Wire were searched."


def test_a_filter_that_the_question_names_is_used_and_shown(corpus: Corpus) -> None:
    question = "According to Coastal Wire, why did Tessaly suspend its military hotline?"
    answer = corpus.ask(question)
    assert answer.answered and answer.notes == (ONLY,) and answer.standalone_question == question
    assert {hit.article.source for hit in answer.hits} == {"Coastal Wire"}


def test_without_an_answer_there_all_articles_are_asked(corpus: Corpus) -> None:
    answer = corpus.ask("According to Coastal Wire, how many people died when the ferry rolled over?")
    assert answer.answered and answer.notes == ("Nothing sure was found in Coastal Wire: all articles were searched.",)
    assert answer.citations[0].article.source == "The Meridian Post"


def test_a_filter_of_the_caller_takes_its_place(corpus: Corpus) -> None:
    question = "According to Coastal Wire, why did Tessaly suspend its military hotline?"
    answer = corpus.ask(question, where=Filter(source="Meridian"))
    assert answer.notes == () and {hit.article.source for hit in answer.hits} == {"The Meridian Post"}


def test_the_articles_of_an_outlet_and_a_month_are_named(corpus: Corpus) -> None:
    answer = corpus.ask("What did the Meridian Post report in March 2024?")
    assert answer.text == (
        "Ferry capsizes in Corvan Sound, The Meridian Post, 2024-03-12: "
        "At least 14 people died when the ferry Halcyon Star rolled over in heavy seas [1]."
    )
    assert answer.notes == ("Only articles in The Meridian Post from March 2024 were searched.",)
    assert not corpus.ask("What did the Meridian Post report in March 1999?").answered


class Told:
    """Notes what it is asked, and answers from the first two passages."""

    name = "test:told"

    def __init__(self) -> None:
        self.prompt = ""

    def stream(self, messages: Sequence[Message], limits: Limits) -> Iterator[Delta | None]:
        self.prompt = messages[-1].text
        yield Delta(
            text="The line had been opened in 2016 [1]. At least 14 people died when the ferry rolled over [2]."
        )
        yield Delta(finish="stop")


def test_a_model_writes_one_answer_over_the_passages_of_all_parts(corpus: Corpus) -> None:
    other, model = corpus.using(corpus.settings.with_llm("fake:copy")), Told()
    other._models._made[("fake:copy", other.settings.generate)] = model
    answer = other.ask(joined(OPENED, DIED))
    assert "[1] Tessaly cuts the hotline" in model.prompt and "[2] Ferry capsizes" in model.prompt
    assert answer.generator == "test:told" and len(answer.citations) == 2 and answer.notes == ()
