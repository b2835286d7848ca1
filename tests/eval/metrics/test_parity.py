"""Our figures equal the reference implementations on the same predictions."""

from __future__ import annotations

import random

import pytest
import pytrec_eval

from eval.cases import Case
from eval.metrics import METRICS, Row, ranking
from eval.record import CaseRun, FoundHit, GoldSpan, Reply


def random_runs(count: int) -> list[CaseRun]:
    draw = random.Random(7)
    runs = []
    for at in range(count):
        gold = {f"d{draw.randrange(40)}": draw.randrange(3) for _ in range(draw.randrange(1, 8))}
        gold[f"d{draw.randrange(40)}"] = 1
        found = draw.sample(range(40), draw.randrange(0, 21))
        hits = tuple(FoundHit(article=f"d{name}") for name in found)
        runs.append(
            CaseRun(
                case=Case(id=f"q{at}", question="?"),
                gold=tuple(GoldSpan(article=name, grade=grade) for name, grade in gold.items()),
                outcome="answered",
                reply=Reply(text="x", answered=True, hits=hits),
            )
        )
    return runs


def test_ranking_equals_pytrec_eval() -> None:
    runs = random_runs(200)
    ours = ranking.score(runs, "article")
    qrels = {run.case.id: ranking.judgements(run, "article") for run in runs}
    ranked = {
        run.case.id: {hit.article: 100.0 - at for at, hit in enumerate(run.reply.hits)} for run in runs if run.reply
    }
    names = {"ndcg_cut_10": "ndcg@10", "map_cut_10": "map@10", "recall_5": "recall@5", "success_1": "hit@1"}
    measures = {"ndcg_cut.10", "map_cut.10", "recall.5", "success.1", "recip_rank"}
    theirs = pytrec_eval.RelevanceEvaluator(qrels, measures).evaluate(ranked)
    assert len(theirs) > 150
    for case, figures in theirs.items():
        for name, our_name in names.items():
            assert ours[case][our_name] == pytest.approx(figures[name], abs=1e-6)
        top = {name: score for name, score in ranked[case].items() if score > 90}
        cut = pytrec_eval.RelevanceEvaluator({case: qrels[case]}, {"recip_rank"}).evaluate({case: top})
        assert ours[case]["mrr@10"] == pytest.approx(cut.get(case, {"recip_rank": 0.0})["recip_rank"], abs=1e-6)


def test_rouge_l_equals_rouge_score() -> None:
    from rouge_score.rouge_scorer import RougeScorer

    said, gold = "The ministry cut three channels after the visit [1].", "after the visit three channels were cut"
    case = Case(id="c", question="?", answers=(gold,))
    run = CaseRun(case=case, outcome="answered", reply=Reply(text=said, answered=True))
    theirs = RougeScorer(["rougeL"]).score(gold, "The ministry cut three channels after the visit.")
    assert METRICS["rouge_l"].draw(Row(run=run)) == (theirs["rougeL"].fmeasure,)
