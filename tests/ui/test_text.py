"""What goes to the page is inert, and blocks keep their offsets."""

import pytest

from ui.text import blocks, escape, opening, safe_url


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("\" onmouseover='x'", "&quot; onmouseover=&#x27;x&#x27;"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("ze\u200bro\ufeff \U000e0041tag\x00", "zero tag"),
        ("half \ud800 pair", "half \ufffd pair"),
    ],
)
def test_hostile_text_becomes_inert(text: str, shown: str) -> None:
    assert escape(text) == shown


@pytest.mark.parametrize("url", ["https://post.example/a?b=1", "http://post.example"])
def test_web_addresses_may_be_links(url: str) -> None:
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None, "", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x",
        "file:///etc/passwd", "//post.example", "https://", "https://post.example@evil.example/",
        'https://post.example/"onclick=', "https://[", "https://post.example/\u202egnp",
    ],
)  # fmt: skip
def test_other_addresses_never_are(url: str | None) -> None:
    assert safe_url(url) is None


def parts(text: str) -> list[tuple[str, str]]:
    return [(block.kind, text[block.start : block.end]) for block in blocks(text)]


def test_a_blank_line_separates_paragraphs_and_a_line_width_does_not() -> None:
    assert parts("one\ntwo\n\n \nthree\n") == [("p", "one\ntwo"), ("p", "three")]


def test_without_blank_lines_each_line_is_a_paragraph() -> None:
    assert parts("one\ntwo\n") == [("p", "one"), ("p", "two")]


def test_headings_and_items_stand_alone() -> None:
    text = "# Head\ntext\n\n- one\n  more\n- two\n\nend"
    assert parts(text) == [
        ("h", "# Head"),
        ("p", "text"),
        ("li", "- one\n  more"),
        ("li", "- two"),
        ("p", "end"),
    ]
    assert [opening(said, kind) for kind, said in parts(text)] == [2, 0, 2, 2, 0]


def test_nothing_has_no_blocks() -> None:
    assert blocks(" \n\n ") == []


def test_lines_that_are_known_to_be_headings_stand_alone() -> None:
    text = "Intro.\n\nMilitary  Asymmetry\nSince the war.\n"
    found = [(block.kind, text[block.start : block.end]) for block in blocks(text, {"Military Asymmetry"})]
    assert found == [("p", "Intro."), ("h", "Military  Asymmetry"), ("p", "Since the war.")]
