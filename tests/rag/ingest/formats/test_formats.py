"""Every format: words, headings, captions and metadata come out; what is hidden does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest

from rag.errors import SourceError
from rag.ingest.compose import Piece
from rag.ingest.document import Document
from rag.ingest.formats import markdown
from rag.ingest.parse import parse, parse_many
from tests.rag.ingest import make

PROSE = "The envoys met on Monday for nine hours, and agreed on nothing that anyone would name."


def kinds(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def test_word():
    paragraphs = [
        ("Title", "Talks in Geneva"),
        ("", "By Ana Petrov"),
        ("", PROSE),
        ("Heading1", "What next"),
        ("", PROSE),
    ]
    document = parse(make.docx([*paragraphs, ("Caption", "The hall at dawn")]), name="a.docx")
    assert kinds(document) == [
        ("title", "Talks in Geneva"),
        ("byline", "By Ana Petrov"),
        ("text", PROSE),
        ("heading", "What next"),
        ("text", PROSE),
        ("caption", "The hall at dawn"),
    ]
    assert (document.title, document.author, document.published) == ("Talks in Geneva", "Ana Petrov", None)


def test_word_properties_are_believed_where_the_text_is_silent():
    core = (
        '<cp:p xmlns:cp="c" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Old draft</dc:title>'
        "<dc:creator>Ana Petrov</dc:creator></cp:p>"
    )
    document = parse(make.docx([("Title", "Talks"), ("", PROSE)], files={"docProps/core.xml": core}), name="a.docx")
    assert (document.title, document.author) == ("Talks", "Ana Petrov")


def test_open_document():
    body = (
        '<text:p text:style-name="Title">Talks</text:p><text:h>Part one</text:h>'
        f"<text:p>{PROSE[:20]}<text:span>{PROSE[20:]}</text:span></text:p><text:tracked-changes><text:p>gone</text:p>"
        "</text:tracked-changes><text:list><text:list-item><text:p>One<text:s/>item</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>May</text:p></table:table-cell><table:table-cell>"
        "<text:p>7</text:p></table:table-cell></table:table-row></table:table>"
    )
    document = parse(make.odt(body, "<dc:creator>Ana Petrov</dc:creator>"), name="a.odt")
    assert kinds(document) == [
        *(("title", "Talks"), ("heading", "Part one"), ("text", PROSE), ("text", "One item"), ("text", "May | 7"))
    ]
    assert document.author == "Ana Petrov"


STYLE = 'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" style:name="P1" style:parent-style-name="Title"'


@pytest.mark.parametrize(
    "title",
    [
        f'<style:style {STYLE}/><text:p text:style-name="P1">Talks</text:p>',
        '<text:h text:outline-level="1">Talks</text:h>',
    ],
)
def test_the_title_of_an_open_document_may_be_centred_or_its_first_heading(title: str):
    body = f'<text:p>Notes of the week</text:p>{title}<text:h text:outline-level="1">Part one</text:h>'
    document = parse(make.odt(f"{body}<text:p>{PROSE}</text:p>"), name="a.odt")
    assert kinds(document)[1:] == [("title", "Talks"), ("heading", "Part one"), ("text", PROSE)]


def test_notes_and_frames_of_an_open_document_stand_below_their_sentence():
    note = (
        "<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>It leaked.</text:p></text:note-body></text:note>"
    )
    frame = (
        '<draw:frame><draw:text-box><text:p text:style-name="Illustration"><draw:frame><draw:image/>'
        "<svg:title>x</svg:title><svg:desc>y</svg:desc></draw:frame>The bank</text:p></draw:text-box></draw:frame>"
    )
    cell = f"<table:table-row><table:table-cell><text:p>May{note}</text:p></table:table-cell></table:table-row>"
    document = parse(make.odt(f"<text:p>The envoys{note} met{frame}.</text:p>{cell}"), name="a.odt")
    assert [text for _, text in kinds(document)] == ["The envoys met.", "It leaked.", "The bank", "May", "It leaked."]


def test_book():
    metadata = (
        "<dc:title>The Sound</dc:title><dc:creator>Ana Petrov</dc:creator><dc:creator>Li Wei</dc:creator>"
        "<dc:date>2023-07-10</dc:date><dc:publisher>Post Press</dc:publisher><dc:language>en</dc:language>"
    )
    chapters = {"b.xhtml": f"<h1>One</h1><p>{PROSE}</p>", "a.xhtml": f"<h1>Two</h1><p>{PROSE}</p>"}
    document = parse(make.epub(chapters, metadata), name="a.epub")
    assert kinds(document) == [("heading", "One"), ("text", PROSE), ("heading", "Two"), ("text", PROSE)]
    assert (document.title, document.author) == ("The Sound", "Ana Petrov and Li Wei")
    assert (document.published, document.source, document.language) == (date(2023, 7, 10), "Post Press", "en")


def test_rich_text():
    data = (
        rb"{\rtf1\ansi\ansicpg1252{\info{\title Talks}{\author Ana Petrov}}{\fonttbl{\f0 Arial;}}\f0 Talks\par "
        rb"The caf\'e9 was full, \u8220?yes\u8221? said one envoy on Monday.\par {\v hidden}{\*\generator x}"
        rb"Later they left.\par}"
    )
    document = parse(data, name="a.rtf")
    assert document.text == "Talks\n\nThe café was full, “yes” said one envoy on Monday.\n\nLater they left."
    assert (document.title, document.author) == ("Talks", "Ana Petrov")


def test_the_author_of_rich_text_is_in_its_code_page():
    data = rb"{\rtf1\ansi\ansicpg1251{\info{\author \'c8\'e2\'e0\'ed}}\'c4\'e0, \'f1\'ea\'e0\'e7\'e0\'eb \'ee\'ed.\par}"
    document = parse(data, name="a.rtf")
    assert (document.text, document.author) == ("Да, сказал он.", "Иван")


def mail(body: bytes, kind: str = "") -> bytes:
    return b"From: Ana Petrov <a@example.org>\nSubject: Talks\nMIME-Version: 1.0\n" + kind.encode() + b"\n" + body


@pytest.mark.parametrize(
    ("charset", "encoding", "notes"),
    [
        ("", "utf-8", ()),
        ("; charset=utf-8", "cp1252", ("decoded as cp1252",)),
        ("; charset=us-ascii", "cp1252", ("decoded as cp1252",)),
        ("; charset=iso-8859-1", "cp1252", ()),
        ("; charset=windows-1252", "utf-8", ()),
    ],
)
def test_mail_in_another_encoding_than_it_says(charset: str, encoding: str, notes: tuple[str, ...]):
    said = "The café’s owner said no to the naïve “offer” of the bank."
    kind = f"Content-Type: text/plain{charset}\nContent-Transfer-Encoding: 8bit\n"
    document = parse(mail(said.encode(encoding), kind), name="a.eml")
    assert (document.text, document.notes) == (said, notes)


@pytest.mark.parametrize(
    ("charset", "body", "text"),
    [
        ("iso-2022-jp", "会議は".encode("iso-2022-jp")[:-3] + b"\x2d\x21\x1b(B.", "会議は�."),
        ("gb2312", "谈判破裂。".encode("gbk")[:-1], "谈判破裂�"),
        ("big5", "談判".encode("big5") + b"\xff.", "談判�."),
        ("windows-1250", "řekl.".encode("cp1250") + b"\x81", "řekl.�"),
        ("windows-1251", "Да.".encode("cp1251") + b"\x98", "Да.�"),
    ],
)
def test_mail_with_one_byte_too_few_or_many(charset: str, body: bytes, text: str):
    kind = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n"
    document = parse(mail(body, kind), name="a.eml")
    assert (document.text, document.notes) == (text, (f"decoded as {charset}, 1 signs of it unreadable",))


def mixed(*parts: bytes) -> bytes:
    body = b"".join(b"--b\n" + part + b"\n" for part in parts) + b"--b--\n"
    return mail(body, "Content-Type: multipart/mixed; boundary=b\n")


EMPTY = b"Content-Type: text/html\n\n<!-- -->"
CONTROLS = b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nAAECAwQFBgcICQ4PEBESExQ="


def test_an_odd_part_of_a_mail_leaves_the_others():
    document = parse(mixed(b"Content-Type: text/plain\n\nThey met.", EMPTY, CONTROLS), name="a.eml")
    assert (document.text, document.notes) == ("They met.", ("a part left out: no text", "a part left out: not text"))
    with pytest.raises(SourceError, match="no text"):
        parse(mixed(EMPTY, CONTROLS), name="a.eml")


def test_named_parts_of_a_mail_are_no_words_of_it():
    document = parse(
        mixed(
            b"Content-Type: text/plain\n\nThey met.",
            b"Content-Type: text/plain; name=data.csv\n\na,b",
            b"Content-Type: text/html\nContent-Disposition: inline; filename=page.html\n\n<p>Old page.</p>",
        ),
        name="a.eml",
    )
    assert (document.text, document.notes) == ("They met.", ("attachments left out: 2",))


def test_mail_with_a_picture_between_its_words():
    parts = [
        b"Content-Type: text/plain\n\nThey met.",
        b"Content-Type: image/png\nContent-Disposition: inline; filename=a.png\n\nx",
        b"Content-Type: text/plain\n\nThey left.",
        b"Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nNobody met.",
    ]
    document = parse(mixed(*parts), name="a.eml")
    assert (document.text, document.notes) == ("They met.\n\nThey left.", ("attachments left out: 2",))


@pytest.mark.parametrize(
    ("padded", "text"), [("yes", "They met, and left.\n> Why? No."), ("no", "They m et, and left.\n> Why ? No.")]
)
def test_mail_whose_lines_flow(padded: str, text: str):
    kind = f"Content-Type: text/plain; format=flowed; delsp={padded}\n"
    found = parse(mail(b"They m \net, and left.\n> Why \n>? No.\n", kind), name="a.eml")
    assert found.text.replace("\n\n", "\n") == text


def test_mail():
    data = (
        b"From: Ana Petrov <ana@example.org>\r\nTo: x@example.org\r\nSubject: =?utf-8?q?Talks_in_Gen=C3=A8ve?=\r\n"
        b"Date: Mon, 10 Jul 2023 08:00:00 +0000\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        + PROSE.encode()
        + b"\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\nxx"
        + b"\r\n--b--\r\n"
    )
    document = parse(data, name="a.eml")
    assert (document.title, document.author, document.published) == ("Talks in Genève", "Ana Petrov", date(2023, 7, 10))
    assert document.text == PROSE
    assert document.notes == ("attachments left out: 1",)


def test_pdf_lines_become_paragraphs_and_running_heads_go():
    def page(number: int, lines: list[str]) -> list[tuple[int, int, int, str]]:
        body = [(72, 640 - 14 * at, 11, line) for at, line in enumerate(lines)]
        return [(280, 760, 9, "Coastal Wire"), *body, (300, 30, 9, str(number))]

    title = [(72, 700, 22, "A bridge reopens"), (72, 670, 11, "By Ana Petrov")]
    first = [
        "The bridge over the river Lune was opened again on Sun-",
        "day, and lorries were the first to cross it that",
    ]
    second = ["morning after two years.", "Tolls will be charged from May by the ministry, which"]
    third = ["said so on Monday."]
    data = make.pdf([title + page(1, first), page(2, second), page(3, third)], info="/Author(user1)")
    document = parse(data, name="a.pdf")
    assert kinds(document) == [
        ("title", "A bridge reopens"),
        ("byline", "By Ana Petrov"),
        (
            "text",
            "The bridge over the river Lune was opened again on Sunday, and lorries were the first to cross it that "
            "morning after two years.",
        ),
        ("text", "Tolls will be charged from May by the ministry, which said so on Monday."),
    ]
    assert document.author == "Ana Petrov"


def test_table_of_articles():
    data = b'id,title,text,published,source\n7,Talks,"The envoys met.\nThey left.",2023-07-10,Post\n8,Empty,,,\n'
    found = dict(parse_many(data, name="a.csv"))
    talks = found["7"]
    assert isinstance(talks, Document)
    assert (talks.title, talks.published, talks.source) == ("Talks", date(2023, 7, 10), "Post")
    assert talks.text == "The envoys met.\nThey left."
    assert str(found["8"]) == "no text"
    with pytest.raises(SourceError, match=r"no column named text \(found: a, b\)"):
        list(parse_many(b"a,b\n1,2\n", name="a.csv"))


@pytest.mark.parametrize(
    "data",
    [
        b'{"id": "x", "text": "They met.", "title": "T"}\n{bad\n[1]\n{"text": "They left.", "title": "U"}\n',
        b'[{"id": "x", "text": "They met.", "title": "T"}, "bad", 1, {"text": "They left.", "title": "U"}]',
    ],
)
def test_json_of_articles_goes_on_after_a_bad_row(data: bytes):
    found = [
        (name, str(item) if isinstance(item, SourceError) else item.text)
        for name, item in parse_many(data, name="a.json")
    ]
    assert [name for name, _ in found] == ["x", "row 2", "row 3", "U"]
    assert [text for _, text in found][0::3] == ["They met.", "They left."]
    assert all(text.startswith("row ") for _, text in found[1:3])


@pytest.mark.parametrize("indent", [None, 1])
def test_json_of_news_services_and_feeds_lists_its_articles(indent: int | None):
    news = {
        "status": "ok",
        "articles": [{"title": "A", "source": {"id": None, "name": "Post"}, "content": "They met."}],
    }
    feed = {"title": "Post", "items": [{"id": "b", "date_published": "2023-07-10T10:00:00Z", "content_text": "Why?"}]}
    page = {"headline": "C", "author": {"name": "By Ana Salo"}, "datePublished": "2023-07-10", "articleBody": "So."}
    found = {}
    for value in (news, feed, page):
        found.update(parse_many(json.dumps(value, indent=indent).encode(), name="a.json"))
    documents = [item for item in found.values() if isinstance(item, Document)]
    assert [(item.text, item.source, item.author, item.published) for item in documents] == [
        ("They met.", "Post", None, None),
        ("Why?", None, None, date(2023, 7, 10)),
        ("So.", None, "Ana Salo", date(2023, 7, 10)),
    ]


def test_columns_may_be_named_in_words():
    data = b"Title,Byline,Publication Date,Full Text\nTalks,By Ana Salo,2023-07-10,They met.\n"
    [(_, found)] = parse_many(data, name="a.csv")
    assert isinstance(found, Document)
    assert (found.text, found.author, found.published) == ("They met.", "Ana Salo", date(2023, 7, 10))


@pytest.mark.parametrize("sign", ["\u2028", "\u0085"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_only_a_newline_ends_a_line_of_json(sign: str, end: str):
    data = f'{{"id": "x", "text": "They met.{sign}They left."}}{end}{{"id": "y", "text": "Why?"}}{end}'.encode()
    found = dict(parse_many(data, name="a.jsonl"))
    assert list(found) == ["x", "y"]
    assert isinstance(found["x"], Document) and found["x"].text.endswith("They left.")


@pytest.mark.parametrize(
    "data",
    [
        b'id;title;text\n7;Talks, again;"They met; they left."\n',
        b'sep=;\r\nid;title;text\r\n7;Talks, again;"They met; they left."\r\n',
        b'"id, if any";title;text\n7;"Talks, again";"They met; they left."\n',
        b'id,"a;b;c",title,text\n7,x,"Talks, again","They met; they left."\n',
    ],
)
def test_a_table_is_divided_by_what_divides_its_header(data: bytes):
    found = [item for _, item in parse_many(data, name="a.csv")]
    assert [(item.title, item.text) for item in found if isinstance(item, Document)] == [
        ("Talks, again", "They met; they left.")
    ]


def test_rows_of_empty_cells_are_no_rows():
    assert [name for name, _ in parse_many(b"id,text\n7,They met.\n,\n", name="a.csv")] == ["7"]


@pytest.mark.parametrize(
    ("rows", "texts"),
    [
        (
            '"A" ,"They met, and\nthey left, they said"\nB,Why?\nC,So.\n',
            ["They met, and\nthey left, they said", "Why?", "So."],
        ),
        ('A,"No" he said\r\r\nB,"""We"" met" again\r\r\nC,So.', ["No he said", '"We" met again', "So."]),
        ('A,"They met.\nThey left." \nB,Why?\n', ["They met.\nThey left. ", "Why?"]),
        ('A,"They met.\nThey left" at last.\nB,Why?\n', ["They met.\nThey left at last.", "Why?"]),
        ('A,"They met.\nB,"Why, he\nasked?"\nC,So.\n', ["row 1: a quote without its pair runs into the rows below"]),
        ('A,So.\n"B,Why?\n"C","They met."\n', ["So.", "row 2: a quote without its pair runs into the rows below"]),
    ],
)
def test_an_odd_quote_fails_a_table_only_where_it_merges_rows(rows: str, texts: list[str]):
    found: list[str] = []
    try:
        for _, document in parse_many(f"title,text\n{rows}".encode(), name="a.csv"):
            assert isinstance(document, Document)
            found.append(document.text)
    except SourceError as error:
        found.append(str(error))
    assert found == texts


SAID = '"We will go," he said.'


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((f"1\tT\t{SAID}", '2\tU\t"They won', "3\tV\tShe left."), [SAID, '"They won', "She left."]),
        ((f"1\tT\t{SAID}",), [SAID]),
        (('1\tT\t"They\nmet."', '2\tU\t"No ""one"" came."'), ["They\nmet.", 'No "one" came.']),
        (('1\tT\t"They met."', '2\tU\t"No one'), ["They met.", "row 2: breaks off inside quotes"]),
        (('1\tT\t"They\nmet."', '2\tU\t"No\none'), ["They\nmet.", "row 2: breaks off inside quotes"]),
    ],
)
def test_quotes_in_a_table_of_tabs(rows: tuple[str, ...], expected: list[str]):
    texts: list[str] = []
    try:
        for _, found in parse_many("\n".join(("id\ttitle\ttext", *rows)).encode(), name="a.tsv"):
            assert isinstance(found, Document)
            texts.append(found.text)
    except SourceError as error:
        texts.append(str(error))
    assert texts == expected


STUB = "---\ntitle: Talks\n---\n"


def test_a_stub_without_words_ends_neither_its_archive_nor_its_table():
    table = [{"id": "a", "text": "> \n> \n"}, {"id": "b", "text": PROSE}]
    lines = "".join(json.dumps(row) + "\n" for row in table)
    found = dict(parse_many(make.archive({"a.md": STUB, "b.jsonl": lines, "c.txt": PROSE}), name="a.zip"))
    assert [str(found[name]) for name in ("a.md", "b.jsonl/a")] == ["no text", "no text"]
    assert isinstance(found["b.jsonl/b"], Document) and isinstance(found["c.txt"], Document)


def test_a_parser_that_fails_costs_its_member_alone(monkeypatch: pytest.MonkeyPatch):
    def failing(text: str) -> Iterator[Piece]:
        raise ValueError("odd")

    monkeypatch.setattr(markdown, "pieces", failing)
    files = {"a.md": PROSE, "b.jsonl": json.dumps({"id": "x", "text": "# T"}) + "\n", "c.txt": PROSE}
    found = dict(parse_many(make.archive(files), name="a.zip"))
    assert [str(found[name]) for name in ("a.md", "b.jsonl/x")] == ["its parser failed: ValueError"] * 2
    assert isinstance(found["c.txt"], Document)


def test_archive_of_articles():
    files = {
        "b/talks.csv": "id,text\n7,They met.\n",
        "a.md": f"# Talks\n\n{PROSE}",
        ".hidden.txt": "x",
        "b/~$tmp.docx": "x",
        "c.odt": make.odt(f"<text:p>{PROSE}</text:p>"),
        "d.txt": bytes(range(256)),
    }
    found = dict(parse_many(make.archive(files), name="a.zip"))
    assert sorted(found) == ["a.md", "b/talks.csv/7", "c.odt", "d.txt"]
    assert str(found["d.txt"]) == "not text"


def test_an_archive_is_passed_through_like_a_folder():
    files = {"talks.md": PROSE, "b/README.md": PROSE, "app.js": "var a = 1;", "b/style.css": "a {}", "d.bin": b"\0"}
    assert [name for name, _ in parse_many(make.archive(files), name="a.zip")] == ["talks.md"]


@pytest.mark.parametrize(
    ("data", "name", "note"),
    [
        (b"<!doctype html><title>T</title><p>They met on Monday.</p>", "a.pdf", "named .pdf but is html"),
        (make.docx([("", PROSE)]), "a.zip", "named .zip but is docx"),
        (rb"{\rtf1 They met on Monday.}", "a.txt", "named .txt but is rtf"),
    ],
)
def test_f44_the_content_decides_and_the_surprise_is_noted(data: bytes, name: str, note: str):
    assert parse(data, name=name).notes[0] == note


@pytest.mark.parametrize("algorithm", ["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"])
def test_a_book_whose_fonts_are_obfuscated_is_read(algorithm: str):
    book = make.epub({"a.xhtml": f"<p>{PROSE}</p>"}, files={"META-INF/encryption.xml": encryption(algorithm)})
    assert parse(book, name="a.epub").text == PROSE


def test_a_book_of_which_more_is_encrypted_is_not():
    aes = "http://www.w3.org/2001/04/xmlenc#aes128-cbc"
    book = make.epub({"a.xhtml": f"<p>{PROSE}</p>"}, files={"META-INF/encryption.xml": encryption(aes)})
    with pytest.raises(SourceError, match="needs a password"):
        parse(book, name="a.epub")


def encryption(algorithm: str) -> str:
    return (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        '<EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#">'
        f'<EncryptionMethod Algorithm="{algorithm}"/><CipherData><CipherReference URI="book/a.otf"/></CipherData>'
        "</EncryptedData></encryption>"
    )
