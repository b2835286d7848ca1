"""Near copies: articles that tell one story in almost the same words, as newspapers print what an agency sent.

Texts are compared by MinHash (Broder, "On the resemblance and containment of documents", 1997) over runs of five
words; candidates are found by bands of the signature (locality-sensitive hashing), so that nothing is compared
with everything. Articles that share about half of their runs or more are one story, also by way of a third.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.store.ledger import Ledger

Signature = NDArray[np.uint32]

_RUN = 5
_SIZE, _BAND = 128, 4
ALIKE = 0.5
"""Share of the signature that two articles of one story have in common, an estimate of their texts' resemblance."""
_BATCH = 200

_random = np.random.default_rng(20240229)
_FACTORS = _random.integers(1, 2**63, _SIZE, dtype=np.uint64) | np.uint64(1)
_SHIFTS = _random.integers(0, 2**63, _SIZE, dtype=np.uint64)
_POWERS = np.cumprod(np.full(_RUN, 0x9E3779B97F4A7C15, dtype=np.uint64))


def signature(text: str) -> Signature:
    """Return 128 numbers; two texts agree in about as large a share of them as they share runs of five words."""
    words = [zlib.crc32(word.encode()) for word in re.findall(r"\w+", text.casefold())]
    padded = np.array(words + [0] * max(1, _RUN - len(words)), dtype=np.uint64)
    runs = np.unique(np.lib.stride_tricks.sliding_window_view(padded, _RUN) @ _POWERS)
    least = np.full(_SIZE, np.iinfo(np.uint64).max)
    for start in range(0, len(runs), 512):  # bounded memory for a long text
        hashed = runs[start : start + 512, None] * _FACTORS + _SHIFTS
        least = np.minimum(least, hashed.min(axis=0))
    return (least >> np.uint64(32)).astype(np.uint32)


def stories(ids: Sequence[str], signatures: NDArray[np.uint32]) -> dict[str, str]:
    """Return the story of every article that shares one, named after its first member.

    `signatures` has one row for each id, shape (n, 128).
    """
    leader = {id: id for id in ids}

    def root(id: str) -> str:
        while leader[id] != id:
            leader[id] = leader[leader[id]]
            id = leader[id]
        return id

    for one, other in _candidates(signatures):
        if np.count_nonzero(signatures[one] == signatures[other]) >= ALIKE * _SIZE:
            first, second = sorted((root(ids[one]), root(ids[other])))
            leader[second] = first
    members: dict[str, list[str]] = {}
    for id in ids:
        members.setdefault(root(id), []).append(id)
    return {id: min(group) for group in members.values() if len(group) > 1 for id in group}


def _candidates(signatures: NDArray[np.uint32]) -> set[tuple[int, int]]:
    """Return pairs of rows that agree in a band: of many that do, each with its neighbour and with the first."""
    pairs: set[tuple[int, int]] = set()
    for start in range(0, _SIZE, _BAND):
        keys = signatures[:, start : start + _BAND].astype(np.uint64) @ _POWERS[:_BAND]
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        same = np.flatnonzero(ordered[1:] == ordered[:-1]) + 1
        firsts = order[np.searchsorted(ordered, ordered[same])]
        pairs.update(zip(firsts.tolist(), order[same].tolist(), strict=True))
        pairs.update(zip(order[same - 1].tolist(), order[same].tolist(), strict=True))
    return pairs


def regroup(ledger: Ledger) -> None:
    """Bring the stories of all articles up to date. Writers only; cheap when no article has changed."""
    if ledger.meta("stories") == str(ledger.revision):
        return
    _sign(ledger)
    rows = ledger.rows("SELECT id, signature, story FROM articles WHERE copy_of IS NULL ORDER BY id")
    ids = [str(row[0]) for row in rows]
    signatures = np.array([np.frombuffer(row[1], dtype="<u4") for row in rows])  # type: ignore[call-overload]
    wanted = stories(ids, signatures.reshape(len(ids), _SIZE)) if ids else {}
    _name(ledger, {id: wanted.get(id) for id, (_, _, story) in zip(ids, rows, strict=True) if wanted.get(id) != story})


def _sign(ledger: Ledger) -> None:
    while rows := ledger.rows(
        "SELECT id, text FROM articles WHERE signature IS NULL AND copy_of IS NULL LIMIT ?", (_BATCH,)
    ):
        made = [(signature(str(text)).astype("<u4").tobytes(), id) for id, text in rows]
        with ledger.write(revise=False) as db:
            db.executemany("UPDATE articles SET signature = ? WHERE id = ?", made)


def _name(ledger: Ledger, changed: Mapping[str, str | None]) -> None:
    with ledger.write(revise=False) as db:
        db.executemany(
            "UPDATE articles SET story = ? WHERE COALESCE(copy_of, id) = ?",
            [(story, id) for id, story in changed.items()],
        )
        db.execute(
            "UPDATE articles SET story = (SELECT story FROM articles AS original WHERE original.id = articles.copy_of) "
            "WHERE copy_of IS NOT NULL"
        )
        db.execute("INSERT OR REPLACE INTO meta SELECT 'stories', CAST(value AS TEXT) FROM meta WHERE key = 'revision'")
