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
    from rag.errors import (
        BackendError,
        CorpusError,
        LockedError,
        ModelError,
        QuestionError,
        RagError,
        SourceError,
        SpaceError,
        UnknownArticleError,
        UserError,
    )
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
        Renamed,
        SyncReport,
        Turn,
        Usage,
    )
    from rag.settings import Settings

__all__ = [
    "NOT_IN_CORPUS", "Answer", "Article", "BackendError", "Citation", "Corpus", "CorpusError", "Failure", "Filter",
    "Hit", "LockedError", "ModelError", "Passage", "Piece", "Problem", "Progress", "QuestionError", "RagError",
    "Renamed", "Settings", "SourceError", "SpaceError", "SyncReport", "Turn", "UnknownArticleError", "Usage",
    "UserError", "aquery", "query",
]


def __dir__() -> list[str]:
    return [*globals(), *__all__]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    homes = {"Corpus": "corpus", "Settings": "settings", "aquery": "api", "query": "api"}
    home = homes.get(name, "errors" if name.endswith("Error") else "records")
    return getattr(importlib.import_module(f"rag.{home}"), name)
