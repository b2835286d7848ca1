"""Our own corpus as a system, through the public names of `rag`."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.cases import Suite
from eval.record import FoundCitation, FoundHit, Reply, Tokens
from eval.systems.base import Exchange, Said, Wish
from rag.errors import SourceError, UserError
from rag.home import home
from rag.models import embedder
from rag.records import Article, Citation, Hit, Turn
from rag.settings import Settings
from rag.settings import load as load_settings

if TYPE_CHECKING:
    from rag.corpus import Corpus
    from rag.records import Answer

DEPTH = 20
"""How many hits a run keeps: ranking is judged to this depth at most."""
_STALE_DAYS = 14
_CACHED = re.compile(r".+-[0-9a-f]{12}-[0-9a-f]{12}")
"""What the folder of a cached corpus is called, see `_cache`."""


class Footnote:
    """A corpus made from the suite's articles, kept in the cache between runs."""

    def __init__(self, suite: Suite, wish: Wish) -> None:
        import rag

        self._suite = suite
        settings = load_settings()
        if wish.llm:
            chosen = settings.answer.model_copy(update={"llm": wish.llm})
            settings = settings.model_copy(update={"answer": chosen})
        self._settings = settings
        self._code = code_hash()
        _forget_stale()
        folder = _cache(suite, settings)
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        self._corpus: Corpus = rag.Corpus.open(folder / "corpus", settings=settings)
        self._fill(wish, folder / "complete")
        self._ids: dict[str, str] = {}

    def _fill(self, wish: Wish, marker: Path) -> None:
        if marker.exists():
            return
        suite = self._suite
        if suite.corpus_folder is not None:
            self._corpus.sync(suite.corpus_folder, on_progress=lambda p: wish.on_progress(p.stage, p.done, p.total))
        else:
            given: list[str] = []
            try:
                self._corpus.add_many(_told(suite, wish, given))
            except SourceError as error:
                raise UserError(f"Article {given[-1]!r} of {suite.folder} cannot be taken in: {error}.") from None
        marker.touch()

    def ask(self, question: str, history: Sequence[Exchange]) -> Said:
        """Answer one question of a conversation."""
        turns = [Turn(question=turn.question, answer=_native(turn)) for turn in history]
        answer = self._corpus.ask(question, history=turns)
        return Said(reply=self._reply(answer), native=answer)

    def search(self, question: str, k: int) -> list[FoundHit]:
        """Return passages, best first."""
        return [self._hit(hit) for hit in self._corpus.search(question, k=k)]

    def about(self) -> Mapping[str, Any]:
        """Return settings, versions and a hash of the code."""
        return {
            "settings": self._settings.model_dump(mode="json"),
            "versions": versions("footnote-rag", "chromadb", "tantivy", "onnxruntime", "tokenizers"),
            "code": self._code,
        }

    def close(self) -> None:
        """Close the corpus."""
        self._corpus.close()

    def _reply(self, answer: Answer) -> Reply:
        return Reply(
            text=answer.text,
            answered=answer.answered,
            confidence=min(1.0, max(0.0, answer.confidence)),
            short=answer.short,
            citations=tuple(self._citation(c) for c in answer.citations),
            hits=tuple(self._hit(hit) for hit in (answer.hits or answer.nearest)[:DEPTH]),
            standalone=answer.standalone_question,
            generator=answer.generator,
            usage=Tokens(tokens_in=answer.usage.tokens_in, tokens_out=answer.usage.tokens_out, cost=answer.usage.cost),
            notes=answer.notes,
            timings=dict(answer.timings),
        )

    def _citation(self, citation: Citation) -> FoundCitation:
        stored = self._corpus.text(citation.article.id)[citation.start : citation.end]
        return FoundCitation(
            number=citation.number,
            article=self._suite_id(citation.article),
            quote=citation.quote,
            start=citation.start,
            end=citation.end,
            stored=stored,
            support=citation.support,
        )

    def _hit(self, hit: Hit) -> FoundHit:
        return FoundHit(
            article=self._suite_id(hit.article),
            text=hit.passage.text,
            start=hit.passage.start,
            score=hit.score,
            relevance=hit.relevance,
            ranks=dict(hit.ranks),
        )

    def _suite_id(self, article: Article) -> str:
        if article.id not in self._ids:
            self._ids[article.id] = _match(article, self._suite)
        return self._ids[article.id]


def _cache(suite: Suite, settings: Settings) -> Path:
    """Return the folder of the suite's corpus: another one for other articles, settings or code.

    And for the same articles in another place: a corpus made from files knows them by their paths.
    """
    fingerprint = settings.fingerprint(embedder.load(settings.ingest.embedder).sha256)
    made_of = f"{suite.corpus_sha256} {fingerprint} {suite.corpus_folder}"
    key = hashlib.sha256(made_of.encode(errors="surrogateescape")).hexdigest()[:12]
    return home() / "eval" / f"{suite.name}-{key}-{code_hash('ingest', 'store', 'models')}"


def _told(suite: Suite, wish: Wish, given: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the articles as `Corpus.add_many` takes them, telling how far it has come."""
    for done, article in enumerate(suite.articles.values(), 1):
        given.append(article.id)
        yield {**article.model_dump(), "title": article.title or article.id}
        wish.on_progress("articles", done, len(suite.articles))


def _native(turn: Exchange) -> Answer | str:
    from rag.records import Answer

    return turn.native if isinstance(turn.native, Answer) else turn.reply.text


def _match(article: Article, suite: Suite) -> str:
    """Return the suite's id of an article: its own id, or its path within the corpus folder."""
    if article.id in suite.articles:
        return article.id
    path = Path(article.path or "")
    names = [path.name]
    if suite.corpus_folder and path.is_relative_to(suite.corpus_folder):
        names.insert(0, path.relative_to(suite.corpus_folder).as_posix())
    return next((name for name in names if name in suite.articles), article.id)


def versions(*names: str) -> dict[str, str]:
    """Return the installed versions of Python and these distributions."""
    found = {"python": platform.python_version()}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def code_hash(*parts: str) -> str:
    """Return a short hash of the code and models of `rag`, or of these sub-packages of it."""
    import rag

    root = Path(rag.__file__).parent
    folders = [root / part for part in parts] or [root]
    digest = hashlib.sha256()
    for path in sorted(p for folder in folders for p in folder.rglob("*") if p.suffix in {".py", ".onnx", ".json"}):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _forget_stale() -> None:
    """Remove corpora that no run has used for two weeks: every change of the code makes new ones."""
    limit = time.time() - _STALE_DAYS * 86_400
    for old in (home() / "eval").glob("*"):
        if _CACHED.fullmatch(old.name) and old.lstat().st_mtime < limit:
            shutil.rmtree(old, ignore_errors=True)
