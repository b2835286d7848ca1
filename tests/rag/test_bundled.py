"""When the bundled articles are taken in: at first, and when they or how they are read have changed."""

from __future__ import annotations

import pytest

from rag import bundled
from rag.corpus import Corpus
from rag.ingest import document, prepare
from rag.settings import Settings


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
