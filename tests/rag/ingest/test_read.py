"""A file to a document: text, blocks, metadata, and what is said of a file that cannot be read."""

import os
from datetime import date
from pathlib import Path

import pytest

from rag.errors import SourceError
from rag.ingest.document import Document
from rag.ingest.parse import parse, parse_many
from rag.ingest.read import Reader, read_text

LIMIT = 1_000_000


def of_kind(document: Document, kind: str) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks if block.kind == kind]


SCRAPE = """Old Version
World

A Bridge Reopens

By Ana Petrov, Foreign Editor
March 3, 2024 Updated 8:06 p.m. ET

The bridge over the Lune reopened on Sunday after two years. Lorries crossed first.

What comes next
Tolls will be charged from May, the ministry said. Nobody knows how much.

The first lorry crosses. Photo by Leo Marsh

Print
You might also like
Ferries are full
"""


def test_a_plain_scrape_is_taken_apart_as_a_careful_person_would():
    document = parse(SCRAPE.encode(), name="a.txt")
    assert (document.title, document.author, document.published) == (
        "A Bridge Reopens",
        "Ana Petrov",
        date(2024, 3, 3),
    )
    assert (document.source, document.url, document.language) == (None, None, None)
    assert of_kind(document, "heading") == ["What comes next"]
    assert of_kind(document, "caption") == ["The first lorry crosses."]
    assert of_kind(document, "boilerplate") == [
        *("Old Version", "World", "Photo by Leo Marsh", "Print", "You might also like", "Ferries are full")
    ]
    assert of_kind(document, "text")[0].startswith("The bridge over the Lune")
    assert document.text == SCRAPE


def test_front_matter_is_believed_and_stays_out_of_the_text():
    data = (
        b"---\ntitle: Talks\nauthors: [Ana Petrov, Li Wei]\ndate: 2023-07-10\noutlet: Post\nlang: en\n---\n\n"
        b"# Talks\n\nThey met **again** at [the hall](https://example.org).\n"
    )
    document = parse(data, name="a.md")
    assert document.text == "Talks\n\nThey met again at the hall."
    assert of_kind(document, "title") == ["Talks"]
    assert document.author == "Ana Petrov and Li Wei"
    assert (document.published, document.source, document.language) == (date(2023, 7, 10), "Post", "en")


def test_front_matter_that_is_no_yaml_is_text():
    document = parse(b"---\na: [\n---\nThe talks went on for two days in the capital.", name="a.txt")
    assert "The talks went on" in document.text
    assert "front matter could not be read" in document.notes


def test_front_matter_is_never_executed():
    data = b"---\ntitle: !!python/object/apply:os.system ['echo x']\n---\nThe talks went on for two days.\n"
    assert parse(data, name="a.md").title == "!!python/object/apply:os.system ['echo x']"


@pytest.mark.parametrize(
    ("data", "text", "note"),
    [
        ("Café “open”.".encode(), "Café “open”.", None),
        ("Café “open”.".encode("utf-8-sig"), "Café “open”.", None),
        ("Café “open”.".encode("utf-16"), "Café “open”.", "decoded as utf-16-le"),
        ("Café open every day.".encode("utf-16-be"), "Café open every day.", "decoded as utf-16-be"),
        ("The café’s owner said “no” to the naïve offer.".encode("cp1252"), None, "decoded as cp1252"),
        (
            "中美两国元首在旧金山举行会晤，双方同意恢复两军交往。".encode("gb18030"),
            None,
            "decoded as gb18030",
        ),
        ("은행 협상이 결렬되었다고 정부가 월요일에 발표했다.".encode("euc-kr"), None, "decoded as cp949"),
        ("Premier Li Keqiang (李克强) spoke.".encode("gbk"), None, "decoded as gb18030"),
        ("国民党发表公告".encode("gbk"), None, "decoded as gb18030"),
        ("It was 20°C in May, and 30°C in June.".encode("cp1252"), None, "decoded as cp1252"),
        (
            "Zürich café — Ünal and Müller".encode() + b" \x93met\x94.",
            None,
            "decoded as UTF-8, 2 stray bytes as cp1252",
        ),
    ],
)
def test_encodings_lose_no_character(data: bytes, text: str | None, note: str | None):
    document = parse(data, name="a.txt")
    encoding = note.removeprefix("decoded as ") if note else "utf-8"
    expected = text or ("Zürich café — Ünal and Müller “met”." if "stray" in encoding else data.decode(encoding))
    assert document.text == expected
    assert [found for found in document.notes if found.startswith("decoded")] == ([note] if note else [])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\0\0 ", "no text"),
        ("\u200b\ufeff \u200b".encode(), "no text"),
        (bytes(range(256)) * 20, "not text"),
        (b"\x7fELF\x02\x01\x01" + bytes(range(40)) * 9, "not text"),
    ],
)
def test_what_is_no_text_is_refused_with_a_short_reason(data: bytes, reason: str):
    with pytest.raises(SourceError, match=f"^{reason}$"):
        parse(data, name="a.txt")


def test_control_and_invisible_characters_go_and_are_counted():
    text = "They met\0 in Ge\u00adne\u200bva.\r\nThen\x07 left\U000e0041 \udc80."
    document = read_text(text, title="Talks")
    assert document.text == "They met in Geneva.\nThen left \ufffd."
    assert document.notes == (
        *("control characters removed: 2", "invisible characters removed: 3", "broken characters replaced: 1"),
    )


def test_template_and_token_marks_are_literal_text():
    text = "It said <|endoftext|> and {braces} and %s and {{ jinja }} to everyone."
    assert read_text(text, title="Talks").text == text


def test_a_caller_states_what_it_knows():
    document = read_text("By Ana Petrov\n\nThe talks went on.", title="Talks", published="2023-07-10", source="Post")
    assert (document.title, document.author, document.published) == ("Talks", "Ana Petrov", date(2023, 7, 10))
    with pytest.raises(SourceError, match=r"published='soon' is not a date; write it as YYYY-MM-DD"):
        read_text("The talks went on.", title="Talks", published="soon")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("bridge-over-the-lune.txt", "bridge over the lune"),
        ("002_7121475c0d5dbd59.txt", "The bridge reopened on Sunday."),
    ],
)
def test_an_article_without_a_title_is_named_and_the_note_says_how(name: str, title: str):
    document = parse(b"The bridge reopened on Sunday.", name=name)
    assert document.title == title
    assert document.notes[0].startswith("no title stated: ")


def test_a_heading_names_an_article_without_what_stands_below():
    document = parse(f"<h2>Talks fail</h2><p>{SCRAPE}</p><p>{SCRAPE}</p>".encode(), name="a.html")
    assert document.title == "Talks fail"
    document = parse(b"Print\n\nThe talks failed. Here is why.\n\nThey were long, and agreed on nothing.", name="a.txt")
    assert document.title == "The talks failed. Here is why."


def test_paths_that_are_no_readable_file_give_a_reason(tmp_path: Path):
    fifo, link, large = tmp_path / "fifo.txt", tmp_path / "link.txt", tmp_path / "large.txt"
    os.mkfifo(fifo)
    link.symlink_to(tmp_path / "gone")
    large.write_bytes(b"word " * 300_000)
    for path, reason in (
        (fifo, "not a regular file"),
        (link, "a link that leads nowhere"),
        (large, "larger than the limit of 1 MB"),
        (tmp_path, "a folder, not a file"),
        (tmp_path / "gone", "not found"),
    ):
        with Reader(max_bytes=LIMIT) as reader, pytest.raises(SourceError, match=f"^{reason}$"):
            list(reader.read_many(path))


def test_a_bug_of_a_parser_is_a_reason_and_no_traceback(monkeypatch: pytest.MonkeyPatch):
    def broken(text: str) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr("rag.ingest.formats.markdown.pieces", broken)
    with pytest.raises(SourceError, match="its parser failed: KeyError"):
        list(parse_many(b"# Talks\n\nThey met.", name="a.md"))
    rows = list(parse_many(b'{"text": "# Talks"}\n{"text": "They met."}', name="a.jsonl"))
    assert [str(found) if isinstance(found, SourceError) else found.text for _, found in rows] == [
        *("its parser failed: KeyError", "They met.")
    ]


def test_metadata_is_cut_and_half_an_address_is_none():
    text = f"---\ntitle: {'t' * 5_000}\nurl: https://example.org/{'u' * 5_000}\n---\nThe talks went on."
    document = parse(text.encode(), name="a.txt")
    assert (document.title, document.url) == ("t" * 1_000, None)
