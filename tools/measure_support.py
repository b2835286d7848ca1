"""How well a judge of support tells backed from unbacked claims: ROC-AUC, by default on WiCE dev and SummEdits.

    python tools/measure_support.py --data FOLDER [--set begin] [--judge words:overlap]

FOLDER holds sets of claims, each a folder of `examples*.jsonl`, gzipped or not, with `claim`, `label` and the text that
the claim is held against: `sentences`, `passage`, or `passage_ref` into `passages*.jsonl`. Supported claims against all
others, a claim's score that of its best quote within the text; of a set in parts also the mean over them. Also how
many of each kind score under the judge's threshold: an answer that says this is marked as not supported.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from eval.readers.lines import open_text
from rag.answer import support
from rag.answer.support import Support
from rag.records import Article, Hit, Passage


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with open_text(path) as lines:
        yield from map(json.loads, lines)


def auc(pairs: list[tuple[float, bool]]) -> float:
    """Return the chance that a backed claim scores above an unbacked one, ties half."""
    good = [score for score, label in pairs if label]
    bad = [score for score, label in pairs if not label]
    wins = sum((g > b) + 0.5 * (g == b) for g in good for b in bad)
    return wins / (len(good) * len(bad))


def marked(pairs: list[tuple[float, bool]], label: bool, threshold: float) -> str:
    """Return how many claims with a label score under the threshold.

    >>> marked([(0.4, True), (0.9, True), (0.1, False)], True, 0.5)
    '1/2'
    """
    scores = [score for score, backed in pairs if backed is label]
    return f"{sum(score < threshold for score in scores)}/{len(scores)}"


def score(claim: str, text: str, judge: Support, whole: bool) -> float:
    passage = Passage(id="p", article_id="a", start=0, end=len(text), text=text)
    article = Article(id="a", title="", chars=len(text), sha256="")
    hit = Hit(passage=passage, article=article, score=1.0, relevance=1.0)
    return judge.score(claim, text) if whole else support.best(claim, hit, judge).support


def claims(path: Path) -> Iterator[tuple[str, str, bool]]:
    """Yield each claim of a file, the text that it is held against, and whether that supports it."""
    beside = path.with_name(path.name.replace("examples", "passages"))
    texts = {row["id"]: row["text"] for row in rows(beside)} if beside.exists() else {}
    for row in rows(path):
        text = " ".join(row["sentences"]) if "sentences" in row else row.get("passage") or texts[row["passage_ref"]]
        yield row["claim"], text, row["label"] == "supported"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--set", action="append", help="a set's folder; default wice and summedits")
    arguments.add_argument("--judge", default=support.WORDS)
    arguments.add_argument("--whole", action="store_true", help="judge by the whole text, not by the best quote")
    given = arguments.parse_args()
    judge = support.load(given.judge)
    for name in given.set or ("wice", "summedits"):
        found = []
        for path in sorted((given.data / name).glob("examples*.jsonl*")):
            pairs = [(score(claim, text, judge, given.whole), backed) for claim, text, backed in claims(path)]
            found.append(auc(pairs))
            part = path.name.removeprefix("examples").partition(".jsonl")[0].replace(".", " ")
            under = f"{marked(pairs, True, judge.threshold)} backed, {marked(pairs, False, judge.threshold)} others"
            print(f"{name}{part}: AUC {found[-1]:.3f}, n={len(pairs)}, marked: {under}")
        if len(found) > 1:
            print(f"{name} mean: AUC {sum(found) / len(found):.3f}")


if __name__ == "__main__":
    main()
