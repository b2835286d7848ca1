"""The project's own form: `suite.toml`, a corpus, `cases.jsonl`."""

from __future__ import annotations

import tomllib
from pathlib import Path

import frontmatter
from pydantic import ValidationError

from eval.cases import Case, SourceArticle, SuiteFile, Trouble
from eval.readers.lines import find, models, reason
from rag.errors import UserError
from rag.home import seeds

_TEXT = {".md", ".txt"}
BUNDLED = Path(__file__).resolve().parents[1] / "suites"


def fits(folder: Path) -> bool:
    """Say whether a folder is a suite of this form."""
    return (folder / "suite.toml").is_file()


def read_meta(folder: Path) -> SuiteFile:
    """Read `suite.toml`.

    Raises:
        UserError: the file is not TOML or has unknown or missing fields.
    """
    path = folder / "suite.toml"
    try:
        return SuiteFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is not TOML: {error}. Mend the file.") from None
    except ValidationError as error:
        raise UserError(f"{path} does not fit: {reason(error)}. See docs/evaluation.md.") from None


def read_articles(
    folder: Path, meta: SuiteFile, troubles: list[Trouble]
) -> tuple[dict[str, SourceArticle], Path | None]:
    """Return the corpus by article id, and its folder when it is one."""
    place = corpus_place(folder, meta)
    if place.is_dir():
        return from_folder(place, troubles), place
    articles: dict[str, SourceArticle] = {}
    for number, article in models(place, SourceArticle, troubles):
        if article.id in articles:
            troubles.append(Trouble(file=str(place), line=number, what=f"duplicate id {article.id!r}"))
        else:
            articles[article.id] = article
    return articles, None


def corpus_place(folder: Path, meta: SuiteFile) -> Path:
    """Return the corpus's folder or file.

    Raises:
        UserError: there is none.
    """
    if meta.corpus and meta.corpus.startswith("bundled:"):
        place: Path | None = _bundled_corpus(meta.corpus)
    elif meta.corpus:
        place = (folder / meta.corpus).resolve()
    else:
        place = folder / "corpus" if (folder / "corpus").is_dir() else find(folder, "corpus.jsonl")
    if place is None or not place.exists():
        raise UserError(f"{folder} has no corpus. Add corpus/ or corpus.jsonl, or set corpus in suite.toml.")
    return place


def _bundled_corpus(name: str) -> Path | None:
    return seeds() if name == "bundled:seeds" else None


def read_cases(path: Path, troubles: list[Trouble]) -> dict[str, tuple[int, Case]]:
    """Return line number and case by case id; of duplicates the first counts."""
    cases: dict[str, tuple[int, Case]] = {}
    for number, case in models(path, Case, troubles):
        if case.id in cases:
            troubles.append(Trouble(file=str(path), line=number, what=f"duplicate id {case.id!r}"))
        else:
            cases[case.id] = (number, case)
    return cases


def from_folder(place: Path, troubles: list[Trouble]) -> dict[str, SourceArticle]:
    """Return the text and Markdown files below a folder as articles; a README is none."""
    articles = {}
    for path in sorted(p for p in place.rglob("*") if p.suffix.lower() in _TEXT and p.is_file()):
        if path.name.lower() == "readme.md":
            continue
        name = path.relative_to(place).as_posix()
        try:
            articles[name] = _article(name, path)
        except (ValueError, OSError) as error:
            what = f"not readable as an article: {str(error).splitlines()[0]}"
            troubles.append(Trouble(file=str(path), line=None, what=what))
    return articles


def _article(name: str, path: Path) -> SourceArticle:
    post = frontmatter.loads(path.read_text(encoding="utf-8", errors="replace"))
    known = {k: str(post[k]) for k in ("title", "published", "source", "author", "url") if post.get(k)}
    return SourceArticle.model_validate({"id": name, "text": post.content, **known})
