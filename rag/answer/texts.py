"""The articles' texts as they were when their passages were read: a sync may change an article in the middle."""

from __future__ import annotations

from collections.abc import Callable

from rag.errors import CorpusError, UnknownArticleError
from rag.retrieve.find import Found

_TRIES = 3


def steady(find: Callable[[], Found], text_of: Callable[[str], str]) -> tuple[Found, Callable[[str], str]]:
    """Return what `find` finds, and `text_of` with the texts that were read held fast, so that offsets stay true.

    Where an article changed between search and now, it is searched once more.

    Raises:
        CorpusError: articles change faster than they can be read.
    """
    for _ in range(_TRIES):
        found = find()
        if (held := _texts(found, text_of)) is not None:
            return found, lambda id: held[id] if id in held else text_of(id)
    raise CorpusError("The articles change faster than they can be read: ask again when the sync is over.")


def _texts(found: Found, text_of: Callable[[str], str]) -> dict[str, str] | None:
    """Return the text of each article that was read; None when a passage no longer stands where it stood."""
    held: dict[str, str] = {}
    for hit in found.ranking.hits[: len(found.ranking.readings)]:
        id, passage = hit.article.id, hit.passage
        try:
            text = held[id] = held[id] if id in held else text_of(id)
        except UnknownArticleError:
            return None
        if text[passage.start : passage.end] != passage.text:
            return None
    return held
