"""How much room an installed distribution takes with everything that it requires."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement


@dataclass(frozen=True, kw_only=True)
class Footprint:
    """Sizes on disk, byte-compiled files included where they exist."""

    total_mb: float
    distributions: int
    largest: tuple[tuple[str, float], ...]
    """Name and MB of the five largest."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "total_mb": round(self.total_mb, 1),
            "distributions": self.distributions,
            "largest": [{"name": name, "mb": round(mb, 1)} for name, mb in self.largest],
        }


def footprint(name: str) -> Footprint:
    """Measure a distribution and what it requires on this platform, without its extras.

    Of an editable installation the project's own files are not counted.
    """
    sizes = {found: _megabytes(dist) for found, dist in _closure(name).items()}
    largest = sorted(sizes.items(), key=lambda item: -item[1])[:5]
    return Footprint(total_mb=sum(sizes.values()), distributions=len(sizes), largest=tuple(largest))


def _closure(name: str) -> dict[str, Distribution]:
    found: dict[str, Distribution] = {}
    waiting: list[tuple[str, frozenset[str]]] = [(name, frozenset())]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        wanted, extras = waiting.pop()
        key = re.sub(r"[-_.]+", "-", wanted).lower()
        if (key, extras) in seen:
            continue
        seen.add((key, extras))
        try:
            found[key] = distribution(wanted)
        except PackageNotFoundError:
            continue
        waiting += _required(found[key], extras)
    return found


def _required(dist: Distribution, extras: frozenset[str]) -> list[tuple[str, frozenset[str]]]:
    wanted = []
    for line in dist.requires or ():
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            continue
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras or {""}):
            wanted.append((requirement.name, frozenset(requirement.extras)))
    return wanted


def _megabytes(dist: Distribution) -> float:
    paths = (Path(str(dist.locate_file(file))) for file in dist.files or ())
    return sum(path.stat().st_size for path in paths if path.is_file()) / 2**20
