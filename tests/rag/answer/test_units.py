import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answer.units import Units, is_code, split

PARTS = st.sampled_from(
    ["Talks were cut", " in the U.S.", ". ", "! ", "\n", "\n\n", "- ", "## ", "[1]", " [1, 3]",
     "【2】", "[", "]", "```\n", "```md\n", "x[1] = 2\n",
     ":", " Mr. Xi said", "`a[2]`", " [2–4]", "1. ", "|", "…"]
)  # fmt: skip
TEXTS = st.lists(PARTS, max_size=30).map("".join)


def fed(text: str, cuts: list[int]) -> list[str]:
    units, found = Units(), []
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        found += units.feed(text[start:end])
    return [*found, *units.close()]


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.data())
def test_the_split_of_the_stream_changes_nothing(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=12)))
    assert fed(text, cuts) == split(text)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_nothing_is_lost(text: str) -> None:
    letters = [c for c in text.replace("```md", "```") if c.isalpha()]
    assert [c for c in "".join(split(text)).replace("```md", "```") if c.isalpha()] == letters


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("It opened in 2016 [1]. It closed [2].", ["It opened in 2016 [1]. ", "It closed [2]."]),
        ("It opened.【1】 It closed. [1, 3] Why?", ["It opened. [1] ", "It closed. [1][3] ", "Why?"]),
        ("He left the U.S. on Monday [1]. Then?", ["He left the U.S. on Monday [1]. ", "Then?"]),
        ("## Talks\nThey were cut [1].", ["## Talks\n", "They were cut [1]."]),
        ("The steps:\n- one [1]\n- two [2]", ["The steps:\n", "- one [1]\n", "- two [2]"]),
        ("A line that was\nwrapped [1]. Next.", ["A line that was\nwrapped [1]. ", "Next."]),
        ("[1]: It opened.\n[2]: It closed.", ["[1]: It opened.\n", "[2]: It closed."]),
        ("```markdown\nIt opened [1].\nIt closed.\n```", ["It opened [1].\n", "It closed.\n"]),
        ("\n```\nSee:\n```py\nx\n```\nIt closed.\n```\nWhy?", ["\nSee:\n", "```py\nx\n```\n", "It closed.\n", "Why?"]),
        ("See:\n```\na[1]. B [2, 3].\n```\nDone [1].", ["See:\n", "```\na[1]. B [2, 3].\n```\n", "Done [1]."]),
    ],
)
def test_units(text: str, units: list[str]) -> None:
    assert split(text) == units


def test_what_may_still_change_is_held_back() -> None:
    units = Units()
    assert list(units.feed("Talks were cut [1, ")) == []
    assert list(units.feed("3]. They had begun in 2016 and went on")) == []
    assert list(units.feed(" for seven years. ")) == ["Talks were cut [1][3]. "]


def test_endless_white_space_is_neither_kept_nor_slow() -> None:
    began = time.monotonic()
    assert split("Talks were cut. " + " " * 50_000 + "They [1] \n" + "\t" * 50_000)[0].strip() == "Talks were cut."
    assert time.monotonic() - began < 2


def test_a_block_of_code_is_one_unit() -> None:
    assert is_code("```\nx\n```") and not is_code("`x` is code")
    assert is_code("````md\nx\n````") and not is_code("```x``` is code")


def test_only_what_ends_a_block_of_code_in_markdown_ends_it() -> None:
    block = "```py\nx\n```y\n````\n"
    assert split(block + "Talks were cut [1].") == [block, "Talks were cut [1]."]


def test_nothing_in_a_block_of_code_is_hidden_or_live() -> None:
    assert split("```py\nx\u202e\u200b\x1b = a[0](b) <b>\n```\n") == ["```py\nx = a[0] (b) < b>\n```\n"]
    assert split("```py\n![x](//evil.example)") == ["```py\n![x] (//evil.example)"]


def test_marks_after_a_block_of_code_have_the_same_form() -> None:
    assert split("```py\nx\n```\nCut【2】.") == ["```py\nx\n```\n", "Cut [2]."]
