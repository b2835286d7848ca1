"""How every command line of ours ends: in one line that says what to do, and the right exit status."""

from __future__ import annotations

import os
import sys
from typing import Any

import typer

from rag.errors import BackendError, UserError
from rag.terminal import plain

INTERRUPTED = "Interrupted. What was stored is kept; run the same command again to go on."
_SIGINT = 130


def run(app: typer.Typer, argv: list[str] | None, name: str) -> int:
    """Run a command line and return its exit status.

    0 done, 1 for what a command says itself, 2 the caller's mistake, 3 a backend failed, 130 interrupted.
    """
    try:
        status: Any = app(args=argv, standalone_mode=False, prog_name=name)
    except typer.Exit as stop:
        return stop.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return _say(INTERRUPTED, _SIGINT)
    except UserError as error:
        return _say(str(error), 2)
    except BackendError as error:
        return _say(f"{error}{' Try again later.' if error.retryable else ''}", 3)
    except BrokenPipeError:  # the reader of our output, `head` for example, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if not hasattr(error, "show"):
            raise  # a fault of ours
        error.show()  # the parser's own: an unknown option, a value out of range
        return 2
    if status == _SIGINT:  # Typer turns the interrupt into this status
        return _say(INTERRUPTED, status)
    return status if isinstance(status, int) else 0


def _say(message: str, status: int) -> int:
    print(plain(message), file=sys.stderr)
    return status
