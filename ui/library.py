"""What the library page's events do: show, take in, paste, remove. The corpus itself is the only state."""

from __future__ import annotations

import itertools
import logging
import queue
import re
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import RagError
from rag.records import Article, Progress, SyncReport
from ui import originals, shelf, source
from ui.filters import Holdings
from ui.strings import Strings
from ui.text import element, says

if TYPE_CHECKING:
    from rag.corpus import Corpus

log = logging.getLogger(__name__)

UPLOADS = "uploads"
"""Folder inside the corpus where uploaded files are kept, so that they can be synced again."""
MOST_FILES = 20


class Library:
    """The handlers, bound to one corpus."""

    def __init__(self, corpus: Corpus, strings: Strings, name: str = "") -> None:
        self.name = name
        self.corpus = corpus
        self.strings = strings

    def holdings(self) -> Holdings:
        """Return what the corpus holds now."""
        return Holdings(articles=tuple(self.corpus.articles()))

    def shelf(self, wanted: str = "", page: int = 0) -> str:
        """Return the table of articles and what stands above it."""
        return shelf.shelf(self.holdings(), shelf.Wanted(text=wanted, page=max(page, 0)), self._passages, self.strings)

    def read(self, article_id: str) -> str:
        """Return the pane with one article, nothing marked.

        Raises:
            UnknownArticleError: there is none with this id.
        """
        headings = source.headings(self.corpus.passages(article_id))
        article = self.corpus.article(article_id)
        file = originals.address(self.name, article)
        view = source.View(turn=0, article=article, marks=(), headings=headings, file=file)
        return source.pane(view, self.corpus.text(article_id), self.strings)

    def take_in(self, files: Sequence[str]) -> Iterator[str]:
        """Keep uploaded files in the corpus's folder and sync them; yields what to show, progress first."""
        if len(files) > MOST_FILES:
            yield self._said(self.strings.too_many_files.format(most=MOST_FILES))
            return
        try:
            kept = self._kept(dict.fromkeys(files))  # two files alike in name and words are one upload
        except OSError as error:
            yield self._outcome(error)
            return
        events: queue.SimpleQueue[Progress | SyncReport | Exception] = queue.SimpleQueue()
        threading.Thread(target=self._sync, args=(kept, events), daemon=True).start()
        while isinstance(event := events.get(), Progress):
            yield self._progress(event)
        yield self._outcome(event)

    def paste(self, title: str, text: str) -> str:
        """Store a pasted text as an article; returns what to show."""
        if not text.strip() or not title.strip():
            return self._said(self.strings.title_and_text)
        try:
            article = self.corpus.add(text, title=title.strip())
        except RagError as error:
            return self._said(str(error))
        return self._said(self.strings.taken_in.format(title=article.title))

    def remove(self, article_id: str) -> str:
        """Delete an article everywhere, with its uploaded file; returns what to show."""
        try:
            article = self.corpus.article(article_id)
            self.corpus.remove(article_id)
        except RagError as error:
            return self._said(str(error))
        uploaded = Path(article.path or "")
        if uploaded.parent == self._uploads():
            try:
                uploaded.unlink(missing_ok=True)
            except OSError as error:
                return self._said(self.strings.file_stays.format(title=article.title, reason=error.strerror or error))
        return self._said(self.strings.removed.format(title=article.title))

    def _passages(self, article: Article) -> int:
        return len(self.corpus.passages(article.id))

    def _kept(self, files: Iterable[str]) -> list[Path]:
        """Move uploaded files into the corpus's folder, all of them or none."""
        kept: list[Path] = []
        try:
            for file in map(Path, files):
                kept.append(self._place(file, kept))
                shutil.move(file, kept[-1])
        except OSError:
            _drop(kept)
            raise
        return kept

    def _place(self, file: Path, batch: Sequence[Path]) -> Path:
        """Return where an upload is to be kept; what was there under its name is set aside."""
        folder = self._uploads()
        folder.mkdir(exist_ok=True)
        name = re.sub(r"[^\w .()\[\],&+-]", "_", file.name)[-120:].lstrip(".") or "article.txt"
        kept = _beside(folder / name, batch)
        if kept.exists() and not _before(kept).exists():  # of two files of one name, the first has not been read
            kept.replace(_before(kept))
        return kept

    def _uploads(self) -> Path:
        return self.corpus.path.resolve() / UPLOADS

    def _sync(self, files: Sequence[Path], events: queue.SimpleQueue[Progress | SyncReport | Exception]) -> None:
        try:
            events.put(self._synced(files, events.put))
        except Exception as error:
            events.put(error)

    def _synced(self, files: Sequence[Path], on_progress: Callable[[Progress], None]) -> SyncReport:
        try:
            done = self.corpus.sync(*files, prune=False, on_progress=on_progress)
        except Exception:
            _put_back(files)
            raise
        failed = {Path(failure.path) for failure in done.failed}  # those of an archive's members are no files of ours
        for file in files:
            (file if file in failed else _before(file)).unlink(missing_ok=True)
        _put_back(files)
        return done

    def _outcome(self, event: SyncReport | Exception) -> str:
        if isinstance(event, SyncReport):
            return shelf.report(event, self.strings)
        if isinstance(event, RagError):
            return self._said(str(event))
        log.error("an upload failed", exc_info=event)
        reason = isinstance(event, OSError) and event.strerror
        return self._said(self.strings.not_stored.format(reason=reason) if reason else self.strings.failed)

    def _progress(self, event: Progress) -> str:
        said = self.strings.progress.format(stage=event.stage, done=event.done, total=event.total, item=event.item)
        share = event.done / event.total if event.total else 0
        bar = element("progress", max=1, value=f"{share:.3f}", aria_label=said)
        return self._said(said) + bar

    def _said(self, text: str) -> str:
        return says("p", text, cls="note", role="status")


def _beside(file: Path, batch: Sequence[Path]) -> Path:
    """Return a path of its own for a file of a name that another of the same upload has: it is no newer version."""
    names = {other.name.casefold() for other in batch}  # some file systems do not tell a capital from a small letter
    if file.name.casefold() not in names:
        return file
    numbered = (file.with_name(f"{file.stem} ({n}){file.suffix}") for n in itertools.count(2))
    return next(one for one in numbered if one.name.casefold() not in names and not one.exists())


def _before(file: Path) -> Path:
    """Return where the file of the same name waits until the new one has been read; no upload's name begins so."""
    return file.with_name(f".{file.name}")


def _drop(files: Sequence[Path]) -> None:
    """Take away what has come of an upload."""
    for file in files:
        file.unlink(missing_ok=True)
    _put_back(files)


def _put_back(files: Sequence[Path]) -> None:
    for file in files:
        if _before(file).exists():
            _before(file).replace(file)
