"""What every ONNX model needs: its files checked, its tokenizer and session opened the same way."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.errors import BackendError, ModelError
from rag.quiet import silence

if TYPE_CHECKING:
    from tokenizers import Tokenizer

silence()

REINSTALL = "In a clone: git checkout -- rag/models. Else reinstall: pip install --force-reinstall --no-deps FOLDER."


def check(path: Path, sha256: str) -> None:
    """Make sure that a file is the one that was shipped.

    Raises:
        ModelError: it cannot be read, or is another one.
    """
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(f"The model file {path} cannot be read ({error.strerror}). {REINSTALL}") from error
    if found != sha256:
        raise ModelError(f"The model file {path} is not the one that was shipped. {REINSTALL}")


def tokenizer(path: Path) -> Tokenizer:
    """Return a tokenizer that neither pads nor truncates, and takes `[SEP]` in a text for plain text."""
    from tokenizers import Tokenizer

    found = Tokenizer.from_file(str(path))
    found.no_padding()
    found.no_truncation()
    found.encode_special_tokens = True
    return found


def session(model: Path) -> Any:
    """Return an onnxruntime session on one thread; several threads may run it at once."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


class Files(Protocol):
    """Where a network lies, and what it must be."""

    @property
    def model(self) -> Path: ...
    @property
    def tokenizer(self) -> Path: ...
    @property
    def sha256(self) -> str: ...
    @property
    def tokenizer_sha256(self) -> str: ...


class Network:
    """A graph and its tokenizer: checked and loaded on first use, safe to share between threads."""

    def __init__(self, files: Files, *, most: int | None = None) -> None:
        """`most` is how many word pieces of a text are taken; None for all."""
        self._files = files
        self._most = most
        self._lock = threading.Lock()
        self._loaded: tuple[Tokenizer, Any] | None = None

    def load(self) -> tuple[Tokenizer, Any]:
        """Return the tokenizer and the session.

        Raises:
            ModelError: a file is missing or not the one that was shipped.
        """
        with self._lock:
            if self._loaded is None:
                check(self._files.model, self._files.sha256)
                check(self._files.tokenizer, self._files.tokenizer_sha256)
                words = tokenizer(self._files.tokenizer)
                if self._most is not None:
                    words.enable_truncation(self._most)
                self._loaded = words, session(self._files.model)
            return self._loaded


def run_pair(session: Any, ids: Sequence[int], second: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Run a graph of `tools/reader/export.py` on one pair whose second segment begins at `second`.

    Return the pair's logits and, for each word piece, those of evidence, start and end.

    Raises:
        BackendError: onnxruntime failed, or the network gave no number.
    """
    given = np.array([ids], np.int64)
    kinds = np.ones_like(given)
    kinds[0, :second] = 0
    try:
        judged, tokens = session.run(None, {"input_ids": given, "token_type_ids": kinds})
    except Exception as error:  # onnxruntime's errors share no base class of their own
        raise BackendError(f"The reader failed: {error}", retryable=False) from error
    if not (np.isfinite(judged).all() and np.isfinite(tokens).all()):
        raise BackendError(f"The reader gave no number: its file may be damaged. {REINSTALL}")
    return judged[0], tokens[0]


def cpus() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
