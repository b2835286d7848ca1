import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.errors import BackendError, ModelError
from rag.models import cross, onnx
from rag.models.cross import CrossReader
from rag.models.reader import Reading
from rag.models.selector import Selector, SelectorFiles
from rag.models.sheet import Group

TOKENIZER = Path(cross.__file__).with_name("tokenizer.json")
FILES = SelectorFiles(
    model=Path("none"), tokenizer=TOKENIZER, sha256="", tokenizer_sha256="", confidence=(1.0, 2.0, 0.5)
)
GROUPS = [
    Group(context="Ferry sinks.", sentences=((1, "It sank."), (0, "Ten died."))),
    Group(context="Rain.", sentences=((2, "It rained for days."),)),
]


class FakeSession:
    """A network for which a word piece's place is its evidence."""

    def __init__(self, answerable: float = 0.0) -> None:
        self.answerable = answerable

    def run(self, outputs: None, feeds: dict[str, Any]) -> list[Any]:
        count = feeds["input_ids"].shape[1]
        tokens = np.zeros((1, count, 3), np.float32)
        tokens[0, :, 0] = np.arange(count)
        return [np.array([[0.0, self.answerable, 0.0]], np.float32), tokens]


def selector(answerable: float = 0.0) -> Selector:
    found = Selector(FILES)
    found._network._loaded = onnx.tokenizer(TOKENIZER), FakeSession(answerable)
    return found


def test_each_sentence_has_the_mean_of_its_word_pieces() -> None:
    found = selector(answerable=1.5).select("Who died?", GROUPS)
    assert found.answerable == 1.5
    # [CLS] who died ? [SEP] ferry sinks . | it sank . | ten died . | [SEP] rain . | it rained for days .
    assert found.sentences == (12.0, 9.0, 19.0)


def test_a_sentence_that_does_not_fit_has_none() -> None:
    long = [Group(context="", sentences=((number, "word " * 200),)) for number in range(6)]
    assert selector().select("Who?", long).sentences[-1] is None


def test_not_a_number_is_an_error() -> None:
    with pytest.raises(BackendError, match="no number"):
        selector(answerable=float("nan")).select("Who?", GROUPS)


def test_another_file_is_refused(tmp_path: Path) -> None:
    model = tmp_path / "selector.onnx"
    model.write_bytes(b"not the selector")
    with pytest.raises(ModelError, match="not the one that was shipped"):
        Selector(replace(FILES, model=model)).select("Who?", GROUPS)


def test_both_readings_make_the_confidence() -> None:
    reader = CrossReader(replace(cross.shipped(), selector=FILES))
    half = Reading(relevance=0.5, answerable=0.5, sentences=())
    assert reader.confidence([half], 1.0) == pytest.approx(1 / (1 + math.exp(-(0.0 + 2.0 + 0.5))))
    assert reader.confidence([], 1.0) == 0.0


def test_the_shipped_one_finds_the_sentence_that_answers() -> None:
    found = CrossReader().select("How many people died on the ferry?", GROUPS)
    assert found is not None
    told = [value for value in found.sentences if value is not None]
    assert max(range(3), key=told.__getitem__) == 0
