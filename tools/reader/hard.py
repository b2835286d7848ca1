"""Which passages the reader so far takes for an answer where there is none: `python -m tools.reader.hard`.

The questions are those of the training folders that no article answers, so none of what is found can be right. A next
stage is trained on it (hard negatives mined with the model itself, Xiong et al. 2021). The places are kept in
`hard.jsonl`, so that the stage does not depend on the weights that are shipped when it is run again.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from tqdm import tqdm

from rag.models import cross
from tools.reader import folders, sets
from tools.reader.ask import record
from tools.reader.confusers import Confusers

DEEP = 16
"""Passages that are read for a question, as deep as the product reads where it is unsure."""
KEPT = 4


def mine(reader: cross.CrossReader) -> Iterator[dict[str, object]]:
    """Yield each training question without an answer, with the places that the reader would answer it from."""
    for name in tqdm(folders.training(), unit="folder"):
        passages = [piece for article in folders.texts(name) for piece in sets.cut(article)]
        confusers = Confusers(passages)
        for case in folders.cases(name):
            if not case["answerable"]:
                near = confusers.of(case["question"], DEEP, lambda _: True)
                scans = reader.scan(case["question"], [record(passage) for passage in near])
                sure = sorted(range(len(near)), key=lambda place: -scans[place].answerable)[:KEPT]
                places = [(near[place].article, near[place].start + len(near[place].text) // 2) for place in sure]
                yield {"id": case["id"], "places": places}


def main() -> None:
    """Read and write `hard.jsonl`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, help="folder of the reader that is asked; else the one that is shipped")
    models = parser.parse_args().models
    reader = cross.CrossReader(cross.shipped(models) if models else cross.shipped())
    folders.HARD.write_text("".join(json.dumps(row) + "\n" for row in mine(reader)), encoding="utf-8")


if __name__ == "__main__":
    main()
