from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from eval.run import Plan, run
from eval.runfile import read_run
from eval.score import score
from eval.suite import load
from eval.systems.base import Wish, build
from eval.systems.footnote import code_hash
from rag.errors import UserError
from tests.eval.conftest import ARTICLE


@pytest.fixture(autouse=True)
def fake_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_INGEST__EMBEDDER", "fake:hash")


def made(folder: Path, out: Path) -> Path:
    suite = load(folder)
    system = build(Wish(), suite)
    try:
        run(suite, system, Plan(out=out, timeout=60))
    finally:
        system.close()
    return out


def test_our_corpus_is_asked_through_its_public_names(tiny: Path, tmp_path: Path) -> None:
    found = read_run(made(tiny, tmp_path / "run.jsonl"))
    assert [case.outcome for case in found.cases if case.outcome == "failed"] == []
    first = found.cases[0].reply
    assert first is not None
    assert first.hits[0].article == "talks.md"
    assert first.hits[0].span is not None
    assert found.head.settings["ingest"]["embedder"] == "fake:hash"
    for case in found.cases:
        for citation in case.reply.citations if case.reply else ():
            assert citation.stored == citation.quote
            assert citation.span is not None


def test_articles_of_a_file_keep_their_ids(tiny: Path, tmp_path: Path) -> None:
    (tiny / "corpus" / "talks.md").unlink()
    (tiny / "corpus").rmdir()
    article = {"id": "talks.md", "title": "Talks", "text": ARTICLE.split("---\n")[2], "published": "2023-01-01"}
    (tiny / "corpus.jsonl").write_text(json.dumps(article), encoding="utf-8")
    found = read_run(made(tiny, tmp_path / "run.jsonl"))
    reply = found.cases[0].reply
    assert reply is not None
    assert reply.hits[0].article == "talks.md"
    assert score(found).metrics["recall@5"].mean == 1.0


def test_the_corpus_is_made_once_and_old_ones_are_forgotten(tiny: Path, tmp_path: Path, home: Path) -> None:
    made(tiny, tmp_path / "a" / "run.jsonl")
    (kept,) = (home / "eval").iterdir()
    stamp = (kept / "complete").stat().st_mtime_ns
    stale, foreign = home / "eval" / f"old-{'0' * 12}-{'a' * 12}", home / "eval" / "holiday photos"
    long_ago = time.time() - 30 * 86_400
    for folder in (stale, foreign):
        folder.mkdir()
        os.utime(folder, (long_ago, long_ago))
    made(tiny, tmp_path / "b" / "run.jsonl")
    assert set((home / "eval").iterdir()) == {kept, foreign}
    assert (kept / "complete").stat().st_mtime_ns == stamp


def test_a_suite_that_was_moved_finds_its_articles(tiny: Path, tmp_path: Path) -> None:
    (tiny / "corpus" / "north").mkdir()
    (tiny / "corpus" / "talks.md").rename(tiny / "corpus" / "north" / "talks.md")
    made(tiny, tmp_path / "a" / "run.jsonl")
    tiny.rename(tmp_path / "moved")
    (tmp_path / "linked").mkdir()
    (tmp_path / "moved" / "corpus").rename(tmp_path / "articles")
    (tmp_path / "moved" / "corpus").symlink_to(tmp_path / "articles")
    reply = read_run(made(tmp_path / "moved", tmp_path / "b" / "run.jsonl")).cases[0].reply
    assert reply is not None and reply.hits[0].article == "north/talks.md"


def test_other_settings_have_a_corpus_of_their_own(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tiny, tmp_path / "a" / "run.jsonl")
    monkeypatch.setenv("RAG_INGEST__PASSAGE_TOKENS", "64")
    assert read_run(made(tiny, tmp_path / "b" / "run.jsonl")).head.settings["ingest"]["passage_tokens"] == 64


def test_an_article_that_the_corpus_refuses_is_named(tmp_path: Path) -> None:
    (tmp_path / "suite.toml").write_text('name = "x"\n', encoding="utf-8")
    (tmp_path / "corpus.jsonl").write_text('{"id": "blank", "text": "\\u200b"}\n', encoding="utf-8")
    (tmp_path / "cases.jsonl").write_text('{"id": "c", "question": "Why?"}\n', encoding="utf-8")
    with pytest.raises(UserError, match=r"Article 'blank' of .* cannot be taken in: no text"):
        build(Wish(), load(tmp_path))


def test_the_code_hash_tells_parts_apart() -> None:
    assert code_hash() == code_hash()
    assert code_hash("ingest") != code_hash("store")


def test_three_copies_of_one_report_are_one_piece_of_evidence(tmp_path: Path) -> None:
    """The corpus keeps exact copies once and cites the first; the evidence names the last."""
    report = "The grain talks at Halvik ended on Monday without a date for the next round."
    papers = [{"id": name, "title": "Grain talks", "text": report} for name in ("courier", "herald", "tribune")]
    quote = {"article": "tribune", "quote": report}
    case = {"id": "c", "question": "When did the grain talks at Halvik end?", "evidence": [quote]}
    for name, lines in (("corpus", papers), ("cases", [case])):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    (tmp_path / "suite.toml").write_text('name = "wire"\n', encoding="utf-8")
    found = read_run(made(tmp_path, tmp_path / "run.jsonl"))
    reply = found.cases[0].reply
    assert reply is not None and [hit.article for hit in reply.hits] == ["courier"]
    assert score(found).metrics["recall@1"].mean == 1.0
    assert [(c.article, score(found).metrics["citation_recall"].mean) for c in reply.citations] == [("courier", 1.0)]
