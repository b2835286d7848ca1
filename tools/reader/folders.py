"""Small corpora of five articles on one matter, as people keep them; each is a suite that `python -m eval run` takes.

What a question meets there is the other articles on its matter, so its negatives are passages of the same folder.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rag.records import Turn
from rag.retrieve.parts import plan
from rag.retrieve.standalone import standalone
from tools.reader import sets
from tools.reader.ask import Asked
from tools.reader.confusers import Confusers
from tools.reader.records import Pair, Text, Unit, plain

FOLDERS = Path(__file__).with_name("folders")
DEV = frozenset(
    {"c71-1", "c72-1", "c72-2", "c73-1", "c74-1", "c84-2", "c85-1", "c86-2", "c87-1", "c88-1", "c89-1"}
    | {"c101-3", "c104-1", "c111-1", "c118-1", "c122-3", "c123-2", "c133-1", "c134-3", "c136-2"}
)
"""Not trained on: choices are made on these."""
GOLD = 2
"""So many of the passages that answer are trained on, each among passages that do not."""
SHORT = 3
"""Letters of an answer so short that another passage may hold them by chance."""
HARD = Path(__file__).with_name("hard.jsonl")
"""Where the reader so far would answer questions that no article answers; `tools/reader/hard.py` finds them."""

Case = dict[str, Any]


def units(words: int, negatives: int, *, reworded: bool = False) -> Iterator[Unit]:
    """Yield each training question beside passages that answer, and beside those that are confused with them.

    Articles are cut to `words`. Questions that lean on earlier ones are left out. With `reworded` only those
    come that were written in several wordings, each in all of them.
    """
    hard = {row["id"]: row["places"] for row in _lines(HARD)} if HARD.exists() else {}
    for name in training():
        passages = [piece for article in texts(name) for piece in sets.cut(article, words)]
        confusers, other = Confusers(passages), rewordings(name)
        for case in cases(name):
            taken = [_piece(passages, place) for place in hard.get(case["id"], ())]
            again = [case | {"question": question} for question in other.get(case["id"], ())]
            asked = [case, *again] if reworded and again else [] if reworded else [case, *_parts(case)]
            for one in asked:
                yield from _units(one, passages, confusers, negatives, taken)


def training() -> list[str]:
    """Return the names of the folders that are trained on."""
    return sorted(folder.name for folder in FOLDERS.iterdir() if folder.name not in DEV)


def articles(name: str) -> list[dict[str, Any]]:
    """Return the articles of a folder as they are written."""
    return _lines(FOLDERS / name / "corpus.jsonl")


def texts(name: str) -> list[Text]:
    """Return the articles of a folder."""
    return [
        Text(text=row["text"], title=row["title"], published=row["published"], article=row["id"])
        for row in articles(name)
    ]


def cases(name: str) -> list[Case]:
    """Return the questions of a folder that stand alone."""
    return [case for case in _lines(FOLDERS / name / "cases.jsonl") if not case["history"]]


def dev() -> Iterator[tuple[str, list[Case], list[Asked]]]:
    """Yield each dev folder: its name, its articles and its questions, follow-ups as they stand alone."""
    for name in sorted(DEV):
        known = articles(name)
        yield name, known, [_asked(case, known) for case in _lines(FOLDERS / name / "cases.jsonl")]


def _asked(case: Case, articles: Sequence[Case]) -> Asked:
    whole = {row["id"]: row["text"] for row in articles}
    before = [Turn(question=question, answer="") for question in case["history"]]
    return Asked(
        question=standalone(case["question"], before),
        answerable=case["answerable"],
        places=tuple((e["article"], whole[e["article"]].index(e["quote"])) for e in case["evidence"]),
        answers=tuple(case["answers"]),
    )


def _units(
    case: Case, passages: Sequence[Text], confusers: Confusers, negatives: int, hard: Sequence[Text]
) -> Iterator[Unit]:
    beside = [passage for passage in dict.fromkeys(hard) if not _answers(case, passage)][:negatives]
    nearest = confusers.of(case["question"], negatives, lambda p: not _answers(case, p) and p not in beside)
    others = [_pair(case, passage) for passage in (*beside, *nearest)][:negatives]
    if not case["answerable"]:
        yield from (Unit(source="folders", pairs=(other,)) for other in others)
    golds = [passage for passage in passages if _evidence(case, passage)]
    for gold in golds[:GOLD]:
        yield Unit(source="folders", pairs=(_pair(case, gold), *others))


def _parts(case: Case) -> Iterator[Case]:
    """Yield the questions that one over two articles is taken apart into, each with its own share of the evidence."""
    parts, wordings = plan(case["question"]).parts, _wordings(case)
    if len(parts) == len(wordings) > 1:
        for part, answers in zip(parts, wordings, strict=True):
            own = [e for e in case["evidence"] if any(answer in e["quote"] for answer in answers)]
            if own:
                yield case | {"question": part.question, "answers": answers, "evidence": own}


def _wordings(case: Case) -> list[list[str]]:
    """Return the wordings of each part of the answer, out of the pattern that asks for one of every part."""
    if not case["answers"] or not case["answers"][0].startswith("re:"):
        return [case["answers"]]
    parts = case["answers"][0].split("(?=.*(?:")[1:]
    return [[re.sub(r"\\(.)", r"\1", one) for one in re.split(r"(?<!\\)\|", part[:-2])] for part in parts]


def _pair(case: Case, passage: Text) -> Pair:
    evidence = _evidence(case, passage)
    return Pair(
        question=case["question"], passage=passage, answerable=bool(evidence),
        relevant=bool(evidence) if case["answerable"] else None,
        span=_span(case, passage, evidence), evidence=tuple(evidence),
    )  # fmt: skip


def _evidence(case: Case, passage: Text) -> list[tuple[int, int]]:
    """Return where the quotes of the evidence stand in the passage."""
    own = [e["quote"] for e in case["evidence"] if e["article"] == passage.article]
    return sorted((at, at + len(quote)) for quote in own if (at := passage.text.find(quote)) >= 0)


def _span(case: Case, passage: Text, evidence: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Return the first short answer within the evidence; several parts have none."""
    for start, end in evidence:
        for answer in case["answers"]:
            if (at := passage.text.find(answer, start, end)) >= 0:
                return at, at + len(answer)
    return None


def _answers(case: Case, passage: Text) -> bool:
    """Tell whether a passage holds evidence or an answer's words."""
    said = plain(passage.text)
    wordings = [plain(answer) for answers in _wordings(case) for answer in answers]
    told = any(len(wording) > SHORT and wording in said for wording in wordings)
    return told or bool(_evidence(case, passage))


def _piece(passages: Sequence[Text], place: tuple[str, int]) -> Text:
    """Return the passage in which a place of an article stands, or the one before it."""
    name, at = place
    return max((p for p in passages if p.article == name and p.start <= at), key=lambda p: p.start)


def rewordings(name: str) -> dict[str, list[str]]:
    """Return the other wordings of a folder's questions, by the question's id."""
    path = FOLDERS / name / "rewordings.jsonl"
    return {row["id"]: row["questions"] for row in _lines(path)} if path.exists() else {}


def _lines(path: Path) -> list[Case]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
