"""Lexical search: BM25 by Tantivy, the only file that imports it.

Disposable: keyed by passage number, it catches up with the ledger and can be deleted at any time.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
import stat
import threading
import unicodedata
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from rag.store import files
from rag.store.dense import OnCount
from rag.store.ledger import Ledger, Numbers

log = logging.getLogger(__name__)

_VERSION = 3
_ANALYZER = "footnote"
_BOOSTS = {"body": 1.0, "context": 0.5}
"""`context` is title and heading: they say what a passage is about, but are not its words."""
_MEMORY = 64_000_000
_SEGMENT = re.compile(r"[0-9a-f]{32}\.")


class LexicalIndex:
    """BM25 over passages; every question is taken literally, no character is an operator."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        self.folder = folder
        self._ledger = ledger
        self._lock = threading.Lock()
        self._index: Any = None
        self._broken: int | None = None
        """When the state was written of an index that could not be read: a newer one is worth another look."""

    def search(self, question: str, k: int, within: Numbers | None = None) -> list[int]:
        """Return up to `k` passage numbers, best first, all of them in `within` when it is given."""
        import tantivy

        words = dict.fromkeys(self._analyzer.analyze(_composed(question)))
        index = self._reloaded()
        if not words or index is None:
            return []
        searcher = index.searcher()
        terms = [
            (tantivy.Occur.Should, tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, name, word), boost))
            for word in words
            for name, boost in _BOOSTS.items()
        ]
        query = tantivy.Query.boolean_query(terms)
        if within is not None:
            allowed = tantivy.Query.term_set_query(self._schema, "number", within.tolist())
            query = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, query), (tantivy.Occur.Must, tantivy.Query.const_score_query(allowed, 0.0))]
            )
        hits = searcher.search(query, k).hits
        return [int(searcher.doc(address)["number"][0]) for _, address in hits]

    def catch_up(self, on_progress: OnCount | None = None) -> None:
        """Bring the index to the ledger's passages: delete what is gone, add what is new. Writers only.

        After a removal it is written anew in one commit, because Tantivy keeps the words of deleted passages.
        """
        state = self._state()
        if state.get("version") != _VERSION or self._opened() is None:
            self.drop()
        revision, removals = self._ledger.revision, self._ledger.removals
        self.folder.mkdir(parents=True, exist_ok=True)
        index = self._open()
        alive, indexed = self._ledger.numbers(), self._numbers(index)
        gone, new = np.setdiff1d(indexed, alive), np.setdiff1d(alive, indexed)
        if gone.size and state.get("removals") != removals:
            self._write(index, None, alive, on_progress)
        elif gone.size or new.size:
            self._write(index, gone, new, on_progress)
        found = {path.name: [path.stat().st_size, files.crc(path)] for path in self._segments()}
        state = {"version": _VERSION, "revision": revision, "removals": removals, "files": found}
        files.replace(self.folder / "state.json", json.dumps(state))
        self._share()
        self._index = index

    def behind(self) -> bool:
        """Tell whether the ledger has changed since the index last caught up, or the index is damaged or gone."""
        return self._state().get("revision") != self._ledger.revision or self._opened() is None

    def numbers(self) -> Numbers:
        """Return the numbers of all indexed passages, ascending."""
        index = self._reloaded()
        return np.array([], dtype=np.int64) if index is None else self._numbers(index)

    def drop(self) -> None:
        """Delete the index; `catch_up` builds it again."""
        self._index, self._broken = None, None
        shutil.rmtree(self.folder, ignore_errors=True)

    def _write(self, index: Any, gone: Numbers | None, new: Numbers, on_progress: OnCount | None) -> None:
        """Delete and add in one commit; `gone` is None for everything that is there."""
        import tantivy

        writer = index.writer(heap_size=_MEMORY, num_threads=1)
        if gone is None:
            writer.delete_all_documents()
        for number in [] if gone is None else gone.tolist():
            writer.delete_documents_by_term("number", number)
        done = 0
        for start in range(0, len(new), 500):
            chunk = new[start : start + 500].tolist()
            for number, (passage, article) in self._ledger.passages(chunk).items():
                context = " ".join(part for part in (article.title, passage.heading) if part)
                body, context = _composed(passage.text), _composed(context)
                writer.add_document(tantivy.Document(number=number, body=body, context=context))
            done += len(chunk)
            if on_progress:
                on_progress(done, len(new))
        writer.commit()
        writer.garbage_collect_files()
        writer.wait_merging_threads()

    @staticmethod
    def _numbers(index: Any) -> Numbers:
        import tantivy

        searcher = index.searcher()
        if searcher.num_docs == 0:
            return np.array([], dtype=np.int64)
        hits = searcher.search(tantivy.Query.all_query(), searcher.num_docs).hits
        values = searcher.fast_field_values("number", [address for _, address in hits])
        return np.sort(np.array(values, dtype=np.int64).ravel())

    def _state(self) -> dict[str, object]:
        try:
            state = json.loads((self.folder / "state.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}

    @cached_property
    def _analyzer(self) -> Any:
        from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

        steps = (Filter.remove_long(60), Filter.lowercase(), Filter.ascii_fold())
        builder = TextAnalyzerBuilder(Tokenizer.simple())
        for step in (*steps, Filter.stopword("english"), Filter.stemmer("english")):
            builder = builder.filter(step)
        return builder.build()

    @cached_property
    def _schema(self) -> Any:
        import tantivy

        builder = tantivy.SchemaBuilder().add_integer_field("number", stored=True, indexed=True, fast=True)
        for name in _BOOSTS:
            builder = builder.add_text_field(name, tokenizer_name=_ANALYZER, index_option="freq")
        return builder.build()

    def _share(self) -> None:
        """Let whoever may read the state read the index too: Tantivy keeps two of its files to the user who wrote them.

        Those of another user, who wrote last, stay as they are.
        """
        mode = stat.S_IMODE((self.folder / "state.json").stat().st_mode)
        for name in ("meta.json", ".managed.json"):
            with suppress(OSError):
                (self.folder / name).chmod(mode)

    def _reloaded(self) -> Any:
        """Return the index as it was last written, None while there is none that can be read."""
        index = self._opened()
        try:
            if index is not None:
                index.reload()
            return index
        except (OSError, ValueError) as error:  # its files were deleted while it was open
            log.warning("The lexical index has gone (%s); the next sync makes it anew.", files.said(error))
            with self._lock:
                if self._index is index:
                    self._index = None
            return None

    def _opened(self) -> Any:
        """Return the index, None while there is none that can be read; opened by whichever thread comes first."""
        with self._lock:
            if self._index is None and self._is_there():
                written = self._written()
                if written != self._broken:
                    self._index = self._open_if_whole()
                    self._broken = written if self._index is None else None
            return self._index

    def _is_there(self) -> bool:
        try:
            return (self.folder / "meta.json").exists()
        except OSError:  # its folder may not be entered: opening it says so
            return True

    def _written(self) -> int:
        try:
            return (self.folder / "state.json").stat().st_mtime_ns
        except OSError:
            return 0

    def _open_if_whole(self) -> Any:
        """Open the index when its files are what was written: Tantivy maps them into memory as they are.

        A segment of which nothing is left was merged away; one of which some files are left must have them all.
        """
        kept = self._state().get("files")
        try:
            there = {path.stem for path in self._segments()}
            for name, (size, crc) in kept.items() if isinstance(kept, dict) else ():
                path = self.folder / name
                if path.stem in there and (path.stat().st_size != size or files.crc(path) != crc):
                    raise ValueError(f"{name} is not what was written")
            return self._open()
        except (OSError, ValueError, TypeError) as error:
            log.warning("The lexical index cannot be read (%s); the next sync makes it anew.", files.said(error))
            return None

    def _segments(self) -> list[Path]:
        """Return the files that are written once and never changed."""
        return [path for path in self.folder.iterdir() if _SEGMENT.match(path.name)]

    def _open(self) -> Any:
        import tantivy

        index = tantivy.Index(self._schema, path=str(self.folder), reuse=True)
        index.register_tokenizer(_ANALYZER, self._analyzer)
        return index


def _composed(text: str) -> str:
    """Return a text with each accent in one character with its letter: as a character of its own it parts a word."""
    return unicodedata.normalize("NFC", text)
