"""The files that articles were read from, to save: never shown by the browser, so nothing in them can run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import FastAPI, HTTPException, params
from fastapi.responses import FileResponse

from rag.errors import UnknownArticleError
from rag.records import Article

if TYPE_CHECKING:
    from rag.corpus import Corpus


def address(corpus: str, article: Article) -> str:
    """Return where an article's file can be fetched; empty when it has none, or the file is gone."""
    if not corpus or not article.path or not Path(article.path).is_file():
        return ""
    return f"/original/{quote(corpus, safe='')}/{quote(article.id, safe='')}"


def add(application: FastAPI, corpora: Mapping[str, Corpus], dependencies: Sequence[params.Depends] = ()) -> None:
    """Serve the files of the articles that these corpora hold, and no others, to whom `dependencies` let pass."""

    @application.get("/original/{corpus}/{article}", dependencies=dependencies)
    def original(corpus: str, article: str) -> FileResponse:
        try:
            path = Path(corpora[corpus].article(article).path or "")
        except (KeyError, UnknownArticleError):
            raise HTTPException(404) from None
        if not path.is_file():
            raise HTTPException(404)
        return FileResponse(path, media_type="application/octet-stream", filename=path.name)
