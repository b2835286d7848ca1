"""Hostile files F1 to F47 that concern reading: each gives a document or one short reason, in bounded time."""

from __future__ import annotations

import io
import json
import os
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import SourceError
from rag.ingest import files
from rag.ingest.document import Document, from_json
from rag.ingest.paragraphs import Paragraph, paragraphs
from rag.ingest.parse import Found, parse, parse_many
from rag.ingest.read import Reader
from rag.ingest.sandbox import Limits
from rag.ingest.sniff import sniff
from rag.ingest.split import split
from rag.ingest.worker import answers
from tests.rag.ingest import make

FILES = Path(__file__).with_name("files")
PROSE = "The envoys met on Monday for nine hours, and agreed on nothing that anyone would name."


def reason(data: bytes, name: str = "a.txt") -> str:
    with pytest.raises(SourceError) as caught:
        parse(data, name=name)
    return str(caught.value)


def first(data: bytes, name: str) -> Document:
    """What the sandbox makes of a file."""
    with Reader(max_bytes=10**9, limits=Limits(seconds=20)) as reader:
        return only(reader.parse_many(data, name=name))


def only(found: Iterator[Found]) -> Document:
    [(_, document)] = found
    assert isinstance(document, Document)
    return document


def read(path: Path, *, max_bytes: int) -> Document:
    with Reader(max_bytes=max_bytes) as reader:
        return only(reader.read_many(path))


def test_f01_f02_f05_nothing_to_read():
    assert reason(b"") == "empty"
    assert reason(b" \n\0\0\t") == "no text"
    assert reason(b"\x89PNG\r\n\x1a\n" + bytes(100)) == "not text"


def test_f03_a_file_above_the_limit_is_not_read(tmp_path: Path):
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)
    with pytest.raises(SourceError, match="larger than the limit of 50 MB"):
        read(path, max_bytes=50_000_000)


@pytest.mark.slow
def test_f04_one_line_of_50_mb_is_cut_into_passages():
    document = parse(b"word and more of it, " * 2_500_000, name="a.txt")
    spans = split(document, max_tokens=200, count=lambda text: len(text) // 4)
    assert len(document.text) > 50_000_000
    assert max(span.end - span.start for span in spans) <= 200 * 4 + 3


def test_f10_f11_f12_f13_odd_characters():
    text = f"{PROSE}\0 A\u202eB \u200bC\U000e0041 \ud800D"
    document = parse(text.encode("utf-8", "surrogatepass"), name="a.txt")
    assert document.text.endswith(" A\u202eB C ") or "\u202e" in document.text
    assert "\0" not in document.text and "\u200b" not in document.text and "\U000e0041" not in document.text
    document.text.encode("utf-8")  # no lone surrogate is left


def test_f15_200_000_nested_elements_keep_their_words():
    page = b"<html><body>" + b"<div>" * 200_000 + PROSE.encode() + b"</div>" * 200_000 + b"</body></html>"
    began = time.monotonic()
    assert first(page, "a.html").text == PROSE
    assert time.monotonic() - began < 20


def test_f16_comments_that_never_end():
    assert reason(b"<html>" + b"<!--" * 50_000, "a.html") == "no text"
    assert reason(b"<!--" * 50_000, "a.md") == "no text"


def test_f19_markup_in_markdown_is_inert_text():
    links = "[here](javascript:alert(1)) ![pic](data:x)"
    text = f"# T\n\n{PROSE} <b onclick=x>bold</b> {links} <script>x()</script>\n\n<!-- c -->"
    assert parse(text.encode(), name="a.md").text == f"T\n\n{PROSE} bold here pic"


def test_f20_f21_f22_pdf_that_cannot_be_read():
    assert reason((FILES / "encrypted.pdf").read_bytes(), "a.pdf") == "needs a password"
    whole = make.pdf([[(72, 700, 12, PROSE)]])
    assert reason(whole[:60], "a.pdf") == "damaged"
    assert reason(make.pdf([[]]), "a.pdf") == "no text layer (OCR needed)"


def test_f21_a_pdf_without_its_table_is_repaired_or_damaged():
    whole = make.pdf([[(72, 700, 12, PROSE)]])
    try:
        assert parse(whole[: whole.index(b"xref")], name="a.pdf").text == PROSE
    except SourceError as error:
        assert str(error) == "damaged"


def test_f23_a_pdf_that_is_a_loop_or_a_bomb_ends():
    loop = make.assembled(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R]/Count 9>>", "<<>>"])
    packed = zlib.compress(b"BT /F1 9 Tf (x) Tj ET " * 3_000_000, 9)
    head = f"<</Length {len(packed)}/Filter/FlateDecode>>stream\n".encode()
    bomb = make.assembled(
        [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
            head + packed + b"\nendstream",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            "<<>>",
        ]
    )
    with Reader(max_bytes=10**9, limits=Limits(seconds=4, memory=600_000_000)) as reader:
        for data in (loop, bomb):
            with pytest.raises(SourceError):
                only(reader.parse_many(data, name="a.pdf"))
        assert only(reader.parse_many(make.pdf([[(72, 700, 12, PROSE)]]), name="a.pdf")).text == PROSE


def test_f24_a_pdf_with_script_and_launch_action_is_only_read():
    catalog = "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>/AA<</WC<</S/Launch/F(/bin/sh)>>>>"
    assert parse(make.pdf([[(72, 700, 12, PROSE)]], catalog=catalog), name="a.pdf").text == PROSE


def test_f25_f28_archives_are_inspected_first():
    bomb = make.docx([("", PROSE)], files={"word/media/x": "0" * 20_000_000})
    assert reason(bomb, "a.docx") == "an archive packed too densely to be honest"
    for name in ("../up.txt", "/etc/passwd", "C:\\x.txt", "a/../../b.txt"):
        with pytest.raises(SourceError, match="a path that leads outside"):
            list(parse_many(make.archive({name: PROSE}), name="a.zip"))
    many = make.archive({f"{number}.txt": "" for number in range(2_001)})
    with pytest.raises(SourceError, match="an archive of more than 2000 files"):
        list(parse_many(many, name="a.zip"))
    nested = make.archive({"inner.zip": make.archive({"a.txt": PROSE}), "b.txt": PROSE})
    found = dict(parse_many(nested, name="a.zip"))
    assert str(found["inner.zip"]) == "an archive within an archive"
    assert isinstance(found["b.txt"], Document)


def test_comments_before_a_page_are_passed_once():
    assert sniff(b"<!-- x -->\n" * 10_000, "a.txt") == "text"
    assert sniff(b"<!-- x -->\n" * 10 + b"<body>", "a.txt") == "html"


def test_a_kind_is_found_without_unpacking_a_bomb(monkeypatch: pytest.MonkeyPatch):
    book = {"mimetype": "application/epub+zip" + " " * 1_000_000}
    monkeypatch.setattr(zipfile.ZipFile, "read", None)
    assert sniff(make.archive(book), "a.epub") == "epub"
    with pytest.raises(SourceError, match="an archive of more than 20000 files"):
        sniff(b"PK\x03\x04" + b"PK\x01\x02" * 20_001, "a.zip")


def test_the_entries_of_an_archive_within_are_not_counted():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("a.zip", b"PK\x01\x02" * 20_001)
    packed = buffer.getvalue()
    assert sniff(packed, "b.zip") == "zip"
    with pytest.raises(SourceError, match="an archive of more than 20000 files"):
        sniff(packed[:-22] + b"PK\x06\x07" + bytes(16) + packed[-22:], "b.zip")  # says its directory is elsewhere


def test_a_line_of_white_space_is_passed_once():
    assert paragraphs(f"{' ' * 200_000}\na") == [Paragraph(200_001, 200_002)]


def test_f26_word_reads_no_other_file(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET", encoding="utf-8")
    with zipfile.ZipFile(io.BytesIO(make.docx([("", PROSE), ("", "&x;")]))) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    entity = f'<!DOCTYPE w:document [<!ENTITY x SYSTEM "file://{secret}">]><w:document '
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:document ", entity.encode())
    try:
        assert "SECRET" not in parse(make.archive(parts), name="a.docx").text
    except SourceError as error:
        assert str(error) == "damaged"


def test_f27_macros_are_left_out():
    data = make.docx([("", PROSE)], files={"word/vbaProject.bin": "Sub AutoOpen()"}, macros=True)
    assert parse(data, name="a.docm").text == PROSE


def test_f32_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(path: str, flags: int) -> int:
        raise PermissionError(13, "no", path)

    (tmp_path / "a.txt").write_text(PROSE, encoding="utf-8")
    monkeypatch.setattr(files.os, "open", refuse)
    with pytest.raises(SourceError, match=r"^permission denied$"):
        read(tmp_path / "a.txt", max_bytes=1000)


def test_f33_devices_are_not_read():
    with pytest.raises(SourceError, match=r"^not a regular file$"):
        read(Path("/dev/zero"), max_bytes=1000)


@pytest.mark.parametrize("name", ["a\nb.txt", "-rf.txt", "a'\"b.txt", "x" * 251 + ".txt", "caf\udce9.txt"])
def test_f34_odd_names(tmp_path: Path, name: str):
    (tmp_path / name).write_text(PROSE, encoding="utf-8")
    assert read(tmp_path / name, max_bytes=1000).text == PROSE


def test_f41_a_file_that_keeps_changing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "a.txt"
    path.write_text(PROSE, encoding="utf-8")
    real = files.os.fstat

    def growing(number: int) -> os.stat_result:
        with path.open("a", encoding="utf-8") as file:
            file.write("more ")
        return real(number)

    monkeypatch.setattr(files.os, "fstat", growing)
    with pytest.raises(SourceError, match=r"^changed while it was read$"):
        read(path, max_bytes=1000)


def test_f45_too_many_rows_and_too_deep_json(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("rag.ingest.formats.records.MOST_ROWS", 3)
    for name, data in (("a.csv", b"text\n" + b"word\n" * 9), ("a.jsonl", b'{"text": "word"}\n' * 9)):
        found = list(parse_many(data, name=name))
        assert len(found) == 4
        assert str(found[-1][1]) == "more than 3 rows: the rest was left out"
    with pytest.raises(SourceError, match="nested too deeply"):
        list(parse_many(b"[" * 100_000, name="a.json"))


def test_f47_template_marks_are_tested_with_reading():
    """See `test_read.py::test_template_and_token_marks_are_literal_text`."""
    assert parse(b"%s {x} {{ y }} <|endoftext|> is what the sign said.", name="a.txt").text.startswith("%s {x} {{ y }}")


SEEDS = [
    ("a.md", b"---\ntitle: x\n---\n# T\n\n*a* [b](c) `d`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"),
    ("a.html", b"<html><head><title>T</title></head><body><h1>T</h1><table><tr><td>x<td>y</table><p>some text<br>more"),
    ("a.rtf", rb"{\rtf1\ansi{\info{\title T}}\u8220?x\'e9\par y}"),
    ("a.eml", b"From: a\nSubject: b\nDate: Mon, 10 Jul 2023 08:00:00 +0000\nMIME-Version: 1.0\n\nbody text\n"),
    ("a.csv", b'id,title,text\n1,"a","b"\n2,c,d\n'),
    ("a.jsonl", b'{"text": "a", "title": "b"}\n{"text": "c"}\n'),
    ("a.docx", make.docx([("Title", "T"), ("", "text")])),
    ("a.odt", make.odt("<text:p>text</text:p>")),
    ("a.epub", make.epub({"a.xhtml": "<p>text</p>"})),
]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SEEDS), st.data())
def test_mutated_files_give_documents_or_reasons(seed: tuple[str, bytes], data: st.DataObject):
    name, content = seed
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(changed) - 1))
        change = data.draw(st.sampled_from(["flip", "cut", "double"]))
        if change == "flip":
            changed[at] = data.draw(st.integers(0, 255))
        elif change == "cut" and len(changed) > 20:
            del changed[at : at + data.draw(st.integers(1, 10))]
        else:
            changed[at:at] = changed[at : at + 30]
    last: dict[str, object] = {}
    for last in answers(bytes(changed), name):
        if "document" in last:
            document = from_json(json.loads(json.dumps(last["document"])))
            assert document.title
            assert all(0 <= block.start < block.end <= len(document.text) for block in document.blocks)
    assert last == {"done": True} or "\n" not in str(last["failed"])
