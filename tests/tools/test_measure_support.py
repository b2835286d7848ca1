import pytest

from tools.measure_support import auc, marked

PAIRS = [(0.4, True), (0.9, True), (0.4, False), (0.1, False)]


def test_auc_counts_ties_half() -> None:
    assert auc(PAIRS) == pytest.approx(3.5 / 4)


def test_marked_is_what_scores_under_the_threshold() -> None:
    assert marked(PAIRS, True, 0.5) == "1/2"
    assert marked(PAIRS, False, 0.4) == "1/2"
