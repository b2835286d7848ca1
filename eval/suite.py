"""Load a suite by name or path: our own folders, BEIR folders, SQuAD files. What does not fit is named."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from eval.cases import Case, SourceArticle, Split, Suite, SuiteFile, Trouble
from eval.metrics import named
from eval.readers import beir, native, squad
from eval.readers.lines import find
from eval.record import DEPTH
from rag.errors import UserError


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which cases of a suite to ask."""

    split: Split | None = None
    kinds: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    sample: int | None = None
    """So many cases, drawn by the seed, in the suite's order."""
    seed: int = 0


def bundled() -> tuple[str, ...]:
    """Return the names of the suites that ship with the package."""
    return tuple(sorted(p.name for p in native.BUNDLED.glob("*") if native.fits(p)))


def load(name: str | Path) -> Suite:
    """Load a suite.

    Args:
        name: a bundled suite's name, a suite folder, a BEIR folder or a SQuAD file.

    Raises:
        UserError: nothing is there, or it holds no usable case.
    """
    place = _place(name)
    troubles: list[Trouble] = []
    folder: Path | None = None
    notes: tuple[str, ...] = ()
    numbered: list[tuple[int | None, Case]]
    if native.fits(place):
        meta = native.read_meta(place)
        troubles += _unknown_metrics(meta, place)
        articles, folder = native.read_articles(place, meta, troubles)
        cases_file = find(place, "cases.jsonl")
        if cases_file is None:
            raise UserError(f"{place} has no cases.jsonl. See docs/evaluation.md for the form of a suite.")
        numbered = native.read_cases(cases_file, troubles)
    else:
        reader = beir if place.is_dir() else squad
        notes = beir.notes(place) if place.is_dir() else ()
        cases_file = place
        meta, articles, cases = reader.read(place, troubles)
        numbered = [(None, case) for case in cases]
    good = tuple(_checked(numbered, articles, cases_file, troubles))
    if not good:
        first = f" First fault: {troubles[0]}." if troubles else ""
        raise UserError(f"{place} holds no usable case.{first}")
    return Suite(
        meta=meta,
        folder=place,
        articles=articles,
        cases=good,
        corpus_folder=folder,
        sha256=_hash(meta, articles.values(), good),
        corpus_sha256=_hash(None, articles.values(), ()),
        troubles=tuple(troubles),
        notes=notes,
    )


def select(suite: Suite, which: Selection) -> Suite:
    """Return the suite with only the selected cases.

    Raises:
        UserError: nothing is left.
    """
    cases = [case for case in suite.cases if _wanted(case, suite.meta, which)]
    if which.sample is not None and which.sample < len(cases):
        chosen = set(random.Random(which.seed).sample(range(len(cases)), which.sample))
        cases = [case for at, case in enumerate(cases) if at in chosen]
    if not cases:
        raise UserError(f"No case of {suite.name} fits the selection. Loosen --split, --kind or --id.")
    return replace(suite, cases=tuple(cases), sha256=_hash(suite.meta, suite.articles.values(), cases))


def _wanted(case: Case, meta: SuiteFile, which: Selection) -> bool:
    split = case.split or meta.split
    return (
        (which.split is None or split == which.split)
        and (not which.kinds or case.kind in which.kinds)
        and (not which.ids or case.id in which.ids)
    )


def _place(name: str | Path) -> Path:
    path = Path(name)
    candidates = (native.BUNDLED / path.name if path.name == str(name) else path, path)
    for place in candidates:
        if native.fits(place) or squad.fits(place) or (place.is_dir() and beir.fits(place)):
            return place.resolve()
    known = ", ".join(bundled()) or "none"
    raise UserError(f"{str(name)!r} is no suite. Bundled: {known}; or give a suite folder, BEIR folder or SQuAD file.")


def _unknown_metrics(meta: SuiteFile, place: Path) -> list[Trouble]:
    known, file = named(meta.metrics), str(place / "suite.toml")
    unknown = [f"no metric {name!r}" for name in meta.metrics if name not in known]
    return [Trouble(file=file, line=None, what=f"{what}; ranks go to {DEPTH}") for what in unknown]


def _checked(
    numbered: list[tuple[int | None, Case]],
    articles: dict[str, SourceArticle],
    path: Path,
    troubles: list[Trouble],
) -> Iterable[Case]:
    """Yield the cases whose evidence is in the corpus, with article names resolved to ids."""
    names = _names(articles)
    suite = Suite(meta=SuiteFile(name="check"), folder=path, articles=articles, cases=(), sha256="", corpus_sha256="")
    for line, case in numbered:
        faults = [fault for e in case.evidence if (fault := _fault(e.article, e.quote, names, suite))]
        if faults:
            what = f"case {case.id!r} left out: {faults[0]}"
            troubles.append(Trouble(file=str(path), line=line, what=what))
            continue
        evidence = tuple(e.model_copy(update={"article": names[e.article]}) for e in case.evidence)
        yield case.model_copy(update={"evidence": evidence})


def _names(articles: dict[str, SourceArticle]) -> dict[str, str]:
    """Return every name that an article answers to: its id, its file name, its file's stem."""
    names: dict[str, str] = {}
    for name in articles:
        for alias in (Path(name).stem, Path(name).name):
            names.setdefault(alias, name)
    names.update({name: name for name in articles})
    return names


def _fault(article: str, quote: str, names: dict[str, str], suite: Suite) -> str | None:
    if article not in names:
        return f"no article {article!r} in the corpus"
    canvas = suite.canvas(names[article])
    if quote and (canvas is None or canvas.find(quote) is None):
        return f"quote not in article {article!r}: {quote[:60]!r}"
    return None


def _hash(meta: SuiteFile | None, articles: Iterable[SourceArticle], cases: Iterable[Case]) -> str:
    digest = hashlib.sha256(meta.model_dump_json().encode() if meta else b"")
    for record in (*articles, *cases):
        digest.update(record.model_dump_json().encode())
    return digest.hexdigest()
