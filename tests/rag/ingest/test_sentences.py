"""Sentence boundaries, by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.sentences import sentences
from tools import measure_sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["Mr. Xi met Gen. Li Shangfu.", "They spoke."],
        ["He flew to the U.S. on Dec.1.", "The U.S. envoy waited."],
        ["It ended at 8:06 p.m. ET on Monday.", "It began at 9 a.m.", "Nobody came."],
        ["“Why?” Mr. Biden asked.", "“Go.”", "She left."],
        ["He asked, “Why are you doing that?”", "Mr. Biden said he replied: “We’re not.”"],
        ["It cost $3.5 million in 2023.", "Prices rose 4.1 percent."],
        ["William J. Burns, the C.I.A. director, left.", "J. K. Rowling stayed."],
        ["No. 5 is alive.", "He said no.", "Beijing agreed."],
        ["Cllr. Tate and Ald. Brown met Hon. Sec. Jane Webb.", "Both left."],
        ["The pool (est. 1932) closed.", "It began at 9 a.m. EST.", "2,000 came."],
        ["他说好。", "然后走了。"],
        [
            "He met then-Gov. Mike Pence and Lt.-Col. Roe.",
            "Pfc. Lee and Ret. Gen. Poe left.",
            "The SPC.",
            "Winds blew.",
        ],
        [
            "The hall (c. 1850) cost Rs. 500.",
            "It is plan C. 2,000 came.",
            "The poet (fl. 1200) and the king (r. 1850) ate.",
        ],
        ["« Nous partons. »", "Puis il est sorti.", "Il a dit « c’est fini ! » et puis rien."],
        ["„Wir gehen.“", "Er sagte: „Nein.“", "»Ja.«", "Dann ging er.", "“Yes.”", "“No.”"],
    ],
)
def test_boundaries(expected: list[str]):
    assert split(" ".join(expected)) == expected


def test_a_blank_line_ends_a_sentence_unless_the_text_runs_on():
    assert split("A heading\n\nThe text is cut\n\nin two. Done.") == [
        "A heading",
        "The text is cut\n\nin two.",
        "Done.",
    ]


def test_a_wrapped_sentence_may_go_on_with_what_looks_like_an_item():
    assert split("The two of them met on the\n10. It rained.\nThe plan of May was -\n- they say - dropped.") == [
        *("The two of them met on the\n10.", "It rained.", "The plan of May was -\n- they say - dropped.")
    ]
    assert split("Three things:\n- one\n- two\nKey points\n- The envoys met") == [
        *("Three things:", "- one", "- two\nKey points", "- The envoys met")
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ["Main points of the deal", "1. Wages rise", "2. Shifts end", "3. No layoffs"],
        ["**Key demands:**", "- Pay", "- Rest"],
        ["Demands of the union", "- Pay:\nmore of it"],
        ["Documents of the union on display", "7.\tRULES\n7.1\tPay"],
        [f"{'word ' * 40}and", "- Peace"],
    ],
)
def test_the_items_of_a_list_are_sentences(lines: list[str]):
    assert split("\n".join(lines)) == lines


def test_an_item_stands_below_the_line_of_another():
    assert split("- Rain fell. Roads closed\n- Ferries") == ["- Rain fell.", "Roads closed", "- Ferries"]


def test_a_run_of_blank_lines_is_looked_at_once():
    lines = "\n" * 200_000
    assert split(f"a{lines}b") == [f"a{lines}b"]


def test_a_window_keeps_offsets_of_the_whole_text():
    text = "One is here. Two is here. Three is here."
    assert sentences(text, 13, 25) == [(13, 25)]


@given(st.text(alphabet=st.sampled_from("aB .!?…\n“”\"'。1-U.S.")))
def test_every_character_but_space_is_in_exactly_one_sentence(text: str):
    found = sentences(text)
    assert "".join(text[a:b] for a, b in found).split() == text.split() or "".join(
        "".join(text[a:b].split()) for a, b in found
    ) == "".join(text.split())
    assert all(a < b and text[a:b] == text[a:b].strip() for a, b in found)
    assert [offset for pair in found for offset in pair] == sorted(offset for pair in found for offset in pair)


def test_an_omission_belongs_to_what_follows_and_a_pause_to_its_sentence():
    assert split("They deserve respect. ... Any harm is harm. I … I agree.") == [
        *("They deserve respect.", "... Any harm is harm.", "I … I agree.")
    ]


def test_a_lost_space_is_no_lost_boundary():
    assert split("At least 24 died as of Jan. 13.But neither city said so. See example.org/a.B for more.") == [
        *("At least 24 died as of Jan. 13.", "But neither city said so.", "See example.org/a.B for more.")
    ]


def test_boundaries_checked_by_hand_in_prose_dense_in_abbreviations():
    right, found, there = measure_sentences.score(measure_sentences.ours, measure_sentences.written())
    assert there == 85
    assert 2 * right / (found + there) >= 0.99


@pytest.mark.shared
@pytest.mark.parametrize(("held_out", "count", "least"), [(False, 305, 0.995), (True, 139, 0.99)])
def test_boundaries_checked_by_hand_in_real_news(held_out: bool, count: int, least: float):
    if not (measure_sentences.SHARED / "seeds").is_dir():
        pytest.skip("the articles beside the checkout (../shared) are not there")
    right, found, there = measure_sentences.score(measure_sentences.ours, measure_sentences.real(held_out))
    assert there == count
    assert 2 * right / (found + there) >= least
