"""Fit the selector's confidence on dev questions: `python -m tools.reader.calibrate_selector`, after `calibrate`.

How likely an answer is comes of two log odds, those of the passage that answers most surely and those of the best
sentences side by side, by a logistic model (Platt 1999) on the questions that `calibrate` is fitted on. Held-out
questions are not looked at. Writes `models.json`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from rag.models import cross
from rag.models.cross import CrossReader
from rag.retrieve import shortlist
from rag.retrieve.rank import Ranking, merit
from rag.settings import Retrieve
from tools.reader.ask import Among, scratch
from tools.reader.calibrate import MODELS, THRESHOLD, balance, read_dev


def main() -> None:
    """Read the dev questions, fit, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=MODELS, help="folder of models.json and selector.onnx")
    parser.add_argument("--scratch", type=Path, help="folder in which corpora are kept between runs")
    options = parser.parse_args()
    reader = CrossReader(cross.shipped(options.models))
    with scratch(options.scratch) as folder:
        rows = [row for group in read_dev(reader, folder).values() for row in group]
    confidence, report = fit(reader, rows)
    path = options.models / "models.json"
    table = json.loads(path.read_text("utf-8"))
    table["selector"]["confidence"] = confidence
    path.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")
    print(json.dumps({"confidence": confidence, "dev": report}, indent=1))


def fit(reader: CrossReader, rows: Sequence[Among]) -> tuple[list[float], dict[str, Any]]:
    """Return what the two log odds count and the intercept, and what that gives on the dev questions."""
    odds = np.array([_odds(reader, row) for row in rows])
    known = np.array([row.asked.answerable for row in rows])
    model = LogisticRegression(C=10.0).fit(odds, known, balance(known))
    sure: NDArray[np.bool_] = model.predict_proba(odds)[:, 1] >= THRESHOLD
    report = {
        "n": len(rows),
        "auroc": round(float(roc_auc_score(known, model.decision_function(odds))), 3),
        "auroc_reader_alone": round(float(roc_auc_score(known, odds[:, 0])), 3),
        "answered": round(float(sure[known].mean()), 3),
        "refused": round(float((~sure[~known]).mean()), 3),
    }
    return [round(float(value), 4) for value in (*model.coef_[0], model.intercept_[0])], report


def _odds(reader: CrossReader, row: Among) -> tuple[float, float]:
    """Return the log odds of the surest passage, and of the best sentences."""
    ranking = shortlist.select(row.asked.question, _ranking(reader, row), reader)
    return cross.surest([reading.answerable for reading in ranking.readings]), ranking.selected or 0.0


def _ranking(reader: CrossReader, row: Among) -> Ranking:
    """Return what the ranker makes of the passages that the product would read."""
    calibration, settings = reader._files.calibration, Retrieve()
    read = [cross._reading(scan, hit.passage, calibration) for hit, scan in zip(row.hits, row.scans, strict=True)]
    if reader.confidence(read[: settings.first]) >= settings.sure:
        read = read[: settings.first]
    top = row.hits[0].score
    judged = [
        (replace(hit, relevance=one.relevance, score=merit(one.relevance, one.answerable, hit.score / top)), one)
        for hit, one in zip(row.hits, read, strict=False)
    ]
    judged.sort(key=lambda pair: -pair[0].score)
    return Ranking(hits=tuple(hit for hit, _ in judged), readings=tuple(one for _, one in judged))


if __name__ == "__main__":
    main()
