"""The selector: the reader's network trained once more, on the best sentences of all passages side by side.

One pass over a sheet (`rag/models/sheet.py`) gives for each sentence whether it answers, and whether any does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.models import onnx
from rag.models.reader import Selection
from rag.models.sheet import Group, Sheet, lay

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, kw_only=True)
class SelectorFiles:
    """Where the selector lies, what it must be, and its calibration."""

    model: Path
    tokenizer: Path
    sha256: str
    tokenizer_sha256: str
    confidence: tuple[float, float, float]
    """What the surest passage's log odds and the sheet's count for the confidence of an answer, and the intercept."""


class Selector:
    """Reads the best sentences side by side; loads on first use and is safe to share between threads."""

    def __init__(self, files: SelectorFiles) -> None:
        self._files = files
        self._network = onnx.Network(files)

    def log_odds(self, surest: float, selected: float) -> float:
        """Return how likely it is, as log odds, that the articles answer."""
        first, second, intercept = self._files.confidence
        return first * surest + second * selected + intercept

    def select(self, question: str, groups: Sequence[Group]) -> Selection:
        """Return what the network says of each sentence, by its number, and of all of them.

        Raises:
            ModelError: a model file is missing or not the one that was shipped.
            BackendError: onnxruntime failed, or the network gave no number.
        """
        tokenizer, session = self._network.load()
        sheet = lay(tokenizer, question, groups)
        judged, tokens = onnx.run_pair(session, sheet.ids, sheet.second)
        return Selection(
            answerable=float(judged[1]),
            sentences=_means(tokens[:, 0], sheet, sum(len(group.sentences) for group in groups)),
        )


def _means(values: np.ndarray[Any, np.dtype[np.float32]], sheet: Sheet, count: int) -> tuple[float | None, ...]:
    """Return the mean over each sentence's pieces, None for a sentence without any."""
    numbers = np.array(sheet.numbers)
    inside = numbers >= 0
    sums = np.bincount(numbers[inside], weights=values[inside], minlength=count)
    sizes = np.bincount(numbers[inside], minlength=count)
    return tuple(float(s / n) if n else None for s, n in zip(sums, sizes, strict=True))
