"""How a command line ends, whatever happens in it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from rag.entry import INTERRUPTED, run
from rag.errors import BackendError, UserError


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """What has ended lets no Ctrl-C disturb its last moments; the tests after it want theirs."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


def ends(error: BaseException | None) -> int:
    app = typer.Typer()

    @app.command()
    def work() -> None:
        if error:
            raise error

    return run(app, [], "work")


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (None, 0, ""),
        (typer.Exit(1), 1, ""),
        (UserError("Give a \x1b[1mfolder."), 2, "Give a folder.\n"),
        (BackendError("No answer.", retryable=True), 3, "No answer. Try again later.\n"),
        (BackendError("Wrong key."), 3, "Wrong key.\n"),
        (KeyboardInterrupt(), 130, f"{INTERRUPTED}\n"),
        (typer.Abort(), 130, f"{INTERRUPTED}\n"),
        (typer.Abort("Stopped."), 130, "Stopped.\n"),
    ],
)
def test_exit_status_and_message(
    error: BaseException | None, status: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ends(error) == status
    assert capsys.readouterr().err == says


@pytest.mark.parametrize("fault", [ZeroDivisionError("by nought"), PermissionError(13, "Denied", "some-file")])
def test_a_fault_of_ours_keeps_its_traceback_and_is_no_refusal(
    fault: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ends(fault) == 70
    told = capsys.readouterr().err
    assert told.startswith("Traceback") and str(fault) in told


def test_an_interrupt_that_a_library_makes_another_error_of_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    error = ImportError("KeyboardInterrupt")  # as of onnxruntime, when its extension is being loaded
    error.__cause__ = RuntimeError("in between")
    error.__cause__.__context__ = KeyboardInterrupt()
    assert ends(error) == 130
    assert capsys.readouterr().err == f"{INTERRUPTED}\n"


def test_a_further_interrupt_does_not_disturb_the_end() -> None:
    assert ends(KeyboardInterrupt()) == 130
    signal.raise_signal(signal.SIGINT)


def test_an_interrupt_during_the_imports_is_one_line() -> None:
    code = "import sys; from rag.__main__ import main; sys.meta_path.insert(0, Impatient()); main()"
    impatient = "class Impatient:\n    def find_spec(self, *_):\n        raise KeyboardInterrupt\n"
    done = subprocess.run([sys.executable, "-c", impatient + code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "Interrupted.\n")


PRINTS = """
import sys, typer
from rag.entry import run
app = typer.Typer()
app.command()(lambda: print("x" * {size}))
sys.exit(run(app, [], "work"))
"""
SIZES = pytest.mark.parametrize("size", [10, 100_000], ids=["written at the end", "written at once"])


def prints(size: int, output: int) -> tuple[int, str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command = [sys.executable, "-c", PRINTS.format(size=size)]
    done = subprocess.run(command, stdout=output, stderr=subprocess.PIPE, text=True, check=False, env=kept)
    return done.returncode, done.stderr


@SIZES
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_output_that_cannot_be_written_is_one_line_and_2(size: int) -> None:
    with open("/dev/full", "wb") as full:
        status, told = prints(size, full.fileno())
    assert status == 2
    assert told == "The output could not be written: No space left on device. Make room, or send it elsewhere.\n"


@SIZES
def test_a_reader_that_has_seen_enough_is_no_refusal(size: int) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        assert prints(size, writing) == (0, "")
    finally:
        os.close(writing)


def test_an_unknown_option_is_the_callers_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    app = typer.Typer()
    app.command()(lambda: None)
    assert run(app, ["--nonsense"], "work") == 2
    assert "--nonsense" in capsys.readouterr().err


SAYS = """
import sys, typer
from rag.entry import run
app = typer.Typer()

@app.command()
def work():
    {work}

sys.exit(run(app, [], "work"))
"""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_what_an_encoding_lacks_stops_nothing_and_json_stays_json(encoding: str) -> None:
    work = """import json; print(json.dumps("“é” 😀 \\udce9", ensure_ascii=False))"""
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    command = [sys.executable, "-c", SAYS.format(work=work)]
    done = subprocess.run(command, capture_output=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.decode(encoding)) == "“é” 😀 \udce9"
    assert (b"\\u201c" in done.stdout) is (encoding != "utf-8")


@pytest.mark.skipif(os.name != "posix", reason="no shell that closes streams")
@pytest.mark.parametrize(
    ("work", "closed", "status", "out"),
    [
        ("from rag.terminal import prompt; print([prompt()])", "<&-", 0, "['']\n"),
        ("from rag.cli import _password; print([_password()])", "<&-", 0, "['']\n"),
        ("with __import__('rag').terminal.waiting('Opening', shown=True): print('done')", "2>&-", 0, "done\n"),
        ("print('told', file=sys.stderr)", "2>&-", 0, ""),
        ("1 / 0", "2>&-", 70, ""),
        ("print('done')", ">&-", 0, ""),
    ],
)
def test_a_closed_stream_is_one_that_leads_nowhere(work: str, closed: str, status: int, out: str) -> None:
    code = "import rag.terminal" + SAYS.format(work=work)
    shell = ["sh", "-c", f'exec "$0" "$@" {closed}', sys.executable, "-c", code]
    done = subprocess.run(shell, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stdout, done.stderr) == (status, out, "")
