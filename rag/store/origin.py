"""Where an article came from, as it is written and as it is remembered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where an article came from, for telling what changed."""

    root: str | None
    """The folder or file that was synced; None for text that was added directly."""
    file_sha256: str
    """Hash of the file's bytes, or of one row or member, and of the reader's version."""
    container: str | None = None
    """The file of several articles that it is one of."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the ledger remembers of the origin of an article."""

    id: str
    path: str
    root: str | None
    file_sha256: str
    container: str | None

    @property
    def file(self) -> str:
        """The path of the file that it stands in."""
        return self.container or self.path
