"""The trained reader as an ONNX graph for onnxruntime: fp32, or int8 with dynamic quantisation.

The encoder is `tools/bert_graph.py`'s, every token with a scale of its own; the heads stay fp32. The graph takes one
pair at a time, so it has no padding and no mask. Run as `python -m tools.reader.export WEIGHTS --models rag/models`.
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
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

from rag.models import onnx as onnx_files
from rag.models.pairs import context, pieces
from tools.bert_graph import MICROSOFT, Bert, Encoder, Graph, Precision
from tools.quantise import Array, linear, restore
from tools.quantise import smoothing as factors
from tools.reader import sets
from tools.reader.records import Question

INPUTS = ["input_ids", "token_type_ids"]
BERT = Bert(layers=6, heads=12, epsilon=1e-12)
STRENGTH, GELU_STRENGTH = 0.5, 0.75
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
ROLES: dict[str, dict[str, Any]] = {"reader": {"calibration": NEUTRAL}, "selector": {"confidence": [0.5, 0.5, 0.0]}}
"""What each graph needs besides, until `calibrate` fits it."""
Weights = Mapping[str, Array]


def build(weights: Weights, precision: Precision, *, taps: bool = False) -> tuple[onnx.ModelProto, dict[str, str]]:
    """Return the graph, and what enters each linear layer (`taps`: as further outputs).

    `input_ids` and `token_type_ids` (1 x tokens) give `pair` (1 x 3), the logits of relevance, answerability and
    support, and `tokens` (1 x tokens x 3), those of evidence, start and end.
    """
    graph = Graph()
    encoder = Encoder(graph, weights, BERT, precision, masked=False)
    _heads(graph, weights, encoder.add())
    model = graph.model("reader", INPUTS, {"pair": [1, 3], "tokens": [1, "tokens", 3]})
    if taps:
        for name in dict.fromkeys(encoder.inputs.values()):
            model.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
    return model, encoder.inputs


def read_weights(path: Path) -> Weights:
    """Read `reader.safetensors`, a checkpoint of the training, or a graph that this tool wrote."""
    if path.suffix == ".onnx":
        return restore({one.name: numpy_helper.to_array(one) for one in onnx.load(path).graph.initializer})
    stored = load_file(path)
    kept = {name.removeprefix("model."): value for name, value in stored.items() if name.startswith("model.")}
    return kept or stored


def mean(several: Sequence[Weights]) -> Weights:
    """Return the mean of weights of one descent (a model soup, Wortsman et al. 2022)."""
    total = np.float32(len(several))
    return {name: sum((one[name] for one in several[1:]), several[0][name]) / total for name in several[0]}


def _heads(graph: Graph, weights: Weights, hidden: str) -> None:
    """Add the two outputs; the pair's are judged from [CLS], the question's mean and the passage's mean."""
    add, constant = graph.add, graph.constant
    second = add("Cast", "token_type_ids", to=TensorProto.FLOAT)
    first = add("Sub", constant("one", np.ones((1, 1), np.float32)), second)
    start = add("Gather", hidden, constant("at_zero", np.array(0, np.int64)), axis=1)
    pooled = add("Concat", start, _mean(graph, hidden, first), _mean(graph, hidden, second), axis=-1)
    judged = add("Gelu", _head(graph, weights, pooled, "pair"), domain=MICROSOFT)
    graph.nodes.append(helper.make_node("Identity", [_head(graph, weights, judged, "judge")], ["pair"]))
    graph.nodes.append(helper.make_node("Identity", [_head(graph, weights, hidden, "token")], ["tokens"]))


def _head(graph: Graph, weights: Weights, x: str, name: str) -> str:
    weight, bias = linear(weights, name)
    product = graph.add("MatMul", x, graph.constant(f"{name}.weight", weight))
    return graph.add("Add", product, graph.constant(f"{name}.bias", bias))


def _mean(graph: Graph, x: str, weight: str) -> str:
    axis = graph.constant("axis_one", np.array([1], np.int64))
    total = graph.add("ReduceSum", weight, axis, keepdims=1)
    share = graph.add("Unsqueeze", graph.add("Div", weight, total), axis)
    return graph.add("Squeeze", graph.add("MatMul", share, x), axis)


def smoothing(weights: Weights, tokenizer: Path) -> dict[str, Array]:
    """Return for each linear layer a factor for each input channel, from what training passages put into it."""
    model, inputs = build(weights, Precision(weights="float"), taps=True)
    session, encoder = _session(model), onnx_files.tokenizer(tokenizer)
    names, peaks = list(dict.fromkeys(inputs.values())), dict[str, Array]()
    for question in sample():
        for name, values in zip(names, session.run(names, _feeds(encoder, question)), strict=True):
            peak = np.abs(values[0]).max(0)
            peaks[name] = np.maximum(peaks.get(name, peak), peak)
    found = {layer: peaks[name] for layer, name in inputs.items()}
    after_gelu = {k: v for k, v in found.items() if k.endswith("output.dense") and "attention" not in k}
    return factors(found, weights, STRENGTH) | factors(after_gelu, weights, GELU_STRENGTH)


def sample() -> list[Question]:
    """Return some training questions, spread evenly."""
    found = []
    for load, count in ((sets.handwritten, 40), (sets.news_passages, 30)):
        questions = [question for part, question in load() if part == "train"]
        found += questions[:: len(questions) // count][:count]
    return found


def _feeds(tokenizer: Any, question: Question) -> dict[str, Array]:
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
    """Write the graph and its entry in `models.json`; a calibration stays until `calibrate` fits it anew."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("weights", type=Path, nargs="+", help="reader.safetensors; of several the mean")
    parser.add_argument("--models", type=Path, required=True, help="folder of models.json and tokenizer.json")
    parser.add_argument("--fp32", action="store_true")
    parser.add_argument("--as", dest="role", choices=sorted(ROLES), default="reader")
    options = parser.parse_args()
    out = options.models / f"{options.role}.onnx"
    weights = mean([read_weights(path) for path in options.weights])
    precision = Precision(weights="float")
    if not options.fp32:
        precision = Precision(rows="all", smooth=smoothing(weights, options.models / "tokenizer.json"))
    out.write_bytes(build(weights, precision)[0].SerializeToString())
    path = options.models / "models.json"
    table = json.loads(path.read_text("utf-8"))
    embedder = table["embedder"]
    table[options.role] = {
        "file": out.name,
        "sha256": hashlib.sha256(out.read_bytes()).hexdigest(),
        "tokenizer": embedder["tokenizer"],
        "tokenizer_sha256": embedder["tokenizer_sha256"],
        **(ROLES[options.role] | {k: v for k, v in table.get(options.role, {}).items() if k in ROLES[options.role]}),
    }
    path.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
