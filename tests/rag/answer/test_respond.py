"""Whether a question is answered from an article's record or by the text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag import Corpus
from rag.answer import articles
from rag.answer.cite import cite
from rag.answer.respond import _noted
from rag.records import Answer, Article
from rag.retrieve.inferred import Names, infer

SILENT = "Nothing sure was found in The Herald: all articles were searched."


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Who wrote The Silver Orchard?", None),  # the text tells of a novel of that name
        ("Who wrote The Silver Orchard, and who published the Silver Orchard?", None),
        ("Who wrote “The Silver Orchard”?", "Mara Lind"),
        ("Who wrote the article about The Silver Orchard?", "Mara Lind"),
        ("Who wrote Fire at the port?", "Jon Beck"),  # nobody does in the text
    ],
)
def test_a_title_that_the_text_answers_of_is_a_thing(corpus: Corpus, question: str, short: str | None) -> None:
    novel = "Olga Brandt wrote The Silver Orchard in prison. Norr and Sons published The Silver Orchard in 1933."
    corpus.add(novel, title="The Silver Orchard", author="Mara Lind", source="The Post")
    corpus.add("Smoke rose from a warehouse. Firemen put it out by noon.", title="Fire at the port", author="Jon Beck")
    answer = corpus.ask(question)
    assert answer.answered and answer.short == short
    assert ("was written by" in answer.text) == bool(short)
    assert short or "Olga Brandt wrote The Silver Orchard" in answer.text


@pytest.mark.parametrize(("count", "notes"), [(8, 0), (9, 1)])
@pytest.mark.parametrize("question", ["List all articles from the Herald", "Which articles mention the library?"])
def test_a_list_that_is_cut_says_so(corpus: Corpus, question: str, count: int, notes: int) -> None:
    for ward in range(count):
        corpus.add(
            f"Councillors of ward {ward} closed the library on Monday.", title=f"Ward {ward}", source="The Herald"
        )
    answer = corpus.ask(question)
    assert (len(answer.citations), answer.notes.count(articles.CUT)) == (8, notes)


@pytest.mark.parametrize(
    ("sources", "notes"),
    [(["The Herald"], ()), (["The Herald", "The Post"], (SILENT,)), (["The Post"], (SILENT,)), ([], (SILENT,))],
)
def test_the_outlet_named_is_not_said_to_be_silent_where_it_answers_after_all(
    corpus: Corpus, sources: list[str], notes: tuple[str, ...]
) -> None:
    answer = corpus.ask("When did the mill burn?")
    text = "The mill burned down on Friday."
    articles = [Article(id=source, title="Mill", source=source, chars=len(text), sha256="") for source in sources]
    cited = tuple(cite(1, one, text, start=0, end=len(text), passage_id="p", support=1.0) for one in articles)
    aim = infer("According to the Herald, when did the mill burn?", lambda: Names(outlets=("The Herald",), authors=()))
    (noted,) = _noted((event for event in [replace(answer, citations=cited)]), aim)
    assert isinstance(noted, Answer) and noted.notes == notes
