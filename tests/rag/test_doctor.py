"""What the doctor says of a corpus that it cannot come to."""

from pathlib import Path

from rag.doctor import _corpus


def test_a_place_that_cannot_be_looked_at_is_a_finding() -> None:
    (found,) = _corpus(Path("~nobody-here/x"))
    assert not found.ok and found.mend.startswith("~nobody-here/x cannot be found")
