"""A document to an article with passages: what each vector is made of."""

from __future__ import annotations

from rag.ingest.prepare import Prepared, Preparer
from rag.ingest.read import read_text
from rag.store.ledger import Origin

PROSE = "The envoys met on Monday for nine hours, and agreed on nothing that anyone would name."


def prepared(title: str, heading: str) -> Prepared:
    document = read_text(f"# {title}\n\n{PROSE}\n\n## {heading}\n\n{PROSE}", title=title)
    preparer = Preparer(embedder_sha256="e", passage_tokens=200)
    return preparer.prepare(document, id="a", path=None, origin=Origin(root=None, file_sha256="f"))


def test_title_and_heading_stand_before_the_text_of_a_vector():
    assert list(prepared("Talks", "Two").inputs.values()) == [f"Talks\n{PROSE}", f"Talks\nTwo\n{PROSE}"]


def test_a_long_title_does_not_go_with_every_passage_whole():
    found = prepared("T" * 900, "H" * 900)
    assert list(found.inputs.values()) == [f"{'T' * 300}\n{PROSE}", f"{'T' * 300}\n{'H' * 300}\n{PROSE}"]
    assert [draft.heading for draft in found.drafts] == [None, "H" * 300]
