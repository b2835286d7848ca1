"""How well a judge of support tells backed from unbacked claims: ROC-AUC on WiCE dev and SummEdits.

    python tools/measure_support.py --data FOLDER [--judge words:overlap]

WiCE: supported against the rest, the claim's best quote within the sentences of its source. SummEdits: supported
against not, the best quote within the passage; the mean over its domains.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from rag.answer import support
from rag.answer.support import Support
from rag.records import Article, Hit, Passage


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def auc(pairs: list[tuple[float, bool]]) -> float:
    """Return the chance that a backed claim scores above an unbacked one, ties half."""
    good = [score for score, label in pairs if label]
    bad = [score for score, label in pairs if not label]
    wins = sum((g > b) + 0.5 * (g == b) for g in good for b in bad)
    return wins / (len(good) * len(bad))


def score(claim: str, text: str, judge: Support, whole: bool) -> float:
    passage = Passage(id="p", article_id="a", start=0, end=len(text), text=text)
    article = Article(id="a", title="", chars=len(text), sha256="")
    hit = Hit(passage=passage, article=article, score=1.0, relevance=1.0)
    return judge.score(claim, text) if whole else support.best(claim, hit, judge).support


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--judge", default=support.WORDS)
    arguments.add_argument("--whole", action="store_true", help="judge by the whole text, not by the best quote")
    given = arguments.parse_args()
    judge = support.load(given.judge)
    wice = [
        (score(row["claim"], " ".join(row["sentences"]), judge, given.whole), row["label"] == "supported")
        for row in rows(given.data / "wice" / "examples.dev.jsonl.gz")
    ]
    print(f"wice dev: AUC {auc(wice):.3f}, n={len(wice)}")
    found = []
    for path in sorted((given.data / "summedits").glob("examples.*.jsonl.gz")):
        passages = {row["id"]: row for row in rows(path.with_name(path.name.replace("examples", "passages")))}
        text = next(key for key in ("text", "passage", "document") if key in next(iter(passages.values())))
        pairs = [
            (score(row["claim"], passages[row["passage_ref"]][text], judge, given.whole), row["label"] == "supported")
            for row in rows(path)
        ]
        found.append(auc(pairs))
        print(f"summedits {path.name.split('.')[1]}: AUC {found[-1]:.3f}, n={len(pairs)}")
    print(f"summedits mean: AUC {sum(found) / len(found):.3f}")


if __name__ == "__main__":
    main()
