"""BEIR folders: `corpus.jsonl`, `queries.jsonl`, `qrels/*.tsv` or `qrels.tsv` (Thakur et al. 2021)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from eval.cases import Case, Evidence, SourceArticle, SuiteFile, Trouble
from eval.readers.lines import find, first_of, foreign, lines, objects, reason

_PREFERRED = ("qrels.tsv", "qrels/test.tsv", "qrels.test.tsv", "qrels/dev.tsv", "qrels.dev.tsv")
"""Other splits, such as `train`, are taken by name when none of these is there."""


def fits(folder: Path) -> bool:
    """Say whether a folder is a BEIR folder."""
    wanted = (("corpus.jsonl",), ("queries.jsonl", "queries.dev.jsonl"))
    return all(find(folder, *names) for names in wanted) and bool(qrels(folder))


def qrels(folder: Path) -> list[Path]:
    """Return the files of judgements, the one that is read first: test, then dev, then the others by name."""
    preferred = [path for name in _PREFERRED if (path := find(folder, name))]
    others = sorted(path for pattern in ("*.tsv", "*.tsv.gz") for path in (folder / "qrels").glob(pattern))
    return list(dict.fromkeys((*preferred, *others)))


def notes(folder: Path) -> tuple[str, ...]:
    """Say which judgements are read where a folder has several."""
    read, *left = (path.relative_to(folder).as_posix() for path in qrels(folder))
    return (f"{folder.name}: judged by {read}; not read: {', '.join(left)}",) if left else ()


def read(folder: Path, troubles: list[Trouble]) -> tuple[SuiteFile, dict[str, SourceArticle], list[Case]]:
    """Return the folder as a suite that judges retrieval by article. Queries without judgements are left."""
    meta = foreign(folder, folder.name, source="BEIR folder", task="search", unit="article")
    corpus, queries = find(folder, "corpus.jsonl"), find(folder, "queries.jsonl", "queries.dev.jsonl")
    assert corpus and queries, "call fits() first"
    articles = {article.id: article for _, article in first_of(_articles(corpus, troubles), corpus, troubles)}
    judged = judgements(qrels(folder)[0], articles, troubles)
    cases = first_of(_cases(queries, judged, troubles), queries, troubles)
    return meta, articles, [case for _, case in cases]


def _cases(
    path: Path, judged: Mapping[str, list[Evidence]], troubles: list[Trouble]
) -> Iterator[tuple[int | None, Case]]:
    for number, record in objects(path, troubles):
        name, text = _id(record), str(record.get("text") or "")
        if not name or not text:
            troubles.append(Trouble(file=str(path), line=number, what="a query needs _id and text"))
        elif name in judged:
            try:
                yield number, Case(id=name, question=text, evidence=tuple(judged[name]), kind="search")
            except ValidationError as error:
                troubles.append(Trouble(file=str(path), line=number, what=reason(error)))


def _id(record: dict[str, object]) -> str:
    return str(record.get("_id") or record.get("id") or "")


def _articles(path: Path, troubles: list[Trouble]) -> Iterator[tuple[int | None, SourceArticle]]:
    for number, record in objects(path, troubles):
        name, title = _id(record), str(record.get("title") or "")
        text = str(record.get("text") or title)
        if not name or not text.strip():
            troubles.append(Trouble(file=str(path), line=number, what="an article needs _id and text"))
            continue
        try:
            yield number, SourceArticle(id=name, title=title, text=text)
        except ValidationError as error:
            troubles.append(Trouble(file=str(path), line=number, what=reason(error)))


def judgements(path: Path, articles: dict[str, SourceArticle], troubles: list[Trouble]) -> dict[str, list[Evidence]]:
    """Return the judged articles of every query, from lines of query, document, grade with or without a head."""
    judged: dict[str, list[Evidence]] = defaultdict(list)
    for number, line in lines(path, troubles):
        parts = line.rstrip("\n").split("\t")
        if number == 1 and not parts[-1].strip().isdigit():
            continue
        try:
            query, document, grade = parts[0], parts[-2], int(parts[-1])
        except (IndexError, ValueError):
            troubles.append(Trouble(file=str(path), line=number, what="not query, document, grade"))
            continue
        if document not in articles:
            troubles.append(Trouble(file=str(path), line=number, what=f"no article {document!r}"))
        elif grade >= 0:
            judged[query].append(Evidence(article=document, grade=grade))
    return judged
