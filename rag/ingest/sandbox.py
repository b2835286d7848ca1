"""A child process that parses files for us, with limits on time and memory, and may die of them.

Complex parsers meet hostile files. The child gets a file's bytes and answers with documents as JSON
lines; it cannot write files, and when it takes too long or too much it is killed and replaced.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Timer
from types import TracebackType
from typing import Any, Self

from rag import child
from rag.errors import SourceError
from rag.ingest.document import from_json
from rag.ingest.parse import Found


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What parsing one article may cost."""

    seconds: float = 30
    memory: int = 1_000_000_000
    """Bytes of address space. Not enforced on Windows."""


class Sandbox:
    """Parses in a child process that is started on first need and used again. Not thread-safe.

    with Sandbox() as sandbox:
        for name, document in sandbox.parse_many(data, name="talks.pdf"): ...
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None

    def parse_many(self, data: bytes, *, name: str) -> Iterator[Found]:
        """Yield every article of a file, as `rag.ingest.parse.parse_many` does, within the limits.

        Raises:
            SourceError: also `too complex: …` when a limit was met.
        """
        finished = False
        try:
            self._send(data, name)
            while (answer := self._receive()) != {"done": True}:
                yield _found(answer)
            finished = True
        finally:
            if not finished:  # what is left of the answer belongs to no later question
                self.close()

    def _send(self, data: bytes, name: str) -> None:
        if self._child is None or self._child.poll() is not None:
            self._child = self._start()
        pipe = self._child.stdin
        assert pipe is not None
        try:
            pipe.write(json.dumps({"name": name, "size": len(data)}).encode() + b"\n")
            pipe.write(data)
            pipe.flush()
        except BrokenPipeError:
            raise SourceError("too complex: its parser crashed") from None

    def _receive(self) -> dict[str, Any]:
        process = self._child
        assert process is not None and process.stdout is not None
        timer = Timer(self._limits.seconds, process.kill)
        timer.start()
        try:
            line = process.stdout.readline()
        finally:
            in_time = timer.is_alive()
            timer.cancel()
        if not line:
            why = "its parser crashed" if in_time else f"took longer than {self._limits.seconds:g} s"
            raise SourceError(f"too complex: {why}")
        answer: dict[str, Any] = json.loads(line)
        if "failed" in answer:
            raise SourceError(answer["failed"])
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            child.command("rag.ingest.worker", str(self._limits.memory)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**child.environment(), "PYTHONUTF8": "1"},
            start_new_session=True,  # Ctrl-C is for us to handle
        )


def _found(answer: dict[str, Any]) -> Found:
    document = answer.get("document")
    return answer["name"], from_json(document) if document else SourceError(answer["error"])
