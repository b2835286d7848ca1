"""Small files of every format, made in memory, so that tests show what they hold."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OPEN = "urn:oasis:names:tc:opendocument:xmlns"


def archive(files: Mapping[str, str | bytes]) -> bytes:
    """Return a zip with these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return buffer.getvalue()


def docx(
    paragraphs: Sequence[tuple[str, str]], *, files: Mapping[str, str] | None = None, macros: bool = False
) -> bytes:
    """Return a Word file of (style, text); styles are `Title`, `Heading1`, `Caption`, or empty."""
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'
        for style, text in paragraphs
    )
    plain = "vnd.openxmlformats-officedocument.wordprocessingml.document.main"
    kind = "vnd.ms-word.document.macroEnabled.main" if macros else plain
    names = {"Title": "Title", "Heading1": "heading 1", "Caption": "caption"}
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/></w:style>' for id, name in names.items()
    )
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="application/{kind}+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r" Type="{_OFFICE}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="s" '
        f'Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "word/styles.xml": f'<w:styles xmlns:w="{_WORD}">{styles}</w:styles>',
        "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
    }
    return archive({**parts, **(files or {})})


def odt(body: str, meta: str = "") -> bytes:
    """Return an OpenDocument text whose `office:text` holds `body`."""
    spaces = f'xmlns:office="{_OPEN}:office:1.0" xmlns:text="{_OPEN}:text:1.0" xmlns:table="{_OPEN}:table:1.0"'
    spaces += f' xmlns:draw="{_OPEN}:drawing:1.0" xmlns:svg="{_OPEN}:svg-compatible:1.0"'
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": "<manifest/>",
            "content.xml": f"<office:document-content {spaces}><office:body><office:text>{body}"
            "</office:text></office:body></office:document-content>",
            "meta.xml": f'<meta xmlns:dc="http://purl.org/dc/elements/1.1/">{meta}</meta>',
        }
    )


def epub(chapters: Mapping[str, str], metadata: str = "", *, files: Mapping[str, str] | None = None) -> bytes:
    """Return an EPUB of file name to body, in this order, and other files."""
    items = "".join(
        f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata>{metadata}</metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = (
        f'<container xmlns="{_OPEN}:container"><rootfiles><rootfile full-path="book/a.opf"/></rootfiles></container>'
    )
    pages = {
        f"book/{name}": f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>{body}</body></html>'
        for name, body in chapters.items()
    }
    fixed = {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "book/a.opf": package}
    return archive({**fixed, **pages, **(files or {})})


def pdf(pages: Sequence[Sequence[tuple[int, int, int, str]]], *, catalog: str = "", info: str = "") -> bytes:
    """Return a PDF of pages of (x, y, size, text) in Helvetica."""
    kids = [3 + 2 * number for number in range(len(pages))]
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{catalog}>>",
        f"<</Type/Pages/Kids[{' '.join(f'{kid} 0 R' for kid in kids)}]/Count {len(pages)}>>",
    ]
    font = 3 + 2 * len(pages)
    for number, lines in enumerate(pages):
        stream = "\n".join(f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET" for x, y, size, text in lines)
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {kids[number] + 1} 0 R"
            f"/Resources<</Font<</F1 {font} 0 R>>>>>>"
        )
        objects.append(f"<</Length {len(stream)}>>stream\n{stream}\nendstream")
    objects += ["<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", f"<<{info}>>"]
    return assembled(objects)


def assembled(objects: Sequence[str | bytes]) -> bytes:
    """Return a PDF of these objects, the first its catalogue and the last its information."""
    out = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        data = content.encode("latin-1") if isinstance(content, str) else content
        out += f"{number} 0 obj\n".encode() + data + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R/Info {size - 1} 0 R>>\n"
    return out + f"{end}startxref\n{len(out)}\n%%EOF".encode()
