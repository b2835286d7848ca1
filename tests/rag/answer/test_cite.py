import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.cite import cite, mark
from rag.records import Article

ARTICLE = Article(id="a", title="A", chars=10, sha256="")


@given(st.text(min_size=1), st.data())
def test_a_quote_is_always_the_slice(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    citation = cite(1, ARTICLE, text, start=start, end=end, passage_id="p", support=1.0)
    assert text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (4, 2), (0, 11)])
def test_what_is_not_a_slice_is_not_cited(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no quote"):
        cite(1, ARTICLE, "0123456789", start=start, end=end, passage_id="p", support=1.0)


@pytest.mark.parametrize(
    ("sentence", "marked"),
    [
        ("Talks were cut.", "Talks were cut [2]."),
        ("Were they?", "Were they [2]?"),
        ("It opened in 1999[3] and 2004[4, 5].", "It opened in 1999(3) and 2004(4, 5) [2]."),
        ("“We will not call.”", "“We will not call.” [2]"),
        ("It left the U.S.", "It left the U.S. [2]"),
        ("It ended at 5 p.m.", "It ended at 5 p.m. [2]"),
        ("It was\nwrapped  here.", "It was wrapped here [2]."),
        ("No full stop", "No full stop [2]"),
    ],
)
def test_the_marker_stands_before_the_full_stop(sentence: str, marked: str) -> None:
    assert mark(sentence, 2) == marked
