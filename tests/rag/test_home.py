"""Where a corpus may be."""

from pathlib import Path

import pytest

from rag.errors import CorpusError
from rag.home import corpus_folder, is_new


@pytest.mark.parametrize("name", ["a\0b", "a\ud800b"], ids=["zero", "half a pair"])
def test_what_no_folder_can_be_called_is_told_in_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(CorpusError, match="is no name for a folder") as told:
        corpus_folder(tmp_path / name, ledger="ledger.sqlite", create=True)
    assert str(told.value).isprintable()


def test_nothing_and_an_empty_folder_are_new(tmp_path: Path) -> None:
    assert is_new(tmp_path) and is_new(tmp_path / "none")
    (tmp_path / "file").touch()
    assert not is_new(tmp_path) and not is_new(tmp_path / "file")
