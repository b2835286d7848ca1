"""Markdown: markup and what it hides go, and every word of the article stays, also where it is about markup."""

from __future__ import annotations

import time

import pytest

from rag.ingest.formats.markdown import looks_like_markdown
from rag.ingest.parse import parse

PROSE = "The envoys met on Monday for nine hours, and agreed on nothing that anyone would name."


def read(text: str) -> str:
    return parse(f"# Talks\n\n{text}\n\n{PROSE}\n".encode(), name="a.md").text.split("\n\n", 1)[1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The `<script>` element loads code.", "The <script> element loads code."),
        ("It begins with `<!--` and ends with `-->`.", "It begins with <!-- and ends with -->."),
        ("Every page has a <script> tag.", "Every page has a <script> tag."),
        ("Write &lt;script&gt;x()&lt;/script&gt; or \\<p>.", "Write <script>x()</script> or <p>."),
        ("Use the `<p>` tag, <b>always</b>.", "Use the <p> tag, always."),
        ("```html\n<script>load()</script>\n<p>hi</p>\n```", "<script>load()</script>\n<p>hi</p>"),
    ],
)
def test_what_only_names_markup_keeps_its_words(text: str, expected: str):
    assert read(text) == f"{expected}\n\n{PROSE}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They met [[Ana Salo]] and [[people/Li|Li Wei]].", "They met Ana Salo and Li Wei."),
        ("The hall ![[hall.png|300]] was full.", "The hall was full."),
        ("Write `[[ -f a ]]` or [[1, 2], [3, 4]].", "Write [[ -f a ]] or [[1, 2], [3, 4]]."),
    ],
)
def test_links_between_notes_are_their_words(text: str, expected: str):
    assert read(text) == f"{expected}\n\n{PROSE}"


@pytest.mark.parametrize(
    "text",
    [
        "<!-- HIDDEN -->",
        "<!--\n\n# HIDDEN\n\n`HIDDEN`\n\n-->",
        "<script>\nHIDDEN()\n\nHIDDEN()\n</script>",
        "<style>HIDDEN</style>",
        "<!-- HIDDEN, and never closed",
    ],
)
def test_what_is_hidden_goes_and_what_follows_stays(text: str):
    assert read(text) == PROSE


def test_a_heading_in_a_comment_is_no_title():
    assert parse(f"<!--\n# Draft\n-->\n\n# Talks\n\n{PROSE}".encode(), name="a.md").title == "Talks"


def test_a_number_that_begins_a_sentence_stays():
    assert read("1986. A great year.\n1987. A poor one.") == f"1986. A great year.\n\n1987. A poor one.\n\n{PROSE}"
    assert read("1. First.\n2. Second.") == f"First.\n\nSecond.\n\n{PROSE}"


def test_links_that_never_end_take_no_time():
    began = time.monotonic()
    assert not looks_like_markdown("[a](http://x" * 16_000)
    assert time.monotonic() - began < 1
    assert looks_like_markdown("See [one](https://example.org/1) and [two](https://example.org/2).")
