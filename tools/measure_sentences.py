"""Sentence boundaries: ours beside pysbd and NLTK's punkt, on boundaries checked by hand.

    python tools/measure_sentences.py            # needs: pip install pysbd nltk

Two sets. `tests/rag/ingest/files/sentences.txt` is news prose written for this purpose and dense in what
misleads splitters. `real_news.json` holds the boundaries of published articles, as offsets only, since
their text is their publishers'; it is measured where `../shared` holds the articles. Paragraphs are given
to every splitter; a boundary counts when it lies within one. Punkt comes with llama-index-core, once with
its English model and once untrained, as LlamaIndex's own splitter uses it.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from rag.ingest.parse import parse  # noqa: E402
from rag.ingest.sentences import sentences  # noqa: E402

FILES = ROOT / "tests" / "rag" / "ingest" / "files"
SHARED = ROOT.parent / "shared"
Splitter = Callable[[str], list[int]]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph and where its sentences end, without the last."""

    text: str
    ends: frozenset[int]


def written() -> list[Paragraph]:
    """Return the paragraphs of `sentences.txt`."""
    lines = [
        line for line in (FILES / "sentences.txt").read_text(encoding="utf-8").split("\n") if not line.startswith("#")
    ]
    found = []
    for group in "\n".join(lines).strip().split("\n\n"):
        parts = group.split("\n")
        ends = [len(" ".join(parts[: count + 1])) for count in range(len(parts) - 1)]
        found.append(Paragraph(" ".join(parts), frozenset(ends)))
    return found


def real(held_out: bool) -> list[Paragraph]:
    """Return the paragraphs of real articles; none where they are not at hand.

    Held out are those that were first looked at when the rules stood.
    """
    found: list[Paragraph] = []
    articles: dict[str, str] = {}
    corpus = SHARED / "data" / "rtqa_2025" / "corpus.jsonl.gz"
    records = json.loads((FILES / "real_news.json").read_text(encoding="utf-8"))
    for name, record in records.items():
        if record.get("held_out", False) != held_out:
            continue
        if name.startswith("seeds/"):
            path = SHARED / name
            text = path.read_text(encoding="utf-8") if path.is_file() else None
        else:
            articles = articles or (_articles(corpus) if corpus.is_file() else {"": ""})
            text = articles.get(name.removeprefix("rtqa_2025/"))
        if text is not None:
            found += _paragraphs(name, text, record)
    return found


def _articles(corpus: Path) -> dict[str, str]:
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {row["id"]: f"{row['title']}\n\n{row['text']}" for row in rows}


def _paragraphs(name: str, text: str, record: dict[str, list[list[int]]]) -> Iterable[Paragraph]:
    canonical = parse(text.encode(), name="a.txt").text
    if hashlib.sha256(canonical.encode()).hexdigest()[:16] != str(record["sha256"]):
        raise SystemExit(f"{name}: the reader gives another text than the one whose boundaries were checked")
    for start, end in record["paragraphs"]:
        ends = frozenset(at - start for at in record["ends"] if start < at < end)  # type: ignore[operator]
        yield Paragraph(canonical[start:end], ends)


def score(split: Splitter, paragraphs: Iterable[Paragraph]) -> tuple[int, int, int]:
    """Return how many boundaries are right, found, and there."""
    right = found = there = 0
    for paragraph in paragraphs:
        ends = {end for end in split(paragraph.text) if end < len(paragraph.text)}
        right, found, there = right + len(ends & paragraph.ends), found + len(ends), there + len(paragraph.ends)
    return right, found, there


def ours(text: str) -> list[int]:
    """Return where our splitter ends sentences."""
    return [end for _, end in sentences(text)]


def _pysbd() -> Splitter:
    import pysbd

    segmenter = pysbd.Segmenter(language="en", clean=False, char_span=True)
    return lambda text: [span.start + len(text[span.start : span.end].rstrip()) for span in segmenter.segment(text)]


def _punkt(trained: bool) -> Splitter:
    import nltk
    from nltk.tokenize.punkt import PunktSentenceTokenizer, PunktTokenizer

    origin = importlib.util.find_spec("llama_index.core")
    assert origin is not None and origin.origin is not None
    nltk.data.path.insert(0, str(Path(origin.origin).parent / "_static" / "nltk_cache"))
    tokenizer = PunktTokenizer("english") if trained else PunktSentenceTokenizer()
    return lambda text: [end for _, end in tokenizer.span_tokenize(text)]


def main() -> None:
    """Print precision, recall and F1 of each splitter on each set."""
    splitters: dict[str, Splitter] = {
        "ours": ours,
        "pysbd": _pysbd(),
        "punkt, English model": _punkt(True),
        "punkt, untrained": _punkt(False),
    }
    sets = {"written for this": written(), "real news": real(False), "real, held out": real(True)}
    for title, paragraphs in sets.items():
        for name, split in splitters.items() if paragraphs else ():
            began = time.perf_counter()
            right, found, there = score(split, paragraphs)
            speed = sum(len(paragraph.text) for paragraph in paragraphs) / (time.perf_counter() - began) / 1e6
            f1 = 2 * right / max(1, found + there)
            print(
                f"{title:17} {name:21} F1 {f1:.4f}  precision {right / max(1, found):.4f}  "
                f"recall {right / max(1, there):.4f}  of {there}  {speed:.2f} MB/s"
            )


if __name__ == "__main__":
    main()
