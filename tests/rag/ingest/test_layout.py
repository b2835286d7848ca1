"""Rules that take a scrape apart, one at a time."""

from __future__ import annotations

from datetime import date

import pytest

from rag.ingest.boilerplate import credit_start, is_boilerplate, is_section, opens_related
from rag.ingest.bylines import byline_author, is_credit, is_date_stamp, lone_name
from rag.ingest.dates import find_date, parse_date
from rag.ingest.document import Document
from rag.ingest.paragraphs import paragraphs
from rag.ingest.parse import parse

PROSE = "The envoys met on Monday for nine hours, and agreed on nothing that anyone in the room would name."


def of_kind(document: Document, kind: str) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks if block.kind == kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Apr 23, 2024", date(2024, 4, 23)),
        ("July 10, 2023 Updated 8:06 p.m. ET", date(2023, 7, 10)),
        ("Published: 3rd of March 2024", date(2024, 3, 3)),
        ("2024-03-03T08:00:00Z", date(2024, 3, 3)),
        ("2023年7月10日", date(2023, 7, 10)),
        ("23/4/2024", date(2024, 4, 23)),
        ("3/4/2024", None),
        ("Updated Dec.1", None),
        ("Feb 30, 2024", None),
        ("In 2024", None),
        ("July 10,2023", date(2023, 7, 10)),
        ("10-Jul-2023", date(2023, 7, 10)),
        ("20230710", None),
    ],
)
def test_a_date_counts_when_all_of_it_is_stated(text: str, expected: date | None):
    found = find_date(text)
    assert (found[0] if found else None) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Hu Bo Updated Dec.1", "Hu Bo"),
        ("By Edward Wong, Keith Bradsher and Alan Rappeport", "Edward Wong, Keith Bradsher and Alan Rappeport"),
        ("Written by Ana Petrov, Staff Writer", "Ana Petrov"),
        ("by Ludwig van der Berg | 3 March 2024", "Ludwig van der Berg"),
        ("Posted on 3 March 2024 by Ana Petrov", "Ana Petrov"),
        ("By Wing Commander (retd) Alasdair Crowe", "Wing Commander (retd) Alasdair Crowe"),
        ("By Land and Sea", None),
        ("By Monday the ships had left.", None),
        ("By Reuters", None),
        ("By Ann Lee in Beijing and Bob Ray in Washington", "Ann Lee"),
        ("By Christmas Eve in Dover the queues had reached the motorway.", None),
        ("By Christmas Eve in Dover the queues had reached the motorway", None),
        ("By Christmas Eve, Dec. 24, 2023, the queues had reached the motorway by 5 p.m.", None),
        ("By Ann Lee | July 10, 2023 at 4:53 p.m.", "Ann Lee"),
        ("By Ann Lee Updated Dec. 1, 2023 5:30 p.m.", "Ann Lee"),
        ("By Ann Lee • Updated July 11, 2023 at 4:53pm.", "Ann Lee"),
        ("By Ann Lee July 10, 2023 3 min read.", "Ann Lee"),
        ("By Ann Lee | ann-lee@herald.com | July 10, 2023.", "Ann Lee"),
        ("By Ann Lee, July 10, 2023. This story has been updated", "Ann Lee"),
        ("July 10, 2023 by Ann Lee", "Ann Lee"),
        ("July 10, 2023 | By Ann Lee and Bob Ray in Oslo", "Ann Lee and Bob Ray"),
        ("July 10, 2023 by Monday", None),
        ("Ann Lee and Bob Ray • July 10, 2023 • 5 min read", "Ann Lee and Bob Ray"),
        ("July 10, 2023 · Ann Lee", "Ann Lee"),
        ("Coastal Times | July 10, 2023", None),
        ("New York, July 10, 2023", None),
        ("Ann Lee | Oslo", None),
        ("Ann Lee | The Post | July 10, 2023", "Ann Lee"),
        ("Interview by Ann Lee", "Ann Lee"),
        ("BYLINE: Ann Lee", "Ann Lee"),
    ],
)
def test_bylines(line: str, expected: str | None):
    assert byline_author(line) == expected


def test_names_stamps_and_credits():
    assert lone_name("• Yuan Sha") == "Yuan Sha"
    assert lone_name("Ana Salo in New York") == "Ana Salo"
    assert lone_name("Coastal Times") is None and lone_name("Coastal Times in Oslo") is None
    assert is_date_stamp("Updated Nov. 17, 2025, 9:21 a.m. ET")
    assert not is_date_stamp("On March 3, 2024 the bridge reopened")
    assert is_credit("Lisa Friedman contributed reporting.")
    assert is_credit("Reporting from Washington, Beijing and the minister's airplane")
    assert not is_credit("The factory contributed to the pollution of the river, the report said.")
    assert is_date_stamp("July 10,2023")


@pytest.mark.parametrize(
    "line",
    [
        "Mon, 10 Jul 2023 17:40:00 +0200",
        "2023-07-10T17:40:00Z",
        "July 10, 2023 5:40 PM GMT+2 Updated 2 hours ago",
        "July 10, 2023 at 5:40pm",
        "10 July 2023 5.40pm CEST",
        "Published July 10, 2023 · 4 minute read",
    ],
)
def test_a_stamp_may_say_the_time_as_feeds_and_agencies_do(line: str):
    assert is_date_stamp(line)


@pytest.mark.parametrize(
    "line",
    [
        "(Reporting by Ann Lee in Washington and the Beijing newsroom; Editing by Bob O'Ray)",
        "Associated Press writer Ann Lee in Oslo also contributed to this report.",
        "Additional reporting by Marco della Cava.",
        "AP business writers Ann Lee and Bob Ray contributed to this report.",
        "AP national security writer Ann Lee in Oslo contributed to this report.",
        "Associated Press news researcher Ann Lee contributed reporting",
        "News assistant Ann Lee contributed to this report.",
    ],
)
def test_a_credit_names_people_and_outlets(line: str):
    assert is_credit(line)


@pytest.mark.parametrize(
    "line",
    [
        "Reporting by the Herald last year showed that the mayor's brother sold it to him.",
        "Writing by hand improves memory, the study found.",
        "The newsroom came together, and eight reporters contributed to this story.",
    ],
)
def test_a_sentence_that_begins_like_a_credit_is_prose(line: str):
    assert not is_credit(line)


def test_a_metadata_date_may_be_all_digits_or_old_but_not_of_any_year():
    assert parse_date("20230710") == date(2023, 7, 10)
    assert parse_date("1865-04-15") == date(1865, 4, 15)
    assert parse_date("9999-12-31") is None


@pytest.mark.parametrize("data", [b"Mayor resigned on Monday", b"# Mayor resigned on Monday\n"])
def test_an_article_of_one_line_is_text_as_well_as_title(data: bytes):
    document = parse(data, name="a.md")
    assert (document.title, of_kind(document, "text")) == ("Mayor resigned on Monday", ["Mayor resigned on Monday"])


@pytest.mark.parametrize(
    "line",
    [
        "Back to Top",
        "Print",
        "Language : English 简体 繁體",
        "Facebook | X | WhatsApp",
        "trip.png",
        "5 min read",
        "FOR IMMEDIATE RELEASE",
        "Our Standards: The Thomson Reuters Trust Principles.",
        "***",
    ],
)
def test_furniture(line: str):
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        *("Copyright 2023 The Herald", "Copyright © The Herald", "(c) 2023 The Herald", "© The Herald"),
        *("Copyright Reuters, 2023. Click for restrictions", "Copyright NPR 2022.", "Copyright The Associated Press"),
        *("Copyright by The Times", "(c) The Herald"),
    ],
)
def test_a_notice_of_rights_has_a_sign_or_a_year_or_names_alone(line: str):
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "Copyright holders sued the company on Monday.",
        "Copyright law has not caught up.",
        "Copyright Clearance Center sued the university in May.",
        "Copyright Clearance Center sued in 2023. It won.",
        "(c) the minister may refuse.",
    ],
)
def test_what_rights_are_about_may_be_the_article(line: str):
    assert not is_boilerplate(line)


@pytest.mark.parametrize(
    "sentence", ["Credit Suisse declined to comment.", "Photographs by Ansel Adams fill the last room."]
)
def test_a_sentence_that_begins_like_a_photo_credit_is_none(sentence: str):
    assert credit_start(f"Shares fell on Monday. {sentence}") is None
    assert credit_start(f"Shares fell on Monday. {sentence} (Photo by VCG)") == 22 + len(sentence) + 1
    assert credit_start("The two met. Credit Doug Mills/The Herald, via Reuters") == 12


@pytest.mark.parametrize(
    "credit",
    [
        "Photo by Mass Communication Specialist 2nd Class Ann Lee",
        "Photo by Airman 1st Class Ann Lee.",
        "Photo by Zhang Wei, provided to China Daily",
        "Photo by Lee Roe, used with permission",
        "Image via YouTube screenshot",
        "Photo via Twitter user @bob",
        "Photo by Ann Lee near the bridge",
        "CreditLeo Marsh for the paper",
    ],
)
def test_a_photo_credit_may_have_words_in_lower_case(credit: str):
    assert credit_start(f"They met. {credit}") == 9


def test_the_next_match_of_a_report_is_no_other_article():
    fixtures = ["Knicks: Visit the Jazz on Wednesday.", "Bulls: Host Phoenix."]
    document = parse("\n\n".join(["Knicks win", PROSE, "Up next", *fixtures]).encode(), name="a.txt")
    assert of_kind(document, "text") == [PROSE, *fixtures]
    teasers = ["Up next", "Why rents rose in the U.S.", "Ferries are full"]
    listed = parse("\n\n".join(["Knicks win", PROSE, *teasers]).encode(), name="a.txt")
    assert of_kind(listed, "boilerplate") == teasers


def test_a_heading_ends_a_list_of_other_articles():
    data = f"# Talks fail\n\n{PROSE}\n\n## Further reading\n\n- Ferries are full\n\n## The end\n\nNo date is set\n"
    document = parse(data.encode(), name="a.md")
    assert of_kind(document, "boilerplate") == ["Further reading", "Ferries are full"]
    assert (of_kind(document, "heading"), of_kind(document, "text")) == (["The end"], [PROSE, "No date is set"])


def test_short_sentences_below_the_opener_of_a_list_stay():
    sentences = ["Bring water.", "The path is steep.", "Dogs may come."]
    document = parse("\n\n".join(["A walk", PROSE, "Recommended", *sentences]).encode(), name="a.txt")
    assert of_kind(document, "text") == [PROSE, *sentences]


@pytest.mark.parametrize(
    "line",
    [
        "READ MORE: Ferries are full",
        "More:Rents have never been higher in the old town. Here is why.",
        "More from Oslo",
    ],
)
def test_what_points_to_another_article_is_furniture(line: str):
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "Print is dying.",
        "He shared it on Facebook.",
        "Subscribe, the minister urged.",
        PROSE,
        "More: there were also twelve people hurt in the crash on the old bridge, the police said.",
        "More about the crash was to be said on Monday at noon.",
    ],
)
def test_what_only_mentions_furniture_stays(line: str):
    assert not is_boilerplate(line)


def test_sections_related_lists_and_photo_credits():
    assert is_section("International") and not is_section("International talks fail")
    assert is_section("Opinion | Guest Essay") and not is_section("Opinion | The yard is saved")
    assert opens_related("You might also like") and not opens_related("You might also like the view")
    assert credit_start("The two met. Pool photo by Leah Millis") == 12
    assert credit_start("They met at dawn (Photo by VCG)") == 16
    assert credit_start("He released photos from his life in the spotlight.") is None


def test_lines_wrapped_at_a_width_are_paragraphs_again():
    wrapped = (
        "A short title\nBy Ana Petrov\n\nThe envoys met on Monday for nine hours, and agreed on\n"
        "nothing that anyone in the room would name. They left\nby the back door.\n"
        "The press waited at the front, and nobody came to\ntell it that the talks were over.\n"
    )
    found = [wrapped[part.start : part.end] for part in paragraphs(wrapped)]
    assert [text.split("\n")[0] for text in found] == [
        "A short title",
        "By Ana Petrov",
        "The envoys met on Monday for nine hours, and agreed on",
        "The press waited at the front, and nobody came to",
    ]


TITLE = "Port workers in Halden end their strike after a long night of talks"
WRAPPED = (
    "The workers of the port ended a strike of four days on Wednesday, after\n"
    "a night of talks with the authority, which agreed to raise wages from\n"
    "May 3, 2023.\n\n"
    "It said that the first of the ships would be unloaded before noon, and\n"
    "that the rest of them would take about a week to clear.\n"
)


def test_a_title_of_full_width_ends_above_byline_and_date():
    document = parse(f"{TITLE}\nBy Ana Salo\nMay 4, 2023\n\n{WRAPPED}".encode(), name="a.txt")
    assert (document.title, document.author, document.published) == (TITLE, "Ana Salo", date(2023, 5, 4))
    assert [text[-12:] for text in of_kind(document, "text")] == ["May 3, 2023.", "eek to clear."[-12:]]
    dated = parse(f"{TITLE}\nMay 4, 2023\n\n{WRAPPED}".encode(), name="a.txt")
    assert (dated.title, dated.published) == (TITLE, date(2023, 5, 4))


def test_a_list_between_long_lines_does_not_make_a_text_wrapped():
    items = [
        "- Pay rises by nine per cent in May",
        "- Night shifts will end at four now",
        "- The drivers keep their contract",
    ]
    lines = ["The port strike has ended in Halden", "Both sides say that they have won it", "", f"{PROSE} {PROSE}", ""]
    assert len(paragraphs("\n".join(lines + items))) == 6


def test_a_wrapped_text_may_have_a_long_line():
    wrapped = f"{WRAPPED}\n{' '.join(WRAPPED.split())[:200]}\n\n{3 * WRAPPED}\n{100 * 'https://post.example/'}\n"
    assert wrapped[paragraphs(wrapped)[0].end - 12 :].startswith("May 3, 2023.\n\n")


def test_a_wrapped_line_may_begin_like_an_item():
    lines = [
        "The ministry announced the new rules in its own words –",
        "– the plan agreed in May after weeks of long talks with",
        "both the banks and the parties of the coalition, on the",
        "10. It was then that the two unions walked out of the hall.",
        "- Nine banks went with them, and two of those came back in",
        "the night.",
        "- The others did not, and nobody in the hall missed any of",
        "- them.",
    ]
    wrapped = "\n".join(lines)
    found = [wrapped[part.start : part.end] for part in paragraphs(wrapped)]
    assert found == ["\n".join(lines[:4]), "\n".join(lines[4:6]), lines[6], lines[7]]


def test_the_first_item_of_a_wrapped_list_has_a_line_of_its_own():
    lines = [
        "The points of the deal that the banks and unions signed",
        "1. Wages rise by nine per cent from the first of January",
        "2. Shifts end at ten in all of the depots of the country",
        "3. No driver is laid off before the end of the next year",
    ]
    wrapped = "\n".join(lines)
    assert [wrapped[part.start : part.end] for part in paragraphs(wrapped)] == lines


def test_a_date_of_an_update_alone_is_inferred_and_said_so():
    document = parse(f"Talks fail\n\nUpdated Nov. 17, 2023\n\n{PROSE}".encode(), name="a.txt")
    assert document.published == date(2023, 11, 17)
    assert document.notes == ("published inferred from the date of an update",)
    both = parse(f"Talks fail\n\nNov. 16, 2023 Updated Nov. 17, 2023\n\n{PROSE}".encode(), name="a.txt")
    assert (both.published, both.notes) == (date(2023, 11, 16), ())


def test_an_address_in_the_head_is_that_of_the_page_and_no_title():
    document = parse(
        f"https://post.example/talks\n\nWhy did the talks fail?\n\n2 hours ago\n\n{PROSE}".encode(), name="a.txt"
    )
    assert (document.title, document.url) == ("Why did the talks fail?", "https://post.example/talks")
    assert of_kind(document, "boilerplate") == ["https://post.example/talks", "2 hours ago"]
    below = parse(f"Talks fail\n\n{PROSE}\n\nhttps://post.example/talks\n\n{PROSE}".encode(), name="a.txt")
    assert (below.url, of_kind(below, "text")[1]) == (None, "https://post.example/talks")


def test_a_name_with_its_place_above_a_date_is_the_author():
    document = parse(f"Talks fail\nAna Salo in Oslo\nWed 3 May 2023 17.40 BST\n\n{PROSE}".encode(), name="a.txt")
    assert (document.author, document.published, of_kind(document, "text")) == ("Ana Salo", date(2023, 5, 3), [PROSE])


def test_a_date_beside_a_name_counts_whoever_or_wherever_that_is():
    document = parse(f"Talks fail\n\nNew York, May 3, 2023\n\n{PROSE}".encode(), name="a.txt")
    assert (document.author, document.published, of_kind(document, "text")) == (None, date(2023, 5, 3), [PROSE])


def test_short_lines_of_a_head_do_not_make_long_paragraphs_wrapped():
    head = "Yard strike ends in Halden\nUnion hails deal\n\nAna Salo Harbour correspondent\n3 May 2023\nShare\n"
    assert parse(f"{head}{PROSE}\n\n{PROSE}".encode(), name="a.txt").title == "Yard strike ends in Halden"


def test_a_numbered_picture_of_an_agency_is_a_caption_with_its_credit():
    line = "[1/3] Cranes in Oslo, May 3. REUTERS/Leo Marsh Acquire Licensing Rights, opens new tab"
    document = parse(f"Talks fail\n\n{line}\n\n{PROSE}".encode(), name="a.txt")
    assert of_kind(document, "caption") == ["[1/3] Cranes in Oslo, May 3."]


def test_a_wire_story_states_its_agency():
    document = parse(f"Talks fail\n\nGENEVA, July 10, 2023 (Reuters) - {PROSE}".encode(), name="a.txt")
    assert (document.source, document.published) == ("Reuters", date(2023, 7, 10))


def test_a_question_can_be_a_title_and_a_section_above_it_is_not():
    document = parse(f"World\n\nWho blinked first in the talks about the hotline?\n\n{PROSE}".encode(), name="a.txt")
    assert document.title == "Who blinked first in the talks about the hotline?"
    assert of_kind(document, "boilerplate") == ["World"]


def test_a_line_that_introduces_a_quotation_is_no_heading():
    document = parse(f"Talks\n\n{PROSE}\n\nBy year's end, Rossman said:\n\n“{PROSE}”".encode(), name="a.txt")
    assert of_kind(document, "heading") == []


def test_biographies_at_the_foot_are_not_the_article():
    bio = "Ana Petrov is a reporter who has covered the Sound for ten years. More about Ana Petrov"
    document = parse(f"Talks\n\nBy Ana Petrov\n\n{PROSE}\n\n{PROSE}\n\n{bio}".encode(), name="a.txt")
    assert of_kind(document, "text") == [PROSE, PROSE]
    assert of_kind(document, "boilerplate") == [bio]


@pytest.mark.parametrize(
    "sentence",
    [
        "The most valuable work that the museum in Delft owns is a picture by Johannes Vermeer.",
        "The first that anyone had seen of the ground there was the image by Viking 1.",
        "It was taken by a woman called Jane Doe for Reuters.",
    ],
)
def test_a_picture_within_a_sentence_is_no_credit(sentence: str):
    assert credit_start(sentence) is None


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("The hall.", "Picture by Johannes Vermeer"),
        ("The hall at dawn.", "Jane Doe for Reuters"),
        ("Jessica Rinaldi/", "The Boston Globe via Getty Images"),
    ],
)
def test_a_credit_stands_after_a_sentence_or_alone(caption: str, credit: str):
    assert credit_start(f"{caption} {credit}" if caption.endswith(".") else caption + credit) == len(caption)
    assert credit_start(credit) == 0


@pytest.mark.parametrize(
    "last",
    [
        "The author was born in Kyiv in 1950 and won the Nobel prize for a novel on the war.",
        "The agency said that the refugees can be reached at the camp near Goma by road alone.",
    ],
)
def test_prose_at_the_foot_is_the_article(last: str):
    document = parse(f"Talks\n\nBy Ana Petrov\n\n{PROSE}\n\n{last}".encode(), name="a.txt")
    assert of_kind(document, "text") == [PROSE, last]


@pytest.mark.parametrize(
    "last",
    ["The author is a fellow at Tufts.", "Li Wei can be reached at li@example.org.", "He can be reached at 463-3334."],
)
def test_who_wrote_it_and_how_to_reach_them_is_not(last: str):
    document = parse(f"Talks\n\nBy Ana Petrov\n\n{PROSE}\n\n{last}".encode(), name="a.txt")
    assert (of_kind(document, "text"), of_kind(document, "boilerplate")) == ([PROSE], [last])
