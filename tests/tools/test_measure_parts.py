from __future__ import annotations

from tools.measure_parts import facts, states


def test_a_fact_stands_neither_within_another_number_nor_as_a_mark() -> None:
    assert facts("It sold 5 of 1,200 in June 2023.") == {"5", "1,200", "June 2023"}
    assert states("5", "It sold 5, not more.")
    assert states("$5", "It cost $5 million.")
    assert states("June 2023", "By June 2023.")
    assert not any(states("5", text) for text in ("It sold 15.", "It sold 1.5.", "It sold 5.1.", "It sold many [5]."))
