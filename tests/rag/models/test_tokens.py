from __future__ import annotations

import os
from pathlib import Path

import pytest

from rag.errors import ModelError
from rag.models import tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("hello world", 2),
        ("Hello, world!", 4),  # Hello | , | world | !
        ("<|endoftext|>", 7),  # < | | | end | of | text | | | >, not the one special token
        ("1234567", 3),  # digits go in threes
        ("\ud800 x", 2),  # half of a surrogate pair is one replacement character
    ],
)
def test_counts_by_hand(text: str, expected: int) -> None:
    assert tokens.count(text) == expected


def test_blocks_do_not_change_the_count_of_words() -> None:
    text = "hello world " * 20_000
    assert len(text) > 4 * tokens._BLOCK
    assert tokens.count(text) == 2 * 20_000 + 1  # the last space is a token of its own


@pytest.mark.parametrize("text", ["a" * 120_001, "one two\n" * 20_000, "x" * 50_000, " " * 100_001])
def test_blocks_are_the_text(text: str) -> None:
    blocks = list(tokens._blocks(text))
    assert "".join(blocks) == text
    assert max(map(len, blocks)) <= tokens._BLOCK


def test_a_million_equal_letters_are_counted_block_by_block() -> None:
    assert tokens.count("a" * 1_000_000) == 125_000  # "aaaaaaaa" is one token


def test_the_environment_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens._encoding.cache_clear()
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "/nowhere")
    tokens.count("hello")
    assert os.environ["TIKTOKEN_CACHE_DIR"] == "/nowhere"
    tokens._encoding.cache_clear()
    monkeypatch.delenv("TIKTOKEN_CACHE_DIR")
    tokens.count("hello")
    assert "TIKTOKEN_CACHE_DIR" not in os.environ


@pytest.mark.parametrize("damaged", [False, True])
def test_a_missing_or_damaged_vocabulary_is_named_and_never_fetched(
    damaged: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if damaged:
        (tmp_path / tokens._FILE).write_bytes(b"IQ== 0\n")
    tokens._encoding.cache_clear()
    monkeypatch.setattr(tokens, "_folder", lambda: tmp_path)
    with pytest.raises(ModelError, match=r"missing or damaged.*llama-index-core"):
        tokens.count("hello")
    assert [path.name for path in tmp_path.glob("*")] in ([], [tokens._FILE])
