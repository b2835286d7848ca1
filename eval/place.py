"""Folders that something is to be written to. One that cannot be used costs a line, not a traceback."""

from __future__ import annotations

from pathlib import Path

from rag.errors import UserError


def check_free(folder: Path) -> None:
    """Refuse a place where something is: nothing that is there is ever overwritten.

    Raises:
        UserError: it is a file, or a folder that is not empty.
    """
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder} is a file. Give a new folder.")
    if folder.exists() and any(folder.iterdir()):
        raise UserError(f"{folder} is not empty. Give a new folder.")


def make(folder: Path) -> None:
    """Make a folder, and those that it lies in, unless it is there.

    Raises:
        UserError: a file is in the way, or nothing may be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"The folder {folder} cannot be made: {error.strerror}. Give another place.") from None
