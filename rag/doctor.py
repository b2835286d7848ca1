"""What is wrong with the installation or the corpus, in words, and how to mend it."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from rag.corpus import Corpus
from rag.errors import RagError
from rag.home import is_new
from rag.offline import Guard
from rag.records import Article, Passage
from rag.settings import load

_LIBRARIES = ("chromadb", "gradio", "llama-index-core", "onnxruntime", "tantivy", "tiktoken", "tokenizers")
_TRIAL = "why were military channels cut?"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    ok: bool
    what: str
    mend: str = ""


def examine(path: Path | None, *, offline: bool) -> list[Finding]:
    """Look at everything; with `offline`, also refuse every outside connection while a question is asked."""
    guard = Guard() if offline else None
    found = [*_installation(), *_corpus(path)]
    if guard:
        hosts = ", ".join(dict.fromkeys(guard.attempts))
        found.append(
            Finding(
                ok=not guard.attempts,
                what=f"Connections to other machines through Python's sockets: {hosts or 'none was tried'}.",
                mend="Report this: nothing should leave the machine." if hosts else "",
            )
        )
    return found


def _installation() -> Iterator[Finding]:
    yield Finding(ok=True, what=f"Python {platform.python_version()} on {platform.machine()}.")
    yield Finding(ok=True, what=", ".join(f"{name} {version(name)}" for name in _LIBRARIES) + ".")
    yield _try("The models are the ones that were shipped.", _models)


def _models() -> None:
    from rag.models import embedder, reader
    from rag.models.sheet import Group
    from rag.models.tokens import count

    settings, text = load(), "It rained."
    embedder.load(settings.ingest.embedder).embed([text])
    passage = Passage(id="", article_id="", start=0, end=len(text), text=text)
    asked, read_by = "Did it rain?", reader.load(settings.answer.reader)
    read_by.read(asked, [(passage, Article(id="", title="", chars=0, sha256=""))])
    read_by.select(asked, [Group(context="", sentences=((0, text),))])
    count(text)


def _corpus(path: Path | None) -> Iterator[Finding]:
    try:
        if path and is_new(path):
            mend = "`rag sync SOURCE --corpus DIR` makes one."
            yield Finding(ok=False, what=f"There is no corpus at {path}.", mend=mend)
            return
        with Corpus.open(path) as corpus:
            size = len(corpus.articles())
            yield Finding(ok=True, what=f"The corpus {corpus.path} holds {size} articles.")
            problems = corpus.verify()
            yield from (Finding(ok=False, what=problem.what, mend=problem.mend) for problem in problems)
            if not problems:
                yield Finding(ok=True, what="Articles, passages, vectors and both indexes agree.")
            yield _try("A question is answered from it or refused.", lambda: corpus.ask(_TRIAL))
    except RagError as error:
        yield Finding(ok=False, what="The corpus cannot be used.", mend=str(error))


def _try(what: str, action: Callable[[], object]) -> Finding:
    try:
        action()
    except RagError as error:
        return Finding(ok=False, what=what.replace(" are ", " are not ").replace(" is ", " is not "), mend=str(error))
    return Finding(ok=True, what=what)
