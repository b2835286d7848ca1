from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eval.locate import Canvas, overlap, squash, union


def test_find_ignores_white_space_and_typography() -> None:
    canvas = Canvas("He said:\n\n“Not  now” – and left.")
    assert canvas.find('"Not now" - and') == (9, 24)


def test_find_takes_the_occurrence_nearest_to_the_hint() -> None:
    canvas = Canvas("yes. no. yes. no. yes.")
    assert canvas.find("yes.") == (0, 4)
    assert canvas.find("yes.", near=17) == (18, 22)


def test_find_reports_nothing_for_other_words_and_for_no_words() -> None:
    canvas = Canvas("Talks ended.")
    assert canvas.find("Talks began.") is None
    assert canvas.find("  ") is None


def test_a_long_passage_is_found_by_its_ends_when_its_middle_differs() -> None:
    first = "The first sentence of the passage says where the talks were held."
    last = "The last sentence of the passage says who was there and who was not."
    canvas = Canvas(f"before {first} ## Heading {last} after")
    found = canvas.find_hit(f"{first} {'m' * 30} {last}")
    assert found is not None
    assert canvas.text[found[0] : found[1]] == f"{first} ## Heading {last}"
    assert canvas.find_hit(first) == canvas.find(first)


def test_a_long_quote_whose_middle_is_invented_stands_nowhere() -> None:
    first = "The first sentence of the passage says where the talks were held."
    last = "The last sentence of the passage says who was there and who was not."
    canvas = Canvas(f"before {first} {last} after")
    assert canvas.find(f"{first} {last}") == (7, 8 + len(first) + len(last))
    assert canvas.find(f"{first} Nobody came. {last}") is None


@given(st.text(), st.text(min_size=1), st.text())
def test_whatever_stands_in_a_text_is_found_there(before: str, words: str, after: str) -> None:
    canvas, wanted = Canvas(f"{before} {words} {after}"), squash(words)
    found = canvas.find(words)
    assert (found is None) == (not wanted)
    if found is not None:
        assert canvas.text[found[0] : found[1]] == wanted


def test_overlap_and_union() -> None:
    assert overlap((0, 5), (5, 9)) == 0
    assert overlap((0, 5), (3, 4)) == 1
    assert union([(3, 5), (0, 3), (8, 9)]) == [(0, 5), (8, 9)]


def test_find_ignores_what_sync_removes_and_how_accents_are_written() -> None:
    canvas = Canvas("Cafe\u0301s in Ko\u0308ln\x92 \u180eclosed\u2060 at \x1b[31mten.")
    assert canvas.text == "Cafés in Köln closed at ten."
    assert canvas.find("Köln closed") == (9, 20)
    assert Canvas("Köln closed").find("Ko\u0308ln\x92 closed") == (0, 11)


def test_markdown_of_a_quote_counts_only_where_the_article_had_any() -> None:
    assert Canvas("They met twice.", marked=True).find("met **twice**") == (5, 14)
    assert Canvas("They met twice.").find("met **twice**") is None
    assert Canvas("2 * 3 is 6.", marked=True).find("2 * 3") == (0, 5)
    assert Canvas("They met.", marked=True).find("<!-- -->") is None


def test_a_quote_that_cuts_markdown_or_is_a_row_of_a_table_is_found() -> None:
    canvas = Canvas("Year | Days\n\n2001 | 45\n\n2002 | -\n\nThey met twice in my_own York, 2 * 3.", marked=True)
    for words, found in {
        "| 2001 | 45 |": "2001 | 45",
        "Days |\n|---|:-:|\n| 2001 | | 45 |": "Days 2001 | 45",
        "| 2002 | - |": "2002 | -",
        "twice** in my_own [York": "twice in my_own York",
        "York](https://york.example/a_(b) 'c'), 2 * 3": "York, 2 * 3",
        "__They met `twice": "They met twice",
    }.items():
        place = canvas.find(words)
        assert place is not None, words
        assert canvas.text[slice(*place)] == found
    for words in ("https://york.example", "**never** met", "twice** in May", "| |", "**"):
        assert canvas.find(words) is None
    assert Canvas(canvas.text).find("twice** in my_own") is None
