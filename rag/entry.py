"""How every command line of ours ends: in one line that says what to do, and the right exit status."""

from __future__ import annotations

import codecs
import errno
import io
import json
import os
import signal
import sys
import traceback
from contextlib import suppress
from typing import Any

import typer

from rag.errors import BackendError, UserError
from rag.quiet import stay_offline
from rag.terminal import plain

INTERRUPTED = "Interrupted. What was stored is kept; run the same command again to go on."
_SIGINT = 130
_FAULT = 70  # sysexits.h calls it EX_SOFTWARE
_UNWRITABLE = frozenset([errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO])


def run(app: typer.Typer, argv: list[str] | None, name: str) -> int:
    """Run a command line and return its exit status.

    0 done, 1 for what a command says itself, 2 the caller's mistake or output that cannot be written, 3 a backend
    failed, 70 a fault of ours, with its traceback, 130 interrupted.
    """
    stay_offline()
    _mend_streams()
    try:
        status = _call(app, argv, name)
        sys.stdout.flush()  # at the end of the process it would be too late to tell what went wrong
    except (KeyboardInterrupt, typer.Abort) as stop:
        return _stopped(str(stop) or INTERRUPTED)
    except UserError as error:
        return _say(str(error), 2)
    except BackendError as error:
        return _say(f"{error}{' Try again later.' if error.retryable else ''}", 3)
    except BrokenPipeError:  # the reader of our output, `head` for example, has seen enough
        _drop_output()
        return 0
    except Exception as error:
        return _stopped() if _was_interrupted(error) else _failed(error)
    return _stopped() if status == _SIGINT else status  # Typer turns the interrupt into this status


def _mend_streams() -> None:
    """Let closed streams lead nowhere, as Python leaves None there, and let no character stop the output.

    What its encoding lacks is written as in JSON: there it stays the same, and elsewhere nothing is lost.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors in ("strict", "surrogateescape"):
        codecs.register_error("as-in-json", _as_in_json)
        sys.stdout.reconfigure(errors="as-in-json")


def _as_in_json(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


def _call(app: typer.Typer, argv: list[str] | None, name: str) -> int:
    try:
        status: Any = app(args=argv, standalone_mode=False, prog_name=name)
    except typer.Exit as stop:
        return stop.exit_code
    except SystemExit as stop:
        if isinstance(stop.__context__, BrokenPipeError):
            raise stop.__context__ from None  # Typer makes it 1, which says something else here
        raise
    return status if isinstance(status, int) else 0


def _was_interrupted(error: BaseException | None) -> bool:
    """Tell whether an error came of an interrupt: while onnxruntime is imported, one becomes an ImportError."""
    return isinstance(error, KeyboardInterrupt) or (
        error is not None and _was_interrupted(error.__cause__ or error.__context__)
    )


def _stopped(message: str = INTERRUPTED) -> int:
    """Say that the process ends now; what it still has to put away is not to be disturbed by another Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return _say(message, _SIGINT)


def _failed(error: Exception) -> int:
    if hasattr(error, "show"):
        error.show()  # the parser's own: an unknown option, a value out of range
        return 2
    if isinstance(error, OSError) and error.errno in _UNWRITABLE and error.filename is None:
        _drop_output()
        return _say(f"The output could not be written: {error.strerror}. Make room, or send it elsewhere.", 2)
    with suppress(OSError):
        traceback.print_exception(error)
    return _FAULT


def _drop_output() -> None:
    """Let what is still to be written go nowhere, else it is tried again at the end and fails again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(message: str, status: int) -> int:
    with suppress(OSError):  # the status says it too
        print(plain(message), file=sys.stderr)
    return status
