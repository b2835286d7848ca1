"""Lists and tables of an article stay, those that lead elsewhere do not."""

from __future__ import annotations

import pytest

from rag.ingest.parse import parse

PROSE = (
    "At least 14 people died and 31 were missing on Sunday after a passenger ferry rolled over in heavy seas.",
    "The coastguard said 126 people had been pulled from the water by dawn, and that most were in hospital.",
    "The company said that the passenger list showed 171 people on board, below the licensed limit of 180.",
)
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PROSE)
TEASER = '<li><a href="x">Storm hits the coast</a> Thousands were without power on Monday, officials said.</li>'


def kept(inside: str) -> list[str]:
    """Return what an article says beside its prose and title."""
    page = f"<html><body><article><h1>Talks</h1>{BODY}{inside}{BODY}</article></body></html>"
    document = parse(page.encode(), name="a.html")
    return [part for part in document.text.split("\n\n") if part not in (*PROSE, "Talks")]


def test_a_short_sentence_in_a_box_between_boxes_of_paragraphs_stays():
    boxes = [*PROSE, "It was cold.", *PROSE, "Sign in", *PROSE]
    body = "".join(f"<div><p>{box}</p></div>" for box in boxes)
    document = parse(f"<html><body><article><h1>Talks</h1>{body}</article></body></html>".encode(), name="a.html")
    assert [part for part in document.text.split("\n\n") if part not in PROSE] == ["Talks", "It was cold."]


def links(*items: str) -> str:
    return "<ul>" + "".join(f'<li><a href="x">{item}</a></li>' for item in items) + "</ul>"


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<ul><li>Nine banks</li><li>Two unions</li></ul>", ["Nine banks", "Two unions"]),
        (
            '<h2>Key dates</h2><ul><li>May 3: <a href="x">Nine banks walk out</a> at noon.</li></ul>',
            ["Key dates", "May 3: Nine banks walk out at noon."],
        ),
        (f"<h2>Members</h2>{links('Austria', 'Norway')}", ["Members", "Austria", "Norway"]),
        (
            '<table><tr><th>Year</th><th>Chair</th></tr><tr><td>2021</td><td><a href="x">Ann Lee</a></td></tr></table>',
            ["Year | Chair", "2021 | Ann Lee"],
        ),
        (
            '<blockquote class="twitter-tweet"><p>Never.</p>&mdash; Jane Doe <a href="x">May 3, 2023</a></blockquote>',
            ["Never.", "— Jane Doe May 3, 2023"],
        ),
    ],
)
def test_lists_tables_and_posts_of_the_article_stay(inside: str, expected: list[str]):
    assert kept(inside) == expected


@pytest.mark.parametrize(
    "inside",
    [
        links("Grain talks stall again as harvest nears", "Five things to know about the budget"),
        links("Facebook", "Twitter", "E-mail"),
        f"<div><h4>Top picks for you</h4>{links('Grain talks stall again', 'Five things to know')}</div>",
        f"<div><h4>Go deeper</h4><ul>{2 * TEASER}</ul></div>",
        '<ol class="commentlist"><li>Bob Roe says: I loved it, thank you.</li></ol>',
        '<table class="sponsor"><tr><td>Buy gold now! Call <a href="x">555</a>.</td></tr></table>',
    ],
)
def test_lists_of_links_to_elsewhere_do_not(inside: str):
    assert kept(inside) == []


def test_a_related_list_goes_though_its_heading_was_kept():
    assert kept(f"<h3>More on this</h3>{links('Grain talks stall again', 'Five things to know')}") == ["More on this"]


def test_what_stands_below_the_element_of_the_article_is_not_restored():
    below = '<table><tr><td>Office hours</td><td><a href="x">9 to 5</a></td></tr></table>'
    page = f"<html><body><div><div><h1>Talks</h1>{2 * BODY}</div>{below}</div></body></html>"
    assert "Office" not in parse(page.encode(), name="a.html").text


@pytest.mark.parametrize("body", ["<body>", '<body class="comments-open">'])
def test_words_directly_in_the_body_stay(body: str):
    one, two, three = PROSE
    inside = f"<h1>Talks</h1><p>{one}</p>{two}<p>{three}</p>{two}<ul><li>Nine banks</li></ul>{one}"
    page = f"<html>{body}{inside}</body></html>"
    assert parse(page.encode(), name="a.html").text.split("\n\n")[1:] == [one, two, three, two, "Nine banks", one]
