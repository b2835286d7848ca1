"""Front matter: what is read, what is left to the text, and what a slip costs."""

import time
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


@pytest.mark.parametrize("line", ["draft: !!bool maybe", "date: !!timestamp foo", 'weight: !!int ""'])
def test_an_explicit_tag_whose_value_does_not_fit_costs_only_itself(line: str):
    found, body, note = split_front_matter(f"---\ntitle: A\n{line}\n---\n{BODY}")
    assert (found.title, found.published, body) == ("A", None, BODY)
    assert note == "front matter is not YAML: read line by line"


def test_merged_aliases_take_no_time():
    levels = [f'a{i}: &a{i} {{!!merge "<<": [{",".join([f"*a{i - 1}"] * 10)}]}}' for i in range(1, 9)]
    block = "\n".join(["title: A", "a0: &a0 {k: 1}", *levels])  # 10**8 pairs
    began = time.monotonic()
    assert split_front_matter(f"---\n{block}\n---\n{BODY}")[0].title == "A"
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ('author: "[[Jane Doe]]"', "Jane Doe"),
        ('author:\n  - "[[people/Jane Doe|Jane Doe]]"\n  - Bob Roe', "Jane Doe and Bob Roe"),
        ("author:\n  name: Jane Doe\n  email: j@example.org", "Jane Doe"),
        ("authors:\n  - name: Jane Doe\n  - name: {given: Bob, family: Roe}", "Jane Doe and Bob Roe"),
    ],
)
def test_names_as_clippers_and_site_builders_write_them(line: str, author: str):
    assert split_front_matter(f"---\ntitle: A\n{line}\n---\n{BODY}")[0].author == author


def test_an_address_is_no_outlet_and_a_feed_has_its_own_word_for_the_date():
    block = 'title: A\nsource: "https://example.org/a"\npubDate: 2023-07-10'
    found = split_front_matter(f"---\n{block}\n---\n{BODY}")[0]
    assert (found.source, found.url, found.published) == (None, "https://example.org/a", date(2023, 7, 10))


@pytest.mark.parametrize(
    "head",
    [
        '+++\ntitle = "Talks"\ndate = 2023-07-10T10:00:00Z\nauthors = ["Jane Doe"]\n+++\n',
        "Title: Talks\nDate: 2023-07-10 10:20\nAuthor: Jane Doe\nPinned: no\n",
        "Title: Talks\r\nDate: 2023-07-10\r\nAuthor: Jane Doe\r\n",
        "Author: By Jane Doe\nPublished: 10 July 2023\nTitle: Talks\n",
        "**Title:** Talks\n**Author**: Jane Doe  \n**Date:** July 10, 2023\n",
    ],
)
def test_toml_and_plain_lines_are_front_matter_too(head: str):
    found, body, note = split_front_matter(f"{head}\r\n{BODY}" if "\r" in head else f"{head}\n{BODY}")
    assert (found.title, found.author, found.published) == ("Talks", "Jane Doe", date(2023, 7, 10))
    assert (body, note) == (BODY, None)


@pytest.mark.parametrize(
    "text",
    [
        f"Title: the fight for a belt\n\n{BODY}",
        f"Title: a fight\nThe mayor: no.\n\n{BODY}",
        f"Title: a fight\nDate: a word with two senses.\nIt went on.\n\n{BODY}",
        f"Author: Jane Doe\nDate: 2023-07-10\n\n{BODY}",
        f"Title: Talks\nSpeaker: Jane Doe\nDate: 2023-07-10\nQuestion: When?\n\n{BODY}",
        f"Title: Talks\nDescription: {100 * 'a'}\n\n{BODY}",
        "Title: Talks\nDate: 2023-07-10\n",
        f"+++\nbroken = [\n+++\n{BODY}",
        f"+++ {BODY}",
    ],
)
def test_what_only_looks_like_them_is_text(text: str):
    assert split_front_matter(text)[1] == text


@pytest.mark.parametrize(
    "below", [f"Text: {BODY}", "Subtitle: The line reopens.\n\nThey met.", f"Tags:\nSummary: {100 * 'a'}"]
)
def test_a_header_ends_where_its_lines_are_text(below: str):
    found, body, _ = split_front_matter(f"Title: Talks\nDate: 2023-07-10\n{below}")
    assert (found.title, found.published, body) == ("Talks", date(2023, 7, 10), below.removeprefix("Tags:\n"))


def test_properties_below_a_heading_are_front_matter_too():
    found, body, _ = split_front_matter(f"# Talks\n\nAuthor: Jane Doe\nDate: July 10, 2023\nTags: a, b\n\n{BODY}")
    assert (found.author, found.published, body) == ("Jane Doe", date(2023, 7, 10), f"# Talks\n\n{BODY}")
    text = f"# Talks\n\nDate: the word has two senses.\n\n{BODY}"
    assert split_front_matter(text)[1] == text


@pytest.mark.parametrize(
    "head",
    [
        "From: Ana Salo <ana@post.example>\nSubject: Talks\nDate: 10 July 2023 at 17:40:12 CEST\nTo: me@example.org",
        "---------- Forwarded message ---------\nFrom: Ana Salo <a@b.c>\nDate: Jul 10, 2023 at 5:40 PM\nSubject: Talks",
        "-----Original Message-----\nFrom: Ana Salo [mailto:a@b.c]\nSent: July 10, 2023 5:40 PM\nSubject: Talks",
    ],
)
def test_the_head_of_a_mail_copied_as_text_is_front_matter(head: str):
    found, body, note = split_front_matter(f"{head}\n\n{BODY}")
    assert (found.title, found.author, found.published) == ("Talks", "Ana Salo", date(2023, 7, 10))
    assert (body, note) == (BODY, None)


@pytest.mark.parametrize(
    "head", ["From: Oslo to Halden", "From: Ana Salo\nSubject: Talks\nThe letter: they met.\nDate: today"]
)
def test_a_text_that_begins_like_a_mail_is_none(head: str):
    assert split_front_matter(f"{head}\n\n{BODY}")[1] == f"{head}\n\n{BODY}"
