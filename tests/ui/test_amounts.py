"""Which numbers a sentence gives, on sentences written by hand."""

from __future__ import annotations

import pytest

from ui.amounts import amounts


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("At least 14 people died in 2021.", [("people", 14, "14 people")]),
        ("It is 9.6 nautical miles away.", [("nautical miles", 9.6, "9.6 nautical miles")]),
        ("Two ferries and 1,500 lorries sank.", [("ferries", 2, "Two ferries"), ("lorries", 1500, "1,500 lorries")]),
        ("It cost $2,399, or £1.6bn.", [("$", 2399, "$2,399"), ("£", 1.6e9, "£1.6bn")]),
        ("Some 30 per cent of 3 million voters left.", [("%", 30, "30 per cent"), ("voters", 3e6, "3 million voters")]),
        ("In 2021 have many begun, 37 have been hired, and 25 years passed in the 20th century.", []),
        ("The 1989 Treaty and the 750 Boost were two of a kind.", []),
    ],
)
def test_what_is_counted_is_whole_and_no_verb_year_or_name(sentence: str, found: list[tuple[str, float, str]]) -> None:
    assert [(one.of, one.value, one.said) for one in amounts(sentence)] == found


@pytest.mark.parametrize(
    ("sentence", "near", "change"),
    [
        ("The blast killed 3 people.", {"kill"}, False),
        ("In the blast 3 people were killed.", {"blast", "kill"}, False),
        ("Police counted 184 people on board.", set(), False),
        ("The tower is 40 metres high.", {"high"}, False),
        ("Steel tariffs rose to 25%.", {"tariff", "ros"}, False),
        ("Steel exports fell 7%.", {"export", "fell"}, True),
        ("All in all 22% of the first welds had faults.", {"first", "weld"}, False),
        ("The council spent £3m on the harbour wall.", {"council", "spent", "harbour", "wall"}, False),
    ],
)
def test_the_words_beside_it_say_what_it_is_of(sentence: str, near: set[str], change: bool) -> None:
    (found,) = amounts(sentence)
    assert (set(found.near), found.change) == (near, change)
