import os
from pathlib import Path

import pytest

from rag.errors import LockedError, SourceError
from rag.ingest import watch


def test_a_change_is_told_once_and_only_after_it_has_settled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.txt"
    steps = iter(
        [
            lambda: None,
            lambda: file.write_text("The", encoding="utf-8"),
            lambda: file.write_text("The envoys", encoding="utf-8"),
            lambda: None,
            lambda: None,
            file.unlink,
            lambda: None,
        ]
    )
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        next(steps)()

    monkeypatch.setattr(watch.time, "sleep", sleep)
    told = watch.changes([tmp_path], every=2)
    next(told)
    assert len(slept) == 4  # nothing, begun, still going on, settled
    next(told)
    assert slept == [2] * 7


def test_a_refused_change_comes_again_unless_only_another_change_can_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) in (1, 36):
            (tmp_path / f"{len(slept)}.txt").write_text("The envoys met.", encoding="utf-8")

    monkeypatch.setattr(watch.time, "sleep", sleep)
    told = watch.changes([tmp_path], every=2)
    next(told)
    assert len(slept) == 2  # changed, settled
    told.refused(LockedError("written by another"))
    next(told)
    assert len(slept) == 2 + 15
    told.refused(SourceError("holds no article"))
    next(told)
    assert len(slept) == 36 + 1


def test_a_folder_that_goes_while_it_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "source"
    (source / "news" / "old").mkdir(parents=True)
    (source / "a.txt").write_text("The envoys met.", encoding="utf-8")
    listed = os.scandir

    def going(path: str | Path) -> object:
        if Path(path).name == "news":
            os.rename(path, tmp_path / "gone")
        return listed(path)

    monkeypatch.setattr(os, "scandir", going)
    assert {path for path, _, _ in watch._look([source])} == {str(source / "a.txt")}
