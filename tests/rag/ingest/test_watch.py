from pathlib import Path

import pytest

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
