"""The suites that ship are whole: every quote stands in its article, every kind is there."""

from __future__ import annotations

from collections import Counter

import pytest

from eval.gate import read
from eval.readers import native
from eval.suite import Selection, bundled, load, select


@pytest.mark.parametrize("name", ["seeds", "news_fiction"])
def test_a_bundled_suite_reads_without_a_fault(name: str) -> None:
    suite = load(name)
    assert suite.troubles == ()
    assert name in bundled()
    assert suite.meta.licence
    for case in suite.cases:
        assert case.evidence or not case.answerable, case.id
        assert not (case.evidence and not case.answerable), case.id
        assert case.answers or not case.answerable, case.id


def test_the_seeds_suite_covers_what_it_should() -> None:
    cases = load("seeds").cases
    kinds = Counter(case.kind for case in cases)
    assert len(cases) >= 100
    assert sum(not case.answerable for case in cases) >= 30
    assert {"fact", "why", "paraphrase", "multi", "date", "conflict", "followup", "false-premise"} <= kinds.keys()
    assert {len(case.history) for case in cases} >= {0, 1, 2}


def test_the_fiction_is_split_by_article() -> None:
    suite = load("news_fiction")
    held = select(suite, Selection(split="held-out")).cases
    assert 100 <= len(held) < len(suite.cases) / 3
    for case in select(suite, Selection(split="dev")).cases:
        assert not any(piece.article[-1] in "05" for piece in case.evidence), case.id


def test_the_gate_of_the_bundled_suites_names_them_all() -> None:
    assert set(read(native.BUNDLED.parent / "gates.toml")) == set(bundled())
