"""The articles that are synced: made up, and changed in every way that a folder changes."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Sequence
from pathlib import Path


def fill(folder: Path, sources: Sequence[Path]) -> int:
    """Copy articles into a new folder, the first of them also as rows of one file; return how many it holds."""
    folder.mkdir()
    for number, path in enumerate(sources):
        shutil.copy(path, folder / f"{number:05d}{path.suffix}")
    rows = [{"id": str(n), "text": path.read_text(encoding="utf-8")} for n, path in enumerate(sources[:5])]
    lines = "".join(json.dumps({**row, "text": f"{row['text']} From the wire."}) + "\n" for row in rows)
    (folder / "wire.jsonl").write_text(lines, encoding="utf-8")
    return len(sources) + len(rows)


def change(folder: Path, chance: random.Random) -> None:
    """Change the folder in every way that a folder changes."""
    paths = sorted(folder.glob("0*"))
    chosen = chance.sample(paths, 10)
    for path in chosen[:4]:
        path.write_text(path.read_text(encoding="utf-8") + f"\nUpdate {chance.random()}.\n", encoding="utf-8")
    for number, path in enumerate(chosen[4:6]):
        path.rename(path.with_name(f"0r{chance.randrange(10**9)}{number}{path.suffix}"))
    shutil.copy(chosen[6], chosen[6].with_name(f"0c{chance.randrange(10**9)}{chosen[6].suffix}"))
    for path in chosen[7:9]:
        path.unlink()
    (folder / f"0n{chance.randrange(10**9)}.txt").write_text(
        f"A new report, {chance.random()}. The ministers of Orvane met for the second time.", encoding="utf-8"
    )
    rows = (folder / "wire.jsonl").read_text(encoding="utf-8").splitlines()
    rows[0] = json.dumps({**json.loads(rows[0]), "text": f"Rewritten {chance.random()}: the talks failed."})
    (folder / "wire.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


def made_up(folder: Path, wanted: int) -> list[Path]:
    """Write articles that look a little like news, with some copies and near copies among them."""
    chosen = random.Random(3)
    places = ("Orvane", "Tessaly", "Halvik", "Corvan", "Merrow", "Isk", "Dalen", "Prath")
    things = ("the hotline", "a ferry", "the harvest", "its budget", "a treaty", "the grain accord", "a bridge")
    deeds = ("suspended", "praised", "inspected", "rebuilt", "questioned", "bought", "closed", "announced")
    made = []
    for number in range(wanted):
        lines = [
            f"{chosen.choice(places)} {chosen.choice(deeds)} {chosen.choice(things)} on {chosen.randint(1, 28)} March, "
            f"said {chosen.choice(places)}'s minister number {chosen.randint(1, 99)}."
            for _ in range(chosen.randint(8, 30))
        ]
        path = folder / f"{number}.txt"
        text = f"Report {number} from {chosen.choice(places)}\n\n" + " ".join(lines)
        if number % 15 == 14:
            text = made[-1].read_text(encoding="utf-8") + ("" if number % 2 else " One more line was added.")
        path.write_text(text, encoding="utf-8")
        made.append(path)
    return made
