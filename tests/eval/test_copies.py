"""The words of the evidence in copies of its article, found from the suite's texts alone."""

from __future__ import annotations

from pathlib import Path

from eval.cases import SourceArticle, Suite, SuiteFile
from eval.copies import Copies
from eval.record import Place

SENTENCES = [f"Sentence {n} of the agency's long report names place {n * 7} and nothing else." for n in range(40)]
WIRE = " ".join(SENTENCES)


def copies(**texts: str) -> Copies:
    articles = {name: SourceArticle(id=name, text=text) for name, text in texts.items()}
    meta = SuiteFile(name="it")
    return Copies(Suite(meta=meta, folder=Path(), articles=articles, cases=(), sha256="", corpus_sha256=""))


def span(of: str, sentence: str) -> tuple[int, int]:
    return of.index(sentence), of.index(sentence) + len(sentence)


def test_a_near_copy_holds_the_words_where_it_has_them_and_not_where_it_changed_them() -> None:
    paper = "HALVIK, Monday. " + WIRE.replace("place 35", "place 36")
    found = copies(wire=WIRE, paper=paper, other="The harvest was poor this year.")
    kept, changed = SENTENCES[9], SENTENCES[5]
    assert list(found.places("wire", span(WIRE, kept))) == [Place(article="paper", span=span(paper, kept))]
    assert list(found.places("wire", span(WIRE, changed))) == [], "place 36 does not say place 35"
    assert list(found.places("wire", None)) == [], "without a quote only an exact copy counts"


def test_exact_copies_count_with_and_without_a_quote_whatever_their_white_space() -> None:
    found = copies(a=WIRE, b=WIRE.replace(". ", ".\n\n"), c=WIRE)
    assert [place.article for place in found.places("a", None)] == ["b", "c"]
    assert list(found.places("c", (0, 10))) == [Place(article="a", span=(0, 10)), Place(article="b", span=(0, 10))]


def test_the_same_words_in_an_article_of_another_story_are_no_copy() -> None:
    found = copies(wire=WIRE, other=f"The harvest was poor this year. {SENTENCES[9]} Prices rose.")
    assert list(found.places("wire", span(WIRE, SENTENCES[9]))) == []


def test_a_corpus_of_one_or_no_article_has_no_copies() -> None:
    assert list(copies(a=WIRE).places("a", None)) == list(copies().places("a", None)) == []
