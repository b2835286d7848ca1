"""One call: a question in, a cited answer out."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from rag.corpus import Corpus
from rag.home import corpus_folder
from rag.records import Answer, Filter, Turn
from rag.settings import Settings, load
from rag.store.store import LEDGER


def query(
    question: str,
    *,
    corpus: str | Path | Corpus | None = None,
    history: Sequence[Turn] = (),
    where: Filter | None = None,
    llm: str | None = None,
    settings: Settings | None = None,
) -> Answer:
    """Answer one question from a corpus that is there; without one, from `RAG_CORPUS` or the bundled articles.

    For several questions open a `Corpus` once and use `Corpus.ask`.

    Raises:
        UserError: something that the caller can fix; the message says how.
        BackendError: a model or a server failed.
    """
    if isinstance(corpus, Corpus):
        chosen = settings or corpus.settings
        corpus = corpus.using(chosen.with_llm(llm) if llm else chosen)
        return corpus.ask(question, history=history, where=where)
    if path := corpus or os.environ.get("RAG_CORPUS"):
        corpus_folder(path, ledger=LEDGER, create=False)  # a slip would make one, and look like a refusal
    settings = settings or load()
    with Corpus.open(corpus, settings=settings.with_llm(llm) if llm else settings) as opened:
        return opened.ask(question, history=history, where=where)


async def aquery(
    question: str,
    *,
    corpus: str | Path | Corpus | None = None,
    history: Sequence[Turn] = (),
    where: Filter | None = None,
    llm: str | None = None,
    settings: Settings | None = None,
) -> Answer:
    """`query` without blocking the event loop."""
    return await asyncio.to_thread(
        query, question, corpus=corpus, history=history, where=where, llm=llm, settings=settings
    )
