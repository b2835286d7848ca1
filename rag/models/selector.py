"""The selector: the reader's network trained once more, on the best sentences of all passages side by side.

One pass over a sheet (`rag/models/sheet.py`) gives for each sentence whether it answers, and whether any does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.models import onnx
from rag.models.pairs import means
from rag.models.reader import Selection
from rag.models.sheet import Group, lay


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
        count = sum(len(group.sentences) for group in groups)
        return Selection(answerable=float(judged[1]), sentences=means(tokens[:, 0], sheet.numbers, count))
