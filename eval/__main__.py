"""`python -m eval`."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; where the libraries that it needs are not installed, say how to add them."""
    try:
        from eval.cli import main as run
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] in {"eval", "rag"}:
            raise
        print(f"{error.name} is missing: pip install 'footnote-rag[eval]' (in a clone: make eval)", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        print("Interrupted.", file=sys.stderr)
        return 130
    return run(None if argv is None else list(argv))


if __name__ == "__main__":
    sys.exit(main())
