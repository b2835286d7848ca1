"""Where the default corpora and caches live, and where the bundled articles are."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path

from rag.errors import CorpusError, UserError


def home() -> Path:
    """Return the folder of default corpora and caches: `RAG_HOME`, else the platform's place for user data."""
    return Path(os.environ["RAG_HOME"]) if os.environ.get("RAG_HOME") else user_data_path("footnote")


def is_new(path: str | Path) -> bool:
    """Tell whether to open a corpus there is to make it: nothing is there yet, or an empty folder."""
    folder = Path(path).expanduser()
    return not folder.exists() or (folder.is_dir() and next(folder.iterdir(), None) is None)


def corpus_folder(path: str | Path, *, ledger: str, create: bool) -> Path:
    """Return the folder of a corpus, made when it does not exist.

    Raises:
        CorpusError: it is a file, holds something else, or cannot be made.
    """
    folder = Path(path).expanduser()
    if folder.exists() and not folder.is_dir():
        raise CorpusError(f"{folder} is a file: give the folder of a corpus.")
    if (folder / ledger).exists():
        return folder
    if not create:
        raise CorpusError(f"{folder} holds no corpus: make one with `rag sync SOURCE --corpus {folder}`.")
    if not is_new(folder):
        raise CorpusError(f"{folder} is not a corpus and not empty: give a new folder, or a corpus.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CorpusError(f"{folder} cannot be made: {error.strerror}.") from error
    except ValueError:  # a zero character, or half of a surrogate pair
        raise CorpusError(f"{str(folder)!r} is no name for a folder: give the folder of a corpus.") from None
    return folder


def seeds() -> Path:
    """Return the folder of the bundled articles, from the wheel or from a checkout.

    Raises:
        UserError: the installation lacks them.
    """
    package = Path(__file__).parent
    for folder in (package / "_seeds", package.parent / "seeds"):
        if any(folder.glob("*.md")):
            return folder
    raise UserError("The bundled articles are missing: install footnote-rag again.")
