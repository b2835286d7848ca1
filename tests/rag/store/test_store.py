"""A corpus of which the ledger may be written, but not an index."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.corpus import Corpus
from rag.errors import CorpusError
from rag.settings import Settings
from rag.store import dense, health
from rag.store.lexical import LexicalIndex


@pytest.fixture
def corpus(tmp_path: Path, articles: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Corpus]:
    monkeypatch.setattr(dense, "_checked_by_child", lambda folder, rows: None)
    with Corpus.open(tmp_path / "test.corpus", settings=settings) as opened:
        opened.sync(articles)
        yield opened


def refused(*_: object) -> None:
    raise ValueError("Failed to open file for write: 'IoError { kind: PermissionDenied }'")


def test_an_index_that_may_not_be_written_is_said_and_what_is_there_answers(
    corpus: Corpus, articles: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (articles / "new.txt").write_text("A zeppelin landed.", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(LexicalIndex, "_write", refused)
        with pytest.raises(CorpusError, match=r"An index in .* cannot be written \(Failed to open file"):
            corpus.sync(articles)
        with Corpus.open(corpus.path, settings=corpus.settings) as opened:
            assert "cannot catch up" in caplog.text
            assert len(opened.articles()) == 3 and opened.search("Why did Tessaly suspend its hotline with Orvane?")
    with Corpus.open(corpus.path, settings=corpus.settings) as opened:
        assert opened.verify() == []


def test_damage_of_the_ledger_is_not_passed_over_when_a_corpus_is_opened(corpus: Corpus) -> None:
    corpus._store.lexical.drop()
    corpus._store.ledger.set_meta("stories", "old")
    corpus.close()
    path = corpus.path / "ledger.sqlite"
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + bytes(len(whole) - 8192))
    with pytest.raises(CorpusError, match=r"ledger\.sqlite cannot be used"):
        Corpus.open(corpus.path, settings=corpus.settings)


def test_indexes_in_a_folder_that_may_not_be_written_are_not_called_damaged(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus._store.lexical._index = None
    monkeypatch.setattr(LexicalIndex, "_open", refused)
    monkeypatch.setattr(dense, "_checked_by_child", lambda folder, rows: "attempt to write a readonly database")
    monkeypatch.setattr(health.os, "access", lambda path, mode: mode != os.W_OK)
    said = [problem.what.partition(",")[0] for problem in corpus.verify()]
    assert said == ["The lexical index cannot be opened here", "The dense index cannot be opened here"]
