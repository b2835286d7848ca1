"""The five real scrapes beside the checkout come out as a person filled them in by hand.

Everything below was written down from reading the files, before and apart from the extraction. Of long
paragraphs only the first words stand here: the text is its publishers'.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from rag.ingest.document import Document
from rag.ingest.parse import parse
from rag.ingest.split import split

SEEDS = Path(__file__).resolve().parents[4] / "shared" / "seeds"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SEEDS.is_dir(), reason="the real seeds (../shared/seeds) are not beside the checkout"),
]


@dataclass(frozen=True, kw_only=True)
class ByHand:
    """What a careful person wrote down. None and empty: the file does not say, or has none."""

    title: str | None
    author: str | None = None
    published: date | None = None
    source: str | None = None
    headings: tuple[str, ...] = ()
    bylines: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    """How each begins."""
    boilerplate: tuple[str, ...] = ()
    """How each begins."""
    first_words: str
    last_words: str


BY_HAND = {
    "000_b186c5d7a2f38989.txt": ByHand(
        title="Biden Aims to Restore Military Ties with China, National Security Adviser Says",
        headings=(
            "Importance of Re-establishing Military Ties:",
            "Potential Scope of Restored Ties:",
            "The Background of U.S.-China Relations:",
        ),
        first_words="As President Joe Biden prepares",
        last_words="in the Indo-Pacific region.",
    ),
    "001_f4614995d891585a.txt": ByHand(
        title="Face Time",
        author="Hu Bo",
        published=None,  # "Updated Dec.1" has no year
        headings=("Military Asymmetry", "‘Dialogue is Futile’", "Process Over Result"),
        bylines=("By Hu Bo Updated Dec.1",),
        captions=("Accompanied by Su Shiliang", "The Eastern Theater Command"),
        boilerplate=("Old Version", "International", "(Photo by VCG)", "(Photo by VCG)", "Print"),
        first_words="Given the military asymmetry",
        last_words="for China-US military exchanges.",
    ),
    "002_7121475c0d5dbd59.txt": ByHand(
        title=None,
        first_words="America and China have agreed",
        last_words="in front of cameras.",
    ),
    "003_42a733112c8060f9.txt": ByHand(
        title="Toward a Resilient China-U.S. Relationship",
        author="Yuan Sha",
        published=date(2024, 4, 23),
        headings=("Why resilience is needed", "How to build resilience"),
        bylines=("Apr 23, 2024", "• Yuan Sha", "Associate Research Fellow, Department for American Studies"),
        captions=("U.S. Secretary of State Antony Blinken visited",),
        boilerplate=(
            "Language : English 简体 繁體",
            "Foreign Policy",
            "Blinken 2023 China trip.png",
            "(File photo)",
            "You might also like",
            "Back to Top",
        ),
        first_words="Since the San Francisco summit",
        last_words="and the world at large.",
    ),
    "004_cb7f1135e2515bd0.txt": ByHand(
        title="Biden Bets High-Level Diplomacy Can Cool Fiery Relations With China",
        author="Edward Wong, Keith Bradsher and Alan Rappeport",
        published=date(2023, 7, 10),
        bylines=(
            "By Edward Wong, Keith Bradsher and Alan Rappeport",
            "Reporting from Washington",
            "July 10, 2023 Updated 8:06 p.m. ET",
            "Lisa Friedman contributed reporting.",
        ),
        captions=("Secretary of State Antony Blinken met", "Treasury Secretary Janet L. Yellen", "U.S. officials say"),
        boilerplate=(
            "Pool photo by Leah Millis",
            "Pool photo by Mark Schiefelbein",
            "Pool photo by Mark Schiefelbein",
            "Edward Wong is a diplomatic",
            "Keith Bradsher is the Beijing",
            "Alan Rappeport is an economic",
            "A version of this article",
        ),
        first_words="President Biden hopes the diplomatic trips",
        last_words="of Asia-Pacific nations.",
    ),
}


def of_kind(document: Document, kind: str) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks if block.kind == kind]


def begin_as(found: list[str], expected: tuple[str, ...]) -> bool:
    return len(found) == len(expected) and all(map(str.startswith, found, expected))


@pytest.mark.parametrize("name", BY_HAND)
def test_a_real_scrape_is_what_a_person_wrote_down(name: str):
    by_hand = BY_HAND[name]
    document = parse((SEEDS / name).read_bytes(), name=name)
    assert of_kind(document, "title") == ([by_hand.title] if by_hand.title else [])
    assert by_hand.title is None or document.title == by_hand.title
    assert by_hand.title or document.notes == ("no title stated: named by its first words",)
    assert (document.author, document.published, document.source) == (by_hand.author, by_hand.published, by_hand.source)
    assert of_kind(document, "heading") == list(by_hand.headings)
    assert begin_as(of_kind(document, "byline"), by_hand.bylines)
    assert begin_as(of_kind(document, "caption"), by_hand.captions)
    assert begin_as(of_kind(document, "boilerplate"), by_hand.boilerplate)
    prose = of_kind(document, "text")
    assert prose[0].startswith(by_hand.first_words)
    assert prose[-1].endswith(by_hand.last_words)


@pytest.mark.parametrize("name", BY_HAND)
def test_its_passages_hold_all_of_its_prose_and_nothing_else(name: str):
    document = parse((SEEDS / name).read_bytes(), name=name)
    spans = split(document, max_tokens=200, count=lambda text: len(text) // 4)
    wanted = "".join(of_kind(document, "text") + of_kind(document, "caption")).split()
    assert sorted("".join("".join(document.text[span.start : span.end] for span in spans).split())) == sorted(
        "".join(wanted)
    )
    assert {span.heading for span in spans} - {None} == set(BY_HAND[name].headings)


def test_a_sentence_that_a_scrape_cut_in_two_is_whole_again():
    name = "004_cb7f1135e2515bd0.txt"
    document = parse((SEEDS / name).read_bytes(), name=name)
    whole = [" ".join(text.split()) for text in of_kind(document, "text")]
    assert any("the relationship is becoming increasingly defined by military tensions" in text for text in whole)
