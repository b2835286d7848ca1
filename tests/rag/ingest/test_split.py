"""Passages: slices within the limit, cut where a person would cut."""

from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.document import Document
from rag.ingest.parse import parse
from rag.ingest.read import read_text
from rag.ingest.split import split

SENTENCE = "The envoy spoke for nine words and then left. "


def words(text: str) -> int:
    return len(text.split())


def passages(document: Document, limit: int) -> list[str]:
    return [document.text[span.start : span.end] for span in split(document, max_tokens=limit, count=words)]


def test_a_short_article_is_one_passage_and_a_tail_is_balanced():
    short = read_text(SENTENCE * 3, title="t")
    assert passages(short, 40) == [(SENTENCE * 3).strip()]
    longer = read_text(SENTENCE * 5, title="t")
    assert [words(passage) for passage in passages(longer, 40)] in ([27, 18], [18, 27])


def test_no_passage_crosses_a_heading_and_each_knows_its_own():
    text = f"# T\n\n{SENTENCE}\n\n## One\n\n{SENTENCE}\n\n## Two\n\n{SENTENCE}"
    found = split(parse(text.encode(), name="a.md"), max_tokens=200, count=words)
    assert [span.heading for span in found] == [None, "One", "Two"]


def test_captions_stand_alone_and_boilerplate_is_no_passage():
    text = f"T\n\n{SENTENCE * 3}\n\nThe hall. Photo by Leo Marsh\n\n{SENTENCE * 3}\n\nPrint"
    document = parse(text.encode(), name="a.txt")
    found = split(document, max_tokens=200, count=words)
    assert [span.kind for span in found] == ["text", "caption", "text"]
    assert document.text[found[1].start : found[1].end] == "The hall."


def test_a_cut_prefers_paragraphs_and_avoids_quotations():
    quote = "“One two three four five. Six seven eight nine ten,” he said."
    document = read_text(f"{SENTENCE}\n\n{quote} {SENTENCE}", title="t")
    assert passages(document, 22) == [SENTENCE.strip(), f"{quote} {SENTENCE}".strip()]


def test_a_long_sentence_is_cut_at_a_clause_or_a_word():
    clause = "one two three four five six seven, "
    assert passages(read_text(clause * 4 + "end.", title="t"), 16)[0] == (clause * 2).strip()
    assert all(words(passage) <= 5 for passage in passages(read_text("word " * 33, title="t"), 5))


def test_each_sentence_is_counted_once():
    counted: list[str] = []

    def count(text: str) -> int:
        counted.append(text.strip())
        return words(text)

    split(read_text(SENTENCE * 30, title="t"), max_tokens=40, count=count)
    assert len(counted) == 30


@given(
    st.lists(st.sampled_from(["a", "Bb ", ". ", "\n\n", "“", "”", ", ", "字", "。", "x" * 50])).map("".join),
    st.integers(4, 30),
)
def test_passages_are_in_order_within_the_limit_and_lose_nothing(text: str, limit: int):
    if not text.strip():
        return
    document = read_text(text, title="t")
    found = split(document, max_tokens=limit, count=len)
    assert all(len(document.text[span.start : span.end]) <= limit for span in found)
    offsets = [offset for span in found for offset in (span.start, span.end)]
    assert offsets == sorted(offsets)
    wanted = "".join(document.text[b.start : b.end] for b in document.blocks if b.kind in ("text", "caption"))
    kept = "".join(document.text[span.start : span.end] for span in found)
    assert "".join(kept.split()) == "".join(wanted.split())
