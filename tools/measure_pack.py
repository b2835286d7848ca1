"""Whether a language model is shown what a question over several articles takes.

    python tools/measure_pack.py --data FOLDER [--home FOLDER] [--ask]

On news_fiction's questions about running stories: the share of the articles that an answer needs among the packed
passages, before the reader orders them; with --ask also how many of them, and of unanswerable near-misses, the reader
would answer and a language model would be asked.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from rag.answer.pack import pack
from rag.corpus import Corpus
from rag.models.tokens import count
from tools.measure_followups import rows


def measure(data: Path, home: Path, ask: bool) -> None:
    fields = ("id", "text", "title", "author", "published", "source")
    with Corpus.open(home / "fiction.corpus") as corpus:
        if not corpus.articles(limit=1):
            articles = rows(data / "news_fiction" / "articles.jsonl.gz")
            corpus.add_many([{key: row.get(key) for key in fields} for row in articles])
        found: dict[str, list[float]] = defaultdict(list)
        for row in rows(data / "news_fiction" / "stories.jsonl.gz"):
            packed = pack(corpus._ranker.search(row["q"], None, corpus.settings.retrieve), corpus.settings.generate)
            shown = {hit.article.id for hit in packed.hits}
            found[f"needed articles shown, {row['kind']}"].append(
                len(shown & set(row["articles"])) / len(row["articles"])
            )
            found["tokens of passages"].append(count(packed.text))
            if ask:
                judge(corpus, row["q"], f"a story, {row['kind']}", found)
        if ask:
            for question in near_misses(data):
                judge(corpus, question, "unanswerable", found)
        for name, values in sorted(found.items()):
            print(f"{name}: {sum(values) / len(values):.3f}, n={len(values)}")


def judge(corpus: Corpus, question: str, kind: str, found: dict[str, list[float]]) -> None:
    """Note whether the reader would answer, and whether a language model would be asked."""
    confidence = corpus.ask(question).confidence
    found[f"reader answers, {kind}"].append(float(confidence >= corpus.threshold))
    found[f"model is asked, {kind}"].append(float(confidence >= corpus.settings.generate.least))


def near_misses(data: Path) -> list[str]:
    """Return 60 unanswerable questions about held-out articles."""
    questions = rows(data / "news_fiction" / "questions.jsonl.gz")
    return [row["question"] for row in questions if not row["answerable"] and row["article"][-1] in "05"][:60]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--home", type=Path, help="folder that keeps the corpus from one run to the next")
    arguments.add_argument("--ask", action="store_true")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(given.data, given.home or Path(folder), given.ask)


if __name__ == "__main__":
    main()
