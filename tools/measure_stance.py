"""How often sentences of two articles are taken for opposite sides: what is seen, and what is seen wrongly.

    python tools/measure_stance.py --data FOLDER          every pair of sentences from two news_fiction articles, listed
    python tools/measure_stance.py --data FOLDER --ask    and what the answers to its questions show

`FOLDER` holds `news_fiction` and `claims_handwritten`. Articles whose id ends in 0 or 5, and whatever asks for them,
are held out. Each claim is set beside every sentence of its own passage: one that the passage contradicts may be seen,
any other may not.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from rag.corpus import Corpus
from rag.ingest.sentences import sentences
from ui.compare import differences
from ui.stance import opposed

Row = dict[str, Any]


def rows(file: Path) -> list[Row]:
    """Return the rows of a gzipped file of JSON lines."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def told(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [text[start:end] for start, end in sentences(text)]


def between_articles(articles: list[Row]) -> Iterator[str]:
    """Yield each pair of sentences that is seen, and how many there were, apart for articles of one running story."""
    split = {one["id"]: told(one["text"]) for one in articles}
    pairs: Counter[str] = Counter()
    for one, other in combinations(articles, 2):
        kind = "same story" if one.get("story") and one.get("story") == other.get("story") else "unrelated"
        for mine in split[one["id"]]:
            for theirs in split[other["id"]]:
                pairs[kind] += 1
                if sides := opposed(mine, theirs):
                    yield f"{kind}: {one['id']} {sides[0]!r}, {other['id']} {sides[1]!r}"
    yield f"{len(articles)} articles, pairs of sentences: {dict(pairs)}"


def among_claims(claims: list[Row]) -> str:
    """Return how many claims of each kind are seen to say the opposite of their passage."""
    all_of = Counter(claim["label"] for claim in claims)
    seen = Counter(
        claim["label"] for claim in claims if any(opposed(one, claim["claim"]) for one in claim["sentences"])
    )
    return "claims: " + ", ".join(f"{kind} {seen[kind]} of {count}" for kind, count in sorted(all_of.items()))


def in_answers(articles: list[Row], questions: list[str]) -> Iterator[str]:
    """Yield what the answers to questions show, and how many there were."""
    count: Counter[str] = Counter()
    with TemporaryDirectory() as folder, Corpus.open(Path(folder) / "corpus") as corpus:
        for one in articles:
            about = {name: one[name] for name in ("id", "title", "author", "published", "source")}
            corpus.add(one["text"], **about)
        for question in questions:
            answer = corpus.ask(question)
            shown = [found for found in differences(answer) if found.kind == "stance"]
            count.update(answers=1, several_articles=len({one.article.id for one in answer.citations}) > 1)
            count.update(stances=len(shown))
            yield from (f"{question}: {[words for words, _ in found.said]}" for found in shown)
    yield f"answers: {dict(count)}"


def main() -> None:
    """Print what is seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--ask", action="store_true")
    given = parser.parse_args()
    news = given.data / "news_fiction"
    articles = [one for one in rows(news / "articles.jsonl.gz") if _open(one["id"])]
    for line in between_articles(articles):
        print(line)
    print(among_claims(rows(given.data / "claims_handwritten" / "examples.jsonl.gz")))
    if given.ask:
        stories = [one["q"] for one in rows(news / "stories.jsonl.gz") if all(map(_open, one["articles"]))]
        questions = [one["question"] for one in rows(news / "questions.jsonl.gz") if _open(one["article"])]
        for line in in_answers(articles, [*stories, *questions]):
            print(line, flush=True)


def _open(article: str) -> bool:
    """Whether an article is not held out."""
    return article[-1] not in "05"


if __name__ == "__main__":
    main()
