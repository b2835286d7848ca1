from collections.abc import Sequence
from datetime import date

from rag.models.overlap import OverlapReader
from rag.models.reader import Evidence, Reading, Selection
from rag.models.sheet import Group
from rag.records import Article, Hit, Passage
from rag.retrieve.rank import Ranking
from rag.retrieve.shortlist import MOST, groups, select, shortlist


class Side(OverlapReader):
    """A reader for which the sentence with the greatest number answers."""

    def __init__(self) -> None:
        self.seen: Sequence[Group] = ()

    def select(self, question: str, groups: Sequence[Group]) -> Selection:  # type: ignore[override]
        self.seen = groups
        count = sum(len(group.sentences) for group in groups)
        return Selection(answerable=1.5, sentences=(*(float(n) for n in range(count - 1)), None))


def hit(name: str, *sentences: str, score: float = 1.0) -> tuple[Hit, Reading]:
    text = " ".join(sentences)
    starts = [text.index(one) for one in sentences]
    read = tuple(
        Evidence(start=a, end=a + len(one), probability=0.9 - 0.1 * place)
        for place, (a, one) in enumerate(zip(starts, sentences, strict=True))
    )
    article = Article(id=name, title=name.upper(), published=date(2023, 3, 12), chars=len(text), sha256="")
    passage = Passage(id=name, article_id=name, start=0, end=len(text), text=text)
    return Hit(passage=passage, article=article, score=score, relevance=1.0), Reading(
        relevance=1.0, answerable=0.5, sentences=read
    )


def ranking(*rows: tuple[Hit, Reading]) -> Ranking:
    return Ranking(hits=tuple(a for a, _ in rows), readings=tuple(b for _, b in rows))


def test_the_weightiest_first_and_copies_once() -> None:
    found = shortlist(ranking(hit("a", "One.", "Two."), hit("b", "Three.", "one.", score=1.1)))
    assert [one.text for one in found] == ["Three.", "One.", "Two."]


def test_no_more_than_a_sheet_holds() -> None:
    assert len(shortlist(ranking(*(hit(str(n), f"Sentence {n}.", f"Another {n}.") for n in range(9))))) == MOST


def test_sentences_stand_by_passage_in_the_order_of_the_text() -> None:
    found = shortlist(ranking(hit("a", "A drone came.", "It crossed."), hit("b", "Rain fell.", score=1.02)))
    assert groups(found) == [
        Group(context="B. 2023-03-12.", sentences=((0, "Rain fell."),)),
        Group(context="A. 2023-03-12.", sentences=((1, "A drone came."), (2, "A drone came. It crossed."))),
    ]


def test_what_the_reader_says_side_by_side_goes_to_the_sentences() -> None:
    reader = Side()
    found = select("Who?", ranking(hit("a", "One.", "Two."), hit("b", "Three.")), reader)
    assert found.selected == 1.5
    assert {e.selected for reading in found.readings for e in reading.sentences} == {0.0, 1.0, None}
    assert [group.context[0] for group in reader.seen] == ["A", "B"]


def test_a_reader_that_sees_passages_alone_changes_nothing() -> None:
    before = ranking(hit("a", "One."))
    assert select("Who?", before, OverlapReader()) is before
    assert select("Who?", Ranking(hits=(), readings=()), Side()).selected is None
