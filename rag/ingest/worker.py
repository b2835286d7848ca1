"""The child process of `rag.ingest.sandbox`: reads files from stdin, writes documents to stdout.

question   {"name": "a.pdf", "size": 1234}, newline, 1234 bytes
answer     lines of {"name", "document"} or {"name", "error"}, then {"done": true} or {"failed": reason}
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from rag.errors import SourceError
from rag.ingest.document import to_json
from rag.ingest.parse import parse_many


def main() -> None:
    """Answer questions until stdin ends."""
    limit(int(sys.argv[1]))
    # Libraries that print must not reach the pipe of answers.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, out)


def limit(memory: int) -> None:
    """Let this process use no more than `memory` bytes, write no files and leave no core."""
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def serve(questions: BinaryIO, out: BinaryIO) -> None:
    """Answer every question in turn."""
    while line := questions.readline():
        question = json.loads(line)
        data = questions.read(question["size"])
        for answer in answers(data, question["name"]):
            out.write(json.dumps(answer).encode() + b"\n")
            out.flush()


def answers(data: bytes, name: str) -> Iterator[dict[str, Any]]:
    """Yield what there is to say about one file."""
    try:
        for sub, found in parse_many(data, name=name):
            yield (
                {"name": sub, "error": str(found)}
                if isinstance(found, SourceError)
                else {
                    "name": sub,
                    "document": to_json(found),
                }
            )
        yield {"done": True}
    except SourceError as error:
        yield {"failed": str(error)}
    except MemoryError:
        yield {"failed": "too complex: needs too much memory"}
    except Exception as error:  # a parser's bug must not stop the other files
        yield {"failed": f"its parser failed: {type(error).__name__}"}


if __name__ == "__main__":
    main()
