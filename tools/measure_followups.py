"""How well follow-up questions are made to stand alone, without a language model.

    python tools/measure_followups.py --data FOLDER            words: against the human rewrites of CAsT
    python tools/measure_followups.py --data FOLDER --search   and passages found on news_fiction, without the reader
    python tools/measure_followups.py --data FOLDER --ask      and answers on news_fiction

CAsT: the share of the rewrite's content words that ours has, and token F1, over the turns that have a history.
news_fiction: hit@4, whether one of the first four fused passages holds the answer; answer match, whether the answer's
text holds it. Each with the raw question, with ours, and with the human rewrite; unanswerable ones left out. Every
earlier turn of the conversation is asked first, so that ours sees the history that a user would have.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from eval.metrics.answer import accepts, plain
from rag.corpus import Corpus
from rag.records import Turn
from rag.retrieve.standalone import standalone

SMALL = frozenset(
    re.findall(
        r"\w+",
        """a an the and but or so of in on at by for from to with about as is are was were be been being do does did has
        have had will would can could should may might must what which who whom whose when where why how i me my you
        your it its they them their he him his she her that this these those there""",
    )
)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def recall(gold: str, ours: str) -> float:
    wanted = set(words(gold)) - SMALL
    return len(wanted & set(words(ours))) / len(wanted) if wanted else 1.0


def f1(gold: str, ours: str) -> float:
    a, b = Counter(words(gold)), Counter(words(ours))
    same = (a & b).total()
    return 2 * same / (a.total() + b.total()) if same else 0.0


def cast(data: Path, year: int) -> None:
    turns = [row for row in rows(data / "cast" / f"examples.{year}.jsonl.gz") if row["history"]]
    began = time.perf_counter()
    ours = [standalone(row["question"], [Turn(question=q, answer="") for q in row["history"]]) for row in turns]
    each = (time.perf_counter() - began) / len(turns) * 1000
    for name, texts in (("raw", [row["question"] for row in turns]), ("ours", ours)):
        golds = [row["rewrite"] for row in turns]
        scores = [(recall(gold, text), f1(gold, text)) for gold, text in zip(golds, texts, strict=True)]
        means = [sum(column) / len(column) for column in zip(*scores, strict=True)]
        print(f"cast {year} {name}: content recall {means[0]:.3f}, token F1 {means[1]:.3f}, n={len(turns)}")
    print(f"cast {year}: {each:.3f} ms a question")


def holds(answer: str, text: str) -> bool:
    """Say whether an answer stands in a text as whole words and numbers, citation marks aside."""
    return accepts(answer, plain(text))


def history(corpus: Corpus, questions: Sequence[str], ask: bool) -> list[Turn]:
    turns: list[Turn] = []
    for question in questions:
        turns.append(Turn(question=question, answer=corpus.ask(question, history=turns) if ask else ""))
    return turns


def fiction(data: Path, home: Path, ask: bool, show: bool) -> None:
    folder = data / "news_fiction"
    fields = ("id", "text", "title", "author", "published", "source")
    with Corpus.open(home / "fiction.corpus") as corpus:
        if not corpus.articles(limit=1):
            corpus.add_many([{key: row.get(key) for key in fields} for row in rows(folder / "articles.jsonl.gz")])
        cases = [row for row in rows(folder / "followups.jsonl.gz") if row["a"]]
        found: dict[str, list[bool]] = {"raw": [], "ours": [], "gold": []}

        def result(question: str) -> str:
            return corpus.ask(question).text if ask else top(corpus, question)

        for row in cases:
            mine = standalone(row["q"], history(corpus, row["history"], ask))
            for name, question in (("raw", row["q"]), ("ours", mine), ("gold", row["rewrite"])):
                found[name].append(holds(row["a"], result(question)))
            if show and found["gold"][-1] and not found["ours"][-1]:
                print("missed:", row["history"], "->", mine)
    what = "answer match" if ask else "hit@4"
    report(what, found)
    held = [row["article"][-1] in "05" for row in cases]
    report(f"held-out {what}", {name: [v for v, h in zip(vs, held, strict=True) if h] for name, vs in found.items()})


def top(corpus: Corpus, question: str) -> str:
    hits = corpus._ranker.search(question, None, corpus.settings.retrieve)
    return "\n".join(hit.passage.text for hit in hits[:4])


def report(what: str, found: dict[str, list[bool]]) -> None:
    means = {name: sum(values) / len(values) for name, values in found.items()}
    for name, mean in means.items():
        print(f"news_fiction {name}: {what} {mean:.3f}, n={len(found[name])}")
    if means["gold"] > means["raw"]:
        closed = (means["ours"] - means["raw"]) / (means["gold"] - means["raw"])
        print(f"news_fiction: {closed:.0%} of the distance from raw to gold")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--search", action="store_true")
    arguments.add_argument("--ask", action="store_true")
    arguments.add_argument("--show", action="store_true", help="print what only the human rewrite finds")
    arguments.add_argument("--home", type=Path, help="folder that keeps the corpus from one run to the next")
    given = arguments.parse_args()
    for year in (2019, 2020):
        cast(given.data, year)
    if given.search or given.ask:
        with tempfile.TemporaryDirectory() as folder:
            fiction(given.data, given.home or Path(folder), given.ask, given.show)


if __name__ == "__main__":
    main()
