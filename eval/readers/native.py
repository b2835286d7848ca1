"""The project's own form: `suite.toml`, a corpus, `cases.jsonl`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from eval.cases import Case, SourceArticle, SuiteFile, Trouble
from eval.readers.lines import find, first_of, models, reason
from eval.readers.matchable import matchable
from rag.errors import SourceError, UserError
from rag.home import seeds
from rag.ingest.document import Document
from rag.ingest.find import Found
from rag.ingest.find import find as find_files
from rag.ingest.formats.front_matter import from_mapping
from rag.ingest.members import Names
from rag.ingest.read import Reader
from rag.settings import load as load_settings

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
        return SuiteFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
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
        return from_folder(place, troubles), place.resolve()
    return {article.id: article for article in from_file(place, troubles)}, None


def from_file(path: Path, troubles: list[Trouble]) -> list[SourceArticle]:
    """Return the articles of JSON lines that a corpus can take in; of several with one id the first counts."""
    return [article for _, article in first_of(_told(path, troubles), path, troubles)]


def _told(path: Path, troubles: list[Trouble]) -> Iterator[tuple[int | None, SourceArticle]]:
    """Yield what a corpus can take in: an article that it refused would end the run."""
    for number, article in models(path, SourceArticle, troubles):
        what = None if article.text.strip() else "text: no text"
        if article.published and from_mapping({"published": article.published}).published is None:
            what = f"published: {article.published!r} is not a date; write it as YYYY-MM-DD"
        if what:
            troubles.append(Trouble(file=str(path), line=number, what=f"article {article.id!r} left out: {what}"))
        else:
            yield number, article


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


def read_cases(path: Path, troubles: list[Trouble]) -> list[tuple[int | None, Case]]:
    """Return line numbers and cases; of duplicates the first counts."""
    return list(first_of(matchable(models(path, Case, troubles), path, troubles), path, troubles))


def from_folder(place: Path, troubles: list[Trouble]) -> dict[str, SourceArticle]:
    """Return what `rag sync` takes in of a folder as articles, by their paths within it.

    Raises:
        SourceError: it holds no article.
    """
    walk = find_files([place])
    troubles += [Trouble(file=failure.path, line=None, what=failure.reason) for failure in walk.passed_over]
    articles: dict[str, SourceArticle] = {}
    with Reader(max_bytes=load_settings().ingest.max_file_mb * 1_000_000) as reader:
        for file in walk.files:
            try:
                for article in _articles(file, reader, troubles):
                    articles[article.id] = article
            except (ValueError, OSError, SourceError) as error:
                troubles.append(_unreadable(file.key, error))
    return articles


def _articles(file: Found, reader: Reader, troubles: list[Trouble]) -> Iterator[SourceArticle]:
    """Yield the one article of a file, or each of a table or an archive."""
    names = Names()
    for name, found in reader.read_many(file.path):
        unique = names.unique(name)
        if isinstance(found, SourceError):
            troubles.append(_unreadable(f"{file.key}/{unique}" if unique else file.key, found))
        else:
            yield _article(f"{file.name}/{unique}" if unique else file.name, found)


def _unreadable(file: str, error: Exception) -> Trouble:
    return Trouble(file=file, line=None, what=f"not readable as an article: {str(error).splitlines()[0]}")


def _article(name: str, about: Document) -> SourceArticle:
    """An article is taken whole, with its headings and its foot: a quote may stand anywhere in it."""
    return SourceArticle(
        id=name,
        title=about.title,
        text=about.text,
        published=about.published.isoformat() if about.published else None,
        source=about.source,
        author=about.author,
        url=about.url,
    )
