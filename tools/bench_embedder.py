"""Time our embedder against the same model in PyTorch, side by side: passages per second.

    python -m tools.bench_embedder [--texts FOLDER FILE.jsonl.gz ...] [-n 96] [--rounds 7]

Runs in the environment that `tools/export_embedder.py` describes. PyTorch has its defaults: fp32, all cores, and
what sentence-transformers does by default (sorted by length, batches of 32). The two take turns, so that other
work on the machine meets both; each round gives one ratio. Processor time stands beside elapsed time, because
on a busy machine it says more.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from rag.models.embedder import OnnxEmbedder
from tools.export_embedder import encode, source
from tools.passages import SEEDS, draw

FLAGS = ("avx2", "avx_vnni", "avx512_vnni", "amx_int8")


@dataclass(frozen=True, kw_only=True)
class Timing:
    """What one pass over the passages took."""

    elapsed: float
    """Seconds."""
    processor: float
    """Seconds, all threads together."""


def timed(work: Callable[[], object]) -> Timing:
    """Run the work once."""
    elapsed, processor = time.perf_counter(), time.process_time()
    work()
    return Timing(elapsed=time.perf_counter() - elapsed, processor=time.process_time() - processor)


def machine() -> str:
    """Describe processor, its integer instructions, cores and load."""
    path = Path("/proc/cpuinfo")
    info = path.read_text("utf-8") if path.exists() else ""
    found = re.search(r"^model name\s*:\s*(.+)$", info, re.MULTILINE)
    flags = [flag for flag in FLAGS if re.search(rf"\b{flag}\b", info)]
    name = found[1] if found else platform.processor()
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return f"{name} ({', '.join(flags) or 'flags unknown'}), {os.cpu_count()} cores, load {load}"


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Return median and range."""
    low, high = min(values), max(values)
    return f"{statistics.median(values):.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def bench(texts: Sequence[str], rounds: int) -> None:
    """Time both in turn and print the ratios."""
    from sentence_transformers import SentenceTransformer

    folder = source()
    ours, theirs = OnnxEmbedder(), SentenceTransformer(str(folder), device="cpu")
    tokens = [ids.shape[1] for ids in encode(folder, texts)]
    print(machine())
    print(", ".join(f"{name} {version(name)}" for name in ("onnxruntime", "torch", "sentence-transformers")))
    print(f"{len(texts)} passages of {statistics.mean(tokens):.0f} tokens on average, {rounds} rounds", flush=True)
    near = (ours.embed(texts) * theirs.encode(list(texts), normalize_embeddings=True)).sum(1)
    pairs = []
    for number in range(rounds):
        a, b = timed(lambda: ours.embed(texts)), timed(lambda: theirs.encode(list(texts)))
        pairs.append((a, b))
        print(
            f"round {number + 1}: {len(texts) / a.elapsed:.1f} and {len(texts) / b.elapsed:.1f} passages/s", flush=True
        )
    report(pairs, len(texts))
    print(f"cosine between the two: mean {near.mean():.4f}, least {near.min():.4f}; {machine()}")


def report(pairs: Sequence[tuple[Timing, Timing]], n: int) -> None:
    """Print rates and ratios: median, and range over the rounds."""
    for number, name in enumerate(("Footnote int8", "PyTorch fp32")):
        print(
            f"{name}: {spread([n / pair[number].elapsed for pair in pairs], 1)} passages/s, "
            f"{spread([pair[number].processor / n * 1000 for pair in pairs], 1)} ms of processor time a passage"
        )
    print(f"ratio, elapsed time: {spread([b.elapsed / a.elapsed for a, b in pairs])}")
    print(f"ratio, processor time: {spread([b.processor / a.processor for a, b in pairs])}")


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, nargs="+", default=[SEEDS])
    parser.add_argument("-n", type=int, default=96)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    bench(draw(options.texts, options.n), options.rounds)


if __name__ == "__main__":
    main()
