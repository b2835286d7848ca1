"""Integer weights for linear layers, and the factors that prepare their inputs. Needs numpy alone."""

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


def smoothing(peaks: Mapping[str, Array], weights: Mapping[str, Array], strength: float) -> dict[str, Array]:
    """Return SmoothQuant's factors: peak of each input channel ** strength / its largest weight ** (1 - strength)."""
    factors = {}
    for name, peak in peaks.items():
        largest = np.abs(linear(weights, name)[0]).max(1)
        raw = np.maximum(peak, 1e-4) ** strength / np.maximum(largest, 1e-4) ** (1 - strength)
        factors[name] = (raw / np.exp(np.log(raw).mean())).astype(np.float32)
    return factors
