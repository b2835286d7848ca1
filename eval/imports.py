"""Turn question sets in other forms into suites of ours: `python -m eval import FOLDER OUT`.

Understood are folders of (gzipped) JSON lines with `examples*.jsonl` {id, question, answers, answerable,
passage | passage_id | gold_ids, answer_starts, references}, with `questions.jsonl` and `articles.jsonl`,
BEIR folders, SQuAD files, and the forms of `eval.readers.recast`. What cannot be placed in its article is
left out and named.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from eval.cases import Case, SourceArticle, SuiteFile, Trouble
from eval.locate import Canvas
from eval.place import check_free, make
from eval.readers import beir, squad
from eval.readers.lines import find, objects, reason
from eval.readers.matchable import matchable
from eval.readers.recast import form_of, undecided
from rag.errors import UserError

_STEMS = ("examples", "ranking")
"""How the files of questions begin in a set of several parts."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """What is imported, and under which name and terms."""

    place: Path
    name: str
    licence: str
    source: str
    part: str | None = None
    """Of several `examples.PART.jsonl`, which."""


@dataclass(frozen=True, kw_only=True)
class Converted:
    """What became of a set."""

    articles: int
    cases: int
    not_asked: int
    """Records that are no question over the whole corpus, as a claim that nothing decides."""
    troubles: tuple[Trouble, ...]
    """What was left out because it does not fit."""


@dataclass(kw_only=True)
class _Draft:
    """What has been read so far."""

    articles: dict[str, SourceArticle] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    canvases: dict[str, Canvas] = field(default_factory=dict)
    statements: dict[str, str] = field(default_factory=dict)
    """Case id by claim: a claim that is held against several articles is one case."""
    settings: dict[str, Any] = field(default_factory=dict)
    """What `suite.toml` says beside name and terms."""
    not_asked: int = 0

    def canvas(self, article: str) -> Canvas:
        """Return an article's searchable text."""
        if article not in self.canvases:
            self.canvases[article] = Canvas(self.articles[article].text)
        return self.canvases[article]


def convert(source: Source, out: Path) -> Converted:
    """Write a suite and return what it holds, and what was left out.

    Raises:
        UserError: nothing is understood there, the place is taken, or no suite may have the name.
    """
    check_free(out)
    _check_name(source.name)
    draft = _read(source)
    if not draft.cases or not draft.articles:
        first = f" First fault: {draft.troubles[0]}." if draft.troubles else ""
        raise UserError(f"{source.place} holds no question that can be placed in an article.{first}")
    make(out)
    _write(out / "corpus.jsonl", draft.articles.values())
    _write(out / "cases.jsonl", draft.cases.values())
    if not any(case.answers or not case.answerable for case in draft.cases.values()):
        draft.settings.setdefault("task", "search")
    about = {name: getattr(source, name) for name in ("name", "licence", "source")} | draft.settings
    toml = "".join(f"{name} = {_toml(value)}\n" for name, value in about.items())
    (out / "suite.toml").write_text(toml, encoding="utf-8")
    return Converted(
        articles=len(draft.articles),
        cases=len(draft.cases),
        not_asked=draft.not_asked,
        troubles=tuple(draft.troubles),
    )


def _check_name(name: str) -> None:
    try:
        SuiteFile(name=name)
    except ValidationError as error:
        raise UserError(f"{name!r} cannot be a suite's {reason(error)}. Give another with --name.") from None


def _read(source: Source) -> _Draft:
    draft, place = _Draft(), source.place
    if squad.fits(place):
        _, articles, cases = squad.read(place, draft.troubles)
        draft.articles, draft.cases = articles, {case.id: case for case in cases}
        return draft
    examples = _examples(source)
    if examples is None and beir.fits(place):
        _, articles, cases = beir.read(place, draft.troubles)
        draft.articles, draft.cases = articles, {case.id: case for case in cases}
        return draft
    if examples is None:
        raise UserError(f"{place} holds no questions over articles. See `python -m eval import --help`.")
    corpus = find(place, "corpus.jsonl", "articles.jsonl", "passages.jsonl")
    if corpus is not None:
        _read_articles(corpus, draft)
    for number, record in objects(examples, draft.troubles):
        try:
            _add(record, draft)
        except (KeyError, TypeError, ValueError) as error:
            what = reason(error) if isinstance(error, ValidationError) else str(error)
            draft.troubles.append(Trouble(file=str(examples), line=number, what=f"left out: {what}"))
    found = matchable(((None, case) for case in draft.cases.values()), examples, draft.troubles)
    draft.cases = {case.id: case for _, case in found}
    _add_judgements(place, draft)
    return draft


def _add_judgements(place: Path, draft: _Draft) -> None:
    """Where a set judges whole articles beside its questions, that is the evidence of those without any."""
    qrels = beir.qrels(place)
    judged = beir.judgements(qrels[0], draft.articles, draft.troubles) if qrels else {}
    for name, case in draft.cases.items():
        if case.answerable and not case.evidence and name in judged:
            draft.cases[name] = case.model_copy(update={"evidence": tuple(judged[name])})


def _examples(source: Source) -> Path | None:
    """Return the file of the questions; of a set in parts the one that is named, or the only one."""
    place = source.place
    if not place.is_dir():
        return None
    parts = sorted(path for stem in _STEMS for path in place.glob(f"{stem}.*.jsonl*"))
    if source.part:
        found = find(place, *(f"{stem}.{source.part}.jsonl" for stem in _STEMS))
    else:
        found = find(place, "examples.jsonl", "questions.jsonl") or next(iter(parts), None)
    if found is not None and any(undecided(record) for _, record in islice(objects(found, []), 1)):
        data, name = place.resolve().parent, place.resolve().name
        raise UserError(
            f"{place} holds claims without the sentences that decide them, so there is nothing to search for. How well "
            f"support is judged on them: python tools/measure_support.py --data {data} --set {name}"
        )
    if len(parts) > 1 and found == parts[0] and not source.part:
        known = ", ".join(path.name.split(".")[1] for path in parts)
        raise UserError(f"{place} has several parts. Choose one with --part: {known}.")
    return found


def _read_articles(path: Path, draft: _Draft) -> None:
    fields = ("title", "text", "published", "source", "author", "url")
    for number, record in objects(path, draft.troubles):
        known = {name: str(record[name]) for name in fields if record.get(name)}
        try:
            article = SourceArticle.model_validate({"id": str(record.get("id") or ""), **known})
        except ValidationError as error:
            draft.troubles.append(Trouble(file=str(path), line=number, what=reason(error)))
        else:
            draft.articles[article.id] = article


def _add(record: dict[str, Any], draft: _Draft) -> None:
    """Add one question. Questions that only make sense beside their passage are left out."""
    if form := form_of(record):
        draft.settings.update(form.settings)
        recast = form.recast(record)
        if recast is None:
            return
        record = recast
    if record.get("open_corpus") is False:
        draft.not_asked += 1
        return
    articles = _articles_of(record, draft)
    if record.get("asked") is False:
        draft.not_asked += 1
        return
    case = _case(record, articles, draft)
    if record.get("statement"):
        first = draft.statements.setdefault(case.question, case.id)
        if first != case.id:
            known = draft.cases[first]
            draft.cases[first] = known.model_copy(update={"evidence": (*known.evidence, *case.evidence)})
            return
    if case.id in draft.cases:
        raise ValueError(f"duplicate id {case.id!r}")
    draft.cases[case.id] = case


def _case(record: dict[str, Any], articles: list[str], draft: _Draft) -> Case:
    answerable = _truth(record.get("answerable", True))
    evidence = _evidence(record, articles, draft) if answerable else []
    return Case.model_validate(
        {
            "id": str(record["id"]),
            "question": record["question"],
            "answers": _answers(record.get("answers")) if answerable else [],
            "evidence": evidence,
            "answerable": answerable,
            "history": record.get("history") or [],
            "kind": str(record.get("kind") or record.get("type") or ""),
        }
    )


def _truth(value: object) -> bool:
    """Take a truth value as JSON writes it: every other value, "false" too, would count as true."""
    if value not in (True, False):
        raise ValueError(f"answerable is neither true nor false: {value!r}")
    return bool(value)


def _answers(given: object) -> list[str]:
    """Return the accepted answers once each; a string is one answer, not its letters.

    >>> _answers("Paris"), _answers(["yes", "yes"]), _answers(None)
    (['Paris'], ['yes'], [])
    """
    if not given:
        return []
    if isinstance(given, str):
        return [given]
    if not isinstance(given, list):
        raise ValueError(f"answers are neither a list nor a string: {given!r}")
    return list(dict.fromkeys(given))


def _articles_of(record: dict[str, Any], draft: _Draft) -> list[str]:
    """Return the ids of the articles that a question is about, adding its own passages as articles."""
    own = record.get("passages") or [record.get("passage")]
    if isinstance(own[0], str):
        return [_own(text, str(record.get("title") or ""), draft) for text in dict.fromkeys(own)]
    named = record.get("passage_id") or record.get("article")
    names = [str(named)] if named else [str(name) for name in record.get("gold_ids") or ()]
    return [name for name in names if name in draft.articles]


def _own(text: str, title: str, draft: _Draft) -> str:
    """Add a passage as an article and return its id."""
    name = f"p{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    draft.articles.setdefault(name, SourceArticle(id=name, title=title, text=text))
    return name


def _evidence(record: dict[str, Any], articles: list[str], draft: _Draft) -> list[dict[str, str]]:
    quotes = list(_quotes(record, articles, draft))
    if not quotes:
        return [{"article": name} for name in articles]
    placed = [
        {"article": name, "quote": quote}
        for quote in dict.fromkeys(quotes)
        for name in articles
        if draft.canvas(name).find(quote) is not None
    ]
    if not placed:
        raise ValueError(f"its evidence stands in none of its articles: {quotes[0][:60]!r}")
    return placed


def _quotes(record: dict[str, Any], articles: list[str], draft: _Draft) -> Iterator[str]:
    """Yield the sentences that say it: given as such, or around where the answer starts."""
    for piece in record.get("evidence") or ():
        if isinstance(piece, dict) and piece.get("quote"):
            yield str(piece["quote"])
    yield from (str(quote) for quote in record.get("references") or ())
    if len(articles) == 1 and not record.get("evidence"):
        text = draft.articles[articles[0]].text
        for start in (record.get("answer_starts") or [])[:1]:
            if 0 <= int(start) < len(text):
                yield squad.sentence_at(text, int(start))


def _toml(value: Any) -> str:
    """Return a string or a list of strings as TOML, which refuses the pairs as which JSON would escape an emoji."""
    return json.dumps(value, ensure_ascii=False)


def _write(path: Path, records: Any) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(record.model_dump_json(exclude_defaults=True) + "\n" for record in records)
