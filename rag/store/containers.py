"""What the ledger remembers of files that hold several articles, so that an unchanged one is not read again."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from rag.records import Failure
from rag.store.ledger import Ledger


@dataclass(frozen=True, kw_only=True)
class Container:
    """A file of several articles, as it was when all of it was stored."""

    path: str
    root: str
    sha256: str
    failures: tuple[Failure, ...]
    """Its rows or members that could not be taken in."""


def known(ledger: Ledger) -> dict[str, Container]:
    """Return every container, by path."""
    rows = ledger.rows("SELECT path, root, sha256, failures FROM containers")
    found = (
        Container(
            path=str(path),
            root=str(root),
            sha256=str(sha256),
            failures=tuple(Failure(path=name, reason=reason) for name, reason in json.loads(str(failures))),
        )
        for path, root, sha256, failures in rows
    )
    return {container.path: container for container in found}


def keep(ledger: Ledger, container: Container) -> None:
    """Remember a container. Only for one whose articles are all stored."""
    failures = json.dumps([(failure.path, failure.reason) for failure in container.failures])
    with ledger.write(revise=False) as db:
        row = (container.path, container.root, container.sha256, failures)
        db.execute("INSERT OR REPLACE INTO containers VALUES (?, ?, ?, ?)", row)


def forget(ledger: Ledger, paths: Collection[str]) -> None:
    """Forget containers that are gone, or are no containers any more."""
    if paths:
        with ledger.write(revise=False) as db:
            db.executemany("DELETE FROM containers WHERE path = ?", [(path,) for path in paths])
