"""Generations of the dense index: what is known of the published one, and whether its files are still that."""

from __future__ import annotations

import json
import re
import secrets
import sqlite3
from dataclasses import asdict, dataclass
from pathlib import Path

from rag.store import files


@dataclass(frozen=True, kw_only=True)
class Generation:
    """What the pointer file says of the published generation."""

    name: str
    previous: str | None
    """The one before, kept for readers that hold it open; None when it holds what was removed."""
    high: int
    """It holds the passages that were alive up to this number."""
    rows: int
    removals: int
    """How many removals of articles it knows of: what was removed later must leave it."""
    files: dict[str, tuple[int, int]]
    """Size in bytes and CRC of each of its files: a torn one is never opened, because opening it can kill the
    process."""
    database: int
    """CRC of what its SQLite file says."""


class Pointer:
    """The file that names the published generation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._sound: Generation | None = None

    def read(self) -> Generation | None:
        """Return the published generation, None when there is none or its files are not what was published."""
        try:
            record = json.loads((self.folder / "current.json").read_text(encoding="utf-8"))
            generation = Generation(**record)
            return generation if self._is_sound(generation) else None
        except (OSError, ValueError, TypeError, LookupError, sqlite3.Error):
            return None

    def write(self, generation: Generation) -> None:
        """Publish a generation: readers see it or the one before, also after a power cut."""
        files.replace(self.folder / "current.json", json.dumps(asdict(generation)))

    def _is_sound(self, generation: Generation) -> bool:
        """Compare the sizes of its files each time, and what they hold once."""
        folder = self.folder / generation.name
        expected = {name: size for name, (size, _) in generation.files.items()}
        if files.sizes(folder) != expected or not files.is_database(folder / "chroma.sqlite3"):
            return False
        if self._sound != generation:
            if files.database_crc(folder / "chroma.sqlite3") != generation.database:
                return False
            if any(files.crc(folder / name) != crc for name, (_, crc) in generation.files.items()):
                return False
            self._sound = generation
        return True


def new_folder(parent: Path) -> Path:
    """Make a folder whose name no generation ever had, also not before this corpus was emptied or replaced.

    Chroma keeps what it has opened by its path, in this and in other objects of the process.
    """
    named = (re.match(r"gen-([0-9]+)", path.name) for path in parent.glob("gen-*"))  # also `gen-000001 (copy)`
    serial = max((int(match[1]) for match in named if match), default=0) + 1
    folder = parent / f"gen-{serial:06d}-{secrets.token_hex(4)}"
    folder.mkdir(parents=True)
    return folder
