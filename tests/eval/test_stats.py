from __future__ import annotations

import numpy as np
import pytest

from eval.metrics import METRICS
from eval.metrics.base import Metric, Values
from eval.stats import estimate, paired

MEAN = Metric(name="m", formula="", source="", draw=lambda row: None)
MEDIAN = Metric(
    name="md", formula="", source="", draw=lambda row: None, combine=lambda v: np.median(v[..., 0], axis=-1)
)


def column(*numbers: float) -> Values:
    return np.array(numbers, dtype=np.float64).reshape(-1, 1)


@pytest.mark.parametrize("metric", [MEAN, MEDIAN])
def test_the_interval_holds_the_figure_and_repeats_for_a_seed(metric: Metric) -> None:
    values = column(*range(20))
    found = estimate(metric, values, seed=1)
    assert found.mean == 9.5
    assert found.low is not None
    assert found.high is not None
    assert 4 < found.low < 9.5 < found.high < 15
    assert found == estimate(metric, values, seed=1)


def test_the_interval_of_a_share_is_as_wide_as_theory_says() -> None:
    """Normal theory: 0.5 +- 1.96 * sqrt(0.25 / 400) = 0.5 +- 0.049."""
    found = estimate(MEAN, column(*[0.0, 1.0] * 200))
    assert found.low == pytest.approx(0.451, abs=0.008)
    assert found.high == pytest.approx(0.549, abs=0.008)


def test_a_share_on_which_all_cases_agree_has_the_exact_interval() -> None:
    """Clopper and Pearson: 0.025 ** (1 / n)."""
    found = estimate(MEAN, column(1, 1, 1))
    assert (found.low, found.high) == (pytest.approx(0.2924, abs=1e-4), 1)
    none = estimate(METRICS["refusal_recall"], np.array([[0.0, 1.0]] * 8))
    assert (none.low, none.high) == (0, pytest.approx(0.3694, abs=1e-4))


def test_the_interval_of_a_calibration_error_holds_the_figure() -> None:
    """Ten confidences of 0.05 … 0.95, each right as often as it says: no error, though a resample has one."""
    rows = [(level / 20, float(case < level)) for level in range(1, 20, 2) for case in range(20)]
    found = estimate(METRICS["calibration_ece"], np.array(rows))
    assert found.mean == pytest.approx(0, abs=1e-9)
    assert found.low == 0
    assert found.high is not None
    assert 0 <= found.high < 0.05


def test_no_cases_give_no_figure_rather_than_zero_or_nan() -> None:
    found = estimate(MEAN, np.empty((0, 1)))
    assert found.to_dict() == {"mean": None, "low": None, "high": None, "n": 0}
    assert estimate(METRICS["refusal_precision"], np.array([[0.0, 1.0]])).mean is None
    assert paired(MEAN, np.empty((0, 1)), np.empty((0, 1))) is None


def test_equal_runs_do_not_differ() -> None:
    found = paired(MEAN, column(1, 0, 1), column(1, 0, 1))
    assert found is not None
    assert (found.delta, found.p, found.low, found.high) == (0, 1, 0, 0)


@pytest.mark.parametrize("metric", [MEAN, MEDIAN])
def test_a_clear_difference_is_significant_and_a_slight_one_is_not(metric: Metric) -> None:
    a = column(*range(30))
    clear, slight = paired(metric, a, a + 5), paired(MEAN, a, a[::-1])
    assert clear is not None
    assert slight is not None
    assert (clear.delta, clear.p < 0.01) == (5, True)
    assert slight.p > 0.5


def test_the_p_value_is_the_one_of_the_exact_test() -> None:
    """Five equal gaps: of 32 sign patterns 2 are as extreme, p = 0.0625."""
    found = paired(MEAN, column(0, 0, 0, 0, 0), column(1, 1, 1, 1, 1))
    assert found is not None
    assert found.p == pytest.approx(0.0625, abs=0.02)


def test_blocks_do_not_change_the_shape() -> None:
    values = column(*[0.0, 1.0] * 3000)
    found = estimate(MEAN, values)
    assert found.n == 6000
    assert found.low is not None
    assert 0.48 < found.low < 0.5
