"""Taking articles in and out through the page, on a real corpus."""

from __future__ import annotations

import errno
import zipfile
from pathlib import Path

import pytest

from rag import Corpus
from rag.errors import UnknownArticleError
from ui.library import MOST_FILES, UPLOADS, Library
from ui.strings import ENGLISH


@pytest.fixture
def library(corpus: Corpus) -> Library:
    return Library(corpus, ENGLISH)


def upload(tmp_path: Path, name: str, text: str | bytes) -> str:
    folder = tmp_path / "browser"
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_uploads_are_kept_taken_in_and_reported_with_what_failed(library: Library, tmp_path: Path) -> None:
    good = upload(tmp_path, "storm.md", "---\ntitle: Storm\n---\nThe storm passed over Halvik.")
    bad = upload(tmp_path, "noise.txt", bytes(range(256)) * 8)
    said = list(library.take_in([good, bad]))
    assert "1 added" in said[-1] and "noise.txt" in said[-1]
    assert any("progress" in one for one in said[:-1])
    kept = library.corpus.path / UPLOADS
    assert [path.name for path in kept.iterdir()] == ["storm.md"]
    assert "Storm" in library.shelf("storm")


def test_what_an_archive_holds_does_not_touch_the_upload_of_that_name(library: Library, tmp_path: Path) -> None:
    list(library.take_in([upload(tmp_path, "notes.txt", "The harbour opened in 1999.")]))
    archive = tmp_path / "more.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("good.txt", "The bridge closed in 2004.")
        file.writestr("sub/notes.txt", b"")
    said = list(library.take_in([str(archive)]))
    assert "1 added" in said[-1] and "notes.txt" in said[-1]
    assert {path.name for path in (library.corpus.path / UPLOADS).iterdir()} == {"notes.txt", "more.zip"}


def test_a_broken_upload_leaves_the_file_that_it_would_have_replaced(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(library.take_in([upload(tmp_path, "report.txt", "The tunnel opened in 1999.")]))
    kept = library.corpus.path / UPLOADS
    list(library.take_in([upload(tmp_path, "report.txt", b"")]))
    assert [(path.name, path.read_text()) for path in kept.iterdir()] == [("report.txt", "The tunnel opened in 1999.")]
    said = list(library.take_in([upload(tmp_path, "report.txt", "The tunnel closed in 2004.")]))
    assert "1 changed" in said[-1]
    assert [(path.name, path.read_text()) for path in kept.iterdir()] == [("report.txt", "The tunnel closed in 2004.")]
    monkeypatch.setattr(Corpus, "sync", lambda *args, **more: 1 / 0)
    list(library.take_in([upload(tmp_path, "report.txt", "Never read.")]))
    assert [(path.name, path.read_text()) for path in kept.iterdir()] == [("report.txt", "The tunnel closed in 2004.")]


def test_files_of_one_name_in_one_upload_are_all_taken_in(library: Library, tmp_path: Path) -> None:
    def together(*texts: str) -> str:
        files = [upload(tmp_path / str(n), "index.txt", text) for n, text in enumerate(texts)]
        return list(library.take_in([*files, files[0]]))[-1]  # two that are alike come as one path twice

    for n in range(3):
        (tmp_path / str(n)).mkdir()
    assert "3 added" in together("The mill burned down.", "The harbour was widened.", "The lamp was lit.")
    kept = library.corpus.path / UPLOADS
    names = ["index (2).txt", "index (3).txt", "index.txt"]
    assert sorted(path.name for path in kept.iterdir()) == names
    assert "1 changed" in together("The mill was rebuilt.")
    assert sorted(path.name for path in kept.iterdir()) == names
    assert (kept / "index.txt").read_text() == "The mill was rebuilt."


def test_no_uploads_name_begins_with_a_dot(library: Library, tmp_path: Path) -> None:
    list(library.take_in([upload(tmp_path, f"long{'.' + 'b' * 115}.txt", "Some words about the sea.")]))
    assert [path.name for path in (library.corpus.path / UPLOADS).iterdir()] == [f"{'b' * 115}.txt"]


def test_an_uploaded_name_cannot_leave_the_folder(library: Library, tmp_path: Path) -> None:
    list(library.take_in([upload(tmp_path, "..%2f..\\.<x>.md", "Some words about the sea.")]))
    assert [path.name for path in (library.corpus.path / UPLOADS).iterdir()] == ["_2f.._._x_.md"]


def test_a_folder_that_takes_no_uploads_is_told_in_one_line(library: Library, tmp_path: Path) -> None:
    (library.corpus.path / UPLOADS).write_text("in the way")
    (said,) = library.take_in([upload(tmp_path, "storm.txt", "The storm passed over Halvik.")])
    assert "could not be stored beside the articles: File exists." in said


def test_of_an_upload_that_breaks_off_nothing_stays(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(library.take_in([upload(tmp_path, "report.txt", "The tunnel opened in 1999.")]))
    moved: list[Path] = []

    def move(file: Path, kept: Path) -> None:
        moved.append(kept)
        kept.write_text("Half a", encoding="utf-8")
        if len(moved) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("shutil.move", move)
    said = list(library.take_in([upload(tmp_path, name, "New.") for name in ("a.txt", "report.txt", "z.txt")]))
    assert "No space left on device" in said[-1] and [path.name for path in moved] == ["a.txt", "report.txt", "z.txt"]
    kept = library.corpus.path / UPLOADS
    assert [(path.name, path.read_text()) for path in kept.iterdir()] == [("report.txt", "The tunnel opened in 1999.")]


def test_what_cannot_be_tidied_up_after_a_sync_ends_the_upload(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    said = list(library.take_in([upload(tmp_path, "storm.txt", "The storm passed over Halvik.")]))
    assert "could not be stored beside the articles: Permission denied." in said[-1]


def test_too_many_files_are_refused_before_anything_is_kept(library: Library) -> None:
    assert str(MOST_FILES) in "".join(library.take_in(["x"] * (MOST_FILES + 1)))


def test_nothing_readable_is_told_in_one_line(library: Library, tmp_path: Path) -> None:
    said = list(library.take_in([upload(tmp_path, "empty.txt", "")]))
    assert "empty" in said[-1].lower()


def test_a_pasted_text_can_be_read_and_removed(library: Library) -> None:
    assert "in the library" in library.paste(" Note ", "The ferry was raised in April.")
    article = next(one for one in library.corpus.articles() if one.title == "Note")
    assert "raised in April" in library.read(article.id)
    assert "was removed" in library.remove(article.id)
    with pytest.raises(UnknownArticleError):
        library.read(article.id)
    assert "No article has the id" in library.remove(article.id)
    assert "needs a title" in library.paste("", "text")


def test_removing_an_upload_removes_its_file_and_no_other(library: Library, tmp_path: Path, articles: Path) -> None:
    list(library.take_in([upload(tmp_path, "ferry.md", "Another ferry sank near Halvik.")]))
    uploaded = [one for one in library.corpus.articles() if UPLOADS in (one.path or "")]
    library.remove(uploaded[0].id)
    assert list((library.corpus.path / UPLOADS).iterdir()) == []
    original = next(one for one in library.corpus.articles() if "Ferry" in one.title)
    library.remove(original.id)
    assert (articles / "ferry.md").exists()


def test_a_file_that_cannot_be_removed_is_told(library: Library, tmp_path: Path) -> None:
    list(library.take_in([upload(tmp_path, "storm.txt", "The storm passed over Halvik.")]))
    (uploaded,) = (one for one in library.corpus.articles() if UPLOADS in (one.path or ""))
    file = library.corpus.path / UPLOADS / "storm.txt"
    file.unlink()
    file.mkdir()
    said = library.remove(uploaded.id)
    assert "was removed, but its uploaded file stays: " in said and uploaded not in library.corpus.articles()
