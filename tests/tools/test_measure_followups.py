from __future__ import annotations

from tools.measure_followups import holds


def test_an_answer_is_held_as_whole_words_without_marks() -> None:
    assert holds("5", "They met 5 times [1].")
    assert not holds("5", "They met 15 times.")
    assert not holds("1", "They met twice [1].")
