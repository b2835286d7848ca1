"""How fast and how big: every figure in a process of its own, as a user meets it.

Corpora are made in a temporary home, so that nothing of the user's is touched or measured.
"""

from __future__ import annotations

import json
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eval.footprint import Footprint, footprint
from eval.machine import load_average, machine, resident_mb
from eval.systems.footnote import code_hash, versions
from rag import child
from rag.errors import BackendError

QUESTION = "why were military channels cut?"
_START = 120.0
"""Seconds that a server may take to be ready before it is given up."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measurement."""

    name: str
    value: float
    unit: str
    n: int
    low: float | None = None
    high: float | None = None
    """Least and most of the repetitions."""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Bench:
    """Everything that a bench found, and on what."""

    figures: tuple[Figure, ...]
    failed: tuple[str, ...]
    """What could not be measured, and why."""
    size: Footprint
    about: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        figures = [{k: v for k, v in vars(f).items() if v not in (None, "")} for f in self.figures]
        return {"figures": figures, "failed": list(self.failed), "install": self.size.to_dict(), **self.about}


def bench(repeat: int, on_step: Callable[[str], None] = lambda step: None) -> Bench:
    """Measure everything. What fails is reported and the rest goes on.

    Args:
        repeat: how often each process is started; the median counts.
        on_step: told what is measured next.
    """
    figures: list[Figure] = []
    failed: list[str] = []
    steps: dict[str, Callable[[Path], list[Figure]]] = {
        "rag --help": lambda home: [_command(home, repeat, "rag --help", ["--help"])],
        "cold rag ask": lambda home: [_command(home, repeat, "cold rag ask", ["ask", QUESTION])],
        "warm questions": lambda home: _worker(home, "warm"),
        "sync": lambda home: _worker(home, "sync"),
        "rag serve": lambda home: _serve(home, repeat),
    }
    with tempfile.TemporaryDirectory(prefix="footnote-bench-") as folder:
        for name, step in steps.items():
            on_step(name)
            try:
                figures += step(Path(folder))
            except (BackendError, OSError, subprocess.SubprocessError) as error:
                failed.append(f"{name}: {error}")
    on_step("install size")
    size = footprint("footnote-rag")
    if not size.distributions:
        failed.append("install size: footnote-rag is not installed here, only its source is used")
    about = {
        "machine": {**machine(), "load": load_average()},
        "versions": versions("footnote-rag", "chromadb", "tantivy", "onnxruntime", "gradio"),
        "code": code_hash(),
        "repeat": repeat,
    }
    return Bench(figures=tuple(figures), failed=tuple(failed), size=size, about=about)


def _command(home: Path, repeat: int, name: str, args: list[str]) -> Figure:
    """Time a fresh process; the first run is not counted, it makes the corpus and fills the disk cache."""
    _rag(home, args)
    seconds = [_timed(lambda: _rag(home, args)) for _ in range(repeat)]
    return _spread(Figure(name=name, value=0, unit="s", n=repeat, note="a process of its own"), seconds)


def _rag(home: Path, args: list[str]) -> None:
    done = subprocess.run(
        child.command("rag", *args),
        env=_environment(home),
        capture_output=True,
        text=True,
        errors="replace",
        timeout=_START,
        check=False,
    )
    if done.returncode != 0:
        raise BackendError(f"rag {args[0]} ended with {done.returncode}: {done.stderr.strip()[-300:]}")


def _worker(home: Path, what: str) -> list[Figure]:
    """Measure inside one process that is not this one, so that its memory is its own."""
    done = subprocess.run(
        child.command("eval.bench_worker", what),
        env=_environment(home),
        capture_output=True,
        text=True,
        errors="replace",
        timeout=30 * _START,
        check=False,
    )
    if done.returncode != 0:
        raise BackendError(f"ended with {done.returncode}: {done.stderr.strip()[-300:]}")
    return [Figure(**record) for record in json.loads(done.stdout)]


def _serve(home: Path, repeat: int) -> list[Figure]:
    """Time from start of `rag serve` to its first page, and read its memory then."""
    seconds, memory = [], []
    for _ in range(repeat):
        with _server(home) as (process, port, started):
            seconds.append(_until_ready(process, port, started))
            memory.append(resident_mb(process.pid))
    ready = _spread(Figure(name="rag serve ready", value=0, unit="s", n=repeat), seconds)
    known = [mb for mb in memory if mb is not None]
    resident = Figure(name="rag serve memory", value=0, unit="MB", n=len(known), note="resident when ready")
    return [ready, _spread(resident, known)] if known else [ready]


@contextmanager
def _server(home: Path) -> Iterator[tuple[subprocess.Popen[bytes], int, float]]:
    port = _free_port()
    started = time.perf_counter()
    process = subprocess.Popen(
        child.command("rag", "serve", "--port", str(port)),
        env=_environment(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process, port, started
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _until_ready(process: subprocess.Popen[bytes], port: int, started: float) -> float:
    while time.perf_counter() - started < _START:
        if process.poll() is not None:
            raise BackendError(f"rag serve ended with {process.returncode} before it was ready")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as page:
                page.read()
            return time.perf_counter() - started
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise BackendError(f"rag serve was not ready in {_START:.0f} s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _environment(home: Path) -> dict[str, str]:
    """Return our environment with a home of its own and without settings that would change the work."""
    kept = {name: value for name, value in child.environment().items() if not name.startswith("RAG_")}
    return {**kept, "RAG_HOME": str(home), "NO_COLOR": "1"}


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _spread(figure: Figure, values: list[float]) -> Figure:
    return replace(figure, value=statistics.median(values), low=min(values), high=max(values))
