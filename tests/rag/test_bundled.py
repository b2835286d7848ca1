"""When the bundled articles are taken in: at first, and when they or how they are read have changed."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

import pytest

from rag import bundled
from rag.corpus import Corpus
from rag.errors import SpaceError
from rag.home import seeds
from rag.ingest import document, prepare
from rag.settings import Settings
from rag.store.dense import DenseIndex
from rag.store.ledger import Ledger


def test_another_reader_reads_the_bundled_articles_again(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    syncs: list[int] = []
    real = Corpus.sync

    def counted(corpus: Corpus, *sources: object) -> object:
        report = real(corpus, *sources)  # type: ignore[arg-type]
        syncs.append(len(report.added) + len(report.changed))
        return report

    monkeypatch.setattr(Corpus, "sync", counted)
    for _ in range(2):
        Corpus.open(settings=settings).close()
    for module in (bundled, prepare):
        monkeypatch.setattr(module, "READER_VERSION", document.READER_VERSION + 1)
    for _ in range(2):
        Corpus.open(settings=settings).close()
    assert syncs == [5, 5]


def no_room(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_too_full_for_an_index_leaves_the_bundled_articles_answering(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(DenseIndex, "publish", no_room)
        for _ in range(2):
            with Corpus.open(settings=settings) as corpus:
                assert len(corpus.articles()) == 5 and corpus.search("why were military channels cut?")
    with Corpus.open(settings=settings) as corpus:  # there is room again
        assert corpus.verify() == []


def test_a_disk_too_full_for_the_bundled_articles_is_said(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ledger, "put", no_room)
    with pytest.raises(SpaceError, match="make room"):
        Corpus.open(settings=settings)


def test_what_another_installation_had_taken_in_does_not_stand_twice(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "clone" / "seeds"
    shutil.copytree(seeds(), elsewhere)
    with monkeypatch.context() as patch:
        patch.setattr(bundled, "seeds", lambda: elsewhere)
        patch.setattr(bundled, "READER_VERSION", 0)
        Corpus.open(settings=settings).close()
    with Corpus.open(settings=settings) as corpus:
        corpus.add("The line opened in 2016.", title="Own")
        assert len(corpus.articles()) == 6 and not [one for one in corpus.articles() if one.copies]
        assert corpus.verify() == []
