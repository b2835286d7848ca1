"""Sets made for other ends, recast as questions over articles: ranked sentences, claims, judged answers.

Claims without the sentences that decide them are no suite: see `undecided`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Form:
    """A kind of set and what becomes of it."""

    recast: Callable[[Record], Record | None]
    """To a question as `eval.imports` reads it; None for a record that only repeats another one's question."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What `suite.toml` says of such a suite."""


def form_of(record: Record) -> Form | None:
    """Return the form of a record by the field that only this form has, None for a question as it is."""
    return next((form for name, form in _FORMS.items() if name in record), None)


def undecided(record: Record) -> bool:
    """Say whether a record is a claim without sentences: a judge can be measured on it, a search cannot."""
    return "claim" in record and "sentences" not in record


def _ranking(record: Record) -> Record:
    """The sentences of a section are an article, those that answer are the evidence. No answer is given."""
    title = ": ".join(str(record[name]) for name in ("title", "section") if record.get(name))
    sentences = record["candidates"]
    answering = [sentence for sentence, label in zip(sentences, record["labels"], strict=True) if label]
    return {**record, "title": title, "passage": " ".join(sentences), "references": answering}


def _claim(record: Record) -> Record:
    """A claim is what is searched for, the sentences that support or refute it are what must be found."""
    sentences = record["sentences"]
    sets = record["evidence_sets"] if "evidence_sets" in record else [record["evidence"]]
    deciding = [sentences[at] for at in sorted({at for one in sets for at in one})]
    # Beside a `context` the title is that of the claim's own page, not of the article that it is held against.
    title = "" if "context" in record else record.get("title")
    passage = record.get("passage") or " ".join(sentences)
    recast = {"id": record["id"], "question": record["claim"], "statement": True, "kind": record["label"]}
    return {**recast, "title": title, "passage": passage, "references": deciding, "asked": bool(deciding)}


def _judged_answer(record: Record) -> Record | None:
    """Of answers by several authors to one turn of a conversation, the reference is the accepted one."""
    if record["response"] != record["reference"]:
        return None
    return {
        "id": str(record["id"]).partition("|")[0],
        "question": record["question"],
        "history": [turn["text"] for turn in record["history"] if turn["speaker"] == "user"],
        "answers": [record["reference"]],
        "passages": record["contexts"],
        "asked": bool(record["contexts"]),
    }


_PROSE = ("recall@5", "hit@5", "recall@10", "mrr@10", "ndcg@10", "rouge_l", "token_f1", "answer_words")
"""For accepted answers of several sentences: no answer says one of them word for word."""
_FORMS = {
    "candidates": Form(recast=_ranking, settings={"task": "answer"}),
    "claim": Form(recast=_claim, settings={"task": "search"}),
    "contexts": Form(recast=_judged_answer, settings={"metrics": _PROSE}),
}
