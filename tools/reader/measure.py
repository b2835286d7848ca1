"""Measure the reader on what it was never trained or tuned on: `python -m tools.reader.measure`.

Every figure carries n and a 95 % interval from a bootstrap over passages or articles, since questions on one
text are not independent. `--reader linear` measures the reader without a trained network, `fusion` is in every
table of a whole corpus. Run as a module from the root of the checkout, with the shared data beside it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from eval.metrics.answer import accepts, plain
from eval.metrics.squad import f1
from rag.corpus import Corpus
from rag.models import cross
from rag.models.cross import CrossReader
from rag.models.reader import Reading, load
from rag.records import Answer
from rag.retrieve import shortlist
from rag.retrieve.figures import doubted
from tools.reader import sets
from tools.reader.ask import Beside, alone, beside, news_corpus, scratch
from tools.reader.calibrate import MODELS
from tools.reader.records import Question, overlap

DRAWS = 1000
SEEN = frozenset(
    """hw2-p110 hw4-p120 hw5-p230 nqo504 nqo568 nqo880 nqo1312 nqo1856 nqo2288 nqo2440""".split()  # noqa: SIM905
)
"""Held-out passages of which the shipped weights were trained on copies that begin a few words apart, before `Guard`
compared more than the first words. They are left out until weights are trained without."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one question gave; None where a figure does not apply to it."""

    group: str
    figures: dict[str, float | None]
    confidence: float
    answerable: bool


def main() -> None:
    """Measure and print one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=Path, default=MODELS, help="folder of models.json and reader.onnx")
    parser.add_argument("--reader", choices=("cross", "linear"), default="cross")
    parser.add_argument("--part", choices=("held", "dev"), default="held")
    parser.add_argument("--only", nargs="*", help="some of the sets")
    parser.add_argument("--limit", type=int, default=0, help="at most so many questions of a set, spread evenly")
    parser.add_argument("--scratch", type=Path, help="folder in which corpora are kept between runs")
    options = parser.parse_args()
    reader = CrossReader(cross.shipped(options.models)) if options.reader == "cross" else None
    found = {}
    for name in options.only or ("handwritten", "natural_questions", "squad", "news_fiction"):
        loaded = [q for part, q in getattr(sets, name)() if part == options.part and q.passage.article not in SEEN]
        questions = _spread(loaded, options.limit)
        if name == "news_fiction":
            found[name] = summary(_in_corpus(reader, questions, options.scratch))
        elif reader:
            found[name] = summary([_alone(row, reader) for row in beside(reader, questions)])
    print(json.dumps({"reader": options.reader, "part": options.part, "figures": found}, indent=1))


def _spread(questions: list[Question], limit: int) -> list[Question]:
    return questions[:: -(-len(questions) // limit)] if limit else questions


def _alone(row: Beside, reader: CrossReader) -> Outcome:
    """Judge a question beside its own passage."""
    calibration = reader._files.calibration
    question, scan = row.question, row.scan
    reading = cross._reading(scan, _passage(row), calibration)
    ranking = shortlist.select(question.question, alone(question.passage, reading), reader)
    confidence = doubted(reader.confidence(ranking.readings, ranking.selected), question.question, ranking.hits)
    known = question.answerable and bool(question.answers)
    marked = bool(question.evidence) and question.kind != ""
    return Outcome(
        group=question.passage.article if question.kind else question.passage.text,
        figures={
            "span_f1": _span_f1(question, scan.span) if known else None,
            "shown_span_f1": _span_f1(question, reading.span) if known else None,
            "evidence_f1": _evidence_f1(question, reading) if marked else None,
            "best_sentence_right": _best_right(question, reading) if marked else None,
            "decision_right": float((confidence >= reader.threshold) == question.answerable),
        },
        confidence=confidence, answerable=question.answerable,
    )  # fmt: skip


def _span_f1(question: Question, span: tuple[int, int] | None) -> float:
    """Return the best token F1 of a stretch with an accepted answer; 0 for none."""
    said = question.passage.text[slice(*span)] if span else ""
    return max((f1(said, answer) for answer in question.answers), default=0.0)


def _passage(row: Beside) -> Any:
    from tools.reader.ask import record

    return record(row.question.passage)[0]


def _evidence_f1(question: Question, reading: Reading) -> float:
    """Return the F1 of the marked sentences; the best one always counts as marked."""
    gold = {
        i for i, s in enumerate(reading.sentences) if any(overlap((s.start, s.end), e) for e in question.evidence or ())
    }
    best = max(range(len(reading.sentences)), key=lambda i: reading.sentences[i].probability)
    marked = {i for i, s in enumerate(reading.sentences) if s.probability >= 0.5} | {best}
    return 2 * len(gold & marked) / (len(gold) + len(marked))


def _best_right(question: Question, reading: Reading) -> float:
    best = max(reading.sentences, key=lambda s: s.probability)
    return float(any(overlap((best.start, best.end), e) for e in question.evidence or ()))


def _in_corpus(reader: CrossReader | None, questions: Sequence[Question], folder: Path | None) -> list[Outcome]:
    """Ask in the whole corpus, refusing nothing, so that what would be said is known of every question."""
    found = []
    read_by = patch.object(Corpus, "_reader", reader or load())
    with read_by, scratch(folder) as place, news_corpus(place / "news") as corpus:
        threshold = corpus._reader.threshold
        corpus.settings = corpus.settings.model_copy(
            update={"answer": corpus.settings.answer.model_copy(update={"threshold": 0.0})}
        )
        for question in questions:
            if question.open_corpus:
                began = time.perf_counter()
                answer = corpus.ask(question.question)
                seconds = time.perf_counter() - began
                found.append(_judged(corpus, question, answer, threshold, seconds))
    return found


def _judged(corpus: Corpus, question: Question, answer: Answer, threshold: float, seconds: float) -> Outcome:
    gold = question.passage.article
    fused = corpus._ranker.search(question.question, None, corpus.settings.retrieve)
    known = question.answerable
    match = float(any(accepts(a, plain(answer.text)) for a in question.answers))
    cited = {c.article.id for c in answer.citations}
    sure = answer.confidence >= threshold
    return Outcome(
        group=gold,
        figures={
            "answer_match": match if known else None,
            "answer_match_and_not_refused": match * sure if known else None,
            "right_article_first": float(answer.hits[0].article.id == gold) if known else None,
            "right_article_first_fusion": float(fused[0].article.id == gold) if known else None,
            "right_article_cited": float(gold in cited) if known else None,
            "decision_right": float(sure == known),
            "seconds": seconds,
        },
        confidence=answer.confidence, answerable=known,
    )  # fmt: skip


def summary(rows: Sequence[Outcome]) -> dict[str, Any]:
    """Return every figure as mean, interval and n."""
    found = {}
    for name in rows[0].figures if rows else ():
        found[name] = _estimate([r for r in rows if r.figures[name] is not None], lambda some, n=name: _mean(some, n))
    found["auroc"] = _estimate(rows, auroc)
    found["ece"] = _estimate(rows, ece, shifted=True)
    return {"n": len(rows), "answerable": sum(r.answerable for r in rows), **found}


def _mean(rows: Sequence[Outcome], name: str) -> float:
    return float(np.mean([r.figures[name] for r in rows]))


def auroc(rows: Sequence[Outcome]) -> float:
    """Return how often an answerable question has the higher confidence of a pair; ties count half."""
    p = np.array([r.confidence for r in rows])
    y = np.array([r.answerable for r in rows])
    if y.all() or not y.any():
        return float("nan")
    gaps = p[y][:, None] - p[~y][None, :]
    return float((gaps > 0).mean() + 0.5 * (gaps == 0).mean())


def ece(rows: Sequence[Outcome]) -> float:
    """Return the expected calibration error in ten equal bins."""
    p = np.array([r.confidence for r in rows])
    y = np.array([r.answerable for r in rows], float)
    bins = np.minimum((p * 10).astype(int), 9)
    return float(sum(abs(p[bins == b].mean() - y[bins == b].mean()) * (bins == b).mean() for b in set(bins)))


def _estimate(
    rows: Sequence[Outcome], figure: Callable[[Sequence[Outcome]], float], *, shifted: bool = False
) -> dict[str, Any] | None:
    """Return a figure with its interval: groups are drawn with replacement, each with all of its questions.

    It is `shifted` by what resampling adds on average, as in `eval.stats`, for a figure that noise can only raise.
    """
    if not rows or np.isnan(figure(rows)):
        return None
    groups: dict[str, list[Outcome]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    members, rng = list(groups.values()), np.random.default_rng(7)
    drawn = []
    for _ in range(DRAWS):
        picks = rng.integers(0, len(members), len(members))
        drawn.append(figure([row for i in picks for row in members[i]]))
    middle, (low, high) = figure(rows), np.nanpercentile(drawn, [2.5, 97.5])
    if shifted:
        added = float(np.nanmean(drawn)) - middle
        low, high = max(low - added, 0.0), max(high - added, middle)
    return {"mean": round(middle, 4), "low": round(float(low), 4), "high": round(float(high), 4), "n": len(rows)}


if __name__ == "__main__":
    main()
