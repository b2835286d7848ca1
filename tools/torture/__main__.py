"""Kill a sync again and again, at named points and at random moments, and see whether anything is ever lost.

    python -m tools.torture --kills 300 --articles FOLDER

A child process syncs a folder and is killed with SIGKILL. After each kill a fresh process opens the corpus, asks a
question and checks every invariant, while another reader goes on asking throughout. When a sync gets through, its
corpus is compared with one that was never interrupted, and the folder is changed for the next round: files are
added, changed, renamed, copied and deleted. Prints one JSON document; exit status 1 when anything was lost.

Embeddings are the deterministic fake ones: what is tested is what happens to vectors, not how good they are.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from rag.ingest import sync as sync_module
from rag.store import dense
from rag.store.check_generation import check
from tools.torture.folder import made_up
from tools.torture.torture import Torture


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--articles", type=Path, help="folder of articles; default: made-up ones")
    parser.add_argument("--count", type=int, default=300, help="how many articles")
    parser.add_argument("--minutes", type=float, default=1e6, help="stop after this time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--own-check", action="store_true", help="check a new dense index without another process")
    asked = parser.parse_args()
    if asked.own_check:  # the syncing process is one that may die already
        dense._checked_by_child = check
    sync_module._BATCH_PASSAGES = 16  # more moments between articles
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        (work / "made").mkdir()
        real = sorted(asked.articles.glob("*.txt"))[: asked.count] if asked.articles else []
        torture = Torture(work, real or made_up(work / "made", asked.count), asked.seed)
        outcome = torture.run(asked.kills, asked.minutes)
    print(json.dumps(asdict(outcome), indent=2))
    return 0 if outcome.clean else 1


if __name__ == "__main__":
    sys.exit(main())
