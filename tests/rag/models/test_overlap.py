import pytest

from rag.errors import ModelError
from rag.models import reader
from rag.models.overlap import OverlapReader
from rag.records import Article, Passage

TEXT = "The hotline was opened. Divers came later."
PASSAGE = Passage(id="p", article_id="a", start=100, end=100 + len(TEXT), text=TEXT)
ARTICLE = Article(id="a", title="A", chars=200, sha256="")


def test_evidence_is_the_share_of_the_questions_words() -> None:
    (reading,) = OverlapReader().read("When was the hotline opened, and why?", [(PASSAGE, ARTICLE)])
    assert [(e.start, e.end) for e in reading.sentences] == [(100, 123), (124, 142)]
    assert [e.probability for e in reading.sentences] == [pytest.approx(2 / 3), 0.0]
    assert reading.relevance == pytest.approx(2 / 3)


def test_a_question_without_long_words_finds_nothing() -> None:
    (reading,) = OverlapReader().read("why?", [(PASSAGE, ARTICLE)])
    assert reading.relevance == 0.0


def test_a_reader_is_named() -> None:
    assert reader.load("fake:overlap").name == "fake:overlap"
    with pytest.raises(ModelError, match=r"'onnx:raeder'.*onnx:reader"):
        reader.load("onnx:raeder")
