import sqlite3
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest

from rag.errors import CorpusError, LockedError, UserError
from rag.records import Article, Filter
from rag.store.ledger import Draft, Ledger, Origin

TEXT = "Talks stopped. They resume in October."


def article(id: str = "a", **fields: object) -> Article:
    return Article(**({"id": id, "title": id.upper(), "chars": len(TEXT), "sha256": f"of {id}"} | fields))  # type: ignore[arg-type]


def put(ledger: Ledger, record: Article, key: str = "k") -> None:
    draft = Draft(start=15, end=38, heading="Next", kind="text", vector_key=key)
    ledger.put(record, TEXT, Origin(root="r", file_sha256="f"), [draft], {key: np.array([1, 0], dtype=np.float32)})


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger(tmp_path / "ledger.sqlite")
    yield opened
    opened.close()


def test_what_was_put_comes_back(ledger: Ledger) -> None:
    record = article(path="/x/a.md", author="Lind", published=date(2023, 7, 10), source="Wire", language="en")
    put(ledger, record)
    assert ledger.article("a") == record
    assert ledger.text("a") == TEXT
    (number,) = ledger.numbers().tolist()
    passage, owner = ledger.passages([number])[number]
    assert (passage.text, passage.heading, owner) == ("They resume in October.", "Next", record)
    assert passage.text == TEXT[passage.start : passage.end]
    assert ledger.passages_of("a") == [passage] and ledger.passages_of("b") == []
    assert ledger.vectors()[1].tolist() == [[1.0, 0.0]]


def test_a_new_version_gets_new_numbers(ledger: Ledger) -> None:
    put(ledger, article())
    before = ledger.numbers().tolist()
    put(ledger, article(title="Changed"))
    after = ledger.numbers().tolist()
    assert len(after) == 1 and after > before
    assert ledger.passages(before) == {}


def test_removing_leaves_no_passage_and_no_vector(ledger: Ledger) -> None:
    put(ledger, article("a"), key="shared")
    put(ledger, article("b"), key="shared")
    ledger.remove(["a"])
    assert ledger.counts() == {"articles": 1, "passages": 1, "vectors": 1}
    ledger.remove(["b"])
    assert ledger.counts() == {"articles": 0, "passages": 0, "vectors": 0}


def test_a_failed_write_changes_nothing(ledger: Ledger) -> None:
    put(ledger, article())
    revision = ledger.revision
    orphan = Draft(start=0, end=1, heading=None, kind="text", vector_key="has no vector")
    with pytest.raises(sqlite3.IntegrityError):
        ledger.put(article(title="New"), TEXT, Origin(root=None, file_sha256="f"), [orphan], {})
    found = ledger.article("a")
    assert found is not None and found.title == "A"
    assert ledger.revision == revision


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        (Filter(published_from="2023-01-01"), ["new"]),
        (Filter(published_to=date(2022, 5, 1)), ["old"]),
        (Filter(source="ÉCHO"), ["old"]),
        (Filter(author="lind"), ["new"]),
        (Filter(article_ids=("old", "none")), ["old"]),
        (Filter(path_prefix="/x"), ["new"]),
        (Filter(language="fr"), ["old"]),
        (Filter(), ["new", "old", "undated"]),
        (Filter(source="%"), []),
        (Filter(source="E\u0301CHO"), ["old"]),
        (Filter(author="\udcff"), []),
        (Filter(article_ids=("\ud800", "old")), ["old"]),
        (Filter(article_ids=("old", *map(str, range(300_000)))), ["old"]),
    ],
)
def test_filters(ledger: Ledger, where: Filter, ids: list[str]) -> None:
    put(ledger, article("new", published=date(2023, 7, 10), author="Mara Lind", path="/x/new.md"))
    put(ledger, article("old", published=date(2022, 5, 1), source="L'Écho", language="fr"))
    put(ledger, article("undated"))
    assert [a.id for a in ledger.articles(where)] == ids
    assert len(ledger.numbers(where)) == len(ids)


def test_no_article_has_half_a_character_for_an_id(ledger: Ledger) -> None:
    assert ledger.article("\ud800") is None and ledger.text("\udcff") is None


def test_a_date_that_is_none_is_named(ledger: Ledger) -> None:
    with pytest.raises(UserError, match="'July' is not a date"):
        ledger.articles(Filter(published_from="July"))


def test_what_is_not_a_ledger_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(CorpusError, match="cannot be used"):
        Ledger(path)
    assert path.read_bytes().startswith(b"not a database")


def test_a_ledger_that_another_process_holds_is_not_called_damaged(ledger: Ledger) -> None:
    ledger._db.execute("PRAGMA busy_timeout = 0")
    other = sqlite3.connect(ledger.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")  # as while a large ledger of an older release is brought up
    with pytest.raises(LockedError, match="try again in a moment"):
        ledger.articles()
    other.close()
    assert ledger.articles() == []


def test_a_file_that_cannot_be_looked_at_is_not_called_damaged(ledger: Ledger) -> None:
    ledger._db.execute("PRAGMA busy_timeout = 0")
    other = sqlite3.connect(ledger.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(LockedError, match="try again in a moment"):
        ledger.check()
    other.close()
    assert ledger.check() is None
    ledger.close()
    with pytest.raises(CorpusError, match="has been closed: open it again"):
        ledger.check()


def test_a_ledger_that_may_not_be_opened_says_what_to_check(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"may not be read from here .*: check its owner and permissions"):
        Ledger(tmp_path)  # a folder; a test may be run by root, who may read any file


def test_a_broken_page_is_called_damage(ledger: Ledger) -> None:
    put(ledger, article())
    ledger.close()
    pages = ledger.path.read_bytes()
    ledger.path.write_bytes(pages[:4096] + b"\xff" * (len(pages) - 4096))
    broken = Ledger(ledger.path)
    assert "malformed" in str(broken.check())
    with pytest.raises(CorpusError, match="Keep the file, open a new corpus folder"):
        broken.articles()
    broken.close()


@pytest.mark.parametrize(
    ("where", "limit"),
    [(Filter(source=5), None), (Filter(language=["en"]), None), (None, "x")],  # type: ignore[arg-type]
)
def test_a_wrong_argument_is_not_blamed_on_the_file(ledger: Ledger, where: Filter | None, limit: int | None) -> None:
    put(ledger, article(source="Wire"))
    with pytest.raises(UserError, match="of the wrong type") as caught:
        ledger.articles(where, limit=limit)
    assert not isinstance(caught.value, CorpusError)


def test_a_reader_that_does_not_let_go_is_named_and_nothing_is_written(ledger: Ledger) -> None:
    put(ledger, article())
    ledger._db.execute("PRAGMA busy_timeout = 0")
    other = sqlite3.connect(ledger.path, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM articles").fetchall()  # its lock lets a write begin, but not end
    with pytest.raises(LockedError, match="in use by another process: try again in a moment"):
        ledger.remove(["a"])
    other.close()
    assert ledger.article("a") is not None
    ledger.remove(["a"])
    assert ledger.article("a") is None


def test_a_day_may_be_given_with_its_hour(ledger: Ledger) -> None:
    put(ledger, article(published=date(2023, 7, 10)))
    noon = datetime(2023, 7, 10, 12)
    assert len(ledger.articles(Filter(published_from=noon, published_to=noon))) == 1


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    Ledger(tmp_path / "ledger.sqlite").close()
    db = sqlite3.connect(tmp_path / "ledger.sqlite")
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(CorpusError, match="newer release"):
        Ledger(tmp_path / "ledger.sqlite")


def test_a_ledger_that_may_not_be_written_is_said_in_one_line(ledger: Ledger) -> None:
    ledger._db.execute("PRAGMA query_only = ON")
    with pytest.raises(CorpusError, match="may not be written from here"):
        put(ledger, article())


def test_a_write_to_a_damaged_ledger_is_said_in_one_line(ledger: Ledger, tmp_path: Path) -> None:
    put(ledger, article())
    ledger.close()
    path = tmp_path / "ledger.sqlite"
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + bytes(len(whole) - 8192))
    damaged = Ledger(path)
    with pytest.raises(CorpusError, match="Keep the file"):
        damaged.sweep()
    damaged.close()
