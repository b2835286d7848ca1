"""Text to vector: the small local model, a fake without one, and the table that names them.

`load("onnx:minilm").embed(["a text"])` is an array of shape (1, 384) whose rows have length 1, so the dot
product of two rows is their cosine similarity. Nothing is ever downloaded. Texts are never batched: dynamic
quantisation scales a whole tensor at once, so a text's vector would depend on its neighbours in the batch.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.errors import BackendError, ModelError
from rag.models import onnx

if TYPE_CHECKING:
    from tokenizers import Tokenizer

DEFAULT = "onnx:minilm"
Vectors = NDArray[np.float32]
OnProgress = Callable[[int, int], None]

_FOLDER = Path(__file__).parent
_CHARS_PER_TOKEN = 100  # no token of the vocabulary is longer, so what lies beyond is truncated anyway
_WINDOW = 256  # texts handed to the threads at a time: bounds the queue, and the wait after Ctrl-C
_MOST_THREADS = 8


class Embedder(Protocol):
    """Turns texts into vectors of length 1; safe to share between threads."""

    @property
    def name(self) -> str:
        """How `load` knows it, `kind:name`."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def sha256(self) -> str:
        """Hex digest of everything that shapes a vector; vectors of two digests do not mix."""

    def embed(self, texts: Sequence[str], *, on_progress: OnProgress | None = None) -> Vectors:
        """Return one row per text, float32, shape (len(texts), dimension).

        `on_progress` is called with (done, total) in the caller's thread; an exception it raises cancels.
        """


@dataclass(frozen=True, kw_only=True)
class ModelFiles:
    """Where a model lies and what it must be."""

    model: Path
    """The ONNX file, with pooling and normalisation inside."""
    tokenizer: Path
    """The tokenizer, in the format of the `tokenizers` library."""
    sha256: str
    """Expected digest of `model`."""
    tokenizer_sha256: str
    """Expected digest of `tokenizer`."""
    dimension: int
    """Length of a vector."""
    max_tokens: int
    """Longest input, the two boundary tokens included; the rest of a text is ignored."""


def shipped(folder: Path = _FOLDER) -> ModelFiles:
    """Return the files of the embedder in this package, as `models.json` records them.

    Raises:
        ModelError: `models.json` is missing or unreadable.
    """
    try:
        entry = json.loads((folder / "models.json").read_text("utf-8"))["embedder"]
        return ModelFiles(
            model=folder / entry["file"],
            tokenizer=folder / entry["tokenizer"],
            sha256=entry["sha256"],
            tokenizer_sha256=entry["tokenizer_sha256"],
            dimension=entry["dimension"],
            max_tokens=entry["max_tokens"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder / 'models.json'} is not readable ({error}). {onnx.REINSTALL}") from error


class OnnxEmbedder:
    """all-MiniLM-L6-v2 in int8 under onnxruntime, on the CPU (`embedder.md` is its card).

    Loads on first use. A text longer than `max_tokens` is cut there; an empty text has the vector of the two
    boundary tokens, which is of length 1 like any other; what looks like a special token is plain text.
    """

    name = DEFAULT

    def __init__(self, files: ModelFiles | None = None, *, threads: int | None = None) -> None:
        self._files = files or shipped()
        self._threads = threads or min(onnx.cpus(), _MOST_THREADS)
        self._network = onnx.Network(self._files, most=self._files.max_tokens)
        shape = f"{self._files.sha256};{self._files.tokenizer_sha256};{self._files.max_tokens}"
        self.dimension = self._files.dimension
        self.sha256 = hashlib.sha256(shape.encode()).hexdigest()

    def embed(self, texts: Sequence[str], *, on_progress: OnProgress | None = None) -> Vectors:
        """Return one row per text (see `Embedder.embed`).

        Raises:
            ModelError: a model file is missing or not the one that we shipped.
            BackendError: onnxruntime failed.
        """
        vectors = np.empty((len(texts), self.dimension), np.float32)
        if not texts:
            return vectors
        tokenizer, session = self._network.load()

        def one(text: str) -> Vectors:
            return _run(session, _encode(tokenizer, text, self._files.max_tokens))

        pool = ThreadPoolExecutor(min(self._threads, len(texts)), thread_name_prefix="embed")
        try:
            for start in range(0, len(texts), _WINDOW):
                for row, vector in enumerate(pool.map(one, texts[start : start + _WINDOW]), start):
                    vectors[row] = vector
                    if on_progress:
                        on_progress(row + 1, len(texts))
        finally:
            pool.shutdown(cancel_futures=True)
        return vectors


class HashingEmbedder:
    """A fake that needs no model: words, hashed and counted. Same words, same vector.

    For tests and demonstrations; it knows no synonyms. A text without a word has a fixed vector.
    """

    name = "fake:hash"
    dimension = 256
    sha256 = hashlib.sha256(b"fake:hash;256;1").hexdigest()

    def embed(self, texts: Sequence[str], *, on_progress: OnProgress | None = None) -> Vectors:
        """Return one row per text (see `Embedder.embed`)."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()) or [""]:
                digest = hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=2).digest()
                vectors[row, int.from_bytes(digest) % self.dimension] += 1
            vectors[row] /= np.linalg.norm(vectors[row])
            if on_progress:
                on_progress(row + 1, len(texts))
        return vectors


_TABLE: Mapping[str, Callable[[], Embedder]] = {DEFAULT: OnnxEmbedder, HashingEmbedder.name: HashingEmbedder}


@cache
def load(name: str = DEFAULT) -> Embedder:
    """Return the embedder of this name, one for all who ask; its model is read on first use.

    Raises:
        ModelError: no embedder has this name.
    """
    if name in _TABLE:
        return _TABLE[name]()
    close = difflib.get_close_matches(name, _TABLE, n=1, cutoff=0.4)
    hint = f"Did you mean {close[0]!r}?" if close else f"Known: {', '.join(_TABLE)}."
    raise ModelError(f"No embedder is called {name!r}. {hint}")


def _encode(tokenizer: Tokenizer, text: str, max_tokens: int) -> NDArray[np.int64]:
    """Return the token ids of a text, shape (1, tokens); half of a surrogate pair counts as a question mark."""
    head = text[: max_tokens * _CHARS_PER_TOKEN].encode("utf-8", "replace").decode("utf-8")
    return np.array([tokenizer.encode(head).ids], np.int64)


def _run(session: Any, ids: NDArray[np.int64]) -> Vectors:
    feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    try:
        vector: Vectors = session.run(None, feeds)[0][0]
    except Exception as error:  # onnxruntime's errors share no base class of their own
        raise BackendError(f"The embedder failed: {error}", retryable=False) from error
    return vector
