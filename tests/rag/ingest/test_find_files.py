"""Folders that may not be looked into: named, and nothing below them counts as gone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.corpus import Corpus
from rag.errors import SourceError
from rag.ingest.find import find, shown
from rag.ingest.watch import changes
from rag.records import Failure
from rag.settings import Settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "news" / "sub" / "deep").mkdir(parents=True)
    for name in ("a.txt", "sub/b.txt", "sub/deep/c.txt"):
        (tmp_path / "news" / name).write_text(f"The envoys met in {name[0]}.", encoding="utf-8")
    return tmp_path / "news"


def refuse(monkeypatch: pytest.MonkeyPatch, call: str, refused: Callable[[Path], bool]) -> None:
    """Let a call of `os` be refused on some paths, as chmod would if root were not allowed everything."""
    real = getattr(os, call)

    def guarded(path: str, *arguments: object, **named: object) -> object:
        if not isinstance(path, int) and refused(Path(path)):
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return real(path, *arguments, **named)

    monkeypatch.setattr(os, call, guarded)


@pytest.mark.parametrize("name", ["a\x00", "a\ud800"])
def test_what_no_file_can_be_called_is_told(name: str) -> None:
    with pytest.raises(SourceError, match="no name of a file"):
        find([Path(name)])


def test_articles_below_a_folder_that_cannot_be_listed_stay(
    tmp_path: Path, folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Corpus.open(tmp_path / "test.corpus", settings=settings) as corpus:
        assert len(corpus.sync(folder).added) == 3
        with monkeypatch.context() as patch:
            refuse(patch, "scandir", lambda path: path == folder / "sub")
            (folder / "sub" / "b.txt").unlink()
            report = corpus.sync(folder)
        assert report.failed == (Failure(path=str(folder / "sub"), reason="permission denied"),)
        assert report.removed == () and len(corpus.articles()) == 3
        assert len(corpus.sync(folder).removed) == 1


def test_a_folder_that_can_be_listed_but_not_entered(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, "scandir", lambda path: path == folder / "sub" / "deep")
    refuse(monkeypatch, "lstat", lambda path: path.parent == folder / "sub")
    refuse(monkeypatch, "stat", lambda path: path.parent == folder / "sub")
    walk = find([folder])
    assert [file.name for file in walk.files] == ["a.txt"]
    assert {failure.path for failure in walk.passed_over} == {f"{folder}/sub/b.txt", f"{folder}/sub/deep"}
    assert not walk.lacks(f"{folder}/sub/b.txt") and not walk.lacks(f"{folder}/sub/deep/c.txt")
    assert walk.lacks(f"{folder}/subdeep.txt")
    changes([folder])  # looks without complaint


def test_a_source_that_cannot_be_reached_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        find([folder / "none.txt"])
    refuse(monkeypatch, "lstat", lambda path: path == folder / "sub" / "b.txt")
    with pytest.raises(SourceError, match="permission denied"):
        find([folder / "sub" / "b.txt"])


def test_where_all_was_passed_over_the_first_reasons_are_told(tmp_path: Path, folder: Path) -> None:
    links = tmp_path / "links"
    links.mkdir()
    for number in range(4):
        (links / f"{number}.txt").symlink_to(folder / "a.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    told = [f"{links}/{number}.txt: a link that leads out of the folder" for number in range(3)]
    with pytest.raises(SourceError) as error:
        find([links])
    assert str(error.value).endswith(f". Passed over: {'; '.join(told)}; and 1 more. Nothing was changed.")
    with pytest.raises(SourceError, match=r"Passed over: .*/pipe\.txt: not a regular file\. Nothing"):
        find([tmp_path / "pipe.txt"])


def test_articles_below_a_link_to_a_folder_that_is_away_stay(tmp_path: Path, folder: Path, settings: Settings) -> None:
    (folder / "photo.jpg").symlink_to(tmp_path / "none.jpg")
    with Corpus.open(tmp_path / "test.corpus", settings=settings) as corpus:
        corpus.sync(folder)
        (folder / "sub").rename(tmp_path / "disk")
        (folder / "sub").symlink_to(tmp_path / "disk")
        (tmp_path / "disk").rename(tmp_path / "unmounted")
        report = corpus.sync(folder)
        assert report.failed == (Failure(path=f"{folder}/sub", reason="a link that leads nowhere"),)
        assert report.removed == () and len(corpus.articles()) == 3
        (folder / "sub").unlink()
        assert len(corpus.sync(folder).removed) == 2


def test_a_link_that_leads_nowhere_is_named_unless_it_is_one_to_a_picture_or_the_like(
    tmp_path: Path, folder: Path
) -> None:
    lost = ["archive", "example.org", "news.2023", "v1.0"]
    for name in (*lost, "README.md", "clip.MP4", "old.tar.gz", "photo.jpg", "photos.zip", "wire.jsonl"):
        (folder / name).symlink_to(tmp_path / "none" / name)
    walk = find([folder])
    assert sorted(walk.unreadable) == [f"{folder}/{name}" for name in lost]
    named = sorted(failure.path for failure in walk.passed_over)
    assert named == [f"{folder}/{name}" for name in (*lost[:3], "photos.zip", "v1.0", "wire.jsonl")]
    assert not walk.lacks(f"{folder}/news.2023/a.txt") and walk.lacks(f"{folder}/photo.jpg/a.txt")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("café one.md", "café one.md"),
        (r"C:\news\x.md", r"C:\news\x.md"),
        ("caf\udce9.md", r"caf\xe9.md"),
        (r"caf\xe9.md", r"caf\\xe9.md"),
        ("caf\\\udce9.md", r"caf\\\xe9.md"),
        (r"caf\\xe9.md", r"caf\\\\xe9.md"),
    ],
)
def test_no_two_paths_are_shown_alike(name: str, expected: str) -> None:
    assert shown(Path(name)) == expected


def test_a_byte_that_is_no_utf8_and_its_escape_are_two_articles(
    tmp_path: Path, folder: Path, settings: Settings
) -> None:
    (folder / "caf\udce9.txt").write_text("The harvest failed.", encoding="utf-8")
    (folder / r"caf\xe9.txt").write_text("A zeppelin crossed the strait.", encoding="utf-8")
    with Corpus.open(tmp_path / "test.corpus", settings=settings) as corpus:
        assert len(corpus.sync(folder).added) == 5
        assert len(corpus.sync(folder).unchanged) == 5
