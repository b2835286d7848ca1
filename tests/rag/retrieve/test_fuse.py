import pytest

from rag.retrieve.fuse import fuse


def test_scores_are_sums_of_reciprocal_ranks() -> None:
    fused = fuse({"dense": [7, 8], "lexical": [8]}, k=60)
    assert [f.number for f in fused] == [8, 7]
    assert fused[0].score == pytest.approx(1 / 62 + 1 / 61)
    assert fused[1].score == pytest.approx(1 / 61)
    assert fused[0].ranks == {"dense": 2, "lexical": 1}


def test_ties_go_to_the_smaller_number() -> None:
    assert [f.number for f in fuse({"dense": [9], "lexical": [4]}, k=60)] == [4, 9]


def test_nothing_found_is_nothing_fused() -> None:
    assert fuse({"dense": [], "lexical": []}, k=60) == []
