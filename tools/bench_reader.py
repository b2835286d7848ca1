"""Time the reader on twenty passages of 180 word pieces of the bundled articles: `python -m tools.bench_reader`."""

from __future__ import annotations

import argparse
import time

import numpy as np

from eval.machine import load_average, machine
from rag.models import onnx
from rag.models.cross import CrossReader, shipped
from rag.records import Article, Passage
from tools.passages import SEEDS

QUESTION = "Why were the military channels between the United States and China cut?"


def passages(count: int, pieces: int) -> list[tuple[Passage, Article]]:
    """Return so many stretches of the bundled articles, each of so many word pieces."""
    text = "\n\n".join(path.read_text("utf-8") for path in sorted(SEEDS.glob("*.md")))
    offsets = onnx.tokenizer(shipped().tokenizer).encode(text, add_special_tokens=False).offsets
    article = Article(id="a", title="", chars=len(text), sha256="")
    found = []
    for place in range(count):
        first = place * pieces % (len(offsets) - pieces)
        start, end = offsets[first][0], offsets[first + pieces - 1][1]
        found.append((Passage(id=str(place), article_id="a", start=start, end=end, text=text[start:end]), article))
    return found


def main() -> None:
    """Read the options, time, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=20, help="passages")
    parser.add_argument("--pieces", type=int, default=180, help="word pieces of each")
    parser.add_argument("--rounds", type=int, default=30)
    given = parser.parse_args()
    reader, read = CrossReader(), passages(given.n, given.pieces)
    reader.read(QUESTION, read)
    times = []
    for _ in range(given.rounds):
        began = time.perf_counter()
        reader.read(QUESTION, read)
        times.append((time.perf_counter() - began) * 1e3)
    p50, p95 = np.percentile(times, (50, 95))
    print(f"{machine()}, load {load_average()}")
    print(f"{given.n} passages of {given.pieces} word pieces: p50 {p50:.0f} ms, p95 {p95:.0f} ms, n={given.rounds}")


if __name__ == "__main__":
    main()
