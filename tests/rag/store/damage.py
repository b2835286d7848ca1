"""`python -m tests.rag.store.damage N`: damage a corpus's files in N places, one at a time, and open it each time.

Prints what came of it as JSON. In a process of its own, because what is opened may be able to end it.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from rag.corpus import Corpus
from rag.errors import RagError
from rag.store import dense
from rag.store.check_generation import check
from tools.torture.child import forked
from tools.torture.compare import answers, questions
from tools.torture.folder import made_up
from tools.torture.torture import SETTINGS


def damaged(path: Path, how: str, chosen: random.Random) -> None:
    """Change one file: a flipped byte, half of it, none of it, or a long tail of nothing."""
    content = bytearray(path.read_bytes())
    if how == "deleted":
        path.unlink()
    elif how == "truncated":
        path.write_bytes(content[: len(content) // 2])
    elif how == "inflated":
        path.write_bytes(bytes(content) + bytes(1_000_000))
    elif content:
        content[chosen.randrange(len(content))] ^= 0xFF
        path.write_bytes(content)


def look(folder: Path, asked: list[str], expected: list[list[str]]) -> str:
    """Return what a reader makes of a damaged corpus: the same answers, a problem that is named, or a refusal."""
    try:
        with Corpus.open(folder, settings=SETTINGS, read_only=True) as corpus:
            problems = corpus.verify()
            same = answers(corpus, asked) == expected
            return "named" if problems else "same" if same else "other answers, and nothing was noticed"
    except RagError:
        return "refused"


def mended(folder: Path, source: Path) -> str:
    """Sync again, and return what is still wrong."""
    with Corpus.open(folder, settings=SETTINGS) as corpus:
        corpus.sync(source)
        return "; ".join(problem.what for problem in corpus.verify())


def main() -> None:
    dense._checked_by_child = check
    chosen, seen = random.Random(5), Counter[str]()
    with tempfile.TemporaryDirectory() as temporary:
        source, whole = Path(temporary) / "articles", Path(temporary) / "whole"
        source.mkdir()
        made_up(source, 30)

        def make() -> Any:
            with Corpus.open(whole, settings=SETTINGS) as corpus:
                corpus.sync(source)
                asked = questions(corpus, 5)
                return asked, answers(corpus, asked)

        asked, expected = forked(make)[1]
        names = (path.relative_to(whole) for path in whole.rglob("*") if path.is_file())
        files = sorted(names, key=lambda name: (name.suffix, name.name))  # some stems are made up anew each time
        for number in range(int(sys.argv[1])):
            name, how = files[number % len(files)], chosen.choice(["flipped", "truncated", "deleted", "inflated"])
            folder = Path(temporary) / f"copy-{number}"
            shutil.copytree(whole, folder)
            damaged(folder / name, how, chosen)
            status, said = forked(lambda folder=folder: look(folder, asked, expected))
            outcome = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else said or "an exception"
            if name.name != "ledger.sqlite" and outcome in ("same", "named"):
                status, left = forked(lambda folder=folder: mended(folder, source))
                outcome = outcome if status == 0 and not left else f"not mended: {left or status}"
            seen[outcome if outcome in ("same", "named", "refused") else f"{outcome}: {name} {how}"] += 1
            shutil.rmtree(folder)
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
