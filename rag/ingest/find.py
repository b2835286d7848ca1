"""Which files the sources hold, and what their articles are called."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.errors import SourceError
from rag.ingest.read import CONTAINERS, SUPPORTED
from rag.records import Failure


@dataclass(frozen=True, kw_only=True)
class Found:
    """A file that a source holds."""

    path: Path
    root: Path
    """The source that it was found under."""

    @property
    def key(self) -> str:
        """Its path as text that can be stored and shown."""
        return shown(self.path)

    @property
    def name(self) -> str:
        """Its path relative to the source, `/` between parts."""
        return shown(Path(self.path.name) if self.path == self.root else self.path.relative_to(self.root))


@dataclass(frozen=True, kw_only=True)
class Walk:
    """What a walk through the sources found."""

    files: tuple[Found, ...]
    passed_over: tuple[Failure, ...]
    """What is named like an article and is no file that may be read."""


def find(sources: Iterable[Path]) -> Walk:
    """Return the files of each source, in order of name: a file as it is, a folder with all below it.

    In folders, hidden and temporary files, READMEs and types that we do not read are passed over in silence;
    links that lead nowhere or out of the folder, pipes and devices are named.

    Raises:
        SourceError: a source does not exist, or all of them together hold no article.
    """
    sources = list(sources)
    files: dict[Path, Found] = {}
    passed_over: dict[Path, Failure] = {}
    for source in sources:
        if not source.exists():
            raise SourceError(f"{source} does not exist: give a folder of articles, or a file.")
        root = source.resolve()
        for path in [root] if root.is_file() else _below(root):
            if path in files:
                continue
            if reason := None if path == root else _objection(path, root):
                passed_over[path] = Failure(path=shown(path), reason=reason)
            else:
                files[path] = Found(path=path, root=root)
    if not files:
        kinds = ", ".join(sorted(SUPPORTED | CONTAINERS))
        names = ", ".join(str(source) for source in sources)
        raise SourceError(f"{names} holds no article ({kinds}). Nothing was changed.")
    return Walk(files=tuple(files.values()), passed_over=tuple(passed_over.values()))


def article_id(name: str) -> str:
    """Return the id of the article that stands under `name` in its source.

    >>> article_id("2023/Face time!.md")
    'face-time-7b1f5d'
    """
    digest = hashlib.sha256(unicodedata.normalize("NFC", name).encode("utf-8", "surrogateescape")).hexdigest()
    return f"{slug(Path(name).stem)}-{digest[:6]}"


def slug(text: str) -> str:
    """Return `text` as lower-case ASCII words joined by hyphens, at most 48 characters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-") or "article"


def shown(path: Path) -> str:
    r"""Return a path as text; bytes that are no UTF-8 are written as `\xe9`."""
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _below(root: Path) -> Iterator[Path]:
    """Yield what is named like an article; links to folders are not followed."""
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        hidden = any(part.startswith((".", "~$")) for part in parts) or path.stem.upper() == "README"
        if not hidden and path.suffix.lower() in SUPPORTED | CONTAINERS and not path.is_dir():
            yield path


def _objection(path: Path, root: Path) -> str | None:
    if path.is_symlink():
        if not path.exists():
            return "a link that leads nowhere"
        if not path.resolve().is_relative_to(root):
            return "a link that leads out of the folder"
    return None if path.is_file() else "not a regular file"
