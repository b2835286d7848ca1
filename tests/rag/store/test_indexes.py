"""The two indexes: both are disposable, follow the ledger, and keep to what a filter lets through."""

import multiprocessing
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rag.records import Article
from rag.store import dense as dense_module
from rag.store.check_generation import check
from rag.store.dense import DenseIndex
from rag.store.ledger import Draft, Ledger, Origin
from rag.store.lexical import LexicalIndex

WORDS = ("hotline", "ferry", "budget", "zeppelin", "treaty", "harvest")


def unit(place: int) -> np.ndarray:
    vector = np.full(8, 0.1, dtype=np.float32)
    vector[place] = 1
    return vector / np.linalg.norm(vector)


def put(ledger: Ledger, place: int) -> None:
    text = f"The {WORDS[place]} was discussed."
    article = Article(id=WORDS[place], title=f"On the {WORDS[place]}", chars=len(text), sha256="")
    draft = Draft(start=0, end=len(text), heading=None, kind="text", vector_key=WORDS[place])
    ledger.put(article, text, Origin(root=None, file_sha256=""), [draft], {WORDS[place]: unit(place)})


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """Six passages, numbered from 1, each with a word and a direction of its own."""
    opened = Ledger(tmp_path / "ledger.sqlite")
    for place in range(6):
        put(opened, place)
    yield opened
    opened.close()


@pytest.fixture
def dense(tmp_path: Path, ledger: Ledger) -> DenseIndex:
    index = DenseIndex(tmp_path / "dense", ledger)
    index.publish()
    return index


@pytest.fixture
def lexical(tmp_path: Path, ledger: Ledger) -> LexicalIndex:
    index = LexicalIndex(tmp_path / "lexical", ledger)
    index.catch_up()
    return index


def serials(folder: Path) -> list[str]:
    return sorted(path.name[:10] for path in folder.glob("gen-*"))


def test_the_nearest_vector_comes_first(dense: DenseIndex) -> None:
    assert dense.search(unit(2), 1) == [3]
    assert len(dense.search(unit(2), 10)) == 6


def test_published_exact_and_mixed_search_agree(tmp_path: Path, ledger: Ledger, dense: DenseIndex) -> None:
    exact = DenseIndex(tmp_path / "never published", ledger)
    assert dense.search(unit(4), 1) == exact.search(unit(4), 1) == [5]
    ledger.remove([WORDS[4]])
    put(ledger, 4)  # the same text under a new number, which no generation holds
    assert dense.search(unit(4), 1) == exact.search(unit(4), 1) == [7]
    assert 5 not in dense.search(unit(4), 10)


def test_filtered_search_is_exact(dense: DenseIndex, lexical: LexicalIndex) -> None:
    within = np.array([1, 4], dtype=np.int64)
    assert dense.search(unit(3), 10, within) == [4, 1]
    assert lexical.search("was discussed hotline ferry", 10, within) == [1, 4]


def test_a_filter_and_no_filter_in_turn_read_the_vectors_once(
    ledger: Ledger, dense: DenseIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_again, read = ledger.vectors, []
    monkeypatch.setattr(ledger, "vectors", lambda **given: read.append(given) or put_again(**given))
    within = np.array([2, 3])
    for _ in range(3):
        assert dense.search(unit(1), 1, within) == dense.search(unit(1), 1) == [2]
    assert read == [{"after": 0}]


def test_a_small_change_needs_no_new_generation(ledger: Ledger, dense: DenseIndex) -> None:
    put(ledger, 0)  # the same article again, under a new number
    assert not dense.stale()
    assert dense.published() is not None


def test_what_is_removed_leaves_every_generation(tmp_path: Path, ledger: Ledger, dense: DenseIndex) -> None:
    dense.publish()
    ledger.remove([WORDS[0]])
    generation = dense.published()
    assert generation is not None and dense.holds_removed(generation) and dense.stale()
    dense.publish()
    vector = unit(0).tobytes()
    assert not any(vector in path.read_bytes() for path in (tmp_path / "dense").rglob("*") if path.is_file())
    assert serials(tmp_path / "dense") == ["gen-000003"]
    ledger.remove(WORDS)
    dense.publish()
    assert not (tmp_path / "dense").exists() and dense.search(unit(2), 3) == []


def test_many_changes_do(ledger: Ledger, dense: DenseIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense_module, "STALE_ROWS", 1)
    ledger.remove(WORDS[:2])
    assert dense.stale()


def test_one_older_generation_is_kept(tmp_path: Path, dense: DenseIndex) -> None:
    for _ in range(3):
        dense.publish()
    assert serials(tmp_path / "dense") == ["gen-000003", "gen-000004"]
    assert dense.check() is None


def test_a_corpus_that_was_emptied_is_filled_again(tmp_path: Path, ledger: Ledger, dense: DenseIndex) -> None:
    reader = DenseIndex(dense.folder, ledger)
    assert dense.search(unit(2), 1) == reader.search(unit(2), 1) == [3]  # another reader's client stays open
    before = dense.published()
    ledger.remove(WORDS)
    dense.publish()
    put(ledger, 4)
    dense.publish()
    after = dense.published()
    assert before and after and before.name != after.name and serials(tmp_path / "dense") == ["gen-000001"]
    assert dense._query(after, unit(4), 1)[0][0] == reader._query(after, unit(4), 1)[0][0] == 7


def test_a_generation_of_an_older_release_is_asked_and_followed(tmp_path: Path, dense: DenseIndex) -> None:
    folder, pointer = tmp_path / "dense", tmp_path / "dense" / "current.json"
    generation = dense.published()
    assert generation is not None
    (folder / generation.name).rename(folder / "gen-000001")
    pointer.write_text(pointer.read_text().replace(generation.name, "gen-000001"))
    old = dense.published()
    assert old is not None and dense._query(old, unit(2), 1)[0][0] == 3
    dense.publish()
    assert serials(folder) == ["gen-000001", "gen-000002"]


def handles(folder: Path) -> int:
    """Count the open files of a folder, also those that were deleted."""
    descriptors = Path("/proc/self/fd")
    links = [os.readlink(path) for path in descriptors.iterdir() if path.is_symlink()]
    return sum(link.startswith(str(folder)) for link in links)


def given_back(folder: Path) -> bool:
    """Wait until none of its files is open: threads of Chroma's close them."""
    end = time.monotonic() + 5
    while handles(folder) and time.monotonic() < end:
        time.sleep(0.01)
    return not handles(folder)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="there is no list of open files")
def test_what_was_asked_is_given_back(dense: DenseIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense_module, "_checked_by_child", lambda folder, rows: None)
    dense.search(unit(2), 1)
    before = dense.published()
    dense.publish()
    dense.search(unit(2), 1)
    generation = dense.published()
    assert before and generation and handles(dense.folder / generation.name) > 0
    assert given_back(dense.folder / before.name)
    with dense._collection(generation) as collection:
        dense.drop()
        assert collection.count() == 6  # whoever is asking may finish
    assert given_back(dense.folder)
    assert dense.search(unit(2), 1) == [3]
    dense.publish()
    dense.search(unit(2), 1)
    dense.close()
    assert given_back(dense.folder)


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="there is no fork")
def test_a_forked_process_answers_and_removes(ledger: Ledger, dense: DenseIndex) -> None:
    def work() -> None:
        assert dense.search(unit(2), 1) == [3]
        own = Ledger(ledger.path)
        own.remove([WORDS[2]])
        index = DenseIndex(dense.folder, own)
        index.publish()  # Chroma cannot build in it, but what was removed must go
        assert index.published() is None and index.search(unit(3), 1) == [4]
        dense.close()

    assert dense.search(unit(2), 1) == [3]  # starts Chroma's threads, which the fork will lack
    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    child.join(timeout=30)
    code = child.exitcode
    child.kill()
    assert code == 0
    assert dense.search(unit(3), 1) == [4]


FORK = """
import os, signal, sys
from pathlib import Path
import numpy as np
from rag.store.dense import DenseIndex
from rag.store.ledger import Ledger
index = DenseIndex(Path(sys.argv[1]), Ledger(Path(sys.argv[2])))
assert index.search(np.eye(8, dtype=np.float32)[2], 1) == [3]
if child := os.fork():
    sys.exit(os.waitpid(child, 0)[1])
signal.alarm(20)  # ends it with another status when it waits for what its parent had opened
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_forked_process_ends_as_any_other(ledger: Ledger, dense: DenseIndex) -> None:
    command = [sys.executable, "-c", FORK, str(dense.folder), str(ledger.path)]
    assert subprocess.run(command, timeout=60, check=False).returncode == 0


def test_a_generation_that_does_not_read_back_is_not_published(
    dense: DenseIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dense.published()
    monkeypatch.setattr(dense_module, "_checked_by_child", lambda folder, rows: "row 3 does not find itself")
    dense.publish()
    monkeypatch.undo()
    assert dense.published() == before and dense.search(unit(2), 1) == [3]


def test_a_closed_generation_is_checked_row_by_row(tmp_path: Path, dense: DenseIndex) -> None:
    generation = dense.published()
    assert generation is not None
    assert check(tmp_path / "dense" / generation.name, 6) is None
    assert check(tmp_path / "dense" / generation.name, 7) == "6 rows instead of 7"


def test_many_near_copies_do_not_stop_a_sync(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "copies.sqlite")
    noise = np.random.default_rng(7).normal(0, 0.01, (300, 8)).astype(np.float32)
    for number, row in enumerate(noise):
        vector = (unit(1) + row) / np.linalg.norm(unit(1) + row)
        article = Article(id=str(number), title="Copy", chars=4, sha256="")
        draft = Draft(start=0, end=4, heading=None, kind="text", vector_key=str(number))
        ledger.put(article, "Copy", Origin(root=None, file_sha256=""), [draft], {str(number): vector})
    index = DenseIndex(tmp_path / "copies", ledger)
    index.publish()
    assert index.published() is not None and len(index.search(unit(1), 10)) == 10
    ledger.close()


def test_a_missing_pointer_means_exact_search(tmp_path: Path, dense: DenseIndex) -> None:
    (tmp_path / "dense" / "current.json").write_text("{", encoding="utf-8")
    assert dense.published() is None and dense.stale()
    assert dense.search(unit(2), 1) == [3]


def test_words_are_found_by_stem_and_title(lexical: LexicalIndex) -> None:
    assert lexical.search("budgets", 3)[0] == 3
    assert lexical.search("nothing of the kind", 3) == []


@pytest.mark.parametrize("question", ['"ferry', "ferry AND (", "ferry* ~2 ^9", "body:ferry", "FERRY\\"])
def test_no_character_is_an_operator(lexical: LexicalIndex, question: str) -> None:
    assert lexical.search(question, 1) == [2]


def test_the_lexical_index_follows_the_ledger(ledger: Ledger, lexical: LexicalIndex) -> None:
    assert not lexical.behind()
    ledger.remove([WORDS[1]])
    put(ledger, 1)
    assert lexical.behind()
    lexical.catch_up()
    assert not lexical.behind()
    assert lexical.numbers().tolist() == ledger.numbers().tolist() == [1, 3, 4, 5, 6, 7]
    assert lexical.search("ferry", 5) == [7]


def test_no_file_that_held_what_was_removed_is_left(tmp_path: Path, ledger: Ledger, lexical: LexicalIndex) -> None:
    def segments() -> set[str]:
        return {path.name for path in (tmp_path / "lexical").iterdir() if re.match("[0-9a-f]{32}", path.name)}

    before = segments()
    put(ledger, 0)  # a change leaves the old words until the next merge
    lexical.catch_up()
    assert segments() & before
    ledger.remove(["zeppelin"])
    lexical.catch_up()
    assert not segments() & before
    assert lexical.search("zeppelin", 1) == [] and lexical.search("budget", 1) == [3]


def test_a_damaged_lexical_index_is_not_opened_and_made_anew(
    tmp_path: Path, ledger: Ledger, lexical: LexicalIndex
) -> None:
    store = max((tmp_path / "lexical").iterdir(), key=lambda path: path.stat().st_size)
    store.write_bytes(b"\0" * store.stat().st_size)
    again = LexicalIndex(tmp_path / "lexical", ledger)
    assert again.search("ferry", 1) == [] and again.behind()
    again.catch_up()
    assert again.search("ferry", 1) == [2] and not again.behind()


def test_a_reader_sees_that_another_process_mended_the_lexical_index(
    tmp_path: Path, ledger: Ledger, lexical: LexicalIndex
) -> None:
    store = max((tmp_path / "lexical").iterdir(), key=lambda path: path.stat().st_size)
    store.write_bytes(b"\0" * store.stat().st_size)
    reader = LexicalIndex(tmp_path / "lexical", ledger)
    assert reader.search("ferry", 1) == []
    LexicalIndex(tmp_path / "lexical", ledger).catch_up()
    assert reader.search("ferry", 1) == [2]


@pytest.mark.parametrize("name", ["meta.json", "*.pos", "*.store"])
def test_a_lexical_index_that_lacks_a_file_is_made_anew(
    tmp_path: Path, ledger: Ledger, lexical: LexicalIndex, name: str
) -> None:
    next((tmp_path / "lexical").glob(name)).unlink()
    again = LexicalIndex(tmp_path / "lexical", ledger)
    assert again.search("ferry", 1) == [] and again.behind()
    again.catch_up()
    assert not again.behind() and again.search("ferry", 1) == lexical.search("ferry", 1) != []


def test_a_dropped_index_is_made_anew(ledger: Ledger, lexical: LexicalIndex) -> None:
    lexical.drop()
    assert lexical.numbers().tolist() == [] and lexical.search("ferry", 1) == []
    lexical.catch_up()
    assert lexical.search("ferry", 1) == [2]
