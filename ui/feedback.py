"""What readers think of answers, kept beside the corpus, and readable as cases for the evaluation."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from rag.answer.markers import marks, without
from rag.records import Answer, Turn
from ui.session import Session

FILE = "feedback.jsonl"
_LONGEST = 2_000


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """A reader's verdict on one answer."""

    rating: Literal["up", "down"]
    comment: str = ""
    """What the answer should have been."""


def opinion(said: Mapping[str, Any], session: Session) -> Opinion:
    """Return the opinion that a click or a comment expresses.

    Raises:
        KeyError, IndexError, ValueError, TypeError: it is none.
    """
    if "rating" in said:
        if said["rating"] not in ("up", "down"):
            raise ValueError(said["rating"])
        return Opinion(rating=said["rating"])
    rating = session.exchanges[int(said["turn"])].rating
    return Opinion(rating=rating or "down", comment=str(said["text"]).strip()[:_LONGEST])


def store(corpus: Path, answer: Answer, history: Sequence[Turn], opinion: Opinion) -> None:
    """Append one opinion to the corpus's feedback file, one JSON object a line."""
    record = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "rating": opinion.rating,
        "comment": opinion.comment,
        "history": [turn.question for turn in history],
        "answer": {name: value for name, value in answer.to_dict().items() if name not in ("hits", "timings")},
    }
    line = json.dumps(record, ensure_ascii=True) + "\n"
    with (corpus / FILE).open("ab", buffering=0) as file:  # one write: lines of two readers never mix
        file.write(line.encode())


def cases(corpus: Path) -> Iterator[dict[str, Any]]:
    """Yield evaluation cases from the stored opinions, the latest one on each question.

    A good answer expects its own quotes again, a good refusal to be refused again. A bad answer is a case
    only when the reader wrote what it should have been.
    """
    file = corpus / FILE
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    latest: dict[tuple[str, ...], dict[str, Any]] = {}
    for line in lines:
        record = json.loads(line)
        latest[(*record["history"], record["answer"]["question"])] = record
    for number, record in enumerate(latest.values(), 1):
        if record["rating"] == "up" or record["comment"]:
            yield _case(f"feedback-{number}", record)


def main() -> None:
    """Print a corpus's feedback as cases for the evaluation, one JSON object a line."""
    if len(sys.argv) != 2:
        sys.exit("Say which corpus: python -m ui.feedback DIR > cases.jsonl")
    for case in cases(Path(sys.argv[1])):
        print(json.dumps(case, ensure_ascii=False))


def _case(id: str, record: Mapping[str, Any]) -> dict[str, Any]:
    answer = record["answer"]
    good = record["rating"] == "up"
    # without its marks, which the evaluation takes out of what it compares with this
    said = answer["short"] or without(answer["text"], marks(answer["text"]))
    expected = [record["comment"] or said]
    answerable = answer["answered"] or not good
    quotes = [{"article": c["article"]["id"], "quote": c["quote"]} for c in answer["citations"]] if good else []
    return {
        "id": id, "question": answer["question"], "answers": expected if answerable else [], "evidence": quotes,
        "answerable": answerable, "history": record["history"], "kind": "feedback",
    }  # fmt: skip


if __name__ == "__main__":
    main()
