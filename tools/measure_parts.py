"""What taking questions apart gives: the same questions asked in parts, and asked whole.

    python tools/measure_parts.py --data FOLDER [--home FOLDER]

Dragonball: the comparisons and double questions that a rule fits. The share of the figures and months of the expected
answer that stand in ours, of the needed articles that it cites, and of questions that are refused.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from eval.metrics.answer import plain
from rag.corpus import Corpus
from rag.retrieve import parts
from rag.retrieve.parts import Part, Plan
from tools.measure_followups import rows

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_FACT = re.compile(rf"(?:{_MONTHS}) \d{{4}}|[$£]?\d[\d,.]*(?<![,.])(?: (?:million|billion))?")
_YEAR = re.compile(r"(?:19|20)\d\d")


def facts(text: str) -> set[str]:
    """Return the amounts, numbers and months of an answer; a year alone is often in the question."""
    return {fact for fact in _FACT.findall(text) if not _YEAR.fullmatch(fact)}


def states(fact: str, text: str) -> bool:
    """Say whether a fact stands in a text, neither within another number nor as a citation mark."""
    return re.search(rf"(?<!\d)(?<!\d[.,]){re.escape(fact)}(?![.,]?\d)", plain(text)) is not None


def measure(corpus: Corpus, asked: list[dict[str, Any]], how: str) -> None:
    found: dict[str, list[float]] = defaultdict(list)
    for row in asked:
        answer = corpus.ask(row["question"])
        kind = "comparison" if row["question"].startswith("Compare") else "double question"
        cited, needed = {citation.article.id for citation in answer.citations}, {str(id) for id in row["gold_ids"]}
        found[f"{kind}: needed articles cited"].append(len(cited & needed) / len(needed))
        found[f"{kind}: refused"].append(float(not answer.answered))
        if gold := facts(" ".join(row["answers"])):
            found[f"{kind}: facts"].append(sum(states(fact, answer.text) for fact in gold) / len(gold))
    for name, values in sorted(found.items()):
        print(f"{how}, {name}: {sum(values) / len(values):.3f}, n={len(values)}")


def whole(question: str) -> Plan:
    """Take no question apart."""
    return Plan(parts=(Part(asked=question, question=question),))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--home", type=Path, help="folder that keeps the corpus from one run to the next")
    given = arguments.parse_args()
    data = given.data / "dragonball_en"
    asked = [row for row in rows(data / "examples.jsonl.gz") if len(parts.plan(row["question"]).parts) > 1]
    with tempfile.TemporaryDirectory() as folder, Corpus.open((given.home or Path(folder)) / "dragon.corpus") as corpus:
        if not corpus.articles(limit=1):
            texts = rows(data / "corpus.jsonl.gz")
            corpus.add_many([{key: row[key] for key in ("id", "title", "text")} for row in texts])
        measure(corpus, asked, "in parts")
        parts.plan = whole
        measure(corpus, asked, "whole")


if __name__ == "__main__":
    main()
