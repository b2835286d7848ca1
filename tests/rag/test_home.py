"""Where a corpus may be."""

from pathlib import Path

import pytest

from rag.errors import CorpusError, UserError
from rag.home import corpus_folder, home, is_new


@pytest.mark.parametrize("name", ["a\0b", "a\ud800b"], ids=["zero", "half a pair"])
def test_what_no_folder_can_be_called_is_told_in_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(CorpusError, match="is no name for a folder") as told:
        corpus_folder(tmp_path / name, ledger="ledger.sqlite", create=True)
    assert str(told.value).isprintable()


def test_nothing_and_an_empty_folder_are_new(tmp_path: Path) -> None:
    assert is_new(tmp_path) and is_new(tmp_path / "none")
    (tmp_path / "file").touch()
    assert not is_new(tmp_path) and not is_new(tmp_path / "file")


def test_a_place_that_cannot_be_looked_at_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"cannot be (looked at|made): File name too long"):
        corpus_folder(tmp_path / ("a" * 300), ledger="ledger.sqlite", create=True)
    for look in (is_new, lambda path: corpus_folder(path, ledger="ledger.sqlite", create=True)):
        with pytest.raises(UserError, match="~nobody-here/x cannot be found"):
            look("~nobody-here/x")


def test_a_folder_that_may_not_be_entered_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "exists", refused)  # whoever runs this as root may enter every folder
    with pytest.raises(CorpusError, match="cannot be looked at: Permission denied"):
        is_new(tmp_path / "closed" / "x")
    with pytest.raises(CorpusError, match="cannot be looked at: Permission denied"):
        corpus_folder(tmp_path / "closed" / "x", ledger="ledger.sqlite", create=False)


def test_the_home_may_be_named_from_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("RAG_HOME", "~/rh")
    assert home() == tmp_path / "rh"


def test_a_command_to_copy_quotes_its_path(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"--corpus '.*/two words'`"):
        corpus_folder(tmp_path / "two words", ledger="ledger.sqlite", create=False)
