from __future__ import annotations

import random

from tools.reader import noise
from tools.reader.records import Text

PASSAGES = [Text(text="The line was cut in August.", article="a"), Text(text="A ferry sank.", article="b")]


def test_questions_without_sense_are_answered_by_nothing() -> None:
    pairs = [unit.pairs[0] for unit in noise.made(PASSAGES, 40, random.Random(3))]
    assert len(pairs) == 40 and all(pair.question.strip() for pair in pairs)
    assert all(pair.answerable is False and pair.evidence == () and pair.relevant is None for pair in pairs)
    assert {pair.passage for pair in pairs} == set(PASSAGES)


def test_the_same_seed_asks_the_same() -> None:
    first, second = ([u.pairs for u in noise.made(PASSAGES, 12, random.Random(seed))] for seed in (5, 5))
    assert first == second
