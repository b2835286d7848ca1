"""Statements to learn support from."""

from __future__ import annotations

import random

import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from tools.reader import claims, sets
from tools.reader.records import Text

TEXT = "Officers met in Oslo. The line was cut on 3 July. General Ana Lind said it would stay shut."


@pytest.mark.parametrize("seed", range(8))
def test_a_changed_sentence_differs_and_is_not_supported(seed: int) -> None:
    pairs = [unit.pairs[0] for unit in claims.edited([Text(text=TEXT, title="Lines")], 1, random.Random(seed))]
    assert [pair.supported for pair in pairs] in ([], [True, False])
    if pairs:
        whole, changed = pairs
        assert whole.question in TEXT and changed.question not in TEXT
        assert whole.passage.text == changed.passage.text and whole.question in whole.passage.text


def test_a_number_a_name_and_the_truth_can_change() -> None:
    made = {claims.change("The line was cut by Ana Lind on 3 July.", TEXT, random.Random(seed)) for seed in range(40)}
    assert "The line was not cut by Ana Lind on 3 July." in made
    assert any("Lind on 4 July" in text for text in made if text)


def test_newsroom_evidence_holds_the_answer() -> None:
    for load in (sets.newsroom, sets.plain_newsroom, sets.contrasts):
        for _, question in load():
            text = question.passage.text
            assert question.answerable == bool(question.answers)
            if question.span:
                assert text[slice(*question.span)] == question.answers[0]
                assert any(a <= question.span[0] < b for a, b in question.evidence or ())
