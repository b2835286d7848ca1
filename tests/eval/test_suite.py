from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from eval.suite import Selection, load, select
from rag.errors import UserError
from tests.eval.conftest import CASES, write_suite


def test_a_suite_reads_whole(tiny: Path) -> None:
    suite = load(tiny)
    assert [case.id for case in suite.cases] == ["when", "won", "again"]
    assert suite.articles["talks.md"].title == "Talks"
    assert suite.cases[2].evidence[0].article == "talks.md", "a file's stem is its name too"
    assert suite.unit == "quote"
    assert suite.troubles == ()


def test_bad_lines_are_named_with_file_and_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    bad = [
        {**CASES[0], "id": "when"},
        {"id": "no question"},
        {**CASES[0], "id": "elsewhere", "evidence": [{"article": "talks.md", "quote": "Not there."}]},
        {**CASES[0], "id": "lost", "evidence": [{"article": "gone.md", "quote": "x"}]},
        {**CASES[0], "id": "extra", "evidnce": []},
        {**CASES[0], "id": "pattern", "answers": ["re:(unclosed"]},
    ]
    folder = write_suite(tmp_path / "s", [*CASES, *bad])
    path = folder / "cases.jsonl"
    path.write_text(path.read_text(encoding="utf-8") + "{broken\n[1]\n", encoding="utf-8")
    suite = load(folder)
    assert len(suite.cases) == 3
    said = sorted((t.line or 0, t.what) for t in suite.troubles)
    assert [line for line, _ in said] == [4, 5, 6, 7, 8, 9, 10, 11]
    words = [
        "duplicate id",
        "question",
        "quote not in",
        "no article",
        "evidnce",
        "no regular expression",
        "not JSON",
        "not a JSON object",
    ]
    assert all(word in what for word, (_, what) in zip(words, said, strict=True))
    assert all(str(t).startswith(f"{path}:") for t in suite.troubles)


@pytest.mark.parametrize("cases", ["", "{}\n"])
def test_an_empty_suite_is_refused(tiny: Path, cases: str) -> None:
    (tiny / "cases.jsonl").write_text(cases, encoding="utf-8")
    with pytest.raises(UserError, match="no usable case"):
        load(tiny)


def test_an_unknown_name_says_what_there_is() -> None:
    with pytest.raises(UserError, match="is no suite"):
        load("nothing-of-the-kind")


def test_unknown_fields_of_the_suite_file_are_refused(tiny: Path) -> None:
    (tiny / "suite.toml").write_text('name = "x"\nlicense = "y"\n', encoding="utf-8")
    with pytest.raises(UserError, match="license"):
        load(tiny)


def test_selection_by_kind_id_split_and_sample(tmp_path: Path) -> None:
    suite = load(write_suite(tmp_path / "s", [{**c, "split": "held-out"} for c in CASES[:1]] + CASES[1:]))
    assert [c.id for c in select(suite, Selection(kinds=("fact",))).cases] == ["when"]
    assert [c.id for c in select(suite, Selection(ids=("won",))).cases] == ["won"]
    assert [c.id for c in select(suite, Selection(split="held-out")).cases] == ["when"]
    drawn = select(suite, Selection(sample=2, seed=3))
    assert drawn.cases == select(suite, Selection(sample=2, seed=3)).cases
    assert len(drawn.cases) == 2
    assert drawn.sha256 != suite.sha256
    with pytest.raises(UserError, match="No case"):
        select(suite, Selection(kinds=("poetry",)))


def test_a_beir_folder_reads_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    docs = [{"_id": "d1", "title": "One", "text": "First."}, {"_id": "d2", "text": "Second."}]
    (tmp_path / "corpus.jsonl").write_text("\n".join(map(json.dumps, docs)), encoding="utf-8")
    queries = [{"_id": "q1", "text": "which?"}, {"_id": "q2", "text": "unjudged"}]
    with gzip.open(tmp_path / "queries.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(map(json.dumps, queries)))
    qrels = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\nq1\td9\t1\n"
    (tmp_path / "qrels" / "test.tsv").write_text(qrels, encoding="utf-8")
    suite = load(tmp_path)
    assert [(c.id, [(e.article, e.grade) for e in c.evidence]) for c in suite.cases] == [("q1", [("d1", 2), ("d2", 0)])]
    assert (suite.unit, suite.meta.task) == ("article", "search")
    assert [t.line for t in suite.troubles] == [4]


def test_beir_judgements_are_of_test_then_dev_then_the_first_by_name_and_the_choice_is_told(tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "corpus.jsonl").write_text('{"_id": "d1", "text": "First."}', encoding="utf-8")
    queries = [{"_id": name, "text": "which?"} for name in ("train", "spare", "dev", "test")]
    (tmp_path / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)), encoding="utf-8")

    def judged_with(split: str) -> tuple[str, tuple[str, ...]]:
        (tmp_path / "qrels" / f"{split}.tsv").write_text(f"{split}\td1\t1\n", encoding="utf-8")
        suite = load(tmp_path)
        return suite.cases[0].id, suite.notes

    told = f"{tmp_path.name}: judged by qrels/"
    assert judged_with("train") == ("train", ())
    assert judged_with("spare") == ("spare", (told + "spare.tsv; not read: qrels/train.tsv",))
    assert judged_with("dev") == ("dev", (told + "dev.tsv; not read: qrels/spare.tsv, qrels/train.tsv",))
    assert judged_with("test")[0] == "test"


def test_a_corpus_folder_is_read_as_sync_reads_it(tiny: Path) -> None:
    corpus = tiny / "corpus"
    page = "<html><head><title>Tea</title></head><body><p>Tea came by sea in 1610.</p></body></html>"
    (corpus / "tea.html").write_text(page, encoding="utf-8")
    (corpus / "more.jsonl").write_text('{"id": "x", "title": "Rye", "text": "Rye grows."}\n', encoding="utf-8")
    (corpus / "torn.pdf").write_bytes(b"%PDF-1.4 torn")
    (corpus / "logo.png").write_bytes(b"\x89PNG")
    (corpus / "README.txt").write_text("About the articles.", encoding="utf-8")
    tea = {"id": "tea", "question": "When?", "evidence": [{"article": "tea.html", "quote": "Tea came by sea in 1610."}]}
    with (tiny / "cases.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(tea) + "\n")
    suite = load(tiny)
    assert list(suite.articles) == ["more.jsonl/x", "talks.md", "tea.html"]
    assert suite.articles["tea.html"].title == "Tea"
    assert suite.cases[-1].id == "tea"
    assert [t.what for t in suite.troubles] == ["not readable as an article: damaged"]


def test_null_is_no_title(tmp_path: Path) -> None:
    (tmp_path / "suite.toml").write_text('name = "x"\n', encoding="utf-8")
    (tmp_path / "corpus.jsonl").write_text('{"id": "a", "text": "It rained.", "title": null}\n', encoding="utf-8")
    (tmp_path / "cases.jsonl").write_text('{"id": "c", "question": "Did it rain?"}\n', encoding="utf-8")
    suite = load(tmp_path)
    assert (suite.articles["a"].title, suite.troubles) == ("", ())


def test_a_metric_that_there_is_none_of_is_named(tiny: Path) -> None:
    names = '["recall@20", "hit@2", "recall@21", "beauty"]'
    (tiny / "suite.toml").write_text(f'name = "tiny"\nmetrics = {names}\n', encoding="utf-8")
    said = [t.what for t in load(tiny).troubles]
    assert said == ["no metric 'recall@21'; ranks go to 20", "no metric 'beauty'; ranks go to 20"]


def test_a_squad_file_reads_as_it_is(tmp_path: Path) -> None:
    context = "It rained. The talks ended on Monday. Nobody spoke."
    qas = [
        {"id": "a", "question": "When?", "answers": [{"text": "Monday", "answer_start": 30}]},
        {"id": "b", "question": "Who?", "answers": [], "is_impossible": True},
    ]
    data = {"data": [{"title": "Some_Talks", "paragraphs": [{"context": context, "qas": qas}]}, {"title": "x"}]}
    path = tmp_path / "dev.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    suite = load(path)
    assert suite.articles["t0"].title == "Some Talks"
    assert suite.cases[0].evidence[0].quote == "The talks ended on Monday."
    assert [c.answerable for c in suite.cases] == [True, False]
    assert "data[1]" in suite.troubles[0].what
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(UserError, match="not a SQuAD file"):
        load(path)
