"""Which files the sources hold, and what their articles are called."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rag.errors import SourceError
from rag.ingest.parse import named_like_article
from rag.ingest.read import CONTAINERS, SUPPORTED
from rag.records import Failure
from rag.store.store import LEDGER

_TOLD = 3
"""How many reasons are told where nothing is found."""
_BEFORE_BYTE = re.compile(r"\\+(?=x[89a-f][0-9a-f]|[\udc80-\udcff])")
_MEDIA = re.compile(
    r"\.(bmp|cr2|dng|gif|heic|jpe?g|nef|png|psd|raw|svg|tiff?|webp|avif|avi|m4v|mkv|mov|mp4|mpe?g|webm|wmv"
    r"|aac|flac|m4a|mp3|ogg|opus|wav|7z|bz2|dmg|exe|gz|iso|rar|tar|tgz|xz|zst|doc|pptx?|xlsx?)",
    re.IGNORECASE,
)
"""Suffixes of other files. `mimetypes` knows `.org`, `.old` and `.me` too, in which names of folders end as well."""


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
    """What is named like an article and is no file that may be read, and folders that are not looked into."""
    unreadable: tuple[str, ...] = ()
    """Those folders."""

    def lacks(self, path: str) -> bool:
        """Tell whether no file stands there any more; of what is below such a folder nobody knows."""
        return path not in self._here and not any(path.startswith(f"{folder}/") for folder in self.unreadable)

    @cached_property
    def _here(self) -> frozenset[str]:
        return frozenset([file.key for file in self.files] + [failure.path for failure in self.passed_over])


def find(sources: Iterable[Path]) -> Walk:
    """Return the files of each source, in order of name: a file as it is, a folder with all below it.

    In folders, hidden and temporary files, READMEs, types that we do not read and what belongs to a corpus are passed
    over in silence; links that lead nowhere, out of the folder or to a folder, pipes, devices and folders that may
    not be looked into are named.

    Raises:
        SourceError: there is no source, one does not exist, or all of them together hold no article.
    """
    sources = list(sources)
    if not sources:
        raise SourceError("Nothing was named: give a folder or files of articles.")
    files: dict[Path, Found] = {}
    passed_over: dict[Path, Failure] = {}
    closed: dict[str, str] = {}
    for source in sources:
        root = _resolved(source)
        for path in [root] if root.is_file() else _below(root, closed):
            if path in files:
                continue
            if reason := None if path == root else _objection(path, root):
                passed_over[path] = Failure(path=shown(path), reason=reason)
            else:
                files[path] = Found(path=path, root=root)
    failures = [Failure(path=folder, reason=reason) for folder, reason in closed.items()]
    named = (*passed_over.values(), *failures)
    if not files:
        kinds = ", ".join(sorted(SUPPORTED | CONTAINERS))
        names = ", ".join(str(source) for source in sources)
        raise SourceError(f"{names} holds no article ({kinds}). {_told(named)}Nothing was changed.")
    return Walk(files=tuple(files.values()), passed_over=named, unreadable=tuple(closed))


def article_id(name: str) -> str:
    """Return the id of the article that stands under `name` in its source.

    >>> article_id("2023/Face time!.md")
    'face-time-55c018'
    """
    digest = hashlib.sha256(unicodedata.normalize("NFC", name).encode("utf-8", "surrogateescape")).hexdigest()
    return f"{slug(Path(name).stem)}-{digest[:6]}"


def slug(text: str) -> str:
    """Return `text` as lower-case ASCII words joined by hyphens, at most 48 characters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-") or "article"


def shown(path: Path) -> str:
    r"""Return a path as text, no two alike: bytes that are no UTF-8 are written as `\xe9`.

    Backslashes before such a byte, or before what would read as one, are doubled.
    """
    name = _BEFORE_BYTE.sub(lambda backslashes: backslashes[0] * 2, path.as_posix())
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def is_gone(path: str) -> bool:
    """Tell whether no file stands at a path; where that cannot be found out, one may."""
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False


def why(error: OSError) -> str:
    """Return the system's reason, short."""
    return (error.strerror or str(error)).lower()


def _below(root: Path, closed: dict[str, str]) -> list[Path]:
    """Return what is named like an article, in order of name; `closed` gets the folders not looked into, and why."""

    def refused(error: OSError) -> None:
        neither = isinstance(error, NotADirectoryError)  # nor a file: a pipe or a device that was named itself
        closed[shown(Path(error.filename))] = "not a regular file" if neither else why(error)

    found = []
    for folder, folders, names in os.walk(root, onerror=refused):
        if LEDGER in names and folder != str(root):
            folders.clear()  # a corpus that is kept among its articles
            continue
        folders[:] = [name for name in folders if not _is_hidden(name)]
        links = [path for path in (Path(folder, name) for name in folders) if os.path.islink(path)]
        closed.update((shown(path), "a link to a folder, not followed") for path in links)
        paths = [Path(folder, name) for name in names if not _is_hidden(name)]
        closed.update((shown(path), "a link that leads nowhere") for path in paths if _is_lost_folder(path))
        found += [path for path in paths if named_like_article(path.name)]
    return sorted(found)


def _told(passed_over: Sequence[Failure]) -> str:
    """Return a sentence on what there is and was not read, each with its reason; none where there is nothing."""
    if not passed_over:
        return ""
    first = "; ".join(f"{' '.join(failure.path.split())}: {failure.reason}" for failure in passed_over[:_TOLD])
    further = len(passed_over) - _TOLD
    return f"Passed over: {first}{f'; and {further} more' if further > 0 else ''}. "


def _resolved(source: Path) -> Path:
    try:
        return source.resolve(strict=True)
    except PermissionError as error:
        raise SourceError(f"{source}: {why(error)}.") from None
    except (OSError, RuntimeError):  # the latter for a link that leads to itself
        raise SourceError(f"{source} does not exist: give a folder of articles, or a file.") from None
    except ValueError:  # a zero character, or half of a surrogate pair
        raise SourceError(f"{str(source)!r} is no name of a file: give a folder of articles, or a file.") from None


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$"))


def _is_lost_folder(path: Path) -> bool:
    """Tell whether a link leads nowhere and by its name led to a folder, perhaps on a disk that is away for now."""
    if path.suffix.lower() in SUPPORTED | CONTAINERS or _MEDIA.fullmatch(path.suffix):
        return False
    return os.path.islink(path) and not os.path.exists(path)


def _objection(path: Path, root: Path) -> str | None:
    try:
        if path.is_symlink():
            if not path.exists():
                return "a link that leads nowhere"
            if not path.resolve().is_relative_to(root):
                return "a link that leads out of the folder"
        return None if path.is_file() else "not a regular file"
    except OSError as error:  # a folder may be listed and yet not be entered
        return why(error)
