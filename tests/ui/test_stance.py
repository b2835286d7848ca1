"""Opposite sides on the same, told from the words alone: sentences written by hand."""

from __future__ import annotations

import pytest

from ui.stance import opposed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The council approved the Halvik tunnel.", "In May the Halvik tunnel was rejected by the council."),
        ("Mara Lind confirmed that the alarm had sounded in time.", "The utility denied that the alarm had sounded."),
        ("Unions support the pension reform.", "The pension reform has never been supported by unions."),
        ("Unions support the pension reform.", "On Monday, employers opposed the pension reform."),
        ("Ministers did not support the tunnel plan.", "Ministers supported the tunnel plan."),
        ("Grain exports to Halvik rose in the spring.", "Grain exports to Halvik fell, the ministry said."),
        ("The ferry will sail from Port Anselm.", "The ferry won't sail from Port Anselm on Friday."),
        ("The Halvik border crossing is open.", "The Halvik border crossing is closed."),
        ("Dovania suspended the grain corridor.", "Kestria and Dovania agreed on Monday to reopen the grain corridor."),
        ("The utility's equipment was involved in the fire.", "The utility's equipment was not involved in the fire."),
        ("Inspectors did not test the steel hook.", "Inspectors tested the steel hook in 2001."),
        ("Jurors found the minister guilty of fraud.", "The minister was not guilty of fraud, a second trial found."),
        ("Doctors say the migraine tablet is safe.", "The migraine tablet is dangerous, a review says."),
    ],
)
def test_opposite_sides_on_the_same_are_told(one: str, other: str) -> None:
    assert opposed(one, other) is not None
    assert opposed(other, one) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The council approved the tunnel plan.", "The tunnel plan was not rejected by the council."),  # the same side
        ("The council approved the Halvik tunnel.", "The council rejected the Corvan bridge."),  # of other things
        ("Exports to China rose sharply last quarter.", "Exports to Japan fell sharply last quarter."),
        ("Sales of the drug rose on Monday.", "Shares of the drug's maker fell on Monday."),
        ("Parliament rejected a tax by one vote.", "The pact was approved by parliament with a single vote."),
        ("Arvenia's steel tariffs rose in March.", "Arvenia's steel exports fell in March."),
        ("Wheat exports to Halvik rose in 2021.", "Wheat exports to Halvik fell in 2022."),  # of other times
        ("The tunnel will open in May.", "The tunnel will not open in April."),
        ("The council approved the tunnel plan.", "Whether the council rejected the tunnel plan is not known."),
        ("The council approved the tunnel plan.", "Did the council reject the tunnel plan?"),
        ("The council approved the tunnel plan.", "Farmers had asked the council to reject the tunnel plan."),
        ("The council approved the tunnel plan.", "The council may reject the tunnel plan."),
        ("A rise in grain exports to Halvik worried farmers.", "Grain exports to Halvik fell."),  # no verb
        ("The council approved the tunnel plan.", "The council not only approved the tunnel plan but paid for it."),
        (
            "There is no evidence that its equipment was involved in the fire.",
            "Its equipment was involved in the fire.",
        ),
        ("There is no evidence that its equipment was involved in the fire.", "It was not involved in the fire."),
        ("The firm denied that its equipment was involved.", "The firm's equipment was not involved."),
        ("Nobody knows.", "Everybody knows."),
        ("", "The council approved the tunnel plan."),
    ],
)
def test_what_may_be_meant_otherwise_is_left_alone(one: str, other: str) -> None:
    assert opposed(one, other) is None
    assert opposed(other, one) is None


def test_the_clauses_that_take_sides_are_given_as_they_were_written() -> None:
    one = "Rain fell all day. The council approved the Halvik tunnel, and nobody objected."
    other = "It cost too much, but the Halvik tunnel was rejected by the council."
    sides = opposed(one, other)
    assert sides == ("The council approved the Halvik tunnel", "the Halvik tunnel was rejected by the council")
    assert sides[0] in one and sides[1] in other
