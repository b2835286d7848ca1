"""The trained reader: a small cross-encoder in int8 that ranks, quotes and refuses (`reader.md` is its card).

One pass over question and passage gives relevance, answerability (for a statement in the question's place: whether
it is supported), the evidence of each word piece, which is averaged over sentences, and the first and last piece of
the shortest answer. One pair a run: dynamic quantisation scales a whole tensor at once, so in a batch a reading would
depend on its neighbours.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError
from rag.models import onnx
from rag.models.pairs import Pieces, about, means, pieces
from rag.models.reader import Evidence, Reading, Selection
from rag.models.selector import Selector, SelectorFiles
from rag.models.sheet import Group
from rag.records import Article, Passage

_FOLDER = Path(__file__).parent
_MOST_THREADS = 8
SPAN_TOKENS = 40
"""Longest short answer."""


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """How logits become probabilities; fitted on dev questions by `tools/reader/calibrate.py`."""

    relevance: tuple[float, float]
    """Slope and intercept under the logistic function."""
    evidence: tuple[float, float]
    support: tuple[float, float]
    answerable: tuple[float, float]
    confidence: tuple[float, float]
    """Of the log odds that the surest of the passages answers."""
    span_margin: float
    """A short answer is given when its score exceeds that of no answer by this much."""
    threshold: float
    """Confidence under which a question is refused."""


_PAIRS = ("relevance", "evidence", "support", "answerable", "confidence")


@dataclass(frozen=True, kw_only=True)
class ReaderFiles:
    """Where the reader lies, what it must be, and its calibration."""

    model: Path
    tokenizer: Path
    sha256: str
    tokenizer_sha256: str
    calibration: Calibration
    selector: SelectorFiles | None = None
    """None where the sentences of several passages are not read side by side."""

    @property
    def state(self) -> str:
        """Return what changes when one of the networks does."""
        return self.sha256 + (self.selector.sha256 if self.selector else "")


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What the network says of one passage, as logits; offsets count in the passage."""

    relevance: float
    answerable: float
    support: float
    """Whether the passage supports a statement that stands in the question's place."""
    spans: tuple[tuple[int, int], ...]
    """The passage's sentences."""
    evidence: tuple[float, ...]
    """One for each sentence; minus infinity for one that was cut off."""
    span: tuple[int, int] | None
    """The best short answer; None when nothing of the passage was read."""
    margin: float
    """How much its score exceeds that of no answer."""


def shipped(folder: Path = _FOLDER) -> ReaderFiles:
    """Return the files of the reader in this package, as `models.json` records them.

    Raises:
        ModelError: `models.json` is missing or unreadable, or names no reader.
    """
    path = folder / "models.json"
    try:
        table = json.loads(path.read_text("utf-8"))
        entry, selector = table["reader"], table.get("selector")
        given = entry["calibration"]
        calibration = Calibration(
            **{name: (given[name][0], given[name][1]) for name in _PAIRS},
            span_margin=given["span_margin"],
            threshold=given["threshold"],
        )
        return ReaderFiles(
            model=folder / entry["file"],
            tokenizer=folder / entry["tokenizer"],
            sha256=entry["sha256"],
            tokenizer_sha256=entry["tokenizer_sha256"],
            calibration=calibration,
            selector=selector and _selector(folder, selector),
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise ModelError(f"{path} is not readable ({error!r}). {onnx.REINSTALL}") from error


def _selector(folder: Path, entry: Mapping[str, Any]) -> SelectorFiles:
    first, second, intercept = entry["confidence"]
    return SelectorFiles(
        model=folder / entry["file"],
        tokenizer=folder / entry["tokenizer"],
        sha256=entry["sha256"],
        tokenizer_sha256=entry["tokenizer_sha256"],
        confidence=(first, second, intercept),
    )


class CrossReader:
    """Reads question and passage together; loads on first use and is safe to share between threads."""

    name = "onnx:reader"

    def __init__(self, files: ReaderFiles | None = None, *, threads: int | None = None) -> None:
        self._files = files or shipped()
        self._threads = threads or min(onnx.cpus(), _MOST_THREADS)
        self._network = onnx.Network(self._files)
        self._selector = Selector(self._files.selector) if self._files.selector else None
        self.threshold = self._files.calibration.threshold

    def read(self, question: str, passages: Sequence[tuple[Passage, Article]]) -> list[Reading]:
        """Return one reading for each passage, in the same order.

        Raises:
            ModelError: a model file is missing or not the one that was shipped.
            BackendError: onnxruntime failed, or the network gave no number.
        """
        scans = self.scan(question, passages)
        return [
            _reading(scan, passage, self._files.calibration) for scan, (passage, _) in zip(scans, passages, strict=True)
        ]

    def confidence(self, readings: Sequence[Reading], selected: float | None = None) -> float:
        """Return how likely the passages answer, 0…1, calibrated on the one that does most surely; 0 for none.

        `selected` are the log odds that the best sentences answer, read side by side.
        """
        if not readings:
            return 0.0
        most = surest([reading.answerable for reading in readings])
        if self._selector and selected is not None:
            return _logistic(self._selector.log_odds(most, selected))
        slope, intercept = self._files.calibration.confidence
        return _logistic(slope * most + intercept)

    def select(self, question: str, groups: Sequence[Group]) -> Selection | None:
        """Return what the best sentences say side by side. Raises as `read` does."""
        return self._selector.select(question, groups) if self._selector else None

    def support(self, statement: str, quotes: Sequence[str]) -> list[float]:
        """Return for each quote how likely it supports the statement, 0…1. Raises as `read` does."""
        slope, intercept = self._files.calibration.support
        scans = self._scans(statement, [("", quote) for quote in quotes])
        return [_logistic(slope * scan.support + intercept) for scan in scans]

    def scan(self, question: str, passages: Sequence[tuple[Passage, Article]]) -> list[Scan]:
        """Return what the network says of each passage, before calibration. Raises as `read` does."""
        return self._scans(question, [(about(article), passage.text) for passage, article in passages])

    def _scans(self, question: str, read: Sequence[tuple[str, str]]) -> list[Scan]:
        """Scan each text, given with what stands before it."""
        if not read:
            return []
        tokenizer, session = self._network.load()
        pairs = [pieces(tokenizer, question, before, text) for before, text in read]
        longest_first = sorted(range(len(pairs)), key=lambda i: -len(pairs[i].ids))
        with ThreadPoolExecutor(min(self._threads, len(pairs)), thread_name_prefix="read") as pool:
            scans = dict(zip(longest_first, pool.map(lambda i: _scan(session, pairs[i]), longest_first), strict=True))
        return [scans[place] for place in range(len(pairs))]


def _scan(session: Any, pair: Pieces) -> Scan:
    judged, tokens = onnx.run_pair(session, pair.ids, pair.second)
    own = tokens[pair.first : pair.first + len(pair.offsets)]
    span, score = _best_span(own[:, 1], own[:, 2], pair.offsets)
    return Scan(
        relevance=float(judged[0]),
        answerable=float(judged[1]),
        support=float(judged[2]),
        spans=tuple(pair.spans),
        evidence=tuple(-math.inf if mean is None else mean for mean in means(own[:, 0], pair.numbers, len(pair.spans))),
        span=span,
        margin=score - float(tokens[0, 1] + tokens[0, 2]),
    )


def _best_span(
    starts: NDArray[np.float32], ends: NDArray[np.float32], offsets: Sequence[tuple[int, int]]
) -> tuple[tuple[int, int] | None, float]:
    """Return the best stretch of at most `SPAN_TOKENS` pieces, as characters, and its score."""
    count = len(offsets)
    if not count:
        return None, 0.0
    scores = starts[:, None] + ends[None, :]
    steps = np.arange(count)[None, :] - np.arange(count)[:, None]
    scores[(steps < 0) | (steps >= SPAN_TOKENS)] = -np.inf
    first, last = divmod(int(scores.argmax()), count)
    return (offsets[first][0], offsets[last][1]), float(scores[first, last])


def surest(chances: Sequence[float]) -> float:
    """Return the greatest of several chances as log odds.

    >>> surest([0.2, 0.5])
    0.0
    """
    most = min(max(1e-9, *chances), 1 - 1e-9)
    return math.log(most / (1 - most))


def answerability(scan: Scan, calibration: Calibration) -> float:
    """Return how likely the passage answers."""
    slope, intercept = calibration.answerable
    return _logistic(slope * scan.answerable + intercept)


def _reading(scan: Scan, passage: Passage, calibration: Calibration) -> Reading:
    slope, intercept = calibration.evidence
    sentences = tuple(
        Evidence(start=passage.start + a, end=passage.start + b, probability=_logistic(slope * value + intercept))
        for (a, b), value in zip(scan.spans, scan.evidence, strict=True)
    )
    found = _with_marks(scan.span, passage.text) if scan.span and scan.margin > calibration.span_margin else None
    return Reading(
        relevance=_logistic(calibration.relevance[0] * scan.relevance + calibration.relevance[1]),
        answerable=answerability(scan, calibration),
        sentences=sentences,
        span=found and (passage.start + found[0], passage.start + found[1]),
    )


def _with_marks(span: tuple[int, int], text: str) -> tuple[int, int]:
    """Return a span with the accents that follow its last letter: the tokenizer drops those that are characters."""
    end = span[1]
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return span[0], end


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(min(value, 60.0), -60.0)))
