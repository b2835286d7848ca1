"""A folder and its corpus: every kind of change, files of several articles, copies, renames, odd paths (F29 to F46)."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from rag.corpus import Corpus
from rag.errors import SourceError
from rag.ingest import document, prepare
from rag.ingest.sync import _BARE
from rag.records import Failure, Filter, Progress, Renamed, SyncReport
from rag.settings import Ingest, Settings
from rag.store import containers, dense
from tests.rag.ingest import make

ENVOYS = "The envoys met in Halvik on Monday. They agreed on nothing that anyone would name."
HARVEST = "The harvest failed in the valley. Bread was rationed from June until the spring."
ZEPPELIN = "A zeppelin crossed the strait at noon. Nobody in the harbour had expected it."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "news"
    made.mkdir()
    return made


@pytest.fixture(autouse=True)
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new dense index is not checked in a process of its own: it is not what is tested here."""
    monkeypatch.setattr(dense, "_checked_by_child", lambda folder, rows: None)


@pytest.fixture
def corpus(tmp_path: Path, settings: Settings) -> Iterator[Corpus]:
    with Corpus.open(tmp_path / "test.corpus", settings=settings) as opened:
        yield opened


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def rows(*pairs: tuple[str, str]) -> str:
    return "".join(json.dumps({"id": id, "title": f"On {id}", "text": text}) + "\n" for id, text in pairs)


def counts(report: SyncReport) -> dict[str, int]:
    kinds = ("added", "changed", "renamed", "removed", "unchanged", "failed")
    return {kind: len(getattr(report, kind)) for kind in kinds if getattr(report, kind)}


def titles(corpus: Corpus, ids: Sequence[str]) -> list[str]:
    return [corpus.article(id).title for id in ids]


# --- files of several articles


def test_every_row_is_an_article_with_a_name_of_its_own(corpus: Corpus, folder: Path) -> None:
    file = write(folder / "wire.jsonl", rows(("one", ENVOYS), ("two", HARVEST)))
    report = corpus.sync(folder)
    assert counts(report) == {"added": 2}
    assert [a.path for a in corpus.articles()] == [f"{file}/one", f"{file}/two"]
    hit = corpus.search("harvest in the valley", k=1)[0]
    assert hit.article.title == "On two" and corpus.text(hit.article.id) == HARVEST
    assert [a.title for a in corpus.articles(Filter(path_prefix=f"{file}/one"))] == ["On one"]
    assert counts(corpus.sync(folder)) == {"unchanged": 2}
    assert corpus.verify() == []


def test_a_changed_row_changes_only_its_article(corpus: Corpus, folder: Path) -> None:
    write(folder / "wire.jsonl", rows(("one", ENVOYS), ("two", HARVEST), ("three", ZEPPELIN)))
    corpus.sync(folder)
    before = {a.title: a for a in corpus.articles()}
    write(folder / "wire.jsonl", rows(("four", "A new one."), ("one", ENVOYS), ("two", HARVEST + " It was long.")))
    planned = corpus.sync(folder, dry_run=True)
    assert {a.title: a for a in corpus.articles()} == before
    report = corpus.sync(folder)
    assert counts(report) == counts(planned) == {"added": 1, "changed": 1, "removed": 1, "unchanged": 1}
    assert titles(corpus, report.changed) == ["On two"] and report.changed == (before["On two"].id,)
    assert report.removed == (before["On three"].id,)
    assert corpus.article(before["On one"].id) == before["On one"]
    assert corpus.verify() == []


def test_rows_that_cannot_be_read_are_named_each_time_and_keep_what_was_stored(corpus: Corpus, folder: Path) -> None:
    file = write(folder / "wire.csv", f'id,text\none,"{ENVOYS}"\ntwo,"{HARVEST}"\n')
    corpus.sync(folder)
    write(file, f'id,text\none,"{ENVOYS}"\ntwo,\n')
    for _ in range(2):
        report = corpus.sync(folder)
        assert report.failed == (Failure(path=f"{file}/two", reason="no text"),)
        assert counts(report)["unchanged"] in (1, 2) and len(corpus.articles()) == 2


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("Bread was", "Bread", "row 2: breaks off inside quotes"),
        (f'"{HARVEST}"', f'"{HARVEST}', "row 2: a quote without its pair runs into the rows below"),
    ],
)
def test_a_table_that_breaks_off_inside_quotes_loses_nothing(
    corpus: Corpus, folder: Path, before: str, after: str, reason: str
) -> None:
    table = f'id,title,text\n1,One,"{ENVOYS}"\n2,Two,"{HARVEST}"\n3,Three,"{ZEPPELIN}"\n'
    file = write(folder / "wire.csv", table)
    corpus.sync(folder)
    head, tail = table.split(before)
    write(file, head + after + ("" if "off" in reason else tail))
    for _ in range(2):
        report = corpus.sync(folder)
        assert report.failed == (Failure(path=str(file), reason=reason),)
        assert counts(report) == {"unchanged": 1, "failed": 1}
    assert [corpus.text(a.id) for a in sorted(corpus.articles(), key=lambda a: a.path)] == [ENVOYS, HARVEST, ZEPPELIN]


def test_two_rows_of_one_name_are_two_articles(corpus: Corpus, folder: Path) -> None:
    write(folder / "wire.jsonl", rows(("one", ENVOYS), ("one", HARVEST)))
    assert counts(corpus.sync(folder)) == {"added": 2}
    assert counts(corpus.sync(folder)) == {"unchanged": 2}


def test_the_members_of_an_archive_are_articles(corpus: Corpus, folder: Path) -> None:
    inner = rows(("two", HARVEST))
    (folder / "week.zip").write_bytes(make.archive({"a/one.txt": ENVOYS, "b.jsonl": inner, "bad.pdf": b"%PDF-1.4"}))
    report = corpus.sync(folder)
    base = folder / "week.zip"
    assert sorted(str(a.path) for a in corpus.articles()) == [f"{base}/a/one.txt", f"{base}/b.jsonl/two"]
    assert report.failed == (Failure(path=f"{base}/bad.pdf", reason="damaged"),)
    (folder / "week.zip").unlink()
    write(folder / "other.txt", ZEPPELIN)
    assert counts(corpus.sync(folder)) == {"added": 1, "removed": 2}


def test_a_bomb_is_refused_whole_and_the_rest_goes_in(corpus: Corpus, folder: Path) -> None:
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("a.txt", "0" * 20_000_000)
    write(folder / "fine.txt", ENVOYS)
    report = corpus.sync(folder)
    assert counts(report) == {"added": 1, "failed": 1}
    assert report.failed[0].reason == "an archive packed too densely to be honest"


def test_a_container_that_breaks_loses_nothing(corpus: Corpus, folder: Path) -> None:
    (folder / "week.zip").write_bytes(make.archive({"one.txt": ENVOYS, "two.txt": HARVEST}))
    corpus.sync(folder)
    (folder / "week.zip").write_bytes(b"PK\x03\x04 torn")
    report = corpus.sync(folder)
    assert counts(report) == {"failed": 1} and len(corpus.articles()) == 2


def test_a_row_that_no_longer_says_which_it_is_loses_nothing(corpus: Corpus, folder: Path) -> None:
    file = write(folder / "wire.jsonl", rows(("one", ENVOYS), ("two", HARVEST)))
    corpus.sync(folder)
    write(file, rows(("one", ENVOYS), ("two", HARVEST)).replace('"}', "", 1))
    for _ in range(2):
        report = corpus.sync(folder)
        assert report.failed == (Failure(path=f"{file}/row 1", reason="row 1: not JSON"),)
        assert report.removed == () and len(corpus.articles()) == 2
    write(file, rows(("two", HARVEST)))
    assert counts(corpus.sync(folder)) == {"removed": 1, "unchanged": 1}


def test_a_named_row_without_text_keeps_no_other(corpus: Corpus, folder: Path) -> None:
    file = write(folder / "wire.jsonl", rows(("one", ENVOYS), ("two", HARVEST)))
    corpus.sync(folder)
    write(file, rows(("one", ENVOYS), ("three", "")))
    assert counts(corpus.sync(folder)) == {"removed": 1, "unchanged": 1, "failed": 1}


def test_a_member_of_an_archive_that_breaks_keeps_its_rows(corpus: Corpus, folder: Path) -> None:
    week = folder / "week.zip"
    table = {"a.csv": f'id,text\none,"{ENVOYS}"\n', "b.jsonl": rows(("two", HARVEST)), "c.txt": ZEPPELIN}
    week.write_bytes(make.archive(table))
    corpus.sync(folder)
    week.write_bytes(make.archive({"a.csv": "one\n", "b.jsonl": bytes(range(256))}))
    report = corpus.sync(folder)
    assert {f.path.removeprefix(f"{week}/"): f.reason for f in report.failed} == {
        "a.csv": "no column named text (found: one)",
        "b.jsonl": "not text",
    }
    assert counts(report)["removed"] == 1  # the zeppelin, which is gone
    assert {str(a.path) for a in corpus.articles()} == {f"{week}/a.csv/one", f"{week}/b.jsonl/two"}


def test_three_rows_may_have_two_names_that_meet(corpus: Corpus, folder: Path) -> None:
    write(folder / "wire.jsonl", rows(("Update", ENVOYS), ("Update (2)", HARVEST), ("Update", ZEPPELIN)))
    assert counts(corpus.sync(folder)) == {"added": 3}
    assert {str(a.path).rpartition("/")[2] for a in corpus.articles()} == {"Update", "Update (2)", "Update (3)"}
    assert counts(corpus.sync(folder)) == {"unchanged": 3}


def test_without_prune_a_vanished_row_stays_and_goes_with_prune(corpus: Corpus, folder: Path) -> None:
    write(folder / "wire.jsonl", rows(("one", ENVOYS), ("two", HARVEST)))
    corpus.sync(folder)
    write(folder / "wire.jsonl", rows(("one", ENVOYS)))
    assert counts(corpus.sync(folder, prune=False)) == {"unchanged": 1} and len(corpus.articles()) == 2
    assert counts(corpus.sync(folder)) == {"unchanged": 1, "removed": 1}


def test_a_row_that_was_removed_by_hand_comes_back_like_a_file(corpus: Corpus, folder: Path) -> None:
    write(folder / "wire.jsonl", rows(("one", ENVOYS), ("two", HARVEST)))
    write(folder / "three.txt", ZEPPELIN)
    for id in corpus.sync(folder).added[1:]:
        corpus.remove(id)
    assert counts(corpus.sync(folder)) == {"added": 2, "unchanged": 1}


def test_an_interrupted_container_is_finished_by_the_next_sync(
    corpus: Corpus, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / "wire.jsonl", rows(("one", ENVOYS), ("two", HARVEST)))
    put = corpus._store.ledger.put

    def once(*arguments: object) -> None:
        put(*arguments)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(corpus._store.ledger, "put", once)
    with pytest.raises(KeyboardInterrupt):
        corpus.sync(folder)
    monkeypatch.undo()
    assert counts(corpus.sync(folder)) == {"added": 1, "unchanged": 1}


@pytest.mark.parametrize("how", ["breaks off", "interrupted", "without prune"])
def test_a_table_that_returns_to_its_old_bytes_is_stored_as_these_say(
    corpus: Corpus, folder: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    old = f'id,title,text\n1,One,"{ENVOYS}"\n2,Two,"{HARVEST}"\n'
    file = write(folder / "wire.csv", old)
    corpus.sync(folder)
    put = corpus._store.ledger.put

    def once(*arguments: object) -> None:
        put(*arguments)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    changed = old.replace("Halvik", "Orvane").replace("\n2,", "\n3,")
    write(file, changed[:-3] if how == "breaks off" else changed)
    with monkeypatch.context() as patch:
        if how == "interrupted":
            patch.setattr(corpus._store.ledger, "put", once)
        with pytest.raises(KeyboardInterrupt) if how == "interrupted" else nullcontext():
            corpus.sync(folder, prune=how != "without prune")
    assert "Orvane" in corpus.text(corpus.articles(Filter(path_prefix=f"{file}/1"))[0].id)
    write(file, old)
    assert counts(corpus.sync(folder))["changed"] == 1
    assert [corpus.text(a.id) for a in sorted(corpus.articles(), key=lambda a: a.path)] == [ENVOYS, HARVEST]
    assert counts(corpus.sync(folder)) == {"unchanged": 2}


def test_a_text_that_was_a_table_for_a_while_keeps_none_of_its_rows(corpus: Corpus, folder: Path) -> None:
    file = write(folder / "wire.txt", ENVOYS)
    corpus.sync(folder)
    write(file, rows(("one", HARVEST), ("two", ZEPPELIN)))
    assert counts(corpus.sync(folder, prune=False)) == {"added": 2}
    write(file, ENVOYS)
    assert counts(corpus.sync(folder)) == {"removed": 2, "unchanged": 1}
    assert [corpus.text(a.id) for a in corpus.articles()] == [ENVOYS]
    assert counts(corpus.sync(folder)) == {"unchanged": 1}


@pytest.mark.parametrize(
    ("old", "new"), [(ENVOYS, HARVEST), (rows(("one", ENVOYS)), rows(("one", HARVEST)))], ids=["text", "table"]
)
def test_f41_a_file_that_changes_after_its_hash_is_stored_under_that_of_what_was_read(
    corpus: Corpus, folder: Path, old: str, new: str
) -> None:
    file = write(folder / "wire.txt", old)

    def change(progress: Progress) -> None:
        if progress.stage == "read":  # its hash has been taken, it has not been opened yet
            write(file, new)

    assert counts(corpus.sync(folder, on_progress=change)) == {"added": 1}
    assert [corpus.text(a.id) for a in corpus.articles()] == [HARVEST]
    write(file, old)
    assert counts(corpus.sync(folder)) == {"changed": 1}
    assert [corpus.text(a.id) for a in corpus.articles()] == [ENVOYS]


# --- copies, near copies, renames


def test_f36_exact_copies_are_stored_once_and_cited_under_each_name(corpus: Corpus, folder: Path) -> None:
    (folder / "a").mkdir()
    (folder / "b").mkdir()
    first, second = write(folder / "a" / "talks.txt", ENVOYS), write(folder / "b" / "wire.txt", ENVOYS)
    report = corpus.sync(folder)
    assert counts(report) == {"added": 2} and corpus._store.ledger.counts() == {
        "articles": 2,
        "passages": 1,
        "vectors": 1,
    }
    one, other = (corpus.article(id) for id in report.added)
    assert one.copies == (other.id,) and other.copies == (one.id,)
    assert corpus.text(one.id) == corpus.text(other.id) == ENVOYS
    assert [hit.article.path for hit in corpus.search("envoys in Halvik")] == [str(first)]
    for path in (first, second):
        (hit,) = corpus.search("envoys in Halvik", where=Filter(path_prefix=str(path)))
        assert hit.article.path == str(path) and hit.passage.article_id == hit.article.id
        assert corpus.text(hit.article.id)[hit.passage.start : hit.passage.end] == hit.passage.text
    assert corpus.verify() == []


def test_a_copy_takes_the_place_of_its_original(corpus: Corpus, folder: Path) -> None:
    first, second, third = (write(folder / name, ENVOYS) for name in ("a.txt", "b.txt", "c.txt"))
    corpus.sync(folder)
    write(first, HARVEST)
    assert counts(corpus.sync(folder)) == {"changed": 1, "unchanged": 2}
    second.unlink()
    assert counts(corpus.sync(folder)) == {"removed": 1, "unchanged": 2}
    (hit,) = corpus.search("envoys Halvik", where=Filter(path_prefix=str(third)))
    assert hit.article.copies == () and corpus.text(hit.article.id) == ENVOYS
    assert corpus._store.ledger.counts() == {"articles": 2, "passages": 2, "vectors": 2}
    assert corpus.verify() == []


def test_near_copies_are_one_story(corpus: Corpus, folder: Path) -> None:
    wire = " ".join(
        f"Sentence {n} of the agency's long report names place {n * 7} and nothing else." for n in range(40)
    )
    write(folder / "wire.txt", wire)
    write(
        folder / "paper.txt", wire.replace("Sentence 5 of", "The fifth part of") + " Additional reporting by our desk."
    )
    write(folder / "third.txt", wire[: len(wire) * 9 // 10])
    write(folder / "other.txt", HARVEST)
    corpus.sync(folder)
    stories = {Path(str(a.path)).stem: a.story for a in corpus.articles()}
    assert stories["wire"] is not None and stories["wire"] == stories["paper"] == stories["third"]
    assert stories["other"] is None
    (folder / "paper.txt").unlink()
    (folder / "third.txt").unlink()
    corpus.sync(folder)
    assert {a.story for a in corpus.articles()} == {None}


def test_f40_a_renamed_file_and_a_renamed_container_are_recognised(corpus: Corpus, folder: Path) -> None:
    write(folder / "talks.txt", ENVOYS)
    write(folder / "wire.jsonl", rows(("two", HARVEST)))
    before = corpus.sync(folder).added
    numbers = corpus._store.ledger.numbers().tolist()
    (folder / "talks.txt").rename(folder / "envoys.txt")
    (folder / "wire.jsonl").rename(folder / "agency.jsonl")
    planned = corpus.sync(folder, dry_run=True)
    report = corpus.sync(folder)
    assert planned.renamed == report.renamed and counts(report) == {"renamed": 2}
    assert {one.before for one in report.renamed} == set(before)
    assert all(isinstance(one, Renamed) and corpus.article(one.after) for one in report.renamed)
    assert corpus._store.ledger.numbers().tolist() == numbers  # nothing is indexed again
    assert corpus.verify() == []


# --- paths


def test_f29_f30_f31_links(corpus: Corpus, folder: Path, tmp_path: Path) -> None:
    write(folder / "a.txt", ENVOYS)
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    secret = write(tmp_path / "secret.txt", "SECRET")
    (folder / "out.txt").symlink_to(secret)
    (folder / "dangling.txt").symlink_to(folder / "nothing.txt")
    report = corpus.sync(folder)
    assert counts(report) == {"added": 1, "failed": 3}
    assert {Path(f.path).name: f.reason for f in report.failed} == {
        "loop": "a link to a folder, not followed",
        "out.txt": "a link that leads out of the folder",
        "dangling.txt": "a link that leads nowhere",
    }


def test_articles_below_a_folder_that_became_a_link_stay(corpus: Corpus, folder: Path, tmp_path: Path) -> None:
    write(folder / "a.txt", ENVOYS)
    (folder / "old").mkdir()
    write(folder / "old" / "b.txt", HARVEST)
    corpus.sync(folder)
    (folder / "old").rename(tmp_path / "elsewhere")
    (folder / "old").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    report = corpus.sync(folder)
    assert report.failed == (Failure(path=f"{folder}/old", reason="a link to a folder, not followed"),)
    assert report.removed == () and len(corpus.articles()) == 2
    (folder / "old").unlink()
    assert counts(corpus.sync(folder)) == {"unchanged": 1, "removed": 1}


def test_f32_f33_what_may_not_be_read_is_named(corpus: Corpus, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder / "a.txt", ENVOYS)
    os.mkfifo(folder / "pipe.txt")
    locked = write(folder / "locked.txt", HARVEST)
    opened = open

    def refusing(file: object, *arguments: object, **named: object) -> object:
        if file == locked:
            raise PermissionError(13, "Permission denied", str(file))
        return opened(file, *arguments, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(prepare, "open", refusing, raising=False)
    report = corpus.sync(folder)
    assert counts(report) == {"added": 1, "failed": 2}
    assert {f.reason for f in report.failed} == {"not a regular file", "permission denied"}


def test_f03_a_file_above_the_limit_is_not_even_hashed(
    tmp_path: Path, folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = Settings(ingest=Ingest(embedder=settings.ingest.embedder, max_file_mb=1), answer=settings.answer)
    write(folder / "a.txt", ENVOYS)
    large = write(folder / "large.txt", "x" * 1_000_001)
    hashed: list[Path] = []
    digest = prepare.Preparer.file_digest
    monkeypatch.setattr(prepare.Preparer, "file_digest", lambda self, path: hashed.append(path) or digest(self, path))
    with Corpus.open(tmp_path / "small.corpus", settings=small) as corpus:
        report = corpus.sync(folder)
    assert report.failed == (Failure(path=str(large), reason="larger than the limit of 1 MB"),)
    assert hashed == [folder / "a.txt"]


def test_f34_odd_names_are_taken_in_and_stay_the_same(corpus: Corpus, folder: Path) -> None:
    names = ("a\nb.txt", "-rf.txt", "a'\"b.txt", "x" * 251 + ".txt", "caf\udce9.txt")
    for number, name in enumerate(names):
        write(folder / name, f"{ENVOYS} Report {number}.")
    assert counts(corpus.sync(folder)) == {"added": 5}
    assert any(str(a.path).endswith("caf\\xe9.txt") for a in corpus.articles())
    assert counts(corpus.sync(folder)) == {"unchanged": 5}
    (folder / names[-1]).unlink()
    assert counts(corpus.sync(folder)) == {"removed": 1, "unchanged": 4}


def test_f35_hidden_and_temporary_files_are_passed_over(corpus: Corpus, folder: Path) -> None:
    (folder / ".git").mkdir()
    for name in (".git/config.txt", ".hidden.txt", "~$talks.docx", "README.md", "photo.jpg"):
        write(folder / name, ENVOYS)
    write(folder / "a.txt", HARVEST)
    assert counts(corpus.sync(folder)) == {"added": 1}


def test_f35_a_corpus_among_its_articles_is_passed_over(folder: Path, settings: Settings) -> None:
    write(folder / "a.txt", ENVOYS)
    with Corpus.open(folder / "news.corpus", settings=settings) as corpus:
        assert counts(corpus.sync(folder)) == {"added": 1}
        assert list((folder / "news.corpus").rglob("*.json"))  # which would be read as articles
        assert counts(corpus.sync(folder)) == {"unchanged": 1}


def test_f37_f43_names_that_differ_in_suffix_or_case_are_distinct(corpus: Corpus, folder: Path) -> None:
    write(folder / "talks.md", ENVOYS)
    write(folder / "talks.html", f"<html><body><p>{HARVEST}</p></body></html>")
    write(folder / "Talks.md", ZEPPELIN)
    assert counts(corpus.sync(folder)) == {"added": 3}
    assert {corpus.text(a.id) for a in corpus.articles()} == {ENVOYS, HARVEST, ZEPPELIN}


def test_one_name_under_two_sources_is_two_articles(corpus: Corpus, tmp_path: Path) -> None:
    for name, text in (("x", ENVOYS), ("y", HARVEST)):
        (tmp_path / name).mkdir()
        write(tmp_path / name / "a.txt", text)
    report = corpus.sync(tmp_path / "x", tmp_path / "y")
    assert len(set(report.added)) == 2
    assert {corpus.text(id) for id in report.added} == {ENVOYS, HARVEST}


def test_f38_f39_f42_content_decides_not_the_time(corpus: Corpus, folder: Path) -> None:
    changed, gone = write(folder / "a.txt", ENVOYS), write(folder / "b.txt", HARVEST)
    corpus.sync(folder)
    times = os.stat(changed)
    write(changed, ENVOYS.replace("Halvik", "Orvane"))
    os.utime(changed, ns=(times.st_atime_ns, times.st_mtime_ns))
    gone.unlink()
    assert counts(corpus.sync(folder)) == {"changed": 1, "removed": 1}
    os.utime(changed, (4_000_000_000, 4_000_000_000))
    assert counts(corpus.sync(folder)) == {"unchanged": 1}
    assert [hit.passage.text for hit in corpus.search("Halvik harvest")] == [ENVOYS.replace("Halvik", "Orvane")]


def test_f44_the_content_decides_what_a_file_is(corpus: Corpus, folder: Path) -> None:
    write(folder / "a.pdf", f"<html><body><p>{ENVOYS}</p></body></html>")
    write(folder / "b.txt", rows(("one", HARVEST), ("two", ZEPPELIN)))
    assert counts(corpus.sync(folder)) == {"added": 3}
    assert {corpus.text(a.id) for a in corpus.articles()} == {ENVOYS, HARVEST, ZEPPELIN}


def test_f46_many_small_files_report_progress_and_go_on_after_an_interrupt(corpus: Corpus, folder: Path) -> None:
    for number in range(300):
        write(folder / f"{number}.txt", f"Report {number}. The budget was passed in May.")
    done: list[int] = []

    def stop(progress: object) -> None:
        if getattr(progress, "stage", "") == "embed":
            done.append(progress.done)  # type: ignore[attr-defined]
            if len(done) == 150:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        corpus.sync(folder, on_progress=stop)
    stored = len(corpus.articles())
    assert done == list(range(1, 151)) and 64 <= stored <= 150
    assert counts(corpus.sync(folder)) == {"added": 300 - stored, "unchanged": stored}


@pytest.mark.parametrize(
    ("first", "then"), [("2023", "."), (".", "2023"), ("2023/b.txt", "."), ("2023/wire.jsonl", ".")]
)
def test_what_is_gone_goes_by_whatever_name_its_folder_was_synced(
    corpus: Corpus, folder: Path, first: str, then: str
) -> None:
    (folder / "2023").mkdir()
    write(folder / "2023" / "a.txt", ENVOYS)
    write(folder / "top.txt", ZEPPELIN)
    gone = {write(folder / "2023" / "b.txt", HARVEST), write(folder / "2023" / "wire.jsonl", rows(("one", HARVEST)))}
    for source in (first, ".", then):
        corpus.sync(folder / source)
    for file in gone:
        file.unlink()
    assert len(corpus.sync(folder / then).removed) == 2
    assert {corpus.text(a.id) for a in corpus.articles()} == {ENVOYS, ZEPPELIN}
    assert containers.known(corpus._store.ledger) == {}


def test_what_a_folder_passes_over_and_what_was_added_is_not_gone(corpus: Corpus, folder: Path) -> None:
    write(folder / "a.txt", ENVOYS)
    (folder / ".drafts").mkdir()
    (folder.parent / "news2").mkdir()
    kept = [write(folder / "README.md", HARVEST), write(folder / ".drafts" / "b.txt", ZEPPELIN)]
    beside = write(folder.parent / "news2" / "c.txt", "The bridge fell.")
    corpus.sync(kept[0], kept[1].parent, beside)
    corpus.add("Nobody came to the fair.", title="Fair")
    assert counts(corpus.sync(folder)) == {"added": 1}
    beside.unlink()
    assert counts(corpus.sync(folder)) == {"unchanged": 1} and len(corpus.articles()) == 5
    kept[1].unlink()
    assert counts(corpus.sync(folder)) == {"unchanged": 1, "removed": 1}


def test_a_source_without_a_file_any_more_is_named_and_keeps_what_came_from_it(
    corpus: Corpus, folder: Path, tmp_path: Path
) -> None:
    disk, empty = tmp_path / "disk", tmp_path / "empty"
    disk.mkdir()
    empty.mkdir()
    gone = [write(disk / "a.txt", ENVOYS), write(disk / "wire.jsonl", rows(("one", HARVEST)))]
    old = write(folder / "old.txt", "The bridge fell.")
    write(folder / "b.txt", ZEPPELIN)
    corpus.sync(disk, folder)
    for file in (*gone, old):
        file.unlink()
    for dry_run in (True, False):
        report = corpus.sync(disk, folder, empty, dry_run=dry_run)
        assert report.failed == (Failure(path=str(disk), reason=_BARE),)
        assert counts(report) == {"unchanged": 1, "removed": 1, "failed": 1}
    assert {corpus.text(a.id) for a in corpus.articles()} == {ENVOYS, HARVEST, ZEPPELIN}
    assert containers.known(corpus._store.ledger).keys() == {str(gone[1])}
    write(gone[0], ENVOYS)
    assert counts(corpus.sync(disk, folder)) == {"unchanged": 2, "removed": 1}


def test_what_was_moved_from_a_source_that_is_empty_now_is_renamed(
    corpus: Corpus, folder: Path, tmp_path: Path
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    write(old / "a.txt", ENVOYS)
    write(old / "wire.jsonl", rows(("one", HARVEST)))
    write(folder / "b.txt", ZEPPELIN)
    corpus.sync(old, folder)
    for file in old.iterdir():
        file.rename(new / file.name)
    for dry_run in (True, False):
        assert counts(corpus.sync(old, new, folder, dry_run=dry_run)) == {"renamed": 2, "unchanged": 1}
    assert {a.path for a in corpus.articles()} == {f"{folder}/b.txt", f"{new}/a.txt", f"{new}/wire.jsonl/one"}
    assert containers.known(corpus._store.ledger).keys() == {f"{new}/wire.jsonl"}
    assert counts(corpus.sync(old, new, folder)) == {"unchanged": 3} and corpus.verify() == []


def test_of_a_source_that_is_empty_now_only_what_was_moved_goes(corpus: Corpus, folder: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    file = write(disk / "wire.jsonl", rows(("one", HARVEST), ("two", ENVOYS)))
    write(folder / "b.txt", ZEPPELIN)
    corpus.sync(disk, folder)
    file.rename(tmp_path / "away.jsonl")
    moved = write(folder / "wire.jsonl", rows(("one", HARVEST)))
    corpus.sync(folder)  # so that the next sync finds it unchanged
    report = corpus.sync(disk, folder)
    assert report.failed == (Failure(path=str(disk), reason=_BARE),)
    assert counts(report) == {"removed": 1, "unchanged": 2, "failed": 1}
    assert {a.path for a in corpus.articles()} == {f"{file}/two", f"{folder}/b.txt", f"{moved}/one"}
    (tmp_path / "away.jsonl").rename(file)
    assert counts(corpus.sync(disk, folder)) == {"added": 1, "unchanged": 3}


def test_texts_before_one_that_is_none_are_stored(corpus: Corpus) -> None:
    with pytest.raises(SourceError):
        corpus.add_many([{"title": "Talks", "text": ENVOYS}, {"title": "Empty", "text": " "}])
    assert [a.title for a in corpus.articles()] == ["Talks"]
    assert [hit.article.title for hit in corpus.search("envoys in Halvik")] == ["Talks"]


def test_half_a_surrogate_pair_in_metadata_costs_nothing(corpus: Corpus, folder: Path) -> None:
    odd = {"title": "B\ud83dad\u200b", "author": "J \ud83d", "source": "\ud83d", "url": "x\ud83d", "text": ENVOYS}
    write(folder / "wire.jsonl", json.dumps(odd) + "\n" + rows(("two", HARVEST)))
    (folder / "a.eml").write_bytes(f"Subject: The zep\u200bpelin\n\n{ZEPPELIN}\n".encode())
    assert counts(corpus.sync(folder)) == {"added": 3}
    assert sorted(a.title for a in corpus.articles()) == ["B\ufffdad", "On two", "The zeppelin"]
    assert counts(corpus.sync(folder)) == {"unchanged": 3}


def test_an_added_text_may_say_anything_of_itself(corpus: Corpus) -> None:
    added = corpus.add(ENVOYS, title="\x00Ta\u200blks \ud800", author="A\x00n\ud800", source="\ud800", url="x\ud800")
    found = (added.title, added.author, added.source, added.url)
    assert found == ("Talks \ufffd", "An\ufffd", "\ufffd", "x\ufffd")
    assert corpus.article(added.id) == added and corpus.verify() == []


@pytest.mark.parametrize("id", ["x\ud800", b"x", ["x"], 0])
def test_what_cannot_be_an_id_stores_nothing(corpus: Corpus, id: Any) -> None:
    with pytest.raises(SourceError, match="cannot be an id"):
        corpus.add(ENVOYS, title="Talks", id=id)
    assert corpus.articles() == []


def test_s11_another_reader_reads_every_file_again(
    corpus: Corpus, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / "a.txt", ENVOYS)
    write(folder / "wire.jsonl", rows(("two", HARVEST)))
    corpus.sync(folder)
    monkeypatch.setattr(prepare, "READER_VERSION", document.READER_VERSION + 1)
    assert counts(corpus.sync(folder)) == {"changed": 2}
    assert counts(corpus.sync(folder)) == {"unchanged": 2}
