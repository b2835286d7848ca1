"""Fit the reader's calibration on dev questions: `python -m tools.reader.calibrate`.

Logits become probabilities by logistic models (Platt 1999); the slope of relevance, which sets how much the
fused search still counts, is chosen on the same dev questions. Held-out questions are not looked at. Writes
`models.json`.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from eval.cases import PATTERN
from eval.metrics.answer import accepts
from eval.metrics.squad import f1
from rag.models import cross
from rag.models.cross import Calibration, CrossReader, Scan
from rag.retrieve.rank import merit
from tools.reader import claims, folders, sets
from tools.reader.ask import (
    Among,
    Beside,
    among,
    articles_corpus,
    beside,
    news_corpus,
    passages_corpus,
    record,
    scratch,
    within,
)
from tools.reader.records import Question, overlap

MODELS = Path(cross.__file__).parent
CORPUS_QUESTIONS = 120
"""How many `qa_handwritten` dev questions are asked in the corpus of its passages."""
THRESHOLD = 0.5
"""Answered is what the articles answer more likely than not: with a calibrated confidence nothing is left to choose."""
UNANSWERED = 1 / 3
"""How many of the questions that people ask are taken to have no answer; the dev questions are weighted so."""
FEW = 5
"""Articles of a small corpus: search puts the right one first easily there, and what is refused is a near miss."""


def main() -> None:
    """Read the dev questions, fit, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=Path, default=MODELS, help="folder of models.json and reader.onnx")
    parser.add_argument("--scratch", type=Path, help="folder in which corpora are kept between runs")
    options = parser.parse_args()
    reader = CrossReader(cross.shipped(options.models))
    alone = beside(reader, dev(sets.handwritten) + dev(sets.news_passages))
    with scratch(options.scratch) as folder:
        rows = read_dev(reader, folder)
    calibration, report = fit(alone, rows, _supported(reader))
    path = options.models / "models.json"
    table = json.loads(path.read_text("utf-8"))
    table["reader"]["calibration"] = asdict(calibration)
    path.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")
    print(json.dumps({"calibration": asdict(calibration), "dev": report}, indent=1))


def dev(load: Any) -> list[Question]:
    """Return the dev questions of a set."""
    return [question for part, question in load() if part == "dev"]


def read_dev(reader: CrossReader, folder: Path) -> dict[str, list[Among]]:
    """Ask dev questions in a whole corpus of news, in small ones, among hand-written passages, and in the wrong one."""
    rng = random.Random(7)
    own = [q for q in dev(sets.news_fiction) if q.open_corpus]
    hand = rng.sample(dev(sets.handwritten), CORPUS_QUESTIONS)
    passages = [q.passage for _, q in sets.handwritten()]
    with (
        news_corpus(folder / "news") as news,
        passages_corpus(folder / "hand", passages) as encyclopedia,
    ):
        return {
            "folders": list(_folders(reader, folder)),
            "few": list(_few(reader, folder)),
            "news": among(reader, news, map(within, own)),
            "hand": among(reader, encyclopedia, map(within, hand)),
            "far": among(reader, news, [within(question, far=True) for question in hand[:40]]),
        }


def _folders(reader: CrossReader, folder: Path) -> Iterator[Among]:
    """Ask the dev questions of five articles on one matter there."""
    for name, articles, questions in folders.dev():
        with articles_corpus(folder / name, articles) as corpus:
            yield from among(reader, corpus, questions)


def _few(reader: CrossReader, folder: Path) -> Iterator[Among]:
    """Ask the dev questions of `newsroom` in corpora of a few articles."""
    questions = [q for load in (sets.newsroom, sets.plain_newsroom, sets.everyday) for q in dev(load)]
    articles = sets.newsroom_articles()
    ids = list(dict.fromkeys(q.passage.article for q in questions))
    for place in range(0, len(ids), FEW):
        chosen = ids[place : place + FEW]
        with articles_corpus(folder / f"few-{place}", [articles[name] for name in chosen]) as corpus:
            yield from among(reader, corpus, [within(q) for q in questions if q.passage.article in chosen])


def _supported(reader: CrossReader) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the support logit of each dev claim, and whether it is supported."""
    pairs = [unit.pairs[0] for part, unit in claims.handwritten() if part == "dev"]
    logits = [reader.scan(pair.question, [record(pair.passage)])[0].support for pair in pairs]
    return np.array(logits), np.array([bool(pair.supported) for pair in pairs])


def fit(
    alone: Sequence[Beside],
    asked: dict[str, list[Among]],
    supported: tuple[NDArray[np.float64], NDArray[np.bool_]],
) -> tuple[Calibration, dict[str, Any]]:
    """Return the calibration, and what it gives on the dev questions."""
    plain = _plain_relevance(asked)
    rows = [(b.scan, b.question.answerable) for b in alone]
    every = [a for among in asked.values() for a in among]
    rows += [(_first(a, plain)[1], a.asked.answerable and _right(a, plain)) for a in every]
    draft = Calibration(
        relevance=plain,
        evidence=_platt(*_evidence(alone)),
        support=_platt(*supported),
        confidence=(1.0, 0.0),
        answerable=_platt(np.array([scan.answerable for scan, _ in rows]), np.array([known for _, known in rows])),
        span_margin=0.0,
        threshold=THRESHOLD,
    )
    relevance = _relevance(asked, draft)
    odds = np.array([cross.surest([cross.answerability(scan, draft) for scan in a.scans]) for a in every])
    known = np.array([a.asked.answerable for a in every])
    slope, intercept = confidence = _platt(odds, known, balance(known))
    sure = np.array([_sigmoid(slope * x + intercept) >= THRESHOLD for x in odds])
    report: dict[str, Any] = {
        name: {
            "n": len(rows),
            "right_first": _share_right(rows, relevance, draft),
            "fused_first": _share_fused(rows),
        }
        for name, rows in asked.items()
    }
    report["auroc"] = round(float(roc_auc_score(known, odds)), 3)
    report["answered"] = _mean(sure[known])
    report["refused"] = _mean(~sure[~known])
    report["n"] = len(known)
    margins, right = _short(asked["folders"], relevance, draft)
    steepness, offset = _platt(margins, right)
    shown = margins > (margin := round(-offset / steepness, 2))  # from where it is more likely right than not
    report["short"] = {"n": len(shown), "shown": _mean(shown), "right": _mean(right[shown])}
    fitted = {"relevance": relevance, "confidence": confidence, "span_margin": margin}
    return Calibration(**{**asdict(draft), **fitted}), report


def _first(asked: Among, relevance: tuple[float, float], calibration: Calibration | None = None) -> tuple[int, Scan]:
    """Return which passage the ranker would put first, by its own formula.

    Before answerability is calibrated, it counts the same for every passage.
    """
    top = asked.hits[0].score
    scores = [
        merit(
            _sigmoid(relevance[0] * scan.relevance + relevance[1]),
            cross.answerability(scan, calibration) if calibration else 0.0,
            hit.score / top,
        )
        for hit, scan in zip(asked.hits, asked.scans, strict=True)
    ]
    place = int(np.argmax(scores))
    return place, asked.scans[place]


def _right(asked: Among, relevance: tuple[float, float], calibration: Calibration | None = None) -> bool:
    place, _ = _first(asked, relevance, calibration)
    return asked.holds(place)


def _share_right(rows: Sequence[Among], relevance: tuple[float, float], calibration: Calibration) -> float | None:
    known = [_right(a, relevance, calibration) for a in rows if a.asked.answerable]
    return _mean(known) if known else None


def _share_fused(rows: Sequence[Among]) -> float | None:
    known = [a.holds(0) for a in rows if a.asked.answerable]
    return _mean(known) if known else None


def _answered(asked: dict[str, list[Among]]) -> list[Among]:
    return [a for name in ("folders", "news", "few", "hand") for a in asked[name] if a.asked.answerable]


def _plain_relevance(asked: dict[str, list[Among]]) -> tuple[float, float]:
    rows = _answered(asked)
    x = np.array([s.relevance for a in rows for s in a.scans])
    y = np.array([a.holds(place) for a in rows for place in range(len(a.hits))])
    return _platt(x, y)


def _relevance(asked: dict[str, list[Among]], draft: Calibration) -> tuple[float, float]:
    """Choose slope and intercept so that the right passage comes first most often in the ranker's order."""
    slope, intercept = draft.relevance
    grid = [(round(slope * t, 4), round(intercept * t, 4)) for t in (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5)]
    shares = [np.mean([_right(a, pair, draft) for a in _answered(asked)]) for pair in grid]
    best = [i for i, share in enumerate(shares) if share >= max(shares) - 1e-9]
    return grid[best[len(best) // 2]]


def _evidence(alone: Sequence[Beside]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    x, y = [], []
    for row in alone:
        for span, value in zip(row.scan.spans, row.scan.evidence, strict=True):
            if np.isfinite(value) and row.question.evidence is not None:
                x.append(value)
                y.append(any(overlap(span, e) for e in row.question.evidence))
    return np.array(x), np.array(y)


def _short(
    asked: Sequence[Among], relevance: tuple[float, float], calibration: Calibration
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the margin of each short answer of a passage put first, and whether it is right."""
    margins, right = [], []
    for row in asked:
        place, scan = _first(row, relevance, calibration)
        if scan.span is not None:
            said = row.hits[place].passage.text[slice(*scan.span)]
            margins.append(scan.margin)
            right.append(row.asked.answerable and any(_says(said, answer) for answer in row.asked.answers))
    return np.array(margins), np.array(right)


def _says(short: str, answer: str) -> bool:
    """Tell whether a short answer holds an accepted one, or shares most of its words with it."""
    return accepts(answer, short) or (not answer.startswith(PATTERN) and f1(short, answer) >= 0.5)


def balance(known: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return weights with which `UNANSWERED` of the questions have no answer."""
    share = np.where(known, known.mean(), 1 - known.mean())
    return np.where(known, 1 - UNANSWERED, UNANSWERED) / share


def _platt(
    x: NDArray[np.float64], y: NDArray[np.bool_], weights: NDArray[np.float64] | None = None
) -> tuple[float, float]:
    model = LogisticRegression(C=10.0).fit(x[:, None], y, weights)
    return round(float(model.coef_[0, 0]), 4), round(float(model.intercept_[0]), 4)


def _mean(values: Sequence[bool] | NDArray[np.bool_]) -> float:
    return round(float(np.mean(values)), 3)


def _sigmoid(value: float) -> float:
    return float(1 / (1 + np.exp(-value)))


if __name__ == "__main__":
    main()
