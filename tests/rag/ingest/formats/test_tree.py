"""Trees to pieces: where a line break divides paragraphs, and where a sentence runs over it."""

from __future__ import annotations

import pytest

from rag.ingest.formats.html import parse
from rag.ingest.formats.tree import pieces
from rag.ingest.parse import parse as read
from tests.rag.ingest import make

WRAPPED = """The Secretary met today with the chairs of the
President Xi Jinping Foundation for the peoples of
China in Beijing, and they agreed together to open
12 channels between their armed forces this spring."""
FILLED = """The ministers of both countries met today in the hall
where their predecessors had signed, and the envoy of
Finland was the first to speak; the one sent by Oslo
said that 12 channels would be opened by this spring."""
LONG = "The envoys of both of the countries met on Monday with the Swiss"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (f"<pre>{WRAPPED}</pre>", [WRAPPED]),
        (f"<p>{LONG}<br>Foreign Minister.</p>", [LONG, "Foreign Minister."]),  # as a headline above a text
        (f"<p>{FILLED.replace(chr(10), '<br>')}</p>", [FILLED]),
        ("<p><b>What the talks are for</b><br>Ana Petrov asks.</p>", ["What the talks are for", "Ana Petrov asks."]),
        ("<p>GEORGE BELL: We go to the<br>ANA DOE: When?</p>", ["GEORGE BELL: We go to the", "ANA DOE: When?"]),
        ("<p>Peace is for<br>GENEVA, July 10 (Reuters) - So.</p>", ["Peace is for", "GENEVA, July 10 (Reuters) - So."]),
        ("<p>Ann Bell,<br>Eve Fox, and<br>Carl Dorn</p>", ["Ann Bell,", "Eve Fox, and", "Carl Dorn"]),
        *((f"<p>{a}<br>{b}</p>", [a, b]) for a, b in (("• Talk to", "• Go"), ("9:00 Go to", "9:30 Talk"))),
        (
            "<p>Two leaders met, among them<br>President Xi, in<br>12 talks.</p>",
            ["Two leaders met, among them\nPresident Xi, in\n12 talks."],
        ),
        ("<p>They met.<br>They left.</p>", ["They met.", "They left."]),
        ("<p>They met in<br><br>Bern.</p>", ["They met in", "Bern."]),
        ("<p>Carnegie Endowment<br>Washington, DC 20036</p>", ["Carnegie Endowment", "Washington, DC 20036"]),
        ("<p>What the talks are for<br>By Ana Petrov</p>", ["What the talks are for", "By Ana Petrov"]),
    ],
)
def test_a_line_break_divides_no_sentence(page: str, expected: list[str]):
    assert [piece.text.strip() for piece in pieces(parse(page))] == expected


def test_a_soft_return_of_word_makes_no_heading_of_half_a_sentence():
    broken = "The Secretary met with</w:t><w:br/><w:t>President Xi in Beijing on Monday of last week for talks."
    document = read(make.docx([("Title", "Talks"), ("", "They were long."), ("", broken)]), name="a.docx")
    assert [block.kind for block in document.blocks] == ["title", "text", "text"]
