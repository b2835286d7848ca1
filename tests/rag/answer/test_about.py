"""Questions about an article itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rag.answer.about import RECORDED, tell
from rag.answer.meant import MEANT, NAMED, Known, know
from rag.records import Answer, Article, Filter, Hit, Passage, Turn

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
CITED = Known(cited=lambda: HITS[1:])
"""The conversation cited the article last."""


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


def test_the_article_without_a_title_is_the_only_one_or_the_one_whose_title_is_hinted_at() -> None:
    assert tell("Who wrote the article?", HITS[1:], lambda _: TEXT).short == "Ana Writer"  # type: ignore[union-attr]
    for question in ("Who wrote the article on the quiet lines?", "Who wrote the essay on capitals?"):
        hinted = tell(question, HITS, lambda _: TEXT)
        assert hinted is not None and (hinted.short, hinted.confidence) == ("Ana Writer", MEANT)


@pytest.mark.parametrize(
    "question",
    [
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
    assert tell(question, HITS[::-1], lambda _: TEXT, known=CITED) is None


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
    assert tell(question, HITS[::-1], lambda _: TEXT, known=CITED, rival=rival) is None


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
    told = tell(question, HITS[::-1], lambda _: TEXT, rival=rival, known=CITED)
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
    told = tell("When was the article published?", HITS[1:], lambda _: f"World\n\n{line}\n\n{BODY}")
    assert told is not None and told.short == "9 March 2024"
    assert [(c.quote, c.support) for c in told.citations] == [(line if support else "World", support)]


def test_one_sentence_of_a_long_line_is_quoted_and_it_is_said_that_it_backs_nothing() -> None:
    text = "The line was restored on Friday. " * 100
    told = tell("Who wrote Quiet Lines Between Capitals?", HITS, lambda _: text)
    assert told is not None and told.notes == (RECORDED,)
    assert [(c.quote, c.support) for c in told.citations] == [("The line was restored on Friday.", 0.0)]


def test_no_hits_no_answer() -> None:
    assert tell("Who wrote the article?", [], lambda _: TEXT) is None


FARES = Article(
    id="fares", title="Ferry fares to rise", author="Ann Lee", published=date(2021, 3, 1), source="Harbour Times",
    chars=len(TEXT), sha256="",
)  # fmt: skip
SAILS = replace(
    FARES, id="sails", title="Swift sails", author="Ben Cole", published=date(2023, 5, 2), source="The Post"
)
FERRIES = [hit(FARES), hit(SAILS)]
ALL = Known(every=lambda: FERRIES)


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Who wrote the article?", None),  # which?
        ("When was the article by Ann Lee published?", "1 March 2021"),
        ("When was the article by Ann Smith published?", None),
        ("Who wrote the Harbour Times article?", "Ann Lee"),
        ("Who wrote the article published in the Times?", "Ann Lee"),
        ("Who wrote the 2023 article?", "Ben Cole"),
        ("Who wrote the article from May 2023?", "Ben Cole"),
        ("Who wrote the article from June 2023?", None),
        ("Who wrote the latest article?", "Ben Cole"),
        ("Who is the author of the first article?", "Ann Lee"),
        ("Who wrote the other article?", None),
    ],
)
def test_the_article_is_the_one_that_fits_its_description(question: str, short: str | None) -> None:
    told = tell(question, FERRIES, lambda _: TEXT, known=ALL)
    assert (told and told.short) == short
    assert tell(question, FERRIES, lambda _: TEXT) is None  # others may be there that were not found


def test_the_latest_article_is_not_known_where_one_has_no_date() -> None:
    known = Known(every=lambda: [*FERRIES, hit(OTHER)])
    assert tell("Who wrote the latest article?", FERRIES, lambda _: TEXT, known=known) is None


def test_the_article_in_a_conversation_is_the_one_cited_last() -> None:
    told = tell("Who wrote the Post article?", FERRIES, lambda _: TEXT, known=ALL)
    assert told is not None
    answer = Answer(
        question="",
        standalone_question="",
        text="",
        answered=True,
        confidence=1.0,
        generator="",
        citations=told.citations,
    )
    history = [Turn(question="", answer=answer), Turn(question="Thanks!", answer=replace(answer, citations=()))]

    def first(where: Filter, most: int) -> list[Hit]:
        return [one for one in FERRIES if where.article_ids is None or one.article.id in where.article_ids][:most]

    known = know(history, first, None)
    assert (known.cited(), known.every()) == (FERRIES[1:], FERRIES)
    assert know(history, first, Filter(article_ids=("fares",))).cited() == []
    about = tell("When was the article published? (ferry fares rise)", FERRIES, lambda _: TEXT, known=known)
    assert about is not None and about.short == "2 May 2023"
    about = tell("When was the article published?", FERRIES[:1], lambda _: TEXT, known=known)  # it was not found
    assert about is not None and about.short == "2 May 2023"
    about = tell("When was the Harbour Times article published?", FERRIES, lambda _: TEXT, known=known)
    assert about is not None and about.short == "1 March 2021"


STRIKE = "The strike and what it means for the town"


@pytest.mark.parametrize(
    ("title", "question"),
    [
        (STRIKE, f"Who wrote {STRIKE}?"),
        ("Summary of the accounts", "Who wrote summary of the accounts?"),
        ("The Full Story", "Who wrote The Full Story?"),
        (STRIKE, f"Who wrote the latest article, “{STRIKE}”?"),
        (STRIKE, f"Who wrote “{STRIKE}”? (ferry fares rise)"),
    ],
)
def test_a_title_asks_nothing_and_comes_before_the_conversation(title: str, question: str) -> None:
    named = hit(replace(FARES, title=title))
    told = tell(question, [hit(SAILS), named], lambda _: TEXT, known=Known(cited=lambda: [hit(SAILS)]))
    assert told is not None and (told.short, told.confidence) == ("Ann Lee", NAMED)


@pytest.mark.parametrize("more", ["", ", briefly", " exactly", " in a few words", ", in short, please"])
def test_what_an_article_is_about_may_be_asked_in_few_words(more: str) -> None:
    told = tell(f"What is the article “Ferry fares to rise” about{more}?", FERRIES, lambda _: TEXT)
    assert told is not None and len(told.citations) == 2


def test_each_of_several_articles_of_one_title_is_told_of_where_they_differ() -> None:
    letters = [replace(one, title="Letter from the Island") for one in (FARES, SAILS)]
    told = tell("Who wrote Letter from the Island?", [hit(one) for one in letters], lambda _: TEXT, first=3)
    assert told is not None and (told.short, told.confidence) == (None, NAMED)
    assert told.text.splitlines() == [
        "Letter from the Island, The Post, 2023-05-02: Ben Cole [3]",
        "Letter from the Island, Harbour Times, 2021-03-01: Ann Lee [4]",
    ]
    assert [citation.article.id for citation in told.citations] == ["sails", "fares"]
    same = [hit(replace(one, author="Ann Lee")) for one in letters]
    told = tell("Who wrote Letter from the Island?", same, lambda _: TEXT)
    assert told is not None and told.short == "Ann Lee"
    unknown = [hit(letters[0]), hit(replace(letters[1], author=None))]
    assert tell("Who wrote Letter from the Island?", unknown, lambda _: TEXT) is None


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote “Ferry fares to rise” and “Swift sails”?",
        "Who wrote “Ferry fares to rise” and how much is the fare?",
        "In which newspaper and when was “Ferry fares to rise” published?",
        "Who wrote the article “Ferry fares to rise”? And what does it say?",
        "What is said about fuel in “Ferry fares to rise”?",
    ],
)
def test_more_than_one_thing_about_one_article_is_left_to_the_text(question: str) -> None:
    assert tell(question, FERRIES, lambda _: TEXT) is None


@pytest.mark.parametrize(
    ("text", "support"),
    [
        ("By Ann Lee\n\nIt rained.", 1.0),
        ("By Ann Leeds\n\nIt rained.", 0.0),
        (f"Ann Lee, {'it rained ' * 9}.", 0.0),
        (f"ORSK (Ann Lee) — {'it rained ' * 9}.", 1.0),
        (f"{'it rained ' * 6} on her (Ann Lee) {'it rained ' * 9}.", 0.0),
    ],
)
def test_a_byline_has_the_whole_name_and_is_short(text: str, support: float) -> None:
    told = tell("Who wrote Ferry fares to rise?", FERRIES, lambda _: text)
    assert told is not None and [citation.support for citation in told.citations] == [support]
