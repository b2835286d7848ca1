"""`rag`, and `python -m rag`, which is the same."""

import signal
import sys


def main() -> None:
    """Run the command line; an interrupt while it is still being imported ends as quietly as a later one."""
    try:
        from rag.cli import main as run
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        print("Interrupted.", file=sys.stderr)
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
