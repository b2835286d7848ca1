"""What reading adds to the fused search: `python tools/measure_reading.py RUN`, for a stored evaluation run.

hit@1, whether the first passage is of an article that the case names, in the order of `Corpus.search` and in that of
the fused ranks alone, which every hit carries. Cases that name no article are left out.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from eval.record import CaseRun, FoundHit
from eval.runfile import find_runs, read_run
from eval.stats import estimate_of
from rag.settings import Retrieve


def fused(hit: FoundHit) -> float:
    """Return the score that reciprocal rank fusion gave a hit."""
    return sum(1 / (Retrieve().rrf_k + rank) for rank in hit.ranks.values())


def first_right(case: CaseRun) -> tuple[float, float]:
    """Return whether the first hit is right, as ordered and by the fused ranks."""
    gold = {span.article for span in case.gold}
    hits = case.reply.hits if case.reply else ()
    if not hits:
        return 0.0, 0.0
    return float(hits[0].article in gold), float(max(hits, key=fused).article in gold)


def main() -> None:
    """Read the run and print both figures, and their difference."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="a run file, or a folder that holds one")
    run = read_run(find_runs([parser.parse_args().run])[0])
    pairs = [first_right(case) for case in run.cases if case.gold]
    shown = {
        "after reading": [read for read, _ in pairs],
        "fused search alone": [alone for _, alone in pairs],
        "difference": [read - alone for read, alone in pairs],
    }
    for name, values in shown.items():
        found = estimate_of(name, values)
        print(f"{name:20} {found.mean:.3f} ({found.low:.3f} to {found.high:.3f}), n {found.n}")


if __name__ == "__main__":
    main()
