"""What every ONNX model needs: its files checked, its tokenizer and session opened the same way."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import ModelError
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


def cpus() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
