from __future__ import annotations

import pytest

from tools.reader import sets
from tools.reader.records import DATA, Text, number, plain

needs_data = pytest.mark.skipif(not DATA.exists(), reason="the shared data is not beside the checkout")


def test_a_cut_article_is_whole_sentences_and_loses_none() -> None:
    text = " ".join(f"Sentence {i} has exactly six words." for i in range(100))
    found = sets.cut(Text(text=text, article="a"))
    assert len(found) == 4
    assert all(text[p.start : p.start + len(p.text)] == p.text for p in found)
    assert " ".join(p.text for p in found) == text
    assert max(len(p.text.split()) for p in found) <= sets.PASSAGE_WORDS + 6


def test_plain_ignores_spacing_and_punctuation() -> None:
    assert plain("Röntgen , of Germany") == plain("Röntgen, of Germany") == "röntgenofgermany"
    assert number("nqo1723") == 1723


@needs_data
@pytest.mark.parametrize("name", ["handwritten", "squad", "natural_questions", "news_fiction"])
def test_held_out_questions_share_no_article_with_training(name: str) -> None:
    parts: dict[str, set[str]] = {"train": set(), "dev": set(), "held": set()}
    for part, question in getattr(sets, name)():
        parts[part].add(question.passage.article)
    assert parts["held"] and parts["train"]
    assert not parts["held"] & parts["train"] and not parts["held"] & parts["dev"]
    assert not parts["dev"] & parts["train"]


@needs_data
def test_spans_and_evidence_are_where_they_say() -> None:
    for _, question in sets.handwritten():
        text = question.passage.text
        if question.span:
            assert text[slice(*question.span)] in question.answers
        assert all(0 <= a < b <= len(text) for a, b in question.evidence or ())


@needs_data
def test_nothing_held_out_is_trained_on() -> None:
    mix = pytest.importorskip("tools.reader.mix", reason="scikit-learn is not installed")
    guard = mix.guarded()
    trained = {pair.passage.text for unit in mix.units("second") for pair in unit.pairs}
    assert trained
    assert [text for text in trained if guard.holds(text)] == []
