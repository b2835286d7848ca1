"""Front matter: what is read, what is left to the text, and what a slip costs."""

from datetime import date

import pytest

from rag.errors import SourceError
from rag.ingest.formats.front_matter import split_front_matter
from rag.ingest.read import read_text

BODY = "The harbour board met on Monday."


@pytest.mark.parametrize("title", ["Trade war: what next", '"Never again" says mayor', "@mayor speaks", "!vamos"])
def test_a_slip_in_one_line_costs_nothing(title: str):
    block = f"title: {title}\nauthors:\n  - Ann Lee\n  - Bob Ray\ndate: '2023-07-10'  # Monday\n"
    found, body, note = split_front_matter(f"---\n{block}---\n{BODY}\n")
    assert (found.title, found.author, found.published) == (title, "Ann Lee and Bob Ray", date(2023, 7, 10))
    assert (body, note) == (BODY, "front matter is not YAML: read line by line")


def test_words_stay_words_and_a_date_that_is_none_costs_only_itself():
    found, body, note = split_front_matter(f"\n---\ntitle: No\nlang: no\nauthor: null\ndate: 2023-02-30\n---\n{BODY}")
    assert (found.title, found.language, found.author, found.published) == ("No", "no", None, None)
    assert (body, note) == (BODY, None)


def test_the_first_date_counts_where_published_says_that_it_is_no_draft():
    found = split_front_matter(f"---\ntitle: A\npublished: true\ndate: 2023-07-10\n---\n{BODY}")[0]
    assert found.published == date(2023, 7, 10)


@pytest.mark.parametrize(
    "text",
    [
        f"---\nCorrection: the mayor did not resign.\n---\n{BODY}",
        f"---\nThe mayor: he left: now.\nSource: the court: of law.\nHe may appeal.\n---\n{BODY}",
        f"---\n---\n{BODY}",
        f"\n--- \n{BODY}",
    ],
)
def test_what_merely_stands_between_rules_is_text(text: str):
    assert split_front_matter(text)[1] == text


def test_a_year_that_the_caller_may_not_state_is_not_read_either():
    assert split_front_matter(f"---\ntitle: A\npublished: 9999-12-31\n---\n{BODY}")[0].published is None
    for published in ("9999-12-31", date(9999, 12, 31)):
        with pytest.raises(SourceError, match="not a date"):
            read_text(BODY, title="A", published=published)
