"""The sheets that the selector is trained on: `python -m tools.reader.sheets OUT`.

Training questions are asked in training corpora as the product asks them, by the reader that is shipped: in the
folders, each by itself, among the articles of `newsroom` and `news_fiction` together, and beside their own passage.
The best sentences of what it reads are a sheet. A question of a folder comes in its own words and in one of its
rewordings. The first pass is trained on the folders alone (`--first`), the second on every other sheet of theirs and on
everything else. The rows are texts, so that they can be looked at.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from tqdm import tqdm

from rag.corpus import Corpus
from rag.models import cross
from rag.retrieve import shortlist
from rag.retrieve.rank import Ranking
from rag.retrieve.said import Said
from tools.reader import folders, sets
from tools.reader.ask import alone, articles_corpus, record, scratch
from tools.reader.guard import Guard
from tools.reader.mix import guarded
from tools.reader.records import Question, overlap, plain

NEWS = ("everyday", "varied", "contrasts")
"""The sets that are asked in the corpus of all training articles."""
BESIDE = {"encyclopedia": 5000, "squad": 3000, "natural_questions": 1500, "handwritten": 3000, "news_passages": 600}
"""How many questions of which sets are asked beside their own passage."""
SHORT = 3
_NEVER = 1e-12


Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Known:
    """A question, and what is known of its answer."""

    question: str
    answerable: bool
    answers: Sequence[str]
    places: Sequence[tuple[str, int, int]]
    """Article, start and end of each piece of evidence."""


def main() -> None:
    """Ask, and write the rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="file of gzipped JSON lines to write")
    parser.add_argument("--first", action="store_true", help="the sheets of the first pass")
    parser.add_argument("--models", type=Path, help="folder of the reader that is asked; else the one that is shipped")
    parser.add_argument("--scratch", type=Path, help="folder in which corpora are kept between runs")
    options = parser.parse_args()
    reader = cross.CrossReader(cross.shipped(options.models) if options.models else cross.shipped())
    with scratch(options.scratch) as folder, gzip.open(options.out, "wt", encoding="utf-8") as out:
        for made in first(reader, folder) if options.first else second(reader, folder):
            out.write(json.dumps(made, ensure_ascii=False) + "\n")


def first(reader: cross.CrossReader, folder: Path) -> Iterator[Row]:
    """Yield the sheets of the folders."""
    for name in tqdm(folders.training(), unit="folder"):
        with articles_corpus(folder / name, folders.articles(name)) as corpus:
            yield from _asked(corpus, reader, of_folder(name))


def second(reader: cross.CrossReader, folder: Path) -> Iterator[Row]:
    """Yield every other sheet of the folders, and those of everything else."""
    yield from islice(first(reader, folder), 1, None, 2)
    guard = guarded()
    with articles_corpus(folder / "train", _articles()) as corpus:
        yield from _asked(corpus, reader, of_news(guard))
    for question in tqdm(of_passages(guard), unit="question"):
        (reading,) = reader.read(question.question, [record(question.passage)])
        yield from _made(known(question), alone(question.passage, reading))


def _asked(corpus: Corpus, reader: cross.CrossReader, several: Iterable[Known]) -> Iterator[Row]:
    settings = corpus.settings.retrieve
    for one in several:
        hits = corpus._ranker.search(one.question, None, settings)
        yield from _made(one, corpus._ranker.read(one.question, hits, reader, settings, sure=settings.sure))


def of_folder(name: str) -> Iterator[Known]:
    """Yield the training questions of a folder, each also in one of its other wordings."""
    whole = {row["id"]: row["text"] for row in folders.articles(name)}
    other, rng = folders.rewordings(name), random.Random(name)
    for case in folders.cases(name):
        starts = [(e["article"], whole[e["article"]].index(e["quote"]), len(e["quote"])) for e in case["evidence"]]
        asked = [case["question"], *([rng.choice(other[case["id"]])] if case["id"] in other else [])]
        for question in asked:
            yield Known(
                question=question, answerable=case["answerable"], answers=case["answers"],
                places=[(article, start, start + size) for article, start, size in starts],
            )  # fmt: skip


def of_news(guard: Guard) -> Iterator[Known]:
    """Yield the training questions on articles that stand in one corpus."""
    for name in NEWS:
        for part, question in getattr(sets, name)():
            if part == "train" and not guard.asks(question.question) and _is_clear(question):
                yield known(question)


def of_passages(guard: Guard) -> Iterator[Question]:
    """Yield training questions that are asked beside their own passage."""
    for name, count in BESIDE.items():
        loaded = [question for part, question in getattr(sets, name)() if part == "train"]
        clean = [q for q in loaded if not (guard.asks(q.question) or guard.holds(q.passage.text)) and _is_clear(q)]
        yield from random.Random(name).sample(clean, min(count, len(clean)))


def _is_clear(question: Question) -> bool:
    return bool(question.evidence) or not question.answerable


def known(question: Question) -> Known:
    """Return what a data set tells of a question."""
    evidence = question.evidence or () if question.answerable else ()
    return Known(
        question=question.question, answerable=question.answerable, answers=question.answers,
        places=[(question.passage.article, start, end) for start, end in evidence],
    )  # fmt: skip


def _articles() -> list[Any]:
    known = {**sets.newsroom_articles(), **sets.news_articles()}
    return [article for name, article in known.items() if sets.part_of(name) == "train"]


def _made(known: Known, ranking: Ranking) -> Iterator[Row]:
    """Yield the sheet of a ranking as JSON takes it, none where nothing was read."""
    best = shortlist.shortlist(ranking)
    if best and not ranking.listed:
        yield row(known, ranking, best)


def row(known: Known, ranking: Ranking, best: list[Said]) -> Row:
    """Return a sheet: its texts, what the reader thought of them, and what is right."""
    labels = [_label(one, known) for one in best]
    return {
        "question": known.question,
        "groups": [[group.context, group.sentences] for group in shortlist.groups(best)],
        "weights": [round(math.log(max(one.weight, _NEVER)), 3) for one in best],
        "labels": labels,
        "surest": round(cross.surest([reading.answerable for reading in ranking.readings]), 3),
        "answerable": 1 if 1 in labels else -1 if -1 in labels else 0,
    }


def _label(one: Said, known: Known) -> int:
    """Return 1 for evidence, -1 (not known) for a sentence with an answer's words that is not, 0 for others."""
    evidence = one.evidence
    for article, start, end in known.places:
        if article == one.hit.article.id and overlap((evidence.start, evidence.end), (start, end)):
            return 1
    said = plain(one.text)
    wordings = [plain(answer) for answer in known.answers if not answer.startswith("re:")]
    return -1 if known.answerable and any(len(w) > SHORT and w in said for w in wordings) else 0


if __name__ == "__main__":
    main()
