"""Bring a corpus to what its sources hold now: add, change, remove; one transaction an article.

Interrupted anywhere, the next run goes on from what is stored and ends in the same state.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count
from pathlib import Path
from typing import Any

import numpy as np

from rag.errors import BackendError, SourceError
from rag.ingest.document import Document
from rag.ingest.files import content
from rag.ingest.find import Found, Walk, article_id, find, is_gone, shown, slug, why
from rag.ingest.members import Member, Names, Work, is_below
from rag.ingest.prepare import Prepared, Preparer
from rag.ingest.read import Reader, read_text
from rag.ingest.tally import Tally
from rag.models.embedder import Embedder
from rag.records import Article, Failure, Progress, SyncReport
from rag.settings import Ingest
from rag.store import containers, space
from rag.store.containers import Container
from rag.store.ledger import Known, Ledger, Origin

_BATCH_PASSAGES = 64
_DISK = 16
"""Bytes that a byte of an article's file may take in ledger and indexes while they are written."""
_BARE = (
    "holds no article any more: what came from it stays until `rag remove`, or a sync of the folder above, removes it"
)

OnProgress = Callable[[Progress], None]


class Sync:
    """One sync of some sources into a ledger. The caller holds the write lock."""

    def __init__(
        self, ledger: Ledger, embedder: Embedder, settings: Ingest, on_progress: OnProgress | None = None
    ) -> None:
        self._ledger = ledger
        self._embedder = embedder
        self._max_bytes = settings.max_file_mb * 1_000_000
        self._preparer = Preparer(embedder_sha256=embedder.sha256, passage_tokens=settings.passage_tokens)
        self._report = on_progress or (lambda progress: None)
        self._batch: list[Prepared] = []
        self._tally = Tally()
        self._writes = True
        self._prune = True
        self._known: dict[str, Known] = {}
        self._of_file: dict[str, list[Known]] = {}
        self._ids: dict[str, str] = {}

    def run(self, sources: Sequence[Path], *, prune: bool, dry_run: bool = False) -> SyncReport:
        """Apply the difference between the sources and the ledger, and say what it was.

        Raises:
            SourceError: a source does not exist, or all of them together hold no article.
            SpaceError: the disk is full; what was stored is kept.
        """
        began = time.monotonic()
        walk = find(sources)
        self._remember(prune=prune, writes=not dry_run)
        self._tally.failed.extend(walk.passed_over)
        work = self._compare(walk.files)
        self._take_all(work)
        if prune:
            self._remove_gone({shown(source.resolve()) for source in sources}, walk)
        if self._writes and self._tally.changed:
            self._ledger.sweep()
        return self._tally.report(time.monotonic() - began)

    def add(self, records: Iterable[Mapping[str, Any]]) -> list[Article]:
        """Store texts that their caller holds, see `Corpus.add`.

        Raises:
            SourceError: a text is empty, lacks a title or has no usable id; those before it are stored.
        """
        ids: list[str] = []
        try:
            for record in records:
                prepared = self._text(record)
                ids.append(prepared.article.id)
                self._put(prepared)
        finally:
            self._flush()
        return [article for article in map(self._ledger.article, ids) if article]

    def _text(self, record: Mapping[str, Any]) -> Prepared:
        if not isinstance(record, Mapping) or not all(isinstance(record.get(key), str) for key in ("text", "title")):
            raise SourceError(f"A mapping with a `text` and a `title`, both strings, is needed, not {record!r:.80}")
        id = record.get("id")
        if id is not None and not (isinstance(id, str) and id.encode(errors="replace").decode() == id):
            raise SourceError(f"id={id!r:.80} cannot be an id: give a string without halves of surrogate pairs")
        fields = {key: value for key, value in record.items() if key != "id" and value is not None}
        document = read_text(**fields)
        digest = hashlib.sha256(f"{document.title}\n{document.text}".encode()).hexdigest()
        id = id or f"{slug(document.title)}-{digest[:6]}"
        return self._preparer.prepare(document, id=id, path=None, origin=Origin(root=None, file_sha256=digest))

    # --- what is new

    def _remember(self, *, prune: bool, writes: bool) -> None:
        self._prune, self._writes, self._tally = prune, writes, Tally()
        self._known = self._ledger.known()
        self._containers = containers.known(self._ledger)
        self._ids = {known.id: path for path, known in self._known.items()}
        self._of_file = defaultdict(list)
        for known in self._known.values():
            self._of_file[known.file].append(known)

    def _compare(self, files: Sequence[Found]) -> list[Work]:
        """Return the files whose content is not the one that was stored."""
        work = []
        for done, file in enumerate(files, start=1):
            try:
                size = file.path.stat().st_size
                # One above the limit is refused when its turn comes: it is not even read for its hash.
                digest = self._preparer.file_digest(file.path) if size <= self._max_bytes else ""
                if not self._is_stored(file, digest):
                    work.append(Work(file=file, digest=digest, size=size))
            except OSError as error:
                self._tally.failed.append(Failure(path=file.key, reason=why(error)))
            self._report(Progress(stage="read", done=done, total=len(files), item=file.name))
        return work

    def _is_stored(self, file: Found, digest: str) -> bool:
        container, known = self._containers.get(file.key), self._known.get(file.key)
        if container and container.sha256 == digest:
            self._tally.unchanged.extend(known.id for known in self._of_file[file.key])
            self._tally.failed.extend(container.failures)
            return True
        # Beside rows that it left when it was a table for a while, an article is not all that is stored of its file.
        if known and known.file_sha256 == digest and len(self._of_file[file.key]) == 1:
            self._tally.unchanged.append(known.id)
            return True
        return False

    # --- reading and storing

    def _take_all(self, work: Sequence[Work]) -> None:
        left = sum(one.size for one in work)
        with Reader(max_bytes=self._max_bytes) as reader:
            try:
                for done, one in enumerate(work, start=1):
                    self._take(one, reader)
                    self._report(Progress(stage="embed", done=done, total=len(work), item=one.file.name))
                    left -= one.size if not self._batch else 0
                self._flush()
            except (OSError, sqlite3.Error) as error:
                if not space.is_full(error):
                    raise
                raise space.full(self._ledger.path.parent, max(left, 100_000) * _DISK) from error

    def _take(self, work: Work, reader: Reader) -> None:
        """Take in all articles of a file; what cannot be read is named, and what it held before stays."""
        work, articles = self._opened(work, reader)
        file, names, seen, unclear = work.file, Names(), set[str](), set[str]()
        before, whole = len(self._tally.failed), True
        if self._writes and file.key in self._containers:
            # From its first row on the ledger holds neither version: if this ends early, no mark may say that it does.
            containers.forget(self._ledger, [file.key])
        for name, found in articles:
            member = self._member(work, names.unique(name), found)
            seen.add(member.path)
            if isinstance(found, SourceError):
                unclear.add(member.path if member.path in self._known else member.unclear)
                whole = whole and name != ""
            self._offer(member, found)
        if whole and not names.used:
            self._tally.failed.append(Failure(path=file.key, reason="holds no article"))
        elif whole:
            missing = [known for known in self._of_file[file.key] if known.path not in seen]
            gone = [known for known in missing if not is_below(known.path, unclear)]
            if names.used != {""} or gone:
                self._close(work, seen, gone, tuple(self._tally.failed[before:]))

    def _opened(self, work: Work, reader: Reader) -> tuple[Work, Iterator[tuple[str, Document | SourceError]]]:
        """Return what the file holds, and the work with the hash of just that: it may have changed since `_compare`."""
        try:
            data = content(work.file.path, max_bytes=self._max_bytes)
        except (SourceError, OSError) as error:
            return work, iter([("", SourceError(str(error)))])
        return replace(work, digest=self._preparer.content_digest(data)), self._read(data, work.file, reader)

    def _read(self, data: bytes, file: Found, reader: Reader) -> Iterator[tuple[str, Document | SourceError]]:
        """Yield the articles of a file with this content; what ends it early comes last, without a name."""
        try:
            yield from reader.parse_many(data, name=file.path.name)
        except (SourceError, OSError, ValueError) as error:
            yield "", SourceError(str(error))

    def _member(self, work: Work, name: str, found: Document | SourceError) -> Member:
        own = name and isinstance(found, Document)
        digest = self._preparer.member_digest(found) if own and isinstance(found, Document) else work.digest
        return Member(file=work.file, name=name, digest=digest)

    def _offer(self, member: Member, found: Document | SourceError) -> None:
        known = self._known.get(member.path)
        if known and known.file_sha256 == member.digest:
            self._tally.unchanged.append(known.id)
            return
        try:
            if isinstance(found, SourceError):
                raise found
            container = member.file.key if member.name else None
            origin = Origin(root=shown(member.file.root), file_sha256=member.digest, container=container)
            prepared = self._preparer.prepare(found, id=self._id(member), path=member.path, origin=origin)
        except SourceError as error:
            self._tally.failed.append(Failure(path=member.path, reason=str(error)))
            return
        (self._tally.changed if known else self._tally.added)[prepared.article.id] = member.digest
        self._put(prepared)

    def _close(self, work: Work, seen: set[str], gone: Sequence[Known], failures: tuple[Failure, ...]) -> None:
        """After all of a file of several articles is stored: remove what it no longer holds, and remember it."""
        key = work.file.key
        self._flush()
        if self._prune:
            self._remove(gone)
        if self._writes and seen != {key} and (self._prune or not gone):
            root = shown(work.file.root)
            containers.keep(self._ledger, Container(path=key, root=root, sha256=work.digest, failures=failures))

    def _id(self, member: Member) -> str:
        """The id that it has, or one after its name; a second article of that name is told apart by its whole path."""
        if member.path in self._known:
            return self._known[member.path].id
        names = chain((member.label, member.path), (f"{member.path} {number}" for number in count(2)))
        id = next(id for id in map(article_id, names) if id not in self._ids and self._ledger.article(id) is None)
        self._ids[id] = member.path
        return id

    def _put(self, prepared: Prepared) -> None:
        self._batch.append(prepared)
        if sum(len(waiting.drafts) for waiting in self._batch) >= _BATCH_PASSAGES:
            self._flush()

    def _flush(self) -> None:
        batch, self._batch = self._batch, []
        if not batch or not self._writes:
            return
        texts = {key: text for prepared in batch for key, text in prepared.inputs.items()}
        missing = sorted(self._ledger.missing_vectors(texts))
        vectors = dict(zip(missing, self._embedder.embed([texts[key] for key in missing]), strict=True))
        for prepared in batch:
            mine = {key: vectors[key] for key in prepared.inputs if key in vectors}
            for key, vector in mine.items():
                if not 0.99 < float(np.linalg.norm(vector)) < 1.01:  # also false for NaN
                    title = prepared.article.title
                    raise BackendError(f"The embedder gave no unit vector for a passage of {title!r} ({key}).")
            self._ledger.put(prepared.article, prepared.text, prepared.origin, prepared.drafts, mine)

    # --- what is gone

    def _remove_gone(self, roots: set[str], walk: Walk) -> None:
        bare, here = self._bare(roots, walk), self._contents()

        def went(file: str, root: str | None) -> bool:
            # What was once named itself may be what a folder passes over, such as a README: gone only if it is.
            return walk.lacks(file) and (root in roots or (_is_in(file, roots) and is_gone(file)))

        lost = [known for known in self._known.values() if went(known.file, known.root)]
        # Of a bare source only what was moved is known to be gone: its content stands in another one.
        gone = [known for known in lost if known.file_sha256 in here or not _is_in(known.file, bare)]
        self._remove(gone)
        kept = {known.file for known in self._known.values() if known.id not in self._tally.removed}
        self._tally.failed.extend(Failure(path=root, reason=_BARE) for root in sorted(bare) if _holds(root, kept))
        if self._writes:
            left = [one.path for one in self._containers.values() if went(one.path, one.root)]
            # Of a file that comes back all is read again, if but one article of it went.
            opened = {known.file for known in gone}
            containers.forget(self._ledger, [file for file in left if file in opened or not _is_in(file, bare)])

    def _bare(self, roots: set[str], walk: Walk) -> set[str]:
        """Return the sources that held articles and hold no file now, as where a disk is not mounted."""
        here, before = [file.key for file in walk.files], [known.file for known in self._known.values()]
        empty = roots - {shown(file.root) for file in walk.files} - set(walk.unreadable)
        return {root for root in empty if _holds(root, before) and not _holds(root, here)}

    def _contents(self) -> set[str]:
        """Return the hashes of the articles that were found in this sync."""
        unchanged = (self._known[self._ids[id]].file_sha256 for id in self._tally.unchanged)
        return {*self._tally.added.values(), *self._tally.changed.values(), *unchanged}

    def _remove(self, gone: Sequence[Known]) -> None:
        self._tally.removed.update((known.id, known.file_sha256) for known in gone)
        if self._writes:
            self._ledger.remove([known.id for known in gone])


def _is_in(file: str, folders: set[str]) -> bool:
    return file in folders or is_below(file, folders)


def _holds(root: str, files: Iterable[str]) -> bool:
    return any(f"{file}/".startswith(f"{root}/") for file in files)
