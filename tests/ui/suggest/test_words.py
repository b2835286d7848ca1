"""Verbs back to their plain form."""

import pytest

from ui.suggest.words import base, present


@pytest.mark.parametrize(
    ("past", "plain"),
    [
        ("cut", "cut"), ("withdrew", "withdraw"), ("announced", "announce"), ("planned", "plan"),
        ("cancelled", "cancel"), ("passed", "pass"), ("agreed", "agree"), ("denied", "deny"), ("settled", "settle"),
    ],
)  # fmt: skip
def test_past_forms(past: str, plain: str) -> None:
    assert base(past) == plain


@pytest.mark.parametrize("word", ["hundred", "indeed", "red", "embed", "Ltd", "channels"])
def test_what_is_no_past_form(word: str) -> None:
    assert base(word) is None


def test_a_third_person_is_only_taken_for_a_known_verb() -> None:
    assert (present("denies"), present("wants"), present("teaches"), present("warheads")) == (
        "deny", "want", "teach", None,
    )  # fmt: skip
