"""The table of all metrics: names, formulas, sources. The documentation is checked against it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from eval.metrics import answer, citation, cost, ranking, refusal
from eval.metrics.base import Metric, Row

_IR = "ir-measures (pytrec-eval-terrier)"
_SQUAD = "Rajpurkar et al. 2016"


def _ranked(name: str) -> Callable[[Row], tuple[float, ...] | None]:
    def draw(row: Row) -> tuple[float, ...] | None:
        return (row.ranking[name],) if name in row.ranking else None

    return draw


def _ranking_formula(name: str) -> str:
    measure, _, k = name.partition("@")
    return {
        "recall": f"share of the evidence among the first {k}",
        "hit": f"1 when any evidence is among the first {k}",
        "mrr": f"1 / rank of the first evidence, 0 beyond {k}",
        "ndcg": f"discounted gain of the first {k} over the best possible",
        "map": f"mean precision at the ranks of the evidence, to {k}",
    }[measure]


def _ranking(name: str) -> Metric:
    return Metric(name=name, formula=_ranking_formula(name), source=_IR, draw=_ranked(name), family="retrieval")


_RANKING = (
    *(_ranking(name) for name in ranking.NAMES),
    Metric(
        name="words@5",
        formula="words in the first 5 hits: long passages find more and are less worth",
        source="ours",
        draw=cost.words_read,
        higher_is_better=None,
        unit="words",
        family="retrieval",
    ),
)
_ANSWER = (
    Metric(
        name="right",
        formula="1 when an unanswerable case is refused, or an answerable one has an accepted answer",
        source="ours; the one figure over all cases",
        draw=answer.right,
        family="answer",
    ),
    Metric(
        name="answer_match",
        formula="1 when an accepted answer or pattern occurs in the text",
        source="ours; accuracy as in open-domain QA",
        draw=answer.answer_match,
        family="answer",
    ),
    Metric(
        name="exact_match",
        formula="1 when the shortest answer equals an accepted one, normalised",
        source=_SQUAD,
        draw=answer.exact_match,
        family="answer",
    ),
    Metric(
        name="token_f1",
        formula="F1 of the shortest answer's tokens against the closest accepted one",
        source=_SQUAD,
        draw=answer.token_f1,
        family="answer",
    ),
    Metric(
        name="rouge_l",
        formula="F1 of the longest common subsequence of the text and the closest accepted answer",
        source="Lin 2004, rouge-score",
        draw=answer.rouge_l,
        family="answer",
    ),
    Metric(
        name="answer_words",
        formula="words of an answer",
        source="ours",
        draw=answer.answer_words,
        higher_is_better=None,
        unit="words",
        family="answer",
    ),
)
_CITATION = (
    Metric(
        name="citation_precision",
        formula="cited characters that are gold evidence / cited characters",
        source="ours, after ALCE (Gao et al. 2023) with spans for entailment",
        draw=citation.citation_precision,
        family="citation",
    ),
    Metric(
        name="citation_recall",
        formula="gold evidence characters that are cited / gold evidence characters",
        source="ours, after ALCE (Gao et al. 2023) with spans for entailment",
        draw=citation.citation_recall,
        family="citation",
    ),
    Metric(
        name="quote_exact",
        formula="quotes that equal their article's text at their offsets / quotes",
        source="ours",
        draw=citation.quote_exact,
        family="citation",
    ),
)
_REFUSAL = (
    Metric(
        name="refusal_precision",
        formula="right refusals / refusals",
        source="binary classification",
        draw=refusal.outcomes,
        combine=refusal.precision,
        count=refusal.refused,
        family="refusal",
    ),
    Metric(
        name="refusal_recall",
        formula="right refusals / unanswerable cases",
        source="binary classification",
        draw=refusal.outcomes,
        combine=refusal.recall,
        count=refusal.unanswerable,
        family="refusal",
    ),
    Metric(
        name="refusal_f1",
        formula="harmonic mean of refusal precision and recall",
        source="binary classification",
        draw=refusal.outcomes,
        combine=refusal.f1,
        interval="plain",
        family="refusal",
    ),
    Metric(
        name="answerability_auroc",
        formula="chance that an answerable case has more confidence than an unanswerable one",
        source="Mann-Whitney U",
        draw=refusal.confidences,
        combine=refusal.auroc,
        interval="plain",
        family="refusal",
    ),
    Metric(
        name="calibration_ece",
        formula="|confidence - share answerable| over ten equal bins, weighted by cases",
        source="Naeini, Cooper and Hauskrecht 2015",
        draw=refusal.confidences,
        combine=refusal.ece,
        higher_is_better=False,
        interval="shifted",
        family="refusal",
    ),
)
_COST = (
    Metric(
        name="latency_p50_ms",
        formula="median milliseconds for a question, without the conversation before it",
        source="linear percentile",
        draw=cost.latency,
        combine=cost.percentile(50),
        higher_is_better=False,
        unit="ms",
        family="cost",
    ),
    Metric(
        name="latency_p95_ms",
        formula="95th percentile of the same",
        source="linear percentile",
        draw=cost.latency,
        combine=cost.percentile(95),
        higher_is_better=False,
        unit="ms",
        family="cost",
    ),
    Metric(
        name="tokens",
        formula="tokens that a language model read and wrote for an answer",
        source="as the model reports",
        draw=cost.tokens,
        higher_is_better=False,
        unit="tokens",
        family="cost",
    ),
    Metric(
        name="cost_usd",
        formula="price of an answer",
        source="as the generator reports",
        draw=cost.cost,
        higher_is_better=False,
        unit="usd",
        family="cost",
    ),
)
METRICS = {m.name: m for m in (*_RANKING, *_ANSWER, *_CITATION, *_REFUSAL, *_COST)}
"""Those that are always there. A ranking is judged at other depths too for who names one: see `named`."""
_USUAL = (
    "right",
    "recall@5",
    "words@5",
    "recall@10",
    "mrr@10",
    "ndcg@10",
    *(m.name for m in (*_ANSWER[1:], *_CITATION, *_REFUSAL)),
    "latency_p50_ms",
    "latency_p95_ms",
)
_COMPANIONS = ("answer_match", "answer_words")


def named(names: Iterable[str]) -> Mapping[str, Metric]:
    """Return the table, with the ranking measures at other depths that are among the names. Other names are left.

    >>> "hit@2" in named(["hit@2", "beauty"]), "hit@2" in named([]), "beauty" in named(["beauty"])
    (True, False, False)
    """
    deeper = {name: _ranking(name) for name in names if ranking.is_measure(name)}
    return {**{m.name: m for m in _RANKING}, **deeper, **METRICS}


def metric_of(name: str) -> Metric:
    """Return the metric of this name, which is one."""
    return named([name])[name]


def usual(wanted: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return which metrics a table shows.

    Citation figures never stand without the answer's own: copying a passage whole would look perfect.
    Nor does recall without what was read for it: a hit as long as an article would.
    """
    known = named(wanted)
    names = tuple(name for name in wanted if name in known) or _USUAL
    cites = any(known[name].family == "citation" for name in names)
    finds = any(name.startswith(("recall@", "hit@")) for name in names)
    companions = (*(_COMPANIONS if cites else ()), *(("words@5",) if finds else ()))
    return names + tuple(name for name in companions if name not in names)
