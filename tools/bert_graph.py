"""Write a BERT encoder as an ONNX graph, in float or with int8 weights. Needs numpy and onnx, not torch.

Quantised, each linear layer is one `DynamicQuantizeMatMul`: its input becomes u8 with one scale for the tensor
found at run time, its weights are s8 with one scale for each output. Three things keep the vectors near those
of the float model; `export_embedder.py --compare` shows what each is worth:

- `pairs`: a weight's scale leaves room so that no two neighbours sum to more than 128. Processors with AVX2 but
  without VNNI multiply u8 by s8 in pairs and add the two products in 16 bits, where 2 * 255 * 127 does not fit
  and saturates silently. The usual cure (`reduced`: 7-bit weights) loses a bit everywhere; this one loses it
  only where two large weights meet.
- `smooth`: input channels with large values hand their scale to the weights (SmoothQuant, Xiao et al., 2023).
- `rows`: what enters a layer is divided by each token's maximum and the product multiplied by it, so that one loud
  token does not cost the others their precision. The layer after GELU needs it most.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tools.quantise import Array, linear, quantise

MICROSOFT = "com.microsoft"
OPSET = 20
GELU_FLOOR = np.float32(0.2)  # GELU is never below -0.17, so a row whose maximum is lower still fits


@dataclass(frozen=True, kw_only=True)
class Bert:
    """The shape of an encoder."""

    layers: int
    heads: int
    epsilon: float
    """Added to the variance in layer normalisation."""


@dataclass(frozen=True, kw_only=True)
class Precision:
    """How the linear layers are stored and computed."""

    weights: str = "pairs"
    """`float`, `full` (s8), `reduced` (7 bits), `unsigned` (u8) or `pairs` (s8 that cannot saturate)."""
    rows: Literal["none", "gelu", "all"] = "gelu"
    """Which linear layers have their input scaled token by token."""
    smooth: Mapping[str, Array] = field(default_factory=dict)
    """Layer name to a factor for each input channel, moved from the input into the weights."""


class Graph:
    """An ONNX graph under construction: nodes and constants, in order."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: Array) -> str:
        """Store a value once under a name and return the name."""
        self.constants.setdefault(name, numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Append a node with one output and return the output's name."""
        return self.add_many(kind, 1, *inputs, **attributes)[0]

    def add_many(self, kind: str, outputs: int, *inputs: str, **attributes: Any) -> list[str]:
        """Append a node and return the names of its outputs."""
        stem = f"{kind}_{len(self.nodes)}"
        names = [f"{stem}_{number}" for number in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, name=stem, **attributes))
        return names

    def model(self, name: str, inputs: list[str], outputs: Mapping[str, list[int | str]]) -> onnx.ModelProto:
        """Return the finished model: int64 inputs (batch, tokens), float outputs of these shapes."""
        feeds = [helper.make_tensor_value_info(i, TensorProto.INT64, ["batch", "tokens"]) for i in inputs]
        results = [helper.make_tensor_value_info(n, TensorProto.FLOAT, shape) for n, shape in outputs.items()]
        graph = helper.make_graph(self.nodes, name, feeds, results, list(self.constants.values()))
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10, producer_name="footnote")


class Encoder:
    """Adds an encoder's nodes to a graph. `inputs` records what enters each linear layer, for calibration.

    One that is not `masked` takes no `attention_mask`: every text it reads comes without padding.
    """

    def __init__(
        self, graph: Graph, weights: Mapping[str, Array], bert: Bert, precision: Precision, *, masked: bool = True
    ) -> None:
        self.graph, self.weights, self.bert, self.precision, self.masked = graph, weights, bert, precision, masked
        self.inputs: dict[str, str] = {}

    def add(self) -> str:
        """Add everything from token ids to the last hidden state, shape (batch, tokens, width)."""
        mask = self.graph.add("Cast", "attention_mask", to=TensorProto.INT32) if self.masked else None
        hidden = self._norm(self._embeddings(), "embeddings.LayerNorm")
        for number in range(self.bert.layers):
            hidden = self._layer(hidden, mask, f"encoder.layer.{number}")
        return hidden

    def _embeddings(self) -> str:
        add, constant = self.graph.add, self.graph.constant
        tokens = add("Shape", "input_ids", start=1, end=2)
        table = constant("positions", self.weights["embeddings.position_embeddings.weight"])
        positions = add("Slice", table, constant("first", np.array([0], np.int64)), tokens)
        types = constant("types", self.weights["embeddings.token_type_embeddings.weight"])
        return add("Add", add("Add", self._words(), add("Gather", types, "token_type_ids")), positions)

    def _words(self) -> str:
        add, constant = self.graph.add, self.graph.constant
        table = self.weights["embeddings.word_embeddings.weight"]
        if self.precision.weights == "float":
            return add("Gather", constant("words", table), "input_ids")
        scales = np.abs(table).max(1, keepdims=True) / 127
        rows = add("Gather", constant("words", np.rint(table / scales).astype(np.int8)), "input_ids")
        return add(
            "Mul",
            add("Cast", rows, to=TensorProto.FLOAT),
            add("Gather", constant("words.scales", scales.astype(np.float32)), "input_ids"),
        )

    def _layer(self, hidden: str, mask: str | None, name: str) -> str:
        attended = self._linear(self._attention(hidden, mask, name), f"{name}.attention.output.dense")
        hidden = self._norm(self.graph.add("Add", attended, hidden), f"{name}.attention.output.LayerNorm")
        wide = self._linear(hidden, f"{name}.intermediate.dense")
        active = self.graph.add("Gelu", wide, domain=MICROSOFT)
        narrow = self._linear(active, f"{name}.output.dense", after_gelu=True)
        return self._norm(self.graph.add("Add", narrow, hidden), f"{name}.output.LayerNorm")

    def _attention(self, hidden: str, mask: str | None, name: str) -> str:
        joined = self._linear(hidden, f"{name}.attention.self")
        query, key, value = self.graph.add_many("Split", 3, joined, axis=2, num_outputs=3)
        masking = ("", mask) if mask else ()
        heads = self.bert.heads
        return self.graph.add("MultiHeadAttention", query, key, value, *masking, domain=MICROSOFT, num_heads=heads)

    def _norm(self, hidden: str, name: str) -> str:
        # Add and LayerNormalization, not SkipLayerNormalization: its CPU kernel took ten times as long
        scale = self.graph.constant(f"{name}.weight", self.weights[f"{name}.weight"])
        shift = self.graph.constant(f"{name}.bias", self.weights[f"{name}.bias"])
        return self.graph.add("LayerNormalization", hidden, scale, shift, axis=-1, epsilon=self.bert.epsilon)

    def _linear(self, hidden: str, name: str, *, after_gelu: bool = False) -> str:
        self.inputs[name] = hidden
        weight, bias = linear(self.weights, name)
        shift = self.graph.constant(f"{name}.bias", bias)
        if self.precision.weights == "float":
            product = self.graph.add("MatMul", hidden, self.graph.constant(f"{name}.weight", weight))
            return self.graph.add("Add", product, shift)
        if name in self.precision.smooth:
            factors = self.precision.smooth[name]
            weight = weight * factors[:, None]
            hidden = self.graph.add("Mul", hidden, self.graph.constant(f"{name}.smooth", 1 / factors))
        if self.precision.rows == "all" or (self.precision.rows == "gelu" and after_gelu):
            return self._by_rows(hidden, weight, shift, name, signed=not after_gelu)
        return self._product(hidden, weight, shift, name)

    def _by_rows(self, hidden: str, weight: Array, shift: str, name: str, *, signed: bool) -> str:
        add, constant = self.graph.add, self.graph.constant
        size = add("Abs", hidden) if signed else hidden
        largest = add("ReduceMax", size, constant("last", np.array([-1], np.int64)), keepdims=1)
        scale = largest if signed else add("Max", largest, constant("floor", GELU_FLOOR))
        product = self._product(add("Div", hidden, scale), weight, "", name)
        return add("Add", add("Mul", product, scale), shift)

    def _product(self, hidden: str, weight: Array, shift: str, name: str) -> str:
        values, scales, zeros = quantise(weight, self.precision.weights)
        stored = [(f"{name}.weight", values), (f"{name}.scales", scales), (f"{name}.zeros", zeros)]
        names = [self.graph.constant(key, value) for key, value in stored]
        return self.graph.add("DynamicQuantizeMatMul", hidden, *names, shift, domain=MICROSOFT)
