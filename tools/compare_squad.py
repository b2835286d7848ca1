"""Compare our exact match and F1 with SQuAD's own: `python tools/compare_squad.py SCRIPT`.

SCRIPT is SQuAD's official evaluation script, or any module that keeps its functions `compute_exact(gold, said)` and
`compute_f1(gold, said)`, such as `transformers/data/metrics/squad_metrics.py` of transformers 4. Only its functions
are run. What is compared: every answer of the shared SQuAD and Natural Questions sets, with words lost, added,
swapped and re-cased by a seeded generator. Needs the data beside the checkout.
"""

from __future__ import annotations

import argparse
import ast
import collections
import random
import re
import string
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from eval.metrics.squad import exact, f1
from tools.reader.records import rows

SEED = 7


def main() -> None:
    """Compare and print how many figures differ; exit 1 when one does."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("script", type=Path)
    theirs = functions(parser.parse_args().script)
    count, different = 0, 0
    for gold, said in predictions():
        same = exact(said, gold) == theirs["compute_exact"](gold, said)
        close = abs(f1(said, gold) - theirs["compute_f1"](gold, said)) < 1e-12
        count += 1
        different += not (same and close)
    print(f"{count:,} predictions, {different} differ in exact match or F1")
    sys.exit(bool(different))


def functions(script: Path) -> dict[str, Any]:
    """Return the functions that a module defines, without running anything else of it."""
    tree = ast.parse(script.read_text("utf-8"))
    body: list[ast.stmt] = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    found: dict[str, Any] = {"re": re, "string": string, "collections": collections}
    exec(compile(ast.Module(body=body, type_ignores=[]), str(script), "exec"), found)
    return found


def predictions() -> Iterator[tuple[str, str]]:
    """Yield answers of the sets, each beside a damaged copy."""
    rng = random.Random(SEED)
    for name in ("squad2_devhalf/examples", "nq_oracle/examples"):
        for row in rows(name):
            for gold in row["answers"]:
                yield gold, damaged(gold, row["passage"], rng)


def damaged(answer: str, passage: str, rng: random.Random) -> str:
    """Return an answer with words lost, taken from the passage, out of order, re-cased or put among punctuation."""
    words = [word for word in answer.split() if rng.random() > 0.15]
    if rng.random() < 0.5:
        words += rng.sample(passage.split(), min(rng.randint(1, 4), len(passage.split())))
    if rng.random() < 0.2:
        rng.shuffle(words)
    said = " ".join(words)
    return rng.choice([said, said.upper(), f"the {said}.", f"“{said}”, a", said.replace(" ", "-", 1)])


if __name__ == "__main__":
    main()
