"""The trained reader as an ONNX graph for onnxruntime: fp32, or int8 with dynamic quantisation.

The graph takes one pair at a time, so it has no padding and no mask. Three things keep int8 close to fp32: large
input channels are divided by factors that their weights take over (SmoothQuant, Xiao et al. 2023), each token
has a scale of its own, and each output channel one that uses the most of 8 bits. Without VNNI the x86 kernels
add two products in 16 bits, which saturates unless two neighbouring weights together stay within 127. Word
embeddings are quantised per row, the heads stay fp32. Operators of onnxruntime's own (`com.microsoft`) do what
its optimiser would otherwise have to find. Run as `python -m tools.reader.export WEIGHTS --models rag/models`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

from rag.models import onnx as onnx_files
from rag.models.pairs import context, pieces
from tools.reader import sets
from tools.reader.records import Question

OWN = "com.microsoft"
LAYERS, HEADS = 6, 12
STRENGTH, FEED_STRENGTH = 0.5, 0.75
"""How much of an input channel's size goes over to the weights; the second after the activation function."""
NEUTRAL = {
    "relevance": [1.0, 0.0],
    "evidence": [1.0, 0.0],
    "support": [1.0, 0.0],
    "answerable": [1.0, 0.0],
    "confidence": [1.0, 0.0],
    "span_margin": 0.0,
    "threshold": 0.5,
}
Weights = Mapping[str, NDArray[np.float32]]


class _Graph:
    """Nodes and constants as they are added; every method returns the name of what it made."""

    def __init__(self, weights: Weights, smooth: Weights | None) -> None:
        self.weights, self.smooth = weights, smooth
        self.inputs: dict[str, str] = {}
        """What each linear layer is given, by the layer's first name."""
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.setdefault(name, numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def node(self, kind: str, inputs: Sequence[str], *, domain: str = "", **attributes: Any) -> str:
        return self.several(kind, inputs, 1, domain=domain, **attributes)[0]

    def several(
        self, kind: str, inputs: Sequence[str], count: int, *, domain: str = "", **attributes: Any
    ) -> list[str]:
        outputs = [f"{kind}_{len(self.nodes)}_{i}" for i in range(count)]
        self.nodes.append(helper.make_node(kind, list(inputs), outputs, domain=domain, **attributes))
        return outputs

    def linear(self, x: str, names: Sequence[str]) -> str:
        """Multiply by the named layers' weights side by side and add their biases."""
        weight = np.concatenate([self.weights[f"{name}.weight"].T for name in names], axis=1)
        bias = self.constant(f"{names[0]}.b", np.concatenate([self.weights[f"{name}.bias"] for name in names]))
        self.inputs[names[0]] = x
        if self.smooth is None:
            return self.node("Add", [self.node("MatMul", [x, self.constant(f"{names[0]}.w", weight)]), bias])
        if names[0] in self.smooth:
            factors = self.smooth[names[0]]
            weight = weight * factors[:, None]
            x = self.node("Mul", [x, self.constant(f"{names[0]}.f", 1 / factors)])
        return self.node("Add", [self._quantised(x, names[0], weight), bias])

    def _quantised(self, x: str, name: str, weight: NDArray[np.float32]) -> str:
        """Multiply in int8, each token's values scaled by their largest first."""
        largest = self.node("ReduceMax", [self.node("Abs", [x]), self.constant("last", np.array([-1], np.int64))])
        values, factor, zero = self.several("DynamicQuantizeLinear", [self.node("Div", [x, largest])], 3)
        scale = column_scales(weight)
        inputs = [
            values,
            self.constant(f"{name}.q", np.rint(weight / scale).astype(np.int8)),
            factor,
            self.constant(f"{name}.s", scale),
            zero,
            self.constant(f"{name}.z", np.zeros(scale.shape, np.int8)),
        ]
        return self.node("Mul", [self.node("MatMulIntegerToFloat", inputs, domain=OWN), largest])

    def plain_linear(self, x: str, name: str) -> str:
        weight = self.constant(f"{name}.w", self.weights[f"{name}.weight"].T)
        return self.node(
            "Add", [self.node("MatMul", [x, weight]), self.constant(f"{name}.b", self.weights[f"{name}.bias"])]
        )

    def normalised(self, x: str, residual: str, name: str) -> str:
        gain, bias = (self.constant(f"{name}.{part}", self.weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        # onnxruntime's fused SkipLayerNormalization is slower here than the two operators
        return self.node("LayerNormalization", [self.node("Add", [x, residual]), gain, bias], epsilon=1e-12, axis=-1)


def column_scales(weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a scale for each column by which no two neighbours in it exceed 127 together."""
    pairs = np.abs(weight[0::2]) + np.abs(weight[1::2])
    return np.maximum(pairs.max(0) / 127, 1e-9).astype(np.float32)


def build(weights: Weights, smooth: Weights | None = None, *, show_inputs: bool = False) -> onnx.ModelProto:
    """Return the graph: `input_ids` and `token_type_ids` (1 x tokens) to `pair` (1 x 3) and `tokens` (1 x tokens x 3).

    `pair` holds the logits of relevance, answerability and support, `tokens` those of evidence, start and end. It is
    quantised when `smooth` is given (see `smoothing`); with `show_inputs` the linear layers' inputs are outputs too.
    """
    graph = _Graph(weights, smooth)
    x = _embedded(graph)
    for place in range(LAYERS):
        x = _layer(graph, x, f"encoder.layer.{place}")
    _heads(graph, x)
    inputs = [
        helper.make_tensor_value_info(n, TensorProto.INT64, [1, "tokens"]) for n in ("input_ids", "token_type_ids")
    ]
    outputs = [
        helper.make_tensor_value_info("pair", TensorProto.FLOAT, [1, 3]),
        helper.make_tensor_value_info("tokens", TensorProto.FLOAT, [1, "tokens", 3]),
    ]
    if show_inputs:
        for name, value in graph.inputs.items():
            graph.nodes.append(helper.make_node("Identity", [value], [name]))
            outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
    made = helper.make_graph(graph.nodes, "reader", inputs, outputs, list(graph.constants.values()))
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid(OWN, 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=10)


def read_weights(path: Path) -> Weights:
    """Read `reader.safetensors`, or a checkpoint of the training."""
    stored = load_file(path)
    kept = {name.removeprefix("model."): value for name, value in stored.items() if name.startswith("model.")}
    return kept or stored


def mean(several: Sequence[Weights]) -> Weights:
    """Return the mean of weights of one descent (a model soup, Wortsman et al. 2022)."""
    total = np.float32(len(several))
    return {name: sum((one[name] for one in several[1:]), several[0][name]) / total for name in several[0]}


def _embedded(graph: _Graph) -> str:
    words = graph.weights["embeddings.word_embeddings.weight"]
    if graph.smooth is not None:
        scale = np.maximum(np.abs(words).max(1, keepdims=True), 1e-9) / 127
        rows = graph.constant("words.q", np.rint(words / scale).astype(np.int8))
        scales = graph.constant("words.s", scale.astype(np.float32))
        values = graph.node("Cast", [graph.node("Gather", [rows, "input_ids"])], to=TensorProto.FLOAT)
        x = graph.node("Mul", [values, graph.node("Gather", [scales, "input_ids"])])
    else:
        x = graph.node("Gather", [graph.constant("words", words), "input_ids"])
    kinds = graph.constant("kinds", graph.weights["embeddings.token_type_embeddings.weight"])
    places = graph.constant("places", graph.weights["embeddings.position_embeddings.weight"])
    end = graph.node("Shape", ["input_ids"], start=1, end=2)
    first = graph.node("Slice", [places, graph.constant("zero", np.array([0], np.int64)), end])
    x = graph.node("Add", [graph.node("Add", [x, graph.node("Gather", [kinds, "token_type_ids"])]), first])
    name = "embeddings.LayerNorm"
    gain, bias = (graph.constant(f"{name}.{part}", graph.weights[f"{name}.{part}"]) for part in ("weight", "bias"))
    return graph.node("LayerNormalization", [x, gain, bias], epsilon=1e-12, axis=-1)


def _layer(graph: _Graph, x: str, name: str) -> str:
    joint = graph.linear(x, [f"{name}.attention.self.{part}" for part in ("query", "key", "value")])
    parts = graph.several("Split", [joint], 3, axis=2, num_outputs=3)
    mixed = graph.node("MultiHeadAttention", parts, domain=OWN, num_heads=HEADS)
    x = graph.normalised(
        graph.linear(mixed, [f"{name}.attention.output.dense"]), x, f"{name}.attention.output.LayerNorm"
    )
    wide = graph.node("Gelu", [graph.linear(x, [f"{name}.intermediate.dense"])], domain=OWN)
    return graph.normalised(graph.linear(wide, [f"{name}.output.dense"]), x, f"{name}.output.LayerNorm")


def _heads(graph: _Graph, x: str) -> None:
    """Add the two outputs; the pair's are judged from [CLS], the question's mean and the passage's mean."""
    second = graph.node("Cast", ["token_type_ids"], to=TensorProto.FLOAT)
    first = graph.node("Sub", [graph.constant("one", np.ones((1, 1), np.float32)), second])
    start = graph.node("Gather", [x, graph.constant("at_zero", np.array(0, np.int64))], axis=1)
    pooled = graph.node("Concat", [start, _mean(graph, x, first), _mean(graph, x, second)], axis=-1)
    judged = graph.plain_linear(graph.node("Gelu", [graph.plain_linear(pooled, "pair")], domain=OWN), "judge")
    graph.nodes.append(helper.make_node("Identity", [judged], ["pair"]))
    graph.nodes.append(helper.make_node("Identity", [graph.plain_linear(x, "token")], ["tokens"]))


def _mean(graph: _Graph, x: str, weight: str) -> str:
    axis = graph.constant("axis_one", np.array([1], np.int64))
    total = graph.node("ReduceSum", [weight, axis], keepdims=1)
    share = graph.node("Unsqueeze", [graph.node("Div", [weight, total]), axis])
    return graph.node("Squeeze", [graph.node("MatMul", [share, x]), axis])


def smoothing(weights: Weights, tokenizer: Path) -> dict[str, NDArray[np.float32]]:
    """Return for each linear layer a factor for each input channel, from what training passages put into it."""
    session = _session(build(weights, show_inputs=True))
    names = [output.name for output in session.get_outputs()][2:]
    largest: dict[str, NDArray[np.float32]] = {}
    encoder = onnx_files.tokenizer(tokenizer)
    for question in sample():
        for name, values in zip(names, session.run(names, _feeds(encoder, question)), strict=True):
            seen = np.abs(values[0]).max(0)
            largest[name] = np.maximum(largest.get(name, seen), seen)
    return {name: _factors(weights, name, found) for name, found in largest.items()}


def sample() -> list[Question]:
    """Return some training questions, spread evenly."""
    found = []
    for load, count in ((sets.handwritten, 40), (sets.news_passages, 30)):
        questions = [question for part, question in load() if part == "train"]
        found += questions[:: len(questions) // count][:count]
    return found


def _factors(weights: Weights, name: str, largest: NDArray[np.float32]) -> NDArray[np.float32]:
    parts = [name.replace("query", part) for part in ("query", "key", "value")] if "query" in name else [name]
    own = np.max([np.abs(weights[f"{part}.weight"]).max(0) for part in parts], axis=0)
    feed = name.endswith("output.dense") and "attention" not in name
    strength = FEED_STRENGTH if feed else STRENGTH
    factors = np.maximum(largest, 1e-4) ** strength / np.maximum(own, 1e-4) ** (1 - strength)
    return (factors / np.exp(np.log(factors).mean())).astype(np.float32)


def _feeds(tokenizer: Any, question: Question) -> dict[str, NDArray[np.int64]]:
    passage = question.passage
    made = pieces(tokenizer, question.question, context(passage.title, passage.published), passage.text)
    ids = np.array([made.ids], np.int64)
    kinds = np.ones_like(ids)
    kinds[0, : made.second] = 0
    return {"input_ids": ids, "token_type_ids": kinds}


def _session(model: onnx.ModelProto) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        path.write_bytes(model.SerializeToString())
        return onnx_files.session(path)


def main() -> None:
    """Write `reader.onnx` and its entry in `models.json`; the calibration is neutral until `calibrate` fits it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("weights", type=Path, nargs="+", help="reader.safetensors; of several the mean")
    parser.add_argument("--models", type=Path, required=True, help="folder of models.json and tokenizer.json")
    parser.add_argument("--fp32", action="store_true")
    options = parser.parse_args()
    out = options.models / "reader.onnx"
    weights = mean([read_weights(path) for path in options.weights])
    smooth = None if options.fp32 else smoothing(weights, options.models / "tokenizer.json")
    out.write_bytes(build(weights, smooth).SerializeToString())
    path = options.models / "models.json"
    table = json.loads(path.read_text("utf-8"))
    embedder = table["embedder"]
    table["reader"] = {
        "file": out.name,
        "sha256": hashlib.sha256(out.read_bytes()).hexdigest(),
        "tokenizer": embedder["tokenizer"],
        "tokenizer_sha256": embedder["tokenizer_sha256"],
        "calibration": table.get("reader", {}).get("calibration", NEUTRAL),
    }
    path.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
