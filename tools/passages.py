"""Passages of real text for measuring models: about 150 tokens each, drawn with a fixed seed."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
WORDS = 110  # about 150 of the model's tokens in English news
SEED = 20_251_121
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


def draw(paths: Sequence[Path], n: int) -> list[str]:
    """Return n passages, or all when there are fewer, from files, folders, and JSON lines with a `text`."""
    passages = [passage for path in paths for text in _texts(path) for passage in _cut(text)]
    return random.Random(SEED).sample(passages, min(n, len(passages)))


def _texts(path: Path) -> Iterator[str]:
    if path.is_dir():
        for file in sorted(path.rglob("*.md")) + sorted(path.rglob("*.txt")):
            yield from _texts(file)
    elif ".jsonl" in path.suffixes:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
            yield from (json.loads(line)["text"] for line in lines)
    else:
        yield _FRONT_MATTER.sub("", path.read_text("utf-8"))


def _cut(text: str) -> Iterator[str]:
    words = text.split()
    for start in range(0, len(words), WORDS):
        if len(words) - start >= WORDS // 2:
            yield " ".join(words[start : start + WORDS])
