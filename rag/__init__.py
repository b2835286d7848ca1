"""Footnote: ask your articles, get answers with footnotes.

    import rag
    answer = rag.query("why were military channels cut?")
    print(answer.text, answer.citations[0].quote)

Names are resolved on first use, so that `import rag` loads no heavy library.
"""

# fmt: off
import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.api import aquery, query
    from rag.corpus import Corpus
    from rag.errors import BackendError, RagError, UserError
    from rag.records import (
        NOT_IN_CORPUS,
        Answer,
        Article,
        Citation,
        Failure,
        Filter,
        Hit,
        Passage,
        Piece,
        Problem,
        Progress,
        SyncReport,
        Turn,
        Usage,
    )
    from rag.settings import Settings

__all__ = [
    "NOT_IN_CORPUS", "Answer", "Article", "BackendError", "Citation", "Corpus", "Failure", "Filter", "Hit",
    "Passage", "Piece", "Problem", "Progress", "RagError", "Settings", "SyncReport", "Turn", "Usage", "UserError",
    "aquery", "query",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    homes = {"Corpus": "corpus", "Settings": "settings", "aquery": "api", "query": "api"}
    home = homes.get(name, "errors" if name.endswith("Error") else "records")
    return getattr(importlib.import_module(f"rag.{home}"), name)
