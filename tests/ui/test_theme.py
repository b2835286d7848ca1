"""The page's colours: what has to be told apart can be, as WCAG counts contrast."""

from __future__ import annotations

import re

import pytest

from ui.theme import asset

LIGHT, DARK = (dict(re.findall(r"--([\w-]+): (#\w{6});", rules)) for rules in asset("page.css").split("}")[:2])


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted(luminance(colour) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_fields_have_edges_and_words_can_be_read(colours: dict[str, str]) -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    for ground in ("paper", "paper-deep", "sheet"):
        assert contrast(colours["field"], colours[ground]) >= 3
        assert contrast(colours["ink-soft"], colours[ground]) >= 4.5
        assert contrast(colours["accent"], colours[ground]) >= 4.5
    assert contrast(colours["accent"], colours["mark"]) >= 4.5
    assert contrast(colours["ink"], colours["mark-focus"]) >= 4.5  # the number of the quote that was opened
