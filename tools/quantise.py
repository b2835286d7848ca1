"""Integer weights for linear layers, the factors that prepare their inputs, and the way back. Needs numpy alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def linear(weights: Mapping[str, Array], name: str) -> tuple[Array, Array]:
    """Return weight (inputs, outputs) and bias of a linear layer; query, key and value are one layer here."""
    parts = [f"{name}.{part}" for part in ("query", "key", "value")] if name.endswith(".self") else [name]
    weight = np.concatenate([weights[f"{part}.weight"].T for part in parts], axis=1)
    return weight, np.concatenate([weights[f"{part}.bias"] for part in parts])


def quantise(weight: Array, kind: str) -> tuple[Array, Array, Array]:
    """Return integer weights, scales and zero points, one scale for each output (column).

    Example: the column [127, 127] becomes [64, 64] with scale 2 under `pairs`, and [127, 0] stays as it is.
    """
    largest = np.maximum(np.abs(weight).max(0), 1e-9)
    if kind == "pairs":
        largest = np.maximum(largest, np.abs(weight[0::2] + weight[1::2]).max(0))
    scales = (largest / (63 if kind == "reduced" else 127)).astype(np.float32)
    values = np.rint(weight / scales)
    if kind == "unsigned":
        return (values + 128).astype(np.uint8), scales, np.full(scales.shape, 128, np.uint8)
    return values.astype(np.int8), scales, np.zeros(scales.shape, np.int8)


def restore(constants: Mapping[str, Array]) -> dict[str, Array]:
    """Return the weights that the constants of a graph of `tools/bert_graph.py` are of, as floats, off by its rounding.

    So training can go on from what is shipped where the floats it was made of are gone.
    """
    found = {
        "embeddings.word_embeddings.weight": constants["words"] * constants.get("words.scales", np.float32(1)),
        "embeddings.position_embeddings.weight": constants["positions"],
        "embeddings.token_type_embeddings.weight": constants["types"],
    }
    for key, value in constants.items():
        name, _, kind = key.rpartition(".")
        if kind == "weight" and value.ndim == 2:
            found |= _split(name, _floats(name, constants).T, "weight")
        elif kind in ("weight", "bias"):
            found |= _split(name, value, kind)
    return {name: np.ascontiguousarray(value, np.float32) for name, value in found.items()}


def _floats(name: str, constants: Mapping[str, Array]) -> Array:
    """Return a linear layer's weight (inputs, outputs) before it was smoothed and quantised."""
    weight = constants[f"{name}.weight"]
    if f"{name}.scales" in constants:
        weight = (weight.astype(np.float32) - constants[f"{name}.zeros"]) * constants[f"{name}.scales"]
    return weight * constants[f"{name}.smooth"][:, None] if f"{name}.smooth" in constants else weight


def _split(name: str, value: Array, kind: str) -> dict[str, Array]:
    """Return a layer's weight or bias, outputs first; that of query, key and value in three."""
    if not name.endswith(".self"):
        return {f"{name}.{kind}": value}
    parts = zip(("query", "key", "value"), np.split(value, 3), strict=True)
    return {f"{name}.{part}.{kind}": own for part, own in parts}


def smoothing(peaks: Mapping[str, Array], weights: Mapping[str, Array], strength: float) -> dict[str, Array]:
    """Return SmoothQuant's factors: peak of each input channel ** strength / its largest weight ** (1 - strength)."""
    factors = {}
    for name, peak in peaks.items():
        largest = np.abs(linear(weights, name)[0]).max(1)
        raw = np.maximum(peak, 1e-4) ** strength / np.maximum(largest, 1e-4) ** (1 - strength)
        factors[name] = (raw / np.exp(np.log(raw).mean())).astype(np.float32)
    return factors
