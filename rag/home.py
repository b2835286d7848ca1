"""Where the default corpora and caches live, and where the bundled articles are."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from platformdirs import user_data_path

from rag.errors import CorpusError, UserError

SEEDS = ("_seeds", "seeds")
"""What the folder of the bundled articles is called in a wheel, and in a checkout."""


def home() -> Path:
    """Return the folder of default corpora and caches: `RAG_HOME`, else the platform's place for user data."""
    return expanded(os.environ["RAG_HOME"]) if os.environ.get("RAG_HOME") else user_data_path("footnote")


def expanded(path: str | Path) -> Path:
    """Return a path with the folder that its `~` stands for: no shell puts that in where one is quoted.

    Raises:
        UserError: nobody has the name after the `~`.
    """
    try:
        return Path(path).expanduser()
    except RuntimeError:
        raise UserError(f"{path} cannot be found: there is no such home folder. Give another path.") from None


def is_new(path: str | Path) -> bool:
    """Tell whether to open a corpus there is to make it: nothing is there yet, or an empty folder.

    Raises:
        UserError: the place cannot be looked at.
    """
    folder = expanded(path)
    with _looking_at(folder):
        return not folder.exists() or (folder.is_dir() and next(folder.iterdir(), None) is None)


def corpus_folder(path: str | Path, *, ledger: str, create: bool) -> Path:
    """Return the folder of a corpus, made when it does not exist.

    Raises:
        CorpusError: it is a file, holds something else, or cannot be looked at or made.
        UserError: nobody has the name after its `~`.
    """
    folder = expanded(path)
    with _looking_at(folder):
        if folder.exists() and not folder.is_dir():
            raise CorpusError(f"{folder} is a file: give the folder of a corpus.")
        if (folder / ledger).exists():
            return folder
    if not create:
        quoted = shlex.quote(str(folder))
        raise CorpusError(f"{folder} holds no corpus: make one with `rag sync SOURCE --corpus {quoted}`.")
    if not is_new(folder):
        raise CorpusError(f"{folder} is not a corpus and not empty: give a new folder, or a corpus.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CorpusError(f"{folder} cannot be made: {error.strerror}.") from error
    except ValueError:  # a zero character, or half of a surrogate pair
        raise CorpusError(f"{str(folder)!r} is no name for a folder: give the folder of a corpus.") from None
    return folder


@contextmanager
def _looking_at(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:  # a folder above it may not be entered, or its name is too long
        raise CorpusError(f"{folder} cannot be looked at: {error.strerror}. Give another folder.") from None


def seeds() -> Path:
    """Return the folder of the bundled articles, from the wheel or from a checkout.

    Raises:
        UserError: the installation lacks them.
    """
    package = Path(__file__).parent
    for folder in (package / SEEDS[0], package.parent / SEEDS[1]):
        if any(folder.glob("*.md")):
            return folder
    raise UserError("The bundled articles are missing: install footnote-rag again.")
