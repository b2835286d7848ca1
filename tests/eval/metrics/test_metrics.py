"""Every metric on cases whose value can be worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from eval.cases import Case
from eval.metrics import METRICS, Row, ranking, refusal, squad, usual
from eval.metrics.answer import accepts, plain, verdict
from eval.record import CaseRun, FoundCitation, FoundHit, GoldSpan, Place, Reply


def row(reply: Reply | None = None, gold: tuple[GoldSpan, ...] = (), **case: Any) -> Row:
    asked = Case.model_validate({"id": "c", "question": "q", **case})
    said = reply or Reply(text="", answered=False)
    outcome = "answered" if said.answered else "refused"
    return Row(run=CaseRun(case=asked, gold=gold, outcome=outcome, reply=said, times={"total_ms": 5}))


def said(text: str, **more: Any) -> Reply:
    return Reply.model_validate({"text": text, "answered": True, **more})


def value(name: str, of: Row) -> float | None:
    drawn = METRICS[name].draw(of)
    return None if drawn is None else drawn[0]


def cited(start: int, end: int, article: str = "a") -> FoundCitation:
    return FoundCitation(article=article, quote="x" * (end - start), span=(start, end))


GOLD = (GoldSpan(article="a", span=(10, 30)),)


def test_answer_match_looks_for_whole_words_or_a_pattern() -> None:
    assert value("answer_match", row(said("In March 2022 [1]."), answers=["march 2022"])) == 1
    assert value("answer_match", row(said("It rose by 150."), answers=["15"])) == 0
    assert value("answer_match", row(said("about 15 per cent"), answers=["re:15\\s?(%|per cent)"])) == 1
    assert value("answer_match", row(answers=["x"])) == 0, "a refusal says nothing"
    assert value("answer_match", row(said("x"))) is None, "nothing to match"
    assert value("answer_match", row(said("x"), answers=["x"], answerable=False)) is None


def test_the_shortest_answer_counts_for_squad_and_the_whole_text_for_rouge() -> None:
    long = row(said("The talks ended in March 2022 [1].", short="March 2022"), answers=["March 2022"])
    assert (value("exact_match", long), value("token_f1", long)) == (1, 1)
    assert value("rouge_l", long) == pytest.approx(2 * (2 / 6) * 1 / (2 / 6 + 1))
    assert value("exact_match", row(answers=["March"])) == 0
    assert value("token_f1", row(said("x"), answers=["re:x"])) is None


@pytest.mark.parametrize(
    ("prediction", "gold", "exact", "f1"),
    [
        ("the cat", "Cat!", 1, 1),
        ("a cat sat", "the cat sat down", 0, 0.8),
        ("", "", 1, 1),
        ("", "cat", 0, 0),
        ("the", "a", 1, 1),
        ("cat cat", "cat", 0, 2 / 3),
        ("U.S.", "US", 1, 1),
        ("“cat”", "cat", 0, 0),
    ],
)
def test_squad_scores(prediction: str, gold: str, exact: float, f1: float) -> None:
    assert squad.exact(prediction, gold) == exact
    assert squad.f1(prediction, gold) == pytest.approx(f1)


def test_citation_precision_and_recall_count_characters() -> None:
    half = row(said("x", citations=[cited(20, 40)]), GOLD)
    assert value("citation_precision", half) == 0.5
    assert value("citation_recall", half) == 0.5
    twice = row(said("x", citations=[cited(10, 30), cited(15, 30)]), GOLD)
    assert (value("citation_precision", twice), value("citation_recall", twice)) == (1, 1)
    whole = row(said("x", citations=[cited(0, 200)]), GOLD)
    assert (value("citation_precision", whole), value("citation_recall", whole)) == (0.1, 1)
    other = row(said("x", citations=[cited(10, 30, "b")]), GOLD)
    assert (value("citation_precision", other), value("citation_recall", other)) == (0, 0)


COPIED = (GoldSpan(article="a", span=(10, 30), copies=(Place(article="b", span=(110, 130)),)),)
"""Twenty characters of `a` that `b` holds a hundred further on."""


def test_evidence_cited_from_a_copy_counts_where_it_stands() -> None:
    def found(*spans: FoundCitation) -> tuple[float | None, float | None]:
        one = row(said("x", citations=spans), COPIED)
        return value("citation_precision", one), value("citation_recall", one)

    assert found(cited(110, 130, "b")) == (1, 1)
    assert found(cited(120, 140, "b")) == (0.5, 0.5)
    assert found(cited(10, 20), cited(110, 120, "b")) == (1, 0.5), "the same half, twice"
    assert found(cited(10, 20), cited(120, 130, "b")) == (1, 1), "a half from each"
    assert found(cited(10, 30, "b")) == (0, 0), "other words of the copy"
    assert found(cited(110, 130, "c")) == (0, 0)


def test_citations_that_stand_nowhere_count_against_precision() -> None:
    invented = FoundCitation(article="a", quote="y" * 20)
    assert value("citation_precision", row(said("x", citations=[cited(10, 30), invented]), GOLD)) == 0.5


def test_no_citations_and_refusals() -> None:
    assert value("citation_precision", row(said("x"), GOLD)) == 0
    assert value("citation_precision", row(None, GOLD)) is None
    assert value("citation_recall", row(None, GOLD)) == 0
    assert value("citation_recall", row(said("x"), GOLD, answerable=False)) is None


def test_quote_exact_holds_the_quote_against_the_stored_text() -> None:
    right = FoundCitation(article="a", quote="abc", stored="abc")
    wrong = FoundCitation(article="a", quote="abc", stored="bcd", verbatim=True)
    shown = FoundCitation(article="a", quote="abc", verbatim=True)
    assert value("quote_exact", row(said("x", citations=[right, wrong, shown]))) == pytest.approx(2 / 3)
    assert value("quote_exact", row(said("x"))) is None


def table(*pairs: tuple[float, float]) -> np.ndarray[Any, Any]:
    return np.array(pairs, dtype=np.float64)


def test_refusal_precision_recall_and_f1() -> None:
    """Three refusals of which two are right, four unanswerable: 2/3, 2/4, 4/7."""
    values = table((1, 1), (1, 1), (1, 0), (0, 1), (0, 1), (0, 0))
    assert refusal.precision(values) == pytest.approx(2 / 3)
    assert refusal.recall(values) == 0.5
    assert refusal.f1(values) == pytest.approx(4 / 7)
    assert np.isnan(refusal.precision(table((0, 1))))
    assert np.isnan(refusal.recall(table((1, 0))))
    assert np.isnan(refusal.f1(table((1, 0))))
    assert refusal.f1(table((0, 1))) == 0


def test_auroc_counts_pairs_and_ties_half() -> None:
    """Answerable 0.9 and 0.5 against unanswerable 0.5 and 0.1: 1 + 1 + 0.5 + 1 of 4 pairs."""
    assert refusal.auroc(table((0.9, 1), (0.5, 1), (0.5, 0), (0.1, 0))) == 3.5 / 4
    assert np.isnan(refusal.auroc(table((0.9, 1))))


def test_figures_of_many_resamples_equal_those_of_each() -> None:
    draw = np.random.default_rng(1)
    values = np.stack([draw.integers(0, 5, (6, 40)) / 4, draw.integers(0, 2, (6, 40))], axis=-1).astype(float)
    for combine in (refusal.precision, refusal.recall, refusal.f1, refusal.auroc, refusal.ece):
        assert combine(values).tolist() == pytest.approx([float(combine(one)) for one in values])


def test_calibration_error_by_bins() -> None:
    """Bin of 0.9: mean confidence 0.9, half answerable, gap 0.4; bin of 0.1: gap 0.1; two cases each."""
    values = table((0.91, 1), (0.91, 0), (0.1, 0), (0.1, 0))
    assert refusal.ece(values) == pytest.approx((0.41 * 2 + 0.1 * 2) / 4)
    assert refusal.ece(table((1.0, 1))) == 0


def hits(*spans: tuple[int, int], article: str = "a") -> Reply:
    return said("x", hits=[FoundHit(article=article, span=span) for span in spans])


def test_ranking_by_quote() -> None:
    """Quotes at ranks 2 and 3 of 3: MRR 1/2, MAP (1/2 + 2/3) / 2, nDCG by hand."""
    gold = (GoldSpan(article="a", span=(10, 20)), GoldSpan(article="a", span=(50, 60)))
    found = ranking.score([row(hits((80, 99), (0, 15), (40, 100)), gold).run], "quote")["c"]
    assert (found["recall@1"], found["recall@3"], found["hit@1"], found["hit@3"]) == (0, 1, 0, 1)
    assert found["mrr@10"] == 0.5
    assert found["map@10"] == pytest.approx((1 / 2 + 2 / 3) / 2)
    best = 1 + 1 / math.log2(3)
    assert found["ndcg@10"] == pytest.approx((1 / math.log2(3) + 1 / 2) / best, abs=1e-6)


def test_less_than_half_of_a_quote_does_not_count() -> None:
    found = ranking.score([row(hits((0, 14)), (GoldSpan(article="a", span=(10, 20)),)).run], "quote")
    assert found["c"]["recall@10"] == 0


def test_ranking_by_article_counts_an_article_once() -> None:
    gold = (GoldSpan(article="b"), GoldSpan(article="z", grade=0))
    reply = said("x", hits=[FoundHit(article=name) for name in "aab"])
    found = ranking.score([row(reply, gold).run], "article")["c"]
    assert found["mrr@10"] == 0.5


def test_cases_without_evidence_or_hits() -> None:
    gold = (GoldSpan(article="a", span=(10, 20)),)
    assert ranking.score([row(said("x")).run], "quote") == {}
    assert ranking.score([row(said("x"), gold, answerable=False).run], "quote") == {}
    with_hits = row(said("x", hits=[FoundHit(article="a", span=(50, 60))]), gold).run
    without = row(said("x"), gold).run.model_copy(update={"case": with_hits.case.model_copy(update={"id": "d"})})
    assert set(ranking.score([with_hits, without], "quote")["d"].values()) == {0.0}
    assert ranking.score([without], "quote") == {}, "a system that has no search is not judged as one"


def test_a_refusal_says_nothing_that_a_pattern_could_accept() -> None:
    assert value("answer_match", row(answers=["re:.*"])) == 0
    assert value("answer_match", row(said("x"), answers=["re:.*"])) == 1


def test_verdicts() -> None:
    assert verdict(row(answerable=False).run) == (True, "rightly refused")
    assert verdict(row(said("x"), answerable=False).run) == (False, "answered, should refuse")
    assert verdict(row(answers=["x"]).run) == (False, "wrongly refused")
    assert verdict(row(said("x"), answers=["x"]).run) == (True, "right")
    assert verdict(row(said("y"), answers=["x"]).run) == (False, "wrong answer")
    assert verdict(row(said("y")).run) == (True, "answered")


def test_markers_are_not_words_of_the_answer() -> None:
    assert plain("Yes [1, 2]. No [3–5].") == "Yes. No."
    assert value("answer_words", row(said("Yes indeed [1]."))) == 2


def test_citation_figures_never_stand_alone() -> None:
    assert usual(("citation_recall",)) == ("citation_recall", "answer_match", "answer_words")
    assert usual(("recall@5", "no such")) == ("recall@5", "words@5")


def test_a_hit_in_a_copy_brings_the_evidence_in() -> None:
    def found(hit: FoundHit, gold: tuple[GoldSpan, ...], unit: str) -> float:
        reply = Reply(text="", answered=True, hits=(FoundHit(article="z", span=(0, 500)), hit))
        return ranking.score([row(reply, gold).run], unit)["c"]["mrr@10"]

    assert found(FoundHit(article="b", span=(100, 125)), COPIED, "quote") == 0.5
    assert found(FoundHit(article="b", span=(10, 30)), COPIED, "quote") == 0
    assert found(FoundHit(article="b"), (GoldSpan(article="a", copies=(Place(article="b"),)),), "article") == 0.5
    assert found(FoundHit(article="b"), (GoldSpan(article="a"),), "article") == 0


def test_a_copy_of_two_judged_articles_stands_for_both_and_is_no_second_find() -> None:
    gold = (
        GoldSpan(article="a", copies=(Place(article="b"),)),
        GoldSpan(article="b", copies=(Place(article="a"),)),
    )
    reply = Reply(text="", answered=True, hits=(FoundHit(article="b"), FoundHit(article="a"), FoundHit(article="z")))
    assert ranking.ranking(row(reply, gold).run, "article") == ["a", "b", "z"]


@pytest.mark.parametrize(
    ("accepted", "text", "held"),
    [
        ("1.5 million", "They paid 15 million.", False),
        ("1.5 million", "They paid $1.5 million.", True),
        ("5%", "after 5 days", False),
        ("5%", "by 5 per cent", True),
        ("5 percent", "by 5% to 7%", True),
        ("5", "by 5%", True),
        ("10-12", "in 1012", False),
        ("10-12", "aged 10–12.", True),
        ("1,200", "about 1200 men", True),
        ("1200000", "1,200,000", True),
        ("1,20", "120", False),
        ("10:30", "at 10.30 sharp", True),
        ("2021/22", "in 2021-22", True),
        ("1,500m", "the 1,500m race", True),
        ("two-day", "a two-day visit", True),
        ("2022", "It ended in 2022.", True),
        ("%", "5%", False),
        ("5-6%", "some 5%-6%", True),
        ("10 per cent-15 per cent", "10–15%", True),
        ("5-6%", "by 5.6%", False),
        ("03/04/2021", "on 03.04.2021.", True),
        ("2022-05-01", "2022.05.01", True),
        ("03/04/2021", "03042021", False),
        ("1.2.2021", "10.1.2.2021", False),
        ("1-0", "won 1:0.", True),
        ("1:0", "by 1.0", False),
        ("10:30", "10-30", False),
    ],
)
def test_an_accepted_number_is_no_other_number(accepted: str, text: str, held: bool) -> None:
    assert accepts(accepted, text) is held


def test_a_year_in_brackets_is_no_marker() -> None:
    assert plain("It closed in [2022] [1].") == "It closed in [2022]."


@pytest.mark.parametrize(
    ("accepted", "text", "held"),
    [
        ("August 2022", "It was cut in August 2022—days after the visit.", True),
        ("Paris", "He went to Paris—his home.", True),
        ("five", "There were five—or six.", True),
        ("Iran–Iraq war", "the Iran-Iraq war", True),
        ("2020-2021", "in 2020–2021", True),
        ("2022", "in 2022–23", False),
    ],
)
def test_an_em_dash_parts_words_and_a_hyphen_or_en_dash_holds_them_together(
    accepted: str, text: str, held: bool
) -> None:
    assert accepts(accepted, text) is held
