"""The corpora that one server answers from, each with what works on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.chat import Chat
from ui.library import Library
from ui.session import Session
from ui.strings import Strings
from ui.suggest.asked import Calm

if TYPE_CHECKING:
    from rag.corpus import Corpus


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One corpus, by the name that readers choose it with."""

    name: str
    chat: Chat
    library: Library


class Desks:
    """All of them; the first one is what a new reader finds."""

    def __init__(self, corpora: Mapping[str, Corpus], strings: Strings) -> None:
        calm = Calm()
        self.strings = strings
        self._desks = {
            name: Desk(name=name, chat=Chat(corpus, strings, calm, name), library=Library(corpus, strings, name))
            for name, corpus in corpora.items()
        }

    @property
    def names(self) -> list[str]:
        """The names, in the order in which they were given."""
        return list(self._desks)

    @property
    def first(self) -> Desk:
        """The desk of a reader who has not chosen."""
        return next(iter(self._desks.values()))

    def of(self, session: Session) -> Desk:
        """Return the desk that a reader chose; the first one when there is none of that name."""
        return self._desks.get(session.corpus, self.first)


def named(corpora: Mapping[str, Corpus] | Corpus) -> Mapping[str, Corpus]:
    """Return corpora by name; a single one is named after its folder."""
    if isinstance(corpora, Mapping):
        return corpora
    return {corpora.path.name.removesuffix(".corpus"): corpora}
