from dataclasses import replace

import pytest

from rag.answer.extract import Quote, choose, repeats, short, write
from rag.models.reader import Evidence, Reading
from rag.records import Article, Hit, Passage
from rag.settings import AnswerSettings

TEXT = "Heading\n\nThe line opened in 2016. A drone came. It crossed the border. Talks resume in October."
ARTICLE = Article(id="a", title="A", chars=len(TEXT), sha256="")
PASSAGE = Passage(id="p", article_id="a", start=9, end=len(TEXT), text=TEXT[9:])
HIT = Hit(passage=PASSAGE, article=ARTICLE, score=1.0, relevance=1.0)
SENTENCES = ("The line opened in 2016.", "A drone came.", "It crossed the border.", "Talks resume in October.")
SPANS = tuple((TEXT.index(s), TEXT.index(s) + len(s)) for s in SENTENCES)


def reading(*probabilities: float) -> Reading:
    found = tuple(Evidence(start=a, end=b, probability=p) for (a, b), p in zip(SPANS, probabilities, strict=True))
    return Reading(relevance=1.0, answerable=1.0, sentences=found)


def answer(*probabilities: float, sentences: int = 3) -> str:
    quotes = choose([HIT], [reading(*probabilities)], AnswerSettings(sentences=sentences))
    return " ".join(write(quotes, lambda id: TEXT)[0])


def test_the_best_sentence_alone_when_the_others_are_far_behind() -> None:
    assert answer(0.9, 0.1, 0.1, 0.1) == "The line opened in 2016 [1]."


def test_sentences_are_quoted_until_it_is_likely_that_one_of_them_answers() -> None:
    assert answer(0.5, 0.1, 0.1, 0.4).count("[") == 3  # odds to the 0.85th: 1.00, 0.15, 0.15, 0.71 of 2.02
    quotes = choose([HIT], [reading(0.5, 0.1, 0.1, 0.4)], AnswerSettings(enough=0.8))
    assert len(quotes) == 2


def test_a_sentence_that_answers_beside_others_is_quoted_even_when_one_is_enough() -> None:
    def quoted(*selected: float) -> int:
        found = tuple(
            Evidence(start=a, end=b, probability=0.5, selected=one) for (a, b), one in zip(SPANS, selected, strict=True)
        )
        read = Reading(relevance=1.0, answerable=1.0, sentences=found)
        return len(choose([HIT], [read], AnswerSettings()))

    assert quoted(6.0, -3.0, -3.0, -1.5) == 1  # e to the 3.6 of 37.3
    assert quoted(6.0, -3.0, -3.0, -0.5) == 2


def test_two_good_sentences_stand_in_reading_order() -> None:
    assert answer(0.8, 0.1, 0.1, 0.9) == "The line opened in 2016 [1]. Talks resume in October [2]."


def test_a_sentence_that_leans_brings_the_one_before_it() -> None:
    quotes = choose([HIT], [reading(0.1, 0.1, 0.9, 0.1)], AnswerSettings())
    pieces, citations = write(quotes, lambda id: TEXT)
    assert pieces == ["A drone came [1]. It crossed the border [1]."]
    assert citations[0].quote == "A drone came. It crossed the border." == TEXT[citations[0].start : citations[0].end]


def test_a_sentence_that_leans_on_what_is_quoted_already_is_quoted_by_itself() -> None:
    quotes = choose([HIT], [reading(0.01, 0.9, 0.6, 0.01)], AnswerSettings())
    assert [TEXT[quote.start : quote.end] for quote in quotes] == ["A drone came.", "It crossed the border."]


def test_what_he_said_brings_the_sentence_that_names_him() -> None:
    text = "Ana Lind runs the port. “The line stays,” she said. Talks resume."
    passage = Passage(id="p", article_id="a", start=0, end=len(text), text=text)
    spans = [(0, 23), (24, 51), (52, 65)]
    found = [Evidence(start=a, end=b, probability=0.9 if a == 24 else 0.05) for a, b in spans]
    hit = Hit(passage=passage, article=ARTICLE, score=1.0, relevance=1.0)
    read = Reading(relevance=1.0, answerable=1.0, sentences=tuple(found))
    (quote,) = choose([hit], [read], AnswerSettings())
    assert text[quote.start : quote.end] == "Ana Lind runs the port. “The line stays,” she said."


def test_no_more_sentences_than_allowed() -> None:
    assert answer(0.9, 0.9, 0.1, 0.9, sentences=1).count("[") == 1


def test_a_question_in_the_text_is_quoted_only_where_nothing_else_is() -> None:
    text = "Would he go back? He is too old."
    passage = Passage(id="p", article_id="a", start=0, end=len(text), text=text)
    hit = Hit(passage=passage, article=ARTICLE, score=1.0, relevance=1.0)
    asked, told = Evidence(start=0, end=17, probability=0.9), Evidence(start=18, end=32, probability=0.8)
    both = Reading(relevance=1.0, answerable=1.0, sentences=(asked, told))
    alone = Reading(relevance=1.0, answerable=1.0, sentences=(asked,))
    assert [quote.end for quote in choose([hit], [both], AnswerSettings())] == [32]
    assert [quote.end for quote in choose([hit], [alone], AnswerSettings())] == [17]


def test_a_copy_in_another_article_is_not_quoted_again() -> None:
    copy = replace(HIT, article=replace(ARTICLE, id="b"), passage=replace(PASSAGE, id="q", article_id="b"))
    quotes = choose([HIT, copy], [reading(0.9, 0.1, 0.1, 0.1)] * 2, AnswerSettings())
    assert len(quotes) == 1


@pytest.mark.parametrize(
    ("first", "second", "again"),
    [
        ("The death toll of the fire stood at 12.", "The death toll of the fire stood at 45.", False),
        ("The toll of the fire stood at 12.", "The toll of the fire stood.", True),  # nothing new
        ("Salo said that the deal was a mistake.", "Lind said that the deal was a mistake.", False),
        ("The deal was a mistake, officials said.", "Still, officials said the deal was a mistake.", True),
    ],
)
def test_another_figure_or_name_is_no_repeat(first: str, second: str, again: bool) -> None:
    def quote(text: str, id: str) -> Quote:
        passage = Passage(id=id, article_id=id, start=0, end=len(text), text=text)
        hit = Hit(passage=passage, article=replace(ARTICLE, id=id), score=1.0, relevance=1.0)
        return Quote(hit=hit, start=0, end=len(text), probability=0.9)

    assert repeats(quote(second, "b"), quote(first, "a")) is again


@pytest.mark.parametrize(
    ("question", "words", "said"),
    [
        ("Why did talks resume?", "in October", None),
        ("Why did talks resume?", "Talks resume in October", "Talks resume in October"),
        ("When do talks resume?", "in October", "in October"),
    ],
)
def test_a_cause_is_more_than_a_fragment(question: str, words: str, said: str | None) -> None:
    start = TEXT.index(words)
    read = replace(reading(0, 0, 0, 0.9), span=(start, start + len(words)))
    assert short(question, choose([HIT], [read], AnswerSettings()), [HIT], [read]) == said


@pytest.mark.parametrize(
    ("before", "pieces"),
    [
        ("Talks began. Ana Lind runs the port. ", ["Ana Lind runs the port [1]. She kept the line [1]."]),
        ("Who is Ana Lind\n", ["She kept the line [1]."]),  # a heading
        ("Ana Lind runs the port.\n\n", ["She kept the line [1]."]),
        ("Ana Lind runs " + "a very " * 400 + "old port. ", ["She kept the line [1]."]),
    ],
)
def test_a_passage_that_leans_brings_the_sentence_before_it(before: str, pieces: list[str]) -> None:
    own = "She kept the line."
    passage = Passage(id="p", article_id="a", start=len(before), end=len(before + own), text=own)
    hit = Hit(passage=passage, article=ARTICLE, score=1.0, relevance=1.0)
    quote = Quote(hit=hit, start=passage.start, end=passage.end, probability=0.9)
    found, (citation,) = write([quote], lambda id: before + own)
    assert found == pieces and (before + own)[citation.start : citation.end] == citation.quote


def test_a_sentence_that_is_quoted_already_is_not_brought_again() -> None:
    text = "Ana Lind runs the port. She kept the line."
    passages = [Passage(id=str(a), article_id="a", start=a, end=b, text=text[a:b]) for a, b in ((0, 23), (24, 42))]
    hits = [Hit(passage=passage, article=ARTICLE, score=1.0, relevance=1.0) for passage in passages]
    quotes = [Quote(hit=hit, start=hit.passage.start, end=hit.passage.end, probability=0.9) for hit in hits]
    assert write(quotes, lambda id: text)[0] == ["Ana Lind runs the port [1].", "She kept the line [2]."]
