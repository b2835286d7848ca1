"""Questions about an article itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rag.answer.about import MEANT, NAMED, tell
from rag.records import Article, Hit, Passage

HEAD = "World\n\nQuiet Lines Between Capitals\n\nBy Ana Writer\n\n9 March 2024\n\n"
BODY = (
    "The line between the two commands was restored on Friday after a year of silence. "
    "Officers on both sides said that they would test it every week from now on. It rang twice."
)
TEXT = HEAD + BODY
QUIET = Article(
    id="quiet", title="Quiet Lines Between Capitals", author="Ana Writer", published=date(2024, 3, 9),
    source="The Post", chars=len(TEXT), sha256="",
)  # fmt: skip
OTHER = Article(id="other", title="Harvest falls again", chars=20, sha256="")


def hit(article: Article) -> Hit:
    passage = Passage(id=f"{article.id}-1", article_id=article.id, start=len(HEAD), end=len(TEXT), text=BODY)
    return Hit(passage=passage, article=article, score=1.0, relevance=0.5, ranks={})


HITS = [hit(OTHER), hit(QUIET)]


@pytest.mark.parametrize(
    ("question", "short", "quote"),
    [
        ("Who wrote Quiet Lines Between Capitals?", "Ana Writer", "By Ana Writer"),
        ("when was quiet lines between capitals published", "9 March 2024", "9 March 2024"),
        ("Which newspaper published “Quiet Lines Between Capitals”?", "The Post", "World"),
    ],
)
def test_an_article_named_by_its_title_is_told_from_its_record(question: str, short: str, quote: str) -> None:
    told = tell(question, HITS, lambda _: TEXT)
    assert told is not None
    assert (told.short, told.confidence) == (short, NAMED)
    assert told.text.endswith("[1].")
    (citation,) = told.citations
    assert (citation.article.id, citation.quote) == ("quiet", quote)
    assert TEXT[citation.start : citation.end] == quote
    assert citation.support == (quote != "World")  # the text does not name its outlet


def test_what_it_is_about_is_its_lead_without_byline_and_date() -> None:
    told = tell("What is Quiet Lines Between Capitals about?", HITS, lambda _: TEXT)
    assert told is not None
    assert [c.quote for c in told.citations] == [BODY.split(". ")[0] + ".", BODY.split(". ")[1] + "."]
    assert "[1]" in told.text and "[2]" in told.text


def test_the_article_without_a_title_is_the_first_hit_or_the_one_whose_title_is_hinted_at() -> None:
    assert tell("Who wrote the article?", HITS[::-1], lambda _: TEXT).short == "Ana Writer"  # type: ignore[union-attr]
    for question in ("Who wrote the article on the quiet lines?", "Who wrote the essay on capitals?"):
        hinted = tell(question, HITS, lambda _: TEXT)
        assert hinted is not None and (hinted.short, hinted.confidence) == ("Ana Writer", MEANT)


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote the article?",
        "Who wrote the article on testing lines every week?",  # its text has the words
        "Who is the author of the story on the line? (harvest)",  # as a follow-up stands alone
    ],
)
def test_a_word_that_a_title_shares_by_chance_names_no_article(question: str) -> None:
    told = tell(question, HITS[::-1], lambda _: TEXT)
    assert told is not None and told.short == "Ana Writer"


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote the memo?",  # no article is named
        "When was the line restored?",
        "What are the talks about?",
        "Who wrote Harvest falls again?",  # its record does not say
        "When was the hotline agreement published?",
        "When were the quiet lines between capitals first published?",  # "first": it asks more than the record knows
        "Which agency tests the quiet lines between capitals?",
    ],
)
def test_other_questions_are_left_to_the_text(question: str) -> None:
    assert tell(question, HITS, lambda _: TEXT) is None


@pytest.mark.parametrize(
    "question",
    [
        "Which agency does the article blame for the silence?",
        "Which newspaper does the article say was closed?",
        "According to the article, which site will the line be laid to?",
        "Who wrote the letter mentioned in the article?",
        "Who wrote the letter that the article quotes?",
        "Who wrote the story quoted in the article?",
        "According to the article, who wrote that the line was dead?",
        "What does the author of the article think of the line?",
        "What was said in the article about the line?",
        "What are the officers in the article angry about?",
        "When was the memo that this article cites published?",
        "Which newspaper did the article comment on?",
        "Which newspaper was the article commenting on?",
    ],
)
def test_what_an_article_says_is_left_to_the_text(question: str) -> None:
    assert tell(question, HITS[::-1], lambda _: TEXT) is None


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("When was the article on capitals published?", "9 March 2024"),
        ("When did the story about capitals first appear?", "9 March 2024"),
        ("Where was the article about the capitals published?", "The Post"),
        ("Which newspaper was the article on capitals printed in?", "The Post"),
        ("Which website is this article about capitals on?", "The Post"),
        ("Which publication is the source of the article on capitals?", "The Post"),
    ],
)
def test_what_the_article_is_on_ends_before_the_verb(question: str, short: str) -> None:
    told = tell(question, HITS, lambda _: TEXT)
    assert told is not None and (told.short, told.confidence) == (short, MEANT)


@pytest.mark.parametrize(
    ("rival", "short"), [("Adeyemi led the inquiry. Her report is long.", None), ("", "Ana Writer")]
)
def test_a_report_that_the_title_tells_of_may_be_the_thing(rival: str, short: str | None) -> None:
    flood = replace(QUIET, title="Flood report blames blocked culvert")
    told = tell("Who wrote the flood report?", [hit(flood)], lambda _: TEXT, rival=rival)
    assert (told and told.short) == short
    named = tell("Who wrote Flood report blames blocked culvert?", [hit(flood)], lambda _: TEXT, rival=rival)
    assert named is not None and named.short == "Ana Writer"


def test_a_title_in_quotation_marks_is_named_whatever_else_is_said() -> None:
    told = tell("Who wrote “Quiet Lines Between Capitals”, the one on hotlines?", HITS, lambda _: TEXT)
    assert told is not None and (told.short, told.confidence) == ("Ana Writer", NAMED)


@pytest.mark.parametrize("topic", ["harvest workers", "the Olympics", "why the harvest between wars fell"])
def test_an_article_on_something_that_no_passage_tells_is_not_there(topic: str) -> None:
    assert tell(f"Who wrote the article on {topic}?", HITS[::-1], lambda _: TEXT) is None


ORCHARD = "Olga Brandt wrote the quiet lines between capitals, a novel, in prison. A judge wrote a report on it."
"""A passage that tells of a thing that is called as the article is."""


@pytest.mark.parametrize(
    ("question", "rival"),
    [
        ("Who wrote Quiet Lines Between Capitals?", ORCHARD),
        ("Who wrote the report?", ORCHARD),
        ("Who wrote the piece of silence?", ""),
        ("What is the date of the quiet lines between capitals?", ""),
    ],
)
def test_a_thing_that_the_text_tells_of_is_left_to_the_text(question: str, rival: str) -> None:
    assert tell(question, HITS[::-1], lambda _: TEXT, rival=rival) is None


@pytest.mark.parametrize(
    ("question", "rival"),
    [
        ("Who wrote Quiet Lines Between Capitals?", HEAD + "A judge wrote a report on the talks."),  # but as a heading
        ("Who wrote “Quiet Lines Between Capitals”?", ORCHARD),
        ("Who wrote the article Quiet Lines Between Capitals?", ORCHARD),
        ("Who wrote it? (article quiet lines capitals)", ORCHARD),  # as a follow-up stands alone
        ("Who wrote the op-ed?", ORCHARD),
        ("Who wrote the column?", ORCHARD),  # it tells of none
        ("What is the date of “Quiet Lines Between Capitals”?", ORCHARD),
        ("What is the date of the article?", ORCHARD),
    ],
)
def test_an_article_that_is_plainly_meant_is_told_from_its_record(question: str, rival: str) -> None:
    told = tell(question, HITS[::-1], lambda _: TEXT, rival=rival)
    assert told is not None and told.short in ("Ana Writer", "9 March 2024")


@pytest.mark.parametrize(
    ("line", "support"),
    [
        ("Posted March 9, 2024", 1.0),
        ("Made on 8 March 2024, posted on 2024-03-09", 1.0),
        ("Elections are due in 2024", 0.0),
        ("It was signed on 8 March 2024", 0.0),
        ("On 9 March\n2024 began", 0.0),  # over two lines
    ],
)
def test_only_the_whole_date_backs_a_date(line: str, support: float) -> None:
    told = tell("When was the article published?", HITS[::-1], lambda _: f"World\n\n{line}\n\n{BODY}")
    assert told is not None and told.short == "9 March 2024"
    assert [(c.quote, c.support) for c in told.citations] == [(line if support else "World", support)]


def test_no_hits_no_answer() -> None:
    assert tell("Who wrote the article?", [], lambda _: TEXT) is None
