from dataclasses import replace
from datetime import date

import pytest

from rag.answer.support import WordSupport, best, load
from rag.errors import ModelError
from rag.records import Article, Hit, Passage

TEXT = "Intro here. Tessaly suspended its hotline on Monday. It had been opened in 2016. Nobody was hurt."
START = 100
ARTICLE = Article(id="a", title="Talks", published=date(2023, 7, 10), chars=START + len(TEXT), sha256="")
HIT = Hit(
    passage=Passage(id="p", article_id="a", start=START, end=START + len(TEXT), text=TEXT),
    article=ARTICLE,
    score=1.0,
    relevance=1.0,
)
JUDGE = WordSupport()


def test_the_best_quote_is_the_sentence_that_says_it() -> None:
    quote = best("Tessaly has suspended the hotline", HIT, JUDGE)
    assert quote.text == "Tessaly suspended its hotline on Monday."
    assert (quote.start, quote.end) == (START + TEXT.index("Tessaly"), START + TEXT.index(" It had"))
    assert quote.support == 1.0


def test_two_sentences_are_quoted_together_when_it_takes_both() -> None:
    quote = best("The hotline opened in 2016 was suspended by Tessaly", HIT, JUDGE)
    assert quote.text == "Tessaly suspended its hotline on Monday. It had been opened in 2016."


def test_the_articles_date_counts_as_known() -> None:
    assert best("Tessaly suspended its hotline in July 2023", HIT, JUDGE).support == 1.0


@pytest.mark.parametrize(
    ("statement", "backed"),
    [
        ("The hotline was opened in 2016.", True),
        ("The hotline was opened in 2019.", False),
        ("Penguins eat fish.", False),
        ("", False),
    ],
)
def test_what_words_can_tell(statement: str, backed: bool) -> None:
    assert (best(statement, HIT, JUDGE).support >= JUDGE.threshold) is backed


def test_a_negation_that_only_one_has_costs() -> None:
    assert JUDGE.score("Anybody was hurt", "Anybody was hurt.") > JUDGE.score(
        "Anybody was hurt", "Not anybody was hurt."
    )


@pytest.mark.parametrize("sentence", ["Tessaly suspended its hotline on Monday.", "It had been opened in 2016."])
def test_a_sentence_of_the_article_itself_is_fully_supported(sentence: str) -> None:
    assert best(sentence, HIT, JUDGE).support == 1.0


def test_a_changed_number_costs_its_weight_and_more() -> None:
    said = "It had been opened in 2019."  # "opened" counts once, the year twice
    assert JUDGE.score(said, "It had been opened in 2016.") == pytest.approx(1 / 3 * 0.6)


SAID = "At least 14 people died when the ferry Halcyon Star rolled over in heavy seas near the port of Halvik"


@pytest.mark.parametrize(("number", "backed"), [("14", True), ("fourteen", True), ("97", False), ("ninety", False)])
def test_an_invented_number_is_not_backed_in_a_long_sentence_either(number: str, backed: bool) -> None:
    said = SAID.replace("14", number)
    assert (JUDGE.score(said, SAID) >= JUDGE.threshold) is backed


def test_a_number_may_be_written_out() -> None:
    quote = "Twenty-one sailors of Orvane and nine of Tessaly were freed on Monday."
    assert JUDGE.score("The 21 sailors of Orvane were freed on Monday", quote) >= JUDGE.threshold
    assert JUDGE.score("The two groups of sailors were freed on Monday", quote) >= JUDGE.threshold
    assert JUDGE.score("The 22 sailors of Orvane were freed on Monday", quote) < JUDGE.threshold


def test_an_unknown_judge_is_refused() -> None:
    with pytest.raises(ModelError, match="words:overlap"):
        load("words:overlp")


def test_a_mark_that_is_not_read_is_not_backed_by_the_articles_date() -> None:
    dated = replace(HIT, article=replace(HIT.article, title="", published=date(2023, 8, 1)))
    said = "Tessaly suspended its hotline on Monday"
    for shape, backed in (("", True), (" (1)", False), (" [1, 2016]", False), (" (1 August)", True)):
        assert (best(said + shape, dated, JUDGE).support >= JUDGE.threshold) is backed
