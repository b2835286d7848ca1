"""PDF text: ours and pypdfium2 beside pypdf and pdfminer.six, on articles printed by Chromium.

    python tools/compare_pdf.py          # needs: pip install pypdf pdfminer.six, and chromium

Six articles from `../shared/data/news_fiction` are printed in one, two and three columns, hyphenated, with
running heads and page numbers. What counts is the share of four-word sequences, as in `compare_pages`; for
ours also the share of paragraphs that come out whole.
"""

from __future__ import annotations

import html
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from rag.ingest.parse import parse  # noqa: E402
from tools.compare_pages import FICTION, Article, agreement, articles  # noqa: E402

COLUMNS = (1, 2, 3)
_CUT = re.compile(r"[-\u00ad\ufffe]\r?\n|\ufffe")


def printed(article: Article, paragraphs: tuple[str, ...], columns: int, folder: Path) -> bytes:
    """Return a PDF of an article as a browser prints it."""
    style = (
        "body { font: 10pt Georgia; hyphens: auto; text-align: justify } @page { margin: 2cm; "
        f"@top-center {{ content: '{article.source}' }} @bottom-center {{ content: 'Page ' counter(page) }} }} "
        f".text {{ columns: {columns} }}"
    )
    body = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs)
    page = folder / "page.html"
    page.write_text(
        f"<html lang=en><head><title>{html.escape(article.title)}</title><style>{style}</style></head><body>"
        f"<h1>{html.escape(article.title)}</h1><p>By {html.escape(article.author)}</p><p>{article.published}</p>"
        f"<div class=text>{body}</div></body></html>",
        encoding="utf-8",
    )
    target = folder / "page.pdf"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={target}"]
    subprocess.run(["chromium", *options, str(page)], check=True, capture_output=True, timeout=120)
    return target.read_bytes()


def ours(data: bytes) -> str:
    """Extract with our reader."""
    return parse(data, name="a.pdf").text


def _pdfium(data: bytes) -> str:
    import pypdfium2

    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))


def _pypdf(data: bytes) -> str:
    import io

    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def _pdfminer(data: bytes) -> str:
    import io

    from pdfminer.high_level import extract_text

    return str(extract_text(io.BytesIO(data)))


def whole(text: str, paragraphs: tuple[str, ...]) -> float:
    """Return the share of paragraphs that stand in a text uncut."""
    found = {" ".join(part.split()) for part in text.split("\n\n")}
    return sum(" ".join(paragraph.split()) in found for paragraph in paragraphs) / len(paragraphs)


def main() -> None:
    """Print precision and recall of each extractor."""
    if not FICTION.is_file():
        sys.exit(f"{FICTION.name} is not beside the checkout (../shared/data/news_fiction)")
    chosen = articles(8)
    extractors: dict[str, Callable[[bytes], str]] = {
        "ours": ours,
        "pypdfium2": _pdfium,
        "pypdf": _pypdf,
        "pdfminer.six": _pdfminer,
    }
    with tempfile.TemporaryDirectory() as name:
        sheets = []
        for number, article in enumerate(chosen[:6]):
            paragraphs = article.paragraphs + chosen[number + 1].paragraphs + chosen[number + 2].paragraphs
            for columns in COLUMNS:
                sheets.append((printed(article, paragraphs, columns, Path(name)), article, paragraphs))
    for name, extract in extractors.items():
        began = time.perf_counter()
        texts = [extract(data) for data, _, _ in sheets]
        each = (time.perf_counter() - began) / len(sheets) * 1000
        pairs = [
            agreement(
                _CUT.sub("", text), "\n".join([article.title, f"By {article.author}", article.published, *paragraphs])
            )
            for text, (_, article, paragraphs) in zip(texts, sheets, strict=True)
        ]
        precision, recall = (sum(values) / len(pairs) for values in zip(*pairs, strict=True))
        uncut = sum(whole(text, sheet[2]) for text, sheet in zip(texts, sheets, strict=True)) / len(sheets)
        print(f"{name:13} precision {precision:.3f}  recall {recall:.3f}  whole paragraphs {uncut:.3f}  {each:.0f} ms")


if __name__ == "__main__":
    main()
