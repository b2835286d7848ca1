"""What `eval.bench` runs in a process of its own: `python -m eval.bench_worker warm|sync`."""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from eval.machine import peak_mb
from eval.suite import load

_WARM_UP = 3


def warm() -> list[dict[str, Any]]:
    """Ask every first question of the seeds suite in one process, after a few that do not count."""
    import rag

    questions = [case.question for case in load("seeds").cases if not case.history]
    times = []
    with rag.Corpus.open() as corpus:
        for question in questions[:_WARM_UP] + questions:
            started = time.perf_counter()
            corpus.ask(question)
            times.append((time.perf_counter() - started) * 1000)
    counted = times[_WARM_UP:]
    p50, p95 = np.percentile(counted, [50, 95])
    note = "seeds corpus, one process, one question at a time"
    return [
        _figure("warm question p50", float(p50), "ms", len(counted), note),
        _figure("warm question p95", float(p95), "ms", len(counted), note),
        *_memory("memory answering", "peak of that process"),
    ]


def sync() -> list[dict[str, Any]]:
    """Take the articles of the larger bundled suite into a new corpus, from files."""
    import rag
    from rag.store.ledger import Ledger

    articles = load("news_fiction").articles
    with tempfile.TemporaryDirectory(prefix="footnote-sync-") as folder:
        source = Path(folder) / "articles"
        source.mkdir()
        for name, article in articles.items():
            (source / f"{name}.txt").write_text(f"{article.title}\n\n{article.text}", encoding="utf-8")
        place = Path(folder) / "bench.corpus"
        with rag.Corpus.open(place) as corpus:
            started = time.perf_counter()
            report = corpus.sync(source)
            seconds = time.perf_counter() - started
        ledger = Ledger(place / "ledger.sqlite", read_only=True)
        passages = ledger.counts()["passages"]
        ledger.close()
        disk = sum(path.stat().st_size for path in place.rglob("*") if path.is_file()) / 2**20
    lengths = statistics.mean(len(article.text) for article in articles.values())
    note = f"{len(report.added)} articles of {lengths:.0f} characters on average, {seconds:.1f} s in all"
    return [
        _figure("sync", passages / seconds, "passages/s", passages, note),
        _figure("corpus on disk", disk, "MB", passages, "ledger and both indexes"),
        *_memory("memory syncing", "peak of that process"),
    ]


def _memory(name: str, note: str) -> list[dict[str, Any]]:
    peak = peak_mb()
    return [] if peak is None else [_figure(name, peak, "MB", 1, note)]


def _figure(name: str, value: float, unit: str, n: int, note: str) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "n": n, "note": note}


if __name__ == "__main__":
    # Whatever a library prints must not mix with the figures.
    out, sys.stdout = sys.stdout, open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    figures = {"warm": warm, "sync": sync}[sys.argv[1]]()
    print(json.dumps(figures), file=out)
