"""Children find our modules, and run nothing that lies in the current folder."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from rag import child
from rag.ingest.document import Document
from rag.ingest.read import Reader
from rag.store import dense


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is written when a json.py in the current folder is run."""
    sprung = tmp_path / "sprung"
    (tmp_path / "json.py").write_text(
        f"import sys\nopen({str(sprung)!r}, 'w').close()\nsys.exit(1)\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    return sprung


def test_reading_runs_nothing_from_the_current_folder(trap: Path) -> None:
    with Reader(max_bytes=1000) as reader:
        [(_, found)] = reader.parse_many(b"<html><body><p>The envoys met.</p></body></html>", name="a.html")
        assert isinstance(found, Document) and found.text == "The envoys met."
    assert not trap.exists()


def test_checking_a_generation_runs_nothing_from_the_current_folder(trap: Path) -> None:
    dense._checked_by_child(trap.parent / "none", 1)
    assert not trap.exists()


def test_a_child_finds_us_in_a_checkout_and_keeps_the_environment(trap: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_TEST", "kept")
    assert child.environment()["FOOTNOTE_TEST"] == "kept"
    assert str(Path(child.__file__).parent.parent) in child.environment()["PYTHONPATH"].split(os.pathsep)
    assert "" not in child.environment()["PYTHONPATH"].split(os.pathsep)
    done = subprocess.run(child.command("rag", "--help"), env=child.environment(), check=False, capture_output=True)
    assert done.returncode == 0 and not trap.exists()
