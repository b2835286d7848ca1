"""Does a closed generation read back? `python -m rag.store.check_generation FOLDER ROWS` exits with 0 when it does.

A process of its own, because opening a damaged index can end the process.
"""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from rag.store import dense

_NEAR_COPY = 0.02
"""Cosine distance under which another row counts as found: a near copy, indistinguishable for a search."""


def check(folder: Path, rows: int, sample: int = 64) -> str | None:
    """Return what is wrong with a closed generation: sampled vectors must find themselves.

    Counting is no check: Chroma counts rows that its index can no longer find. The index is approximate and
    misses some rows among many near copies, so one sample in twenty may.
    """
    with closing(dense.client(folder)) as chroma:
        collection = chroma.get_collection(dense.COLLECTION, embedding_function=None)
        if (count := collection.count()) != rows:
            return f"{count} rows instead of {rows}"
        offsets = range(0, rows, max(1, rows // sample))
        lost = [offset for offset in offsets if not _finds_itself(collection, offset)]
    few = len(lost) <= len(offsets) // 20
    return None if few else f"{len(lost)} of {len(offsets)} sampled rows do not find themselves"


def _finds_itself(collection: Any, offset: int) -> bool:
    row = collection.get(limit=1, offset=offset, include=["embeddings"])
    nearest = collection.query(query_embeddings=row["embeddings"], n_results=1, include=["distances"])
    distances = nearest["distances"][0] if nearest["distances"] else []
    return bool(distances) and distances[0] <= _NEAR_COPY


if __name__ == "__main__":
    sys.exit(check(Path(sys.argv[1]), int(sys.argv[2])))
