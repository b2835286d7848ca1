from __future__ import annotations

import numpy as np
import pytest

from tools.quantise import linear, quantise, restore, smoothing


def test_two_large_neighbours_share_the_range() -> None:
    values, scales, zeros = quantise(np.array([[127.0], [127.0]], np.float32), "pairs")
    assert (values.tolist(), scales.tolist(), zeros.tolist()) == ([[64], [64]], [2.0], [0])


@pytest.mark.parametrize("column", [[127.0, 0.0], [127.0, -127.0]])
def test_a_large_weight_with_a_small_or_opposite_neighbour_keeps_all_bits(column: list[float]) -> None:
    values, scales, _ = quantise(np.array(column, np.float32)[:, None], "pairs")
    assert values[:, 0].tolist() == column
    assert scales.tolist() == [1.0]


def test_pairs_never_leave_16_bits() -> None:
    weight = np.random.default_rng(0).normal(size=(384, 64)).astype(np.float32)
    values = quantise(weight, "pairs")[0].astype(int)
    assert 255 * np.abs(values[0::2] + values[1::2]).max() < 2**15
    full = quantise(weight, "full")[0].astype(int)
    assert 255 * np.abs(full[0::2] + full[1::2]).max() >= 2**15


@pytest.mark.parametrize(("kind", "steps"), [("full", 127), ("unsigned", 127), ("reduced", 63)])
def test_the_error_is_at_most_half_a_step(kind: str, steps: int) -> None:
    weight = np.random.default_rng(1).normal(size=(16, 4)).astype(np.float32)
    values, scales, zeros = quantise(weight, kind)
    restored = (values.astype(np.float32) - zeros) * scales
    assert (np.abs(restored - weight) <= np.abs(weight).max(0) / steps * 0.5001).all()


def test_query_key_and_value_are_one_layer() -> None:
    parts = {name: np.full((2, 2), number, np.float32) for number, name in enumerate(("query", "key", "value"))}
    weights = {f"a.self.{name}.weight": part for name, part in parts.items()}
    weights |= {f"a.self.{name}.bias": part[0] for name, part in parts.items()}
    weight, bias = linear(weights, "a.self")
    assert weight.tolist() == [[0, 0, 1, 1, 2, 2]] * 2
    assert bias.tolist() == [0, 0, 1, 1, 2, 2]


def test_smoothing_evens_out_the_inputs() -> None:
    weights = {"layer.weight": np.ones((3, 2), np.float32), "layer.bias": np.zeros(3, np.float32)}
    factors = smoothing({"layer": np.array([1.0, 16.0])}, weights, 0.5)["layer"]
    assert factors.tolist() == pytest.approx([0.5, 2.0])  # in the ratio of the roots, 1 on (geometric) average


def test_what_a_graph_holds_becomes_floats_again() -> None:
    parts = {name: np.full((4, 2), number, np.float32) for number, name in enumerate(("query", "key", "value"), 1)}
    weights = {f"a.self.{name}.weight": part.T for name, part in parts.items()}
    weights |= {f"a.self.{name}.bias": np.full(2, number, np.float32) for number, name in enumerate(parts)}
    joined, bias = linear(weights, "a.self")
    factors = np.array([0.5, 1, 2, 4], np.float32)
    values, scales, zeros = quantise(joined * factors[:, None], "pairs")
    embeddings = {"words": np.array([[127, -1]], np.int8), "words.scales": np.array([[0.5]], np.float32)}
    found = restore(
        embeddings
        | {"positions": np.ones((3, 2), np.float32), "types": np.zeros((2, 2), np.float32), "first": np.array([0])}
        | {"a.self.weight": values, "a.self.scales": scales, "a.self.zeros": zeros, "a.self.smooth": 1 / factors}
        | {"a.self.bias": bias, "norm.weight": np.ones(2, np.float32), "head.weight": np.eye(2, 3, dtype=np.float32)}
    )
    for name, weight in weights.items():
        np.testing.assert_allclose(found[name], weight, rtol=0.05)
    assert found["embeddings.word_embeddings.weight"].tolist() == [[63.5, -0.5]]
    assert found["norm.weight"].tolist() == [1, 1] and found["head.weight"].shape == (3, 2)
    assert "first" not in found and "a.self.scales" not in found
