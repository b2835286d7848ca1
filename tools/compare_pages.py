"""Article extraction from pages: ours beside four libraries, on ten layouts filled with our own articles.

    python tools/compare_pages.py        # needs: pip install trafilatura resiliparse readability-lxml justext

Each file in `tools/pages` is a layout as it occurs on the web: a modern news site, a blog, a page laid out
by tables, one divided by line breaks, a government's, a magazine's, one of nameless `div`s, one with hidden
text, a bilingual portal, a think tank's. The articles are `../shared/data/news_fiction`. What counts is the
share of four-word sequences: precision is lost by furniture, recall by missing words. The layouts were
written for this comparison and our rules were tried on them, so read the figures as "handles these", not
as an estimate for pages unseen.
"""

from __future__ import annotations

import gzip
import html
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from rag.ingest.document import Document  # noqa: E402
from rag.ingest.parse import parse  # noqa: E402

FICTION = ROOT.parent / "shared" / "data" / "news_fiction" / "articles.jsonl.gz"
CAPTION = "The harbour at dawn on the day after the talks ended."
HEADING = "What happens next"
STANDFIRST = "Officials say little, and residents are left to guess what the accord will cost them."
LIST = (
    "First, the two sides should restore the hotline within a year.",
    "Second, observers should be admitted to all exercises at sea.",
)
_LONG = 6


@dataclass(frozen=True)
class Article:
    """An article to put on a page."""

    title: str
    author: str
    published: str
    source: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """A page with places for an article."""

    name: str
    parts: dict[str, str]
    page: str

    def filled(self, article: Article) -> str:
        """Return the page with an article on it."""
        body: list[str] = []
        for number, paragraph in enumerate(article.paragraphs):
            if number == 2 and "figure" in self.parts:
                body.append(self.parts["figure"].replace("%s", CAPTION))
            if number == 3:
                body.append(self.parts["heading"].replace("%s", HEADING))
            if number == 4 and "insert" in self.parts:
                body.append(self.parts["insert"])
            body.append(self.parts["paragraph"].replace("%s", html.escape(paragraph)))
        values = {
            "@TITLE@": article.title,
            "@AUTHOR@": article.author,
            "@DATE@": article.published,
            "@SOURCE@": article.source,
            "@DEK@": STANDFIRST,
            "@FIRST@": article.paragraphs[0],
        }
        page = self.page.replace("@BODY@", "\n".join(body))
        for place, value in values.items():
            page = page.replace(place, html.escape(value))
        return page

    def wanted(self, article: Article) -> str:
        """Return what a reader would call the article on this page, without its title and byline."""
        words = [STANDFIRST] if "@DEK@" in self.page else []
        for number, paragraph in enumerate(article.paragraphs):
            words += [CAPTION] if number == 2 and "figure" in self.parts else []
            words += [HEADING] if number == 3 else []
            words += LIST if number == 4 and LIST[0] in self.parts.get("insert", "") else []
            words.append(paragraph)
        return "\n".join(words)


def layouts() -> list[Layout]:
    """Return the layouts of `tools/pages`."""
    found = []
    for path in sorted((ROOT / "tools" / "pages").glob("*.page")):
        head, page = path.read_text(encoding="utf-8").split("\n---\n", 1)
        found.append(Layout(path.stem, dict(line.split(": ", 1) for line in head.split("\n")), page))
    return found


def articles(count: int) -> list[Article]:
    """Return the first articles that are long enough and state author and date."""
    with gzip.open(FICTION, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [
        Article(
            row["title"], row["author"], row["published"], row["source"], tuple(filter(None, row["text"].split("\n\n")))
        )
        for row in rows
        if row["author"] and row["published"] and row["text"].count("\n\n") >= _LONG - 1
    ][:count]


def sequences(text: str) -> Counter[tuple[str, ...]]:
    """Return how often each sequence of four words occurs."""
    words = re.findall(r"\w+", text.lower())
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3)))


def agreement(got: str, wanted: str) -> tuple[float, float]:
    """Return precision and recall of four-word sequences."""
    one, two = sequences(got), sequences(wanted)
    both = sum((one & two).values())
    return both / max(1, sum(one.values())), both / max(1, sum(two.values()))


def shown(document: Document) -> str:
    """Return what of a document would be searched."""
    kinds = ("text", "heading", "caption")
    return "\n".join(document.text[block.start : block.end] for block in document.blocks if block.kind in kinds)


def ours(page: str) -> str:
    """Extract with our reader."""
    return shown(parse(page.encode(), name="a.html"))


def _readability(page: str) -> str:
    from readability import Document as Readable

    return html.unescape(re.sub(r"<[^>]+>", " ", Readable(page).summary()))


def _trafilatura(page: str) -> str:
    import trafilatura

    return trafilatura.extract(page, include_comments=False) or ""


def _resiliparse(page: str) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    return str(extract_plain_text(page, main_content=True, alt_texts=False, comments=False))


def _justext(page: str) -> str:
    import justext

    found = justext.justext(page.encode(), justext.get_stoplist("English"))
    return "\n".join(paragraph.text for paragraph in found if not paragraph.is_boilerplate)


def metadata(pages: list[Layout], chosen: list[Article]) -> dict[str, float]:
    """Return how often our reader finds each field, where the page states it."""
    right: Counter[str] = Counter()
    for layout in pages:
        for article in chosen:
            found = parse(layout.filled(article).encode(), name="a.html")
            right["title"] += found.title == " ".join(article.title.split())
            right["author"] += found.author == article.author
            right["published"] += str(found.published) == article.published
    return {field: count / len(pages) / len(chosen) for field, count in right.items()}


def main() -> None:
    """Print F1 of each extractor, over all layouts and for each."""
    if not FICTION.is_file():
        sys.exit(f"{FICTION.name} is not beside the checkout (../shared/data/news_fiction)")
    pages, chosen = layouts(), articles(12)
    extractors: dict[str, Callable[[str], str]] = {
        "ours": ours,
        "readability-lxml": _readability,
        "trafilatura": _trafilatura,
        "resiliparse": _resiliparse,
        "justext": _justext,
    }
    for name, extract in extractors.items():
        began = time.perf_counter()
        scores: dict[str, float] = {}
        for layout in pages:
            pairs = [agreement(extract(layout.filled(article)), layout.wanted(article)) for article in chosen]
            precision, recall = (sum(values) / len(pairs) for values in zip(*pairs, strict=True))
            scores[layout.name] = 2 * precision * recall / max(1e-9, precision + recall)
        each = (time.perf_counter() - began) / len(pages) / len(chosen) * 1000
        detail = " ".join(f"{layout} {score:.2f}" for layout, score in scores.items())
        print(f"{name:17} F1 {sum(scores.values()) / len(scores):.3f}  {each:5.1f} ms a page  {detail}")
    print("our metadata, share right:", metadata(pages, chosen))


if __name__ == "__main__":
    main()
