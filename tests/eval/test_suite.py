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


@pytest.mark.parametrize("name", ["/home/me/x", "../x", "..", "a\\b", "a\nb", "x" * 101])
def test_a_name_that_leads_elsewhere_is_refused(tiny: Path, name: str) -> None:
    (tiny / "suite.toml").write_text(f"name = {json.dumps(name)}\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"suite\.toml does not fit: name: .*names a folder too"):
        load(tiny)


def test_a_folder_of_another_form_whose_name_is_none_for_a_suite_is_refused(tmp_path: Path) -> None:
    folder = beir_folder(tmp_path / "a\\b", [{"_id": "q", "text": "which?"}])
    with pytest.raises(UserError, match=r"cannot be a suite: name: .* Rename it"):
        load(folder)


def beir_folder(folder: Path, queries: list[dict[str, str]]) -> Path:
    folder.mkdir()
    (folder / "corpus.jsonl").write_text('{"_id": "d1", "text": "First."}\n', encoding="utf-8")
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)), encoding="utf-8")
    (folder / "qrels.tsv").write_text("q\td1\t1\nhalf\td1\t1\n", encoding="utf-8")
    return folder


def test_beir_queries_and_articles_of_one_id_or_of_half_a_character_are_named(tmp_path: Path) -> None:
    queries = [{"_id": "q", "text": "which?"}, {"_id": "q", "text": "who?"}, {"_id": "half", "text": "\ud800"}]
    folder = beir_folder(tmp_path / "b", queries)
    with (folder / "corpus.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"_id": "d1", "text": "Again."}\n{"_id": "d2", "text": "\\ud800"}\n')
    suite = load(folder)
    assert [case.question for case in suite.cases] == ["which?"]
    assert suite.articles["d1"].text == "First."
    said = [(Path(t.file).name, t.line, t.what.split(":")[0]) for t in suite.troubles]
    assert said == [
        ("corpus.jsonl", 2, "duplicate id 'd1'"),
        ("corpus.jsonl", 3, "text"),
        ("queries.jsonl", 2, "duplicate id 'q'"),
        ("queries.jsonl", 3, "question"),
    ]


def test_a_file_that_is_cut_off_is_read_up_to_there(tiny: Path) -> None:
    packed = gzip.compress((tiny / "cases.jsonl").read_bytes())
    (tiny / "cases.jsonl").unlink()
    (tiny / "cases.jsonl.gz").write_bytes(packed[:-9])
    troubles = load(tiny).troubles
    assert [t.what.split(":")[0] for t in troubles] == ["not readable from here on"]
    (tiny / "cases.jsonl.gz").write_bytes(packed[:12])
    with pytest.raises(UserError, match=r"no usable case.*not readable from here on"):
        load(tiny)


def test_a_number_of_thousands_of_digits_is_no_json(tiny: Path) -> None:
    with (tiny / "cases.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": ' + "9" * 5000 + "}\n" + "[" * 100_000 + "\n")
    assert [(t.line, t.what.split(":")[0]) for t in load(tiny).troubles] == [(4, "not JSON"), (5, "not JSON")]


def test_an_article_that_no_corpus_takes_in_is_left_out(tmp_path: Path) -> None:
    articles = [
        {"id": "a", "text": "It rained.", "published": "3 March 2020"},
        {"id": "blank", "text": "  "},
        {"id": "spring", "text": "It snowed.", "published": "spring 2020"},
    ]
    (tmp_path / "suite.toml").write_text('name = "x"\n', encoding="utf-8")
    (tmp_path / "corpus.jsonl").write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
    (tmp_path / "cases.jsonl").write_text('{"id": "c", "question": "Did it rain?"}\n', encoding="utf-8")
    suite = load(tmp_path)
    assert list(suite.articles) == ["a"]
    assert [(t.line, t.what.split(":")[0]) for t in suite.troubles] == [
        (2, "article 'blank' left out"),
        (3, "article 'spring' left out"),
    ]


def test_front_matter_is_read_as_for_a_sync(tiny: Path) -> None:
    corpus = tiny / "corpus"
    (corpus / "rain.md").write_text("---\ntitle: Rain: what next\ndate: 2023-07-10\n---\nIt rained.", encoding="utf-8")
    whole = "---\nThe mayor: he left: now.\nHe may appeal.\n---\nIt rained."
    (corpus / "rule.txt").write_text(whole, encoding="utf-8")
    suite = load(tiny)
    rain = suite.articles["rain.md"]
    assert (rain.title, rain.published, rain.text) == ("Rain: what next", "2023-07-10", "It rained.")
    assert (suite.articles["rule.txt"].text, suite.troubles) == (whole, ())


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
    for other in ("[]", '{"data": 5}', "[" * 100_000):
        path.write_text(other, encoding="utf-8")
        with pytest.raises(UserError, match="not a SQuAD file"):
            load(path)


def test_squad_questions_of_one_id_and_entries_of_another_form_are_named(tmp_path: Path) -> None:
    paragraph = {"context": "It rained.", "qas": [{"id": "a", "question": text} for text in ("Did it?", "Why?")]}
    entries = [{"paragraphs": [paragraph]}, {"paragraphs": [{**paragraph, "qas": ["x"]}]}]
    path = tmp_path / "dev.json"
    path.write_text(json.dumps({"data": entries}), encoding="utf-8")
    suite = load(path)
    assert [case.question for case in suite.cases] == ["Did it?"]
    assert [t.what.split(":")[0] for t in suite.troubles] == ["data[1]", "duplicate id 'a'"]


def test_text_files_are_read_as_sync_reads_them_and_quotes_may_bring_their_markdown(tiny: Path) -> None:
    corpus = tiny / "corpus"
    rain = "# Rain\n\nBy Ann Lee\n\nIt **rained** in [York](https://york.example) and\nnobody *left*.\n"
    rain += "\n| Year | Days |\n|---|---|\n| 2001 | **45** |\n"
    (corpus / "rain.md").write_text(rain, encoding="utf-8")
    (corpus / "snow.txt").write_text("It snowed in Köln.", encoding="utf-16")
    (corpus / "hail.txt").write_bytes("It hailed – in Köln.".encode("cp1252"))
    quotes = {
        "as stored": ("rain.md", "It rained in York"),
        "as in the file": ("rain.md", "It **rained** in [York](https://york.example)"),
        "heading and byline": ("rain.md", "# Rain\n\nBy Ann Lee"),
        "utf-16": ("snow.txt", "It snowed in Köln."),
        "cp1252": ("hail.txt", "It hailed – in Köln."),
        "row": ("rain.md", "| 2001 | **45** |"),
        "cut": ("rain.md", "York](https://york.example) and\nnobody *left"),
        "invented": ("rain.md", "It **never** rained"),
    }
    cases = [
        {"id": id, "question": "Did it?", "evidence": [{"article": article, "quote": quote}]}
        for id, (article, quote) in quotes.items()
    ]
    (tiny / "cases.jsonl").write_text("\n".join(map(json.dumps, cases)), encoding="utf-8")
    suite = load(tiny)
    assert (
        suite.articles["rain.md"].text
        == "Rain\n\nBy Ann Lee\n\nIt rained in York and\nnobody left.\n\nYear | Days\n\n2001 | 45"
    )
    assert suite.articles["snow.txt"].text == "It snowed in Köln."
    assert [case.id for case in suite.cases] == list(quotes)[:-1]
    assert [t.line for t in suite.troubles] == [8]


def test_an_accepted_answer_that_could_never_match_is_named(tiny: Path) -> None:
    cases = [{**CASES[0], "id": "group", "answers": ["A"]}, {**CASES[0], "id": "letter", "answers": ["re:group A"]}]
    (tiny / "cases.jsonl").write_text("\n".join(map(json.dumps, cases)), encoding="utf-8")
    suite = load(tiny)
    assert [case.id for case in suite.cases] == ["letter"]
    assert [(t.line, t.what.split(":")[0]) for t in suite.troubles] == [(1, "case 'group' left out")]
    assert "accepted answer 'A'" in suite.troubles[0].what


def test_of_several_accepted_answers_only_the_one_that_could_never_match_is_lost(tiny: Path) -> None:
    cases = [
        {**CASES[0], "id": "grade", "answers": ["A", "an A grade"]},
        {**CASES[0], "id": "none", "answers": ["A", "%"]},
    ]
    (tiny / "cases.jsonl").write_text("\n".join(map(json.dumps, cases)), encoding="utf-8")
    suite = load(tiny)
    assert [(case.id, case.answers) for case in suite.cases] == [("grade", ("A", "an A grade"))]
    assert [t.what.split(":")[0] for t in suite.troubles] == ["case 'grade'", "case 'none' left out"]
    assert "accepted answer 'A'" in suite.troubles[0].what
