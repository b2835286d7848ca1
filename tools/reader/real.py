"""Eighty questions on five real articles: `python -m tools.reader.real`.

The articles are their publishers' and lie beside the checkout (`../shared/seeds`); the questions were written from
them by hand, by someone who saw neither the system nor its training data, before anything was measured on them.
`real.jsonl` holds short answers and offsets, no sentence. Nothing is trained or tuned on it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

from eval.metrics.answer import accepts, plain
from rag.corpus import Corpus
from rag.models import cross
from rag.models.cross import CrossReader
from rag.records import Answer
from tools.reader.calibrate import MODELS
from tools.reader.measure import Outcome, summary
from tools.reader.records import DATA

ARTICLES = DATA.parent / "seeds"


def main() -> None:
    """Ask every question and print one JSON document; `--show` also prints what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=Path, default=MODELS, help="folder of models.json and reader.onnx")
    parser.add_argument("--show", action="store_true", help="print the questions that went wrong, and how")
    options = parser.parse_args()
    rows = [json.loads(line) for line in Path(__file__).with_name("real.jsonl").read_text("utf-8").splitlines()]
    reader = CrossReader(cross.shipped(options.models))
    read_by = patch.object(Corpus, "_reader", reader)
    with read_by, tempfile.TemporaryDirectory() as folder, Corpus.open(folder) as corpus:
        corpus.sync(ARTICLES)
        corpus.settings = corpus.settings.model_copy(
            update={"answer": corpus.settings.answer.model_copy(update={"threshold": 0.0})}
        )
        asked = [(row, corpus.ask(row["question"])) for row in rows]
    outcomes = [_judged(row, answer, reader.threshold) for row, answer in asked]
    if options.show:
        for (row, answer), outcome in zip(asked, outcomes, strict=True):
            _show(row, answer, outcome)
    print(json.dumps({"threshold": reader.threshold, "figures": summary(outcomes)}, indent=1))


def _judged(row: dict[str, Any], answer: Answer, threshold: float) -> Outcome:
    known, sure = row["answerable"], answer.confidence >= threshold
    groups = row.get("answer_groups") or [row["answers"]]
    match = float(all(any(accepts(a, plain(answer.text)) for a in group) for group in groups))
    wanted = set(row["articles"])
    return Outcome(
        group=row["id"],
        figures={
            "answer_match": match if known else None,
            "answer_match_and_not_refused": match * sure if known else None,
            "right_article_first": float(Path(answer.hits[0].article.path or "").name in wanted) if known else None,
            "decision_right": float(sure == known),
        },
        confidence=answer.confidence, answerable=known,
    )  # fmt: skip


def _show(row: dict[str, Any], answer: Answer, outcome: Outcome) -> None:
    wrong = outcome.figures["answer_match"] == 0 or outcome.figures["decision_right"] == 0
    if wrong:
        figures = {k: v for k, v in outcome.figures.items() if v is not None}
        print(f"{row['id']} {row['kind']} {answer.confidence:.2f} {figures}\n  {row['question']}\n  {answer.text}")


if __name__ == "__main__":
    main()
