"""Counting tokens the way language models do, with tiktoken; the only file that imports it.

The vocabulary is the copy that llama-index-core carries in its package data. tiktoken would download one that
is missing or damaged, so the file is checked here before tiktoken sees it.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ModelError

if TYPE_CHECKING:
    from tiktoken import Encoding

VOCABULARY = "cl100k_base"
_FILE = "9b5ad71b2ce5302211f9c61530b329a4922fc6a4"  # the name under which tiktoken's cache keeps VOCABULARY
_SHA256 = "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7"
_BLOCK = 50_000  # characters; tiktoken is slower than linear where a text has no word boundaries
_VARIABLE = "TIKTOKEN_CACHE_DIR"
_LOCK = threading.Lock()


def count(text: str) -> int:
    """Return how many tokens a text has; `count("<|endoftext|>")` is 7, since markup is only text here.

    A text above 50,000 characters is counted in blocks, cut before white space where there is any, so that the
    time stays in proportion to its length. The sum can differ from the exact count by a token or two a block.

    Raises:
        ModelError: the vocabulary is missing or damaged.
    """
    encoding = _encoding()
    return sum(len(encoding.encode(block, disallowed_special=())) for block in _blocks(text))


def _blocks(text: str) -> Iterator[str]:
    """Yield the text in order, cut before white space, where tokens begin; `"".join` of it is the text."""
    start = 0
    while len(text) - start > _BLOCK:
        limit = start + _BLOCK
        cut = max(text.rfind(" ", start + 1, limit), text.rfind("\n", start + 1, limit))
        end = cut if cut > start else limit
        yield text[start:end]
        start = end
    yield text[start:]


@cache
def _encoding() -> Encoding:
    import tiktoken

    folder = _folder()
    _check(folder / _FILE)
    with _LOCK, _cache_dir(folder):
        return tiktoken.get_encoding(VOCABULARY)


def _folder() -> Path:
    """Return where llama-index-core keeps vocabularies, without importing it."""
    spec = find_spec("llama_index.core")
    if spec is None or spec.origin is None:
        raise ModelError("llama-index-core is not installed. Run: pip install llama-index-core")
    return Path(spec.origin).parent / "_static" / "tiktoken_cache"


def _check(path: Path) -> None:
    try:
        intact = hashlib.sha256(path.read_bytes()).hexdigest() == _SHA256
    except OSError:
        intact = False
    if not intact:
        raise ModelError(
            f"The token vocabulary {VOCABULARY} is missing or damaged at {path}. "
            "Reinstall it: pip install --force-reinstall --no-deps llama-index-core"
        )


@contextmanager
def _cache_dir(folder: Path) -> Iterator[None]:
    """Point tiktoken at a folder, and put the environment back afterwards."""
    before = os.environ.get(_VARIABLE)
    os.environ[_VARIABLE] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[_VARIABLE]
        else:
            os.environ[_VARIABLE] = before
