from __future__ import annotations

from pathlib import Path

import pytest

from eval.run import Plan, run
from eval.runfile import read_run
from eval.suite import load
from eval.systems.base import Wish


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_starter_answers_from_its_chunks(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from eval.systems import llamaindex
    from rag.models.embedder import HashingEmbedder

    monkeypatch.setattr(llamaindex, "load_embedder", HashingEmbedder)
    suite = load(tiny)
    starter = llamaindex.Starter(suite, Wish(name="baseline:llamaindex"))
    run(suite, starter, Plan(system="baseline:llamaindex", out=tmp_path / "run.jsonl"))
    when, won, _ = read_run(tmp_path / "run.jsonl").cases
    assert [when.outcome, won.outcome] == ["answered", "answered"], "the starter never refuses"
    assert when.reply is not None
    assert when.reply.text == "Talks ended in “March” 2022 after a visit."
    assert when.reply.hits[0].article == "talks.md"
    assert when.reply.hits[0].span is not None
