"""When a question is answered."""

from __future__ import annotations

import pytest

from rag.answer import refuse
from rag.models import reader
from rag.settings import AnswerSettings


@pytest.mark.parametrize(
    ("threshold", "confidence", "answered"),
    [(0.5, 0.5, True), (0.5, 0.49, False), (0.0, 0.01, True), (0.0, 0.0, False)],
)
def test_from_the_threshold_on_and_never_from_nothing(threshold: float, confidence: float, answered: bool) -> None:
    settings = AnswerSettings(threshold=threshold)
    assert refuse.answers(confidence, settings, reader.load("fake:overlap")) == answered
