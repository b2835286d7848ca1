"""How a command line ends, whatever happens in it."""

import pytest
import typer

from rag.entry import run
from rag.errors import BackendError, UserError


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
        (KeyboardInterrupt(), 130, "Interrupted. What was stored is kept; run the same command again to go on.\n"),
    ],
)
def test_exit_status_and_message(
    error: BaseException | None, status: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ends(error) == status
    assert capsys.readouterr().err == says


def test_a_fault_of_ours_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        ends(ZeroDivisionError())


def test_an_unknown_option_is_the_callers_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    app = typer.Typer()
    app.command()(lambda: None)
    assert run(app, ["--nonsense"], "work") == 2
    assert "--nonsense" in capsys.readouterr().err
