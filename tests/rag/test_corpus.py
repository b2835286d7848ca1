import asyncio
import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from rag.corpus import Corpus
from rag.errors import CorpusError, QuestionError, SourceError, UnknownArticleError, UserError
from rag.records import NOT_IN_CORPUS, Answer, Filter, Piece, Progress, Turn
from rag.settings import Settings
from rag.store.store import LEDGER
from tests.conftest import FERRY, HOTLINE

WHY = "Why did Tessaly suspend its military hotline with Orvane?"


def at(threshold: float, settings: Settings) -> Settings:
    """The same settings with another threshold of refusal."""
    return settings.model_copy(update={"answer": settings.answer.model_copy(update={"threshold": threshold})})


def test_a_question_is_answered_with_an_exact_quote(corpus: Corpus) -> None:
    corpus.settings = at(0.0, corpus.settings)
    answer = corpus.ask(WHY)
    assert answer.answered and "[1]" in answer.text and answer.generator == "extractive"
    for citation in answer.citations:
        assert corpus.text(citation.article.id)[citation.start : citation.end] == citation.quote
    assert answer.citations[0].article.title == "Tessaly cuts the hotline"
    assert "hotline" in answer.citations[0].quote
    assert set(answer.timings) == {"standalone", "retrieve", "read", "generate"}


def test_every_sentence_has_a_marker_and_every_marker_a_citation(corpus: Corpus) -> None:
    corpus.settings = at(0.0, corpus.settings)
    answer = corpus.ask("What happened in Tessaly and in Corvan Sound?")
    numbers = [citation.number for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(f"[{number}]" in answer.text for number in numbers)


def test_a_refusal_says_so_and_cites_nothing(corpus: Corpus) -> None:
    corpus.settings = at(1.0, corpus.settings)
    answer = corpus.ask("Who won the chess final?")
    assert not answer.answered and answer.text.startswith(NOT_IN_CORPUS)
    assert answer.citations == () and answer.nearest
    assert "[" not in answer.text


def test_the_same_corpus_answers_by_other_settings(corpus: Corpus) -> None:
    strict = corpus.using(at(1.0, corpus.settings))
    question = "Why did Tessaly suspend its hotline?"
    assert strict.threshold == 1.0 and 0 < corpus.threshold < 1
    assert corpus.ask(question).answered and not strict.ask(question).answered
    assert strict.ask(question).confidence == corpus.ask(question).confidence
    answered_by = corpus.settings.answer.model_copy(update={"reader": "onnx:reader"})
    assert corpus.using(corpus.settings.model_copy(update={"answer": answered_by}))._reader.name == "onnx:reader"


def test_the_stream_is_the_answer_in_pieces(corpus: Corpus) -> None:
    corpus.settings = at(0.0, corpus.settings)
    *pieces, answer = corpus.stream(WHY)
    assert isinstance(answer, Answer)
    assert "".join(piece.text for piece in pieces if isinstance(piece, Piece)) == answer.text


def test_async_and_sync_give_the_same_answer(corpus: Corpus) -> None:
    async def gather() -> list[object]:
        return [event async for event in corpus.astream(WHY)]

    *_, streamed = asyncio.run(gather())
    assert isinstance(streamed, Answer)
    assert streamed.text == asyncio.run(corpus.aask(WHY)).text == corpus.ask(WHY).text


def test_follow_ups_carry_the_topic(corpus: Corpus) -> None:
    answer = corpus.ask("And when?", history=[Turn(question=WHY, answer="…")])
    assert "hotline" in answer.standalone_question and answer.question == "And when?"


def test_search_gives_both_ranks_and_the_order_that_ask_reads(corpus: Corpus) -> None:
    hits = corpus.search(WHY, k=2)
    assert len(hits) == 2 and hits[0].article.title == "Tessaly cuts the hotline"
    assert hits[0].ranks["dense"] >= 1 and hits[0].ranks["lexical"] == 1
    assert tuple(corpus.ask(WHY).hits[:2]) == tuple(hits)


def test_filters_keep_other_articles_out(corpus: Corpus) -> None:
    found = corpus.search("What happened?", where=Filter(published_from="2024-01-01"))
    assert {hit.article.source for hit in found} == {"The Meridian Post"}
    assert corpus.search("What happened?", where=Filter(source="nobody")) == []
    assert not corpus.ask("What happened?", where=Filter(source="nobody")).answered


def test_a_search_gives_as_many_articles_of_a_year_as_are_wanted(corpus: Corpus) -> None:
    corpus.add_many(
        [{"text": f"Ferry number {n} sailed.", "title": f"F{n}", "published": "1999-01-02"} for n in range(15)]
    )
    assert len(corpus.search("articles from 1999", k=50)) == 15
    assert len(corpus.search("articles from 1999", k=3)) == 3


def test_articles_are_found_by_the_path_that_was_synced(
    corpus: Corpus, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(articles.parent)
    inside = [f"{articles.name}/", f"{articles.name}/hot", str(articles)]
    assert [len(corpus.articles(Filter(path_prefix=prefix))) for prefix in inside] == [2, 1, 2]
    outside = ["elsewhere/", f"{articles.name[:-1]}/", "\0"]
    assert [corpus.articles(Filter(path_prefix=prefix)) for prefix in outside] == [[], [], []]


def test_values_of_the_wrong_type_are_told(corpus: Corpus) -> None:
    with pytest.raises(UserError, match="is not a date"):
        corpus.articles(Filter(published_from=2023))  # type: ignore[arg-type]
    with pytest.raises(QuestionError, match="'3' passages"):
        corpus.search("What?", k="3")  # type: ignore[arg-type]


def test_what_an_article_says_is_plain_text_in_markdown(corpus: Corpus) -> None:
    corpus.settings = at(0.0, corpus.settings)
    corpus.add("The zeppelin ![x](http://a.example/p.png) landed <img src=x> at [Halvik](http://b.example).", title="Z")
    markdown = corpus.ask("Where did the zeppelin land?").to_markdown()
    assert "zeppelin" in markdown and "[1]" in markdown
    assert not any(live in markdown for live in ("<img", "](", "![x"))


def test_the_answer_is_json_and_markdown(corpus: Corpus) -> None:
    corpus.settings = at(0.0, corpus.settings)
    answer = corpus.ask(WHY)
    record = json.loads(answer.to_json())
    assert record["citations"][0]["article"]["published"] == "2023-07-10"
    assert (
        f"[1] Tessaly cuts the hotline, Coastal Wire, 2023-07-10: “{answer.citations[0].quote}”" in answer.to_markdown()
    )


def test_a_second_sync_changes_nothing(corpus: Corpus, articles: Path) -> None:
    report = corpus.sync(articles)
    assert len(report.unchanged) == 2
    assert (report.added, report.changed, report.removed, report.failed) == ((), (), (), ())


def test_sync_adds_changes_and_removes(corpus: Corpus, articles: Path) -> None:
    before = {a.path: a for a in corpus.articles()}
    (articles / "ferry.md").write_text(FERRY.replace("14 people", "29 people"), encoding="utf-8")
    (articles / "hotline.md").unlink()
    (articles / "new.txt").write_text("The grain accord was signed on Tuesday in Halvik.", encoding="utf-8")
    planned = corpus.sync(articles, dry_run=True)
    assert {a.path: a for a in corpus.articles()} == before
    report = corpus.sync(articles)
    assert (report.added, report.changed, report.removed) == (planned.added, planned.changed, planned.removed)
    assert [len(r) for r in (report.added, report.changed, report.removed, report.unchanged)] == [1, 1, 1, 0]
    assert "29 people" in corpus.text(report.changed[0])
    assert not any("hotline" in hit.passage.text for hit in corpus.search("hotline"))
    assert corpus.verify() == []


def test_without_prune_a_vanished_file_stays(corpus: Corpus, articles: Path) -> None:
    (articles / "hotline.md").unlink()
    assert corpus.sync(articles, prune=False).removed == ()
    assert len(corpus.articles()) == 2


def test_what_was_not_synced_from_a_source_is_not_pruned_with_it(corpus: Corpus, tmp_path: Path) -> None:
    added = corpus.add("A text of one's own about the budget.", title="Budget")
    other = tmp_path / "other"
    other.mkdir()
    (other / "hotline.md").write_text(HOTLINE.replace("Monday", "Friday"), encoding="utf-8")
    report = corpus.sync(other)
    assert len(corpus.articles()) == 4 and report.removed == ()
    assert corpus.article(added.id).path is None


def test_a_renamed_file_is_not_embedded_again(corpus: Corpus, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedded: list[str] = []
    embed = corpus._embedder.embed
    monkeypatch.setattr(corpus._embedder, "embed", lambda texts, **kw: embedded.extend(texts) or embed(texts, **kw))
    (articles / "ferry.md").rename(articles / "ship.md")
    report = corpus.sync(articles)
    assert (report.added, report.removed, embedded) == ((), (), [])
    assert [one.before.rsplit("-", 1)[0] for one in report.renamed] == ["ferry"]
    assert corpus.article(report.renamed[0].after).path == str(articles / "ship.md")


def test_a_file_that_cannot_be_read_is_named_and_the_rest_goes_on(corpus: Corpus, articles: Path) -> None:
    (articles / "broken.txt").write_bytes(bytes(range(256)) * 20)
    (articles / "fine.txt").write_text("The budget was passed in May.", encoding="utf-8")
    report = corpus.sync(articles)
    assert [Path(failure.path).name for failure in report.failed] == ["broken.txt"]
    assert len(report.added) == 1


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_a_source_without_articles_changes_nothing(corpus: Corpus, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match=name):
        corpus.sync(tmp_path / name)
    assert len(corpus.articles()) == 2


def test_nothing_to_sync_and_texts_without_a_title_are_said(corpus: Corpus) -> None:
    with pytest.raises(SourceError, match="give a folder or files"):
        corpus.sync()
    untitled: list[Any] = [{"text": "The ferry sank."}, {"title": "Ferry"}, "The ferry sank."]
    for record in untitled:
        with pytest.raises(SourceError, match="`text` and a `title`"):
            corpus.add_many([record])
    assert len(corpus.articles()) == 2


def test_progress_is_reported(tmp_path: Path, articles: Path, settings: Settings) -> None:
    seen: list[Progress] = []
    with Corpus.open(tmp_path / "p.corpus", settings=settings) as corpus:
        corpus.sync(articles, on_progress=seen.append)
    assert {step.stage for step in seen} == {"read", "embed", "index"}


def test_add_article_text_and_remove(corpus: Corpus) -> None:
    article = corpus.add("The budget was passed in May.", title="Budget", id="budget", published="2024-05-03")
    assert corpus.article("budget") == article and article.published is not None
    assert corpus.text("budget") == "The budget was passed in May."
    corpus.remove("budget")
    for call in (corpus.article, corpus.text, corpus.remove):
        with pytest.raises(UnknownArticleError, match="'budget'"):
            call("budget")
    assert corpus.verify() == []


def test_an_interrupted_sync_is_finished_by_the_next(
    tmp_path: Path, articles: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Corpus.open(tmp_path / "i.corpus", settings=settings) as corpus:
        put = corpus._store.ledger.put

        def put_once(*arguments: object) -> None:
            put(*arguments)  # type: ignore[arg-type]
            raise KeyboardInterrupt

        monkeypatch.setattr(corpus._store.ledger, "put", put_once)
        with pytest.raises(KeyboardInterrupt):
            corpus.sync(articles)
        monkeypatch.undo()
        assert len(corpus.articles()) == 1
        report = corpus.sync(articles)
        assert (len(report.added), len(report.unchanged)) == (1, 1)
        assert corpus.verify() == []


def test_a_lost_index_is_made_anew_from_the_ledger(corpus: Corpus, articles: Path) -> None:
    corpus._store.dense.drop()
    corpus._store.lexical.drop()
    assert {problem.what.split()[1] for problem in corpus.verify()} == {"lexical", "dense"}
    corpus.sync(articles)
    assert corpus.verify() == []


def test_a_torn_dense_index_is_never_opened_and_search_goes_on(corpus: Corpus) -> None:
    for file in (corpus.path / "dense").rglob("*.bin"):
        file.write_bytes(b"")
    expected = [hit.passage.id for hit in corpus.search(WHY)]
    corpus._store.dense.drop()
    assert [hit.passage.id for hit in corpus.search(WHY)] == expected


@pytest.mark.parametrize("question", ["", "  ", "\x00"])
def test_an_empty_question_is_refused(corpus: Corpus, question: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        corpus.ask(question)


@pytest.mark.parametrize(
    "question", ["AND OR NOT (", '"unclosed', "a* b? ~2 ^3 {x} <|endoftext|> %s", "中文问题", "🙂", "ok", "-" * 7000]
)
def test_any_question_is_taken_literally(corpus: Corpus, question: str) -> None:
    assert isinstance(corpus.ask(question), Answer)


def test_the_same_question_from_many_threads_gives_the_same_answer(corpus: Corpus) -> None:
    texts: list[str] = []
    threads = [threading.Thread(target=lambda: texts.append(corpus.ask(WHY).text)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(texts) == 8 and len(set(texts)) == 1


def test_a_corpus_stays_where_it_was_opened(
    articles: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a program that moves on to another folder would lock, and index, in a place that is not the corpus's."""
    monkeypatch.chdir(tmp_path)
    with Corpus.open("here", settings=settings) as corpus:
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
        corpus.sync(articles)
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert (tmp_path / "here" / "dense").is_dir()


def test_a_folder_that_is_something_else_is_refused(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"x")
    with pytest.raises(CorpusError, match="not a corpus and not empty"):
        Corpus.open(tmp_path / "photos", settings=settings)
    with pytest.raises(CorpusError, match="is a file"):
        Corpus.open(tmp_path / "photos" / "cat.jpg", settings=settings)
    with pytest.raises(CorpusError, match="holds no corpus"):
        Corpus.open(tmp_path / "none", settings=settings, read_only=True)
    assert not (tmp_path / "none").exists()


def test_a_corpus_made_with_other_settings_is_refused(corpus: Corpus) -> None:
    other = corpus.settings.model_copy(
        update={"ingest": corpus.settings.ingest.model_copy(update={"passage_tokens": 100})}
    )
    with pytest.raises(CorpusError, match="rag sync SOURCE --corpus NEW"):
        Corpus.open(corpus.path, settings=other)


def test_a_closed_corpus_says_that_it_is_closed(corpus: Corpus) -> None:
    corpus.close()
    with pytest.raises(CorpusError, match="has been closed: open it again"):
        corpus.ask(WHY)


def test_a_read_only_corpus_answers_and_refuses_to_change(corpus: Corpus, articles: Path) -> None:
    with Corpus.open(corpus.path, settings=corpus.settings, read_only=True) as reader:
        assert reader.search(WHY)
        with pytest.raises(CorpusError, match="reading only"):
            reader.sync(articles)


def test_a_reader_sees_what_another_connection_wrote(corpus: Corpus, articles: Path) -> None:
    with Corpus.open(corpus.path, settings=corpus.settings, read_only=True) as reader:
        reader.search("anything")
        corpus.add("The zeppelin landed at noon.", title="Zeppelin", id="zeppelin")
        assert reader.search("zeppelin landed")[0].article.id == "zeppelin"
        corpus.remove("zeppelin")
        assert all(hit.article.id != "zeppelin" for hit in reader.search("zeppelin landed"))


def test_verify_finds_a_text_that_was_tampered_with(corpus: Corpus) -> None:
    db = sqlite3.connect(corpus.path / LEDGER)
    with db:
        db.execute("UPDATE articles SET text = replace(text, 'hotline', 'cold line')")
    db.close()
    assert any("not the one that was stored" in problem.what for problem in corpus.verify())


def test_llamaindex_gets_exact_offsets(corpus: Corpus) -> None:
    nodes = corpus.as_retriever(k=2).retrieve(WHY)
    assert len(nodes) == 2
    for found in nodes:
        node = found.node
        assert corpus.text(node.metadata["id"])[node.start_char_idx : node.end_char_idx] == node.get_content()  # type: ignore[attr-defined]
    corpus.settings = at(0.0, corpus.settings)
    response = corpus.as_query_engine().query(WHY)
    assert str(response) == corpus.ask(WHY).text and response.source_nodes


def test_the_answer_of_a_stream_has_its_timings_when_it_comes(corpus: Corpus) -> None:
    *_, (answer, then) = [(event, dict(getattr(event, "timings", {}))) for event in corpus.stream(WHY)]
    assert isinstance(answer, Answer)
    assert set(then) == {"standalone", "retrieve", "read", "generate"} and then == answer.timings
