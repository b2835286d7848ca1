"""What a sync finds on its way, and the report that it makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from rag.records import Failure, Renamed, SyncReport


@dataclass
class Tally:
    """Articles by id, each with the hash of its content."""

    added: dict[str, str] = field(default_factory=dict)
    changed: dict[str, str] = field(default_factory=dict)
    removed: dict[str, str] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)

    def report(self, seconds: float) -> SyncReport:
        """Return the report: what came with the content of something that went is renamed."""
        went: dict[str, list[str]] = {}
        for id, digest in self.removed.items():
            went.setdefault(digest, []).append(id)
        renamed = tuple(
            Renamed(before=went[digest].pop(0), after=id) for id, digest in self.added.items() if went.get(digest)
        )
        before, after = {one.before for one in renamed}, {one.after for one in renamed}
        return SyncReport(
            added=tuple(id for id in self.added if id not in after),
            changed=tuple(self.changed),
            renamed=renamed,
            removed=tuple(sorted(id for id in self.removed if id not in before)),
            unchanged=tuple(self.unchanged),
            failed=tuple(self.failed),
            seconds=seconds,
        )
