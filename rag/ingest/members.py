"""A file that is to be taken in, and the articles that stand in it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from rag.ingest.find import Found
from rag.ingest.formats import records


@dataclass(frozen=True, kw_only=True)
class Work:
    """A file that is new or has changed."""

    file: Found
    digest: str
    size: int


@dataclass(frozen=True, kw_only=True)
class Member:
    """One article of a file: the file itself, or a row or member of it."""

    file: Found
    name: str
    """Its name within the file, empty for the file itself."""
    digest: str

    @property
    def path(self) -> str:
        return f"{self.file.key}/{self.name}" if self.name else self.file.key

    @property
    def label(self) -> str:
        """Its path relative to the source."""
        return f"{self.file.name}/{self.name}" if self.name else self.file.name

    @property
    def unclear(self) -> str:
        """Below which path nobody can say what is gone when it cannot be read.

        That is its own, or, where a row is named by its place alone, the path of the whole table.
        """
        above, _, last = self.path.rpartition("/")
        return above if records.is_place(last) else self.path


class Names:
    """Tells rows and members of one name apart."""

    def __init__(self) -> None:
        self.used: set[str] = set()
        self._last: dict[str, int] = {}

    def unique(self, name: str) -> str:
        """Return a name that none before it has: `name`, else `name (2)` and so on."""
        name = unique = name.encode("utf-8", "backslashreplace").decode()
        while unique in self.used:
            self._last[name] = self._last.get(name, 1) + 1
            unique = f"{name} ({self._last[name]})"
        self.used.add(unique)
        return unique


def is_below(path: str, folders: Collection[str]) -> bool:
    """Tell whether `path` stands anywhere below one of `folders`."""
    return any(path[:at] in folders for at, sign in enumerate(path) if sign == "/")
