"""The lexical index in a folder that others use too; searching and following the ledger are in `test_indexes.py`."""

import errno
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rag.records import Article
from rag.store.ledger import Draft, Ledger, Origin
from rag.store.lexical import LexicalIndex


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """One passage, numbered 1."""
    opened = Ledger(tmp_path / "ledger.sqlite")
    draft = Draft(start=0, end=14, heading=None, kind="text", vector_key="k")
    article = Article(id="a", title="Ferry", chars=14, sha256="")
    vector = np.array([1, 0], dtype=np.float32)
    opened.put(article, "A ferry sails.", Origin(root=None, file_sha256=""), [draft], {"k": vector})
    yield opened
    opened.close()


@pytest.fixture
def lexical(tmp_path: Path, ledger: Ledger) -> LexicalIndex:
    index = LexicalIndex(tmp_path / "lexical", ledger)
    index.catch_up()
    return index


def test_an_accent_is_found_however_it_is_written(tmp_path: Path, ledger: Ledger) -> None:
    text = "Pe\u0301rez spoke."
    draft = Draft(start=0, end=len(text), heading=None, kind="text", vector_key="p")
    article = Article(id="p", title="", chars=len(text), sha256="")
    ledger.put(article, text, Origin(root=None, file_sha256=""), [draft], {"p": np.array([0, 1], dtype=np.float32)})
    index = LexicalIndex(tmp_path / "lexical", ledger)
    index.catch_up()
    assert index.search("P\u00e9rez", 5) == index.search("Pe\u0301rez", 5) == index.search("Perez", 5) == [2]


def test_it_may_be_deleted_while_it_is_open(ledger: Ledger, lexical: LexicalIndex) -> None:
    assert lexical.search("ferry", 1) == [1]
    shutil.rmtree(lexical.folder)
    assert lexical.search("ferry", 1) == [] and lexical.numbers().tolist() == [] and lexical.behind()
    LexicalIndex(lexical.folder, ledger).catch_up()  # as another process would
    assert lexical.search("ferry", 1) == [1]


def test_its_health_can_be_told_after_it_was_deleted(lexical: LexicalIndex) -> None:
    assert lexical.numbers().tolist() == [1]
    shutil.rmtree(lexical.folder)
    assert lexical.numbers().tolist() == []


def test_a_folder_that_may_not_be_entered_is_an_index_that_cannot_be_read(
    ledger: Ledger, lexical: LexicalIndex, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    for name in ("exists", "iterdir", "read_text"):  # a test may be run by root, who may do everything
        monkeypatch.setattr(Path, name, refused)
    closed = LexicalIndex(lexical.folder, ledger)
    assert closed.search("ferry", 1) == [] and closed.behind()
    assert caplog.text.count("The lexical index cannot be read") == 1


def test_whoever_may_read_one_of_its_files_may_read_all(lexical: LexicalIndex) -> None:
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in lexical.folder.iterdir()}
    assert {"meta.json", ".managed.json", "state.json"} <= modes.keys() and len(set(modes.values())) == 1
