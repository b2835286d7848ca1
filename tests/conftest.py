"""No network, a home of its own for every test, and articles small enough to check by eye."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.corpus import Corpus
from rag.offline import Guard
from rag.settings import AnswerSettings, Ingest, Settings

GUARD = Guard()

HOTLINE = """---
title: Tessaly cuts the hotline
author: Mara Lind
published: 2023-07-10
source: Coastal Wire
---
Tessaly suspended its military hotline with Orvane on Monday. It did so because an Orvani drone had crossed
the border on 3 July. The line had been opened in 2016.

## What comes next

Talks between the two defence ministers will resume in October. They will meet in the port of Halvik.
"""
FERRY = """---
title: Ferry capsizes in Corvan Sound
author: Leila Marchetti
published: 2024-03-12
source: The Meridian Post
---
At least 14 people died when the ferry Halcyon Star rolled over in heavy seas. Divers could not enter the hull
because of a strong tidal current.
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own; nothing of the caller's settings leaks in."""
    for name in ("RAG_CORPUS", "RAG_LLM"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "home"
    monkeypatch.setenv("RAG_HOME", str(folder))
    return folder


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder with two articles."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "hotline.md").write_text(HOTLINE, encoding="utf-8")
    (folder / "ferry.md").write_text(FERRY, encoding="utf-8")
    return folder


@pytest.fixture
def settings() -> Settings:
    """Settings with the deterministic embedder, which needs no model file."""
    return Settings(ingest=Ingest(embedder="fake:hash"), answer=AnswerSettings(reader="fake:overlap"))


@pytest.fixture
def corpus(tmp_path: Path, articles: Path, settings: Settings) -> Iterator[Corpus]:
    """A corpus of the two articles."""
    with Corpus.open(tmp_path / "test.corpus", settings=settings) as opened:
        opened.sync(articles)
        yield opened
