"""A corpus: a folder on disk that holds articles and answers questions about them.

The path of a question is `Corpus.stream`, read from top to bottom.
"""

from __future__ import annotations

import copy
import os
from collections.abc import AsyncGenerator, Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from datetime import date
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, TypeVar

from rag import bundled
from rag import settings as settings_module
from rag.answer import meant, refuse
from rag.answer.respond import Desk, respond
from rag.answer.texts import steady
from rag.errors import UnknownArticleError
from rag.home import corpus_folder, home
from rag.llm import cost, names
from rag.llm.base import Limits
from rag.llm.build import Models
from rag.models import embedder as embedders
from rag.models import reader as readers
from rag.models.reader import Reader
from rag.records import Answer, Article, Filter, Hit, Passage, Piece, Problem, Progress, SyncReport, Turn
from rag.retrieve.apart import take_apart
from rag.retrieve.find import Finder
from rag.retrieve.rank import Ranker
from rag.retrieve.rewrite import rewrite
from rag.retrieve.standalone import clean
from rag.settings import Settings
from rag.steps import stepped
from rag.store.store import LEDGER, Store
from rag.timing import Stopwatch

if TYPE_CHECKING:
    from llama_index.core.query_engine import BaseQueryEngine
    from llama_index.core.retrievers import BaseRetriever

    from rag.ingest.sync import Sync

_T = TypeVar("_T")
_REFUSAL_HITS = 5


class Corpus:
    """Open with `Corpus.open`; safe to read from several threads, one process writes at a time."""

    def __init__(self, path: Path, settings: Settings, *, read_only: bool) -> None:
        names.check(settings.answer.llm, settings.generate.base_url)
        self.path = path
        self.settings = settings
        self._store = Store(path, read_only=read_only)
        self._embedder = embedders.load(settings.ingest.embedder)
        self._ranker = Ranker(self._store, self._embedder)
        self._models = Models()

    @classmethod
    def open(
        cls, path: str | Path | None = None, *, settings: Settings | None = None, read_only: bool = False
    ) -> Corpus:
        """Open a corpus folder, creating it when it does not exist.

        `None` is the default corpus: `RAG_CORPUS`, else the bundled articles, taken in on first use.

        Raises:
            CorpusError: the folder is something else, is damaged, or was made by other models or settings.
        """
        settings = settings or settings_module.load()
        fingerprint = settings.fingerprint(embedders.load(settings.ingest.embedder).sha256)
        chosen = path or os.environ.get("RAG_CORPUS")
        default = home() / f"seeds-{fingerprint}.corpus"
        if read_only and not chosen and not (default / LEDGER).exists():
            cls.open(settings=settings).close()  # whoever comes first takes the bundled articles in
        folder = corpus_folder(chosen or default, ledger=LEDGER, create=not read_only).absolute()
        corpus = cls(folder, settings, read_only=read_only)
        try:
            corpus._store.claim(fingerprint)
            corpus._store.heal()
            if not chosen:
                bundled.take_in(corpus, corpus._store)
        except BaseException:
            corpus.close()
            raise
        return corpus

    def close(self) -> None:
        """Let go of the files; the corpus cannot be used afterwards."""
        self._store.close()

    def __enter__(self) -> Corpus:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def using(self, settings: Settings) -> Corpus:
        """Return the same open corpus with other settings for retrieval and answers; it shares this one's files.

        Raises:
            ModelError: the generator is unknown.
        """
        names.check(settings.answer.llm, settings.generate.base_url)
        other = copy.copy(self)
        other.settings = settings
        return other

    @property
    def threshold(self) -> float:
        """The confidence under which a question is refused."""
        return refuse.threshold(self.settings.answer, self._reader)

    # --- asking

    def ask(self, question: str, *, history: Sequence[Turn] = (), where: Filter | None = None) -> Answer:
        """Answer a question from the articles, every sentence cited, or say that they do not answer it.

        Raises:
            QuestionError: the question is empty or too long.
        """
        *_, answer = self.stream(question, history=history, where=where)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), where: Filter | None = None
    ) -> Iterator[Piece | Answer]:
        """Yield the answer's text in pieces as it comes; the last event is the `Answer`.

        While a language model works, empty pieces come at least a few times a second; closing the iterator at one
        ends the model's call.
        """
        yield from self._stream(question, history, where, Event())

    def _stream(
        self, question: str, history: Sequence[Turn], where: Filter | None, stop: Event
    ) -> Generator[Piece | Answer, None, None]:
        clock = Stopwatch()
        question = clean(question, self.settings.max_question_chars)
        model, notes = self._models.choose(self.settings, history)
        limits = Limits.of(self.settings.generate, stop)
        with clock("standalone"):
            helper = model if self.settings.generate.rewrite else None
            full_question, rewriting = yield from rewrite(question, history, helper, limits)
            reached = any(rewriting) or not history
            plan, planning = yield from take_apart(full_question, helper if reached else None, limits)
        found, text_of = steady(lambda: self._finder(clock).find(full_question, where, plan), self.text)
        draft = Answer(
            question=question,
            standalone_question=full_question,
            text=refuse.text(found.ranking.hits),
            answered=False,
            confidence=found.confidence,
            hits=found.ranking.hits,
            nearest=found.ranking.hits[:_REFUSAL_HITS],
            notes=(*notes, *found.notes),
            generator=names.EXTRACTIVE,
            usage=cost.total(*(cost.usage(*tokens, self.settings.generate) for tokens in (rewriting, planning))),
            timings=clock.timings,
        )
        known = meant.know(history, self._ranker.first, where)
        desk = Desk(
            settings=self.settings, reader=self._reader, text_of=text_of, now=self.text, model=model, known=known
        )
        yield from clock.each("generate", respond(draft, found, desk, limits))

    async def aask(self, question: str, *, history: Sequence[Turn] = (), where: Filter | None = None) -> Answer:
        """`ask` without blocking the event loop; cancelling it ends a language model's call."""
        async with aclosing(self.astream(question, history=history, where=where)) as events:
            *_, answer = [event async for event in events]
        assert isinstance(answer, Answer)
        return answer

    async def astream(
        self, question: str, *, history: Sequence[Turn] = (), where: Filter | None = None
    ) -> AsyncGenerator[Piece | Answer, None]:
        """`stream` without blocking the event loop; stops working when it is cancelled or no longer iterated."""
        stop = Event()
        async with aclosing(stepped(self._stream(question, history, where, stop), stop)) as events:
            async for event in events:
                yield event

    def search(self, question: str, *, k: int = 10, where: Filter | None = None) -> list[Hit]:
        """Return the `k` best passages; up to `candidates` in the order that `ask` reads them. Raises as `ask` does."""
        question = clean(question, self.settings.max_question_chars)
        return self._finder(Stopwatch()).search(question, where, k)

    # --- what is there

    def articles(self, where: Filter | None = None, *, limit: int | None = None, offset: int = 0) -> list[Article]:
        """Return articles, newest first, those without a date last."""
        return self._store.ledger.articles(where, limit=limit, offset=offset)

    def article(self, id: str) -> Article:
        """Return one article.

        Raises:
            UnknownArticleError: there is none with this id.
        """
        return _found(id, self._store.ledger.article(id))

    def text(self, id: str) -> str:
        """Return an article's full text, the one that all offsets count in.

        Raises:
            UnknownArticleError: there is none with this id.
        """
        return _found(id, self._store.ledger.text(id))

    def passages(self, id: str) -> list[Passage]:
        """Return the passages of an article that are searched, in order; none for an unknown id."""
        return self._store.ledger.passages_of(id)

    def verify(self) -> list[Problem]:
        """Check every invariant of the corpus; empty when all is well."""
        return self._store.verify()

    # --- changing it

    def sync(
        self,
        *sources: str | Path,
        prune: bool = True,
        dry_run: bool = False,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> SyncReport:
        """Bring the corpus to what these files and folders hold now.

        With `prune`, articles that came from these sources and are gone are removed; none of a source that is empty.

        Raises:
            SourceError: a source does not exist, or all of them together hold no article.
            LockedError: another process is writing.
        """
        sync = self._sync(on_progress)
        paths = [Path(source) for source in sources]
        if dry_run:
            return sync.run(paths, prune=prune, dry_run=True)
        with self._store.writing(on_progress):
            return sync.run(paths, prune=prune)

    def add(
        self,
        text: str,
        *,
        title: str,
        id: str | None = None,
        author: str | None = None,
        published: date | str | None = None,
        source: str | None = None,
        url: str | None = None,
    ) -> Article:
        """Store one text as an article, replacing the one with the same id.

        Raises:
            SourceError: the text is empty.
            LockedError: another process is writing.
        """
        record = {"text": text, "title": title, "id": id, "author": author}
        return self.add_many([{**record, "published": published, "source": source, "url": url}])[0]

    def add_many(self, records: Iterable[Mapping[str, Any]]) -> list[Article]:
        """Store many texts, each a mapping of `add`'s arguments; the indexes catch up once at the end."""
        with self._store.writing():
            return self._sync().add(records)

    def remove(self, id: str) -> None:
        """Delete an article everywhere.

        Raises:
            UnknownArticleError: there is none with this id.
            LockedError: another process is writing.
        """
        with self._store.writing():
            self.article(id)
            self._store.ledger.remove([id])

    # --- LlamaIndex

    def as_retriever(self, *, k: int = 10, where: Filter | None = None) -> BaseRetriever:
        """Return a LlamaIndex retriever over this corpus."""
        from rag.llama import CorpusRetriever

        return CorpusRetriever(self, k=k, where=where)

    def as_query_engine(self, *, where: Filter | None = None) -> BaseQueryEngine:
        """Return a LlamaIndex query engine over this corpus."""
        from rag.llama import CorpusQueryEngine

        return CorpusQueryEngine(self, where=where)

    # --- inside

    @property
    def _reader(self) -> Reader:
        return readers.load(self.settings.answer.reader)

    def _finder(self, clock: Stopwatch) -> Finder:
        return Finder(
            ranker=self._ranker, reader=self._reader, settings=self.settings, threshold=self.threshold, clock=clock
        )

    def _sync(self, on_progress: Callable[[Progress], None] | None = None) -> Sync:
        from rag.ingest.sync import Sync  # asking needs no parser

        return Sync(self._store.ledger, self._embedder, self.settings.ingest, on_progress)


def _found(id: str, record: _T | None) -> _T:
    if record is None:
        raise UnknownArticleError(f"No article has the id {id!r}: `rag articles` lists them.")
    return record
