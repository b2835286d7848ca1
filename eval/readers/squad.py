"""SQuAD JSON files, 1.1 and 2.0 (Rajpurkar et al. 2016, 2018). An article is all paragraphs of one title."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from eval.cases import Case, Evidence, SourceArticle, SuiteFile, Trouble
from eval.readers.lines import NOT_JSON, UNREADABLE, first_of, foreign, open_text, reason
from eval.readers.matchable import matchable
from rag.errors import UserError

_UNFIT = (AttributeError, KeyError, TypeError, ValueError)
"""What a record of another form raises."""
_SENTENCE_END = re.compile(r"[.!?][\"')\]]*\s+(?=[\"'(\[]?[A-Z0-9])")


def fits(path: Path) -> bool:
    """Say whether a path may be a SQuAD file."""
    return path.is_file() and path.name.removesuffix(".gz").endswith(".json")


def read(path: Path, troubles: list[Trouble]) -> tuple[SuiteFile, dict[str, SourceArticle], list[Case]]:
    """Return the file as a suite.

    Raises:
        UserError: the file is not JSON with a `data` list.
    """
    try:
        with open_text(path) as file:
            data = json.load(file)["data"]
    except UNREADABLE as error:
        raise UserError(f"{path} cannot be read: {error}. Check the file.") from None
    except (*NOT_JSON, KeyError, TypeError):
        data = None
    if not isinstance(data, list):
        raise UserError(f"{path} is not a SQuAD file: no JSON with a list `data`. Check the path.")
    meta = foreign(path, path.name.removesuffix(".gz").removesuffix(".json"), source="SQuAD JSON")
    articles: dict[str, SourceArticle] = {}
    cases: list[Case] = []
    for number, entry in enumerate(data):
        try:
            article, asked = _entry(entry, f"t{number}")
        except _UNFIT as error:
            troubles.append(Trouble(file=str(path), line=None, what=f"data[{number}]: {_fault(error)}"))
            continue
        articles[article.id] = article
        for qa, context in asked:
            try:
                cases.append(_case(qa, context, article.id))
            except _UNFIT as error:
                what = f"data[{number}]: question {_id(qa)} left out: {_fault(error)}"
                troubles.append(Trouble(file=str(path), line=None, what=what))
    good = first_of(matchable(((None, case) for case in cases), path, troubles), path, troubles)
    return meta, articles, [case for _, case in good]


def _entry(entry: dict[str, Any], name: str) -> tuple[SourceArticle, list[tuple[dict[str, Any], str]]]:
    """Return the article of a title, and its questions, each with its paragraph."""
    paragraphs = entry["paragraphs"]
    text = "\n\n".join(p["context"] for p in paragraphs)
    title = str(entry.get("title", name)).replace("_", " ")
    return SourceArticle(id=name, title=title, text=text), [(qa, p["context"]) for p in paragraphs for qa in p["qas"]]


def _id(qa: object) -> str:
    return repr(qa.get("id")) if isinstance(qa, dict) else "without an id"


def _fault(error: Exception) -> str:
    return reason(error) if isinstance(error, ValidationError) else repr(error)


def _case(qa: dict[str, Any], context: str, article: str) -> Case:
    answerable = not qa.get("is_impossible", False)
    answers = qa.get("answers", []) if answerable else []
    quotes = dict.fromkeys(sentence_at(context, a["answer_start"]) for a in answers)
    return Case(
        id=str(qa["id"]),
        question=str(qa["question"]).strip(),
        answers=tuple(dict.fromkeys(a["text"] for a in answers)),
        evidence=tuple(Evidence(article=article, quote=q) for q in list(quotes)[:1]),
        answerable=answerable,
        kind="answerable" if answerable else "unanswerable",
    )


def sentence_at(text: str, position: int) -> str:
    """Return the sentence around a position.

    >>> sentence_at("It rained. The talks ended on Monday. Nobody spoke.", 30)
    'The talks ended on Monday.'
    """
    starts = [0] + [m.end() for m in _SENTENCE_END.finditer(text)] + [len(text)]
    start = max(s for s in starts[:-1] if s <= position)
    end = min(s for s in starts[1:] if s > position)
    return text[start:end].strip()
