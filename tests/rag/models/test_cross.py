from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.errors import BackendError, ModelError
from rag.models import cross, onnx
from rag.models.cross import Calibration, CrossReader, ReaderFiles
from rag.models.pairs import CLS, SEP, TOTAL_TOKENS, context, pieces
from rag.models.reader import Reading
from rag.records import Article, Passage

TOKENIZER = Path(cross.__file__).with_name("tokenizer.json")
CALIBRATION = Calibration(
    relevance=(1.0, 0.0),
    evidence=(1.0, 0.0),
    support=(1.0, 0.0),
    answerable=(1.0, 0.0),
    confidence=(1.0, 0.0),
    span_margin=0.0,
    threshold=0.5,
)
ARTICLE = Article(id="a", title="Ferry sinks", published=date(2023, 3, 12), chars=500, sha256="")
TEXT = "The ferry sank. Fourteen people died."


class FakeSession:
    """A network whose answer is known: every word piece has its own id as evidence, one span stands out."""

    def __init__(self, *, judged: Sequence[float] = (0.0, 0.0, 0.0), span: tuple[int, int] | None = None) -> None:
        self.judged, self.span = judged, span
        self.seen: list[tuple[list[int], list[int]]] = []

    def run(self, outputs: None, feeds: dict[str, Any]) -> list[Any]:
        ids, kinds = feeds["input_ids"], feeds["token_type_ids"]
        self.seen.append((ids[0].tolist(), kinds[0].tolist()))
        tokens = np.zeros((1, ids.shape[1], 3), np.float32)
        tokens[0, :, 0] = ids[0] / 30522
        if self.span:
            tokens[0, self.span[0], 1] = tokens[0, self.span[1], 2] = 5.0
        return [np.array([self.judged], np.float32), tokens]


def reader_with(session: Any, calibration: Calibration = CALIBRATION) -> CrossReader:
    files = ReaderFiles(
        model=Path("none"), tokenizer=TOKENIZER, sha256="", tokenizer_sha256="", calibration=calibration
    )
    reader = CrossReader(files, threads=2)
    reader._network._loaded = onnx.tokenizer(TOKENIZER), session
    return reader


def passage(text: str = TEXT, start: int = 0) -> Passage:
    return Passage(id="p", article_id="a", start=start, end=start + len(text), text=text)


class TestPieces:
    def test_question_title_and_passage_stand_in_two_segments(self) -> None:
        made = pieces(onnx.tokenizer(TOKENIZER), "Who died?", context("Ferry sinks", "2023-03-12"), TEXT)
        assert made.ids[0] == CLS and made.ids[made.second - 1] == SEP and made.ids[-1] == SEP
        assert made.second == 1 + 3 + 1
        assert len(made.ids) == made.first + len(made.offsets) + 1
        assert [TEXT[a:b] for a, b in made.offsets[:3]] == ["The", "ferry", "sank"]
        assert made.spans == [(0, 15), (16, 37)]
        assert made.numbers == [0, 0, 0, 0, 1, 1, 1, 1]

    def test_a_long_passage_is_cut(self) -> None:
        made = pieces(onnx.tokenizer(TOKENIZER), "Who?", "", "word " * 10_000)
        assert len(made.ids) == TOTAL_TOKENS

    def test_what_looks_like_a_special_token_is_text(self) -> None:
        made = pieces(onnx.tokenizer(TOKENIZER), "[SEP]", "", "[CLS] [SEP]")
        assert made.ids.count(SEP) == 2 and made.ids.count(CLS) == 1


class TestRead:
    def test_sentences_and_span_are_offsets_in_the_article(self) -> None:
        session = FakeSession(span=(17, 18))
        reading = reader_with(session).read("Who died?", [(passage(start=100), ARTICLE)])[0]
        ids, kinds = session.seen[0]
        assert kinds == [0] * 5 + [1] * (len(ids) - 5)
        assert [(s.start, s.end) for s in reading.sentences] == [(100, 115), (116, 137)]
        assert reading.span is not None
        found = TEXT[reading.span[0] - 100 : reading.span[1] - 100]
        assert found in TEXT and found.split()[0] in TEXT.split()

    def test_evidence_is_the_mean_over_a_sentence(self) -> None:
        session = FakeSession()
        scan = reader_with(session).scan("Who died?", [(passage(), ARTICLE)])[0]
        ids = session.seen[0][0]
        expected = [np.mean(ids[-9:-5]) / 30522, np.mean(ids[-5:-1]) / 30522]
        np.testing.assert_allclose(scan.evidence, expected, rtol=1e-5)

    def test_logits_become_probabilities(self) -> None:
        calibration = replace(CALIBRATION, relevance=(2.0, 1.0))
        reading = reader_with(FakeSession(judged=(-0.5, math.log(3), 0.0)), calibration).read(
            "?", [(passage(), ARTICLE)]
        )[0]
        assert reading.relevance == pytest.approx(0.5)
        assert reading.answerable == pytest.approx(0.75)

    def test_no_span_beneath_the_margin(self) -> None:
        strict = replace(CALIBRATION, span_margin=100.0)
        assert reader_with(FakeSession(span=(13, 14)), strict).read("?", [(passage(), ARTICLE)])[0].span is None

    def test_readings_keep_the_order_of_the_passages(self) -> None:
        texts = ["One.", "A much longer passage. It has two sentences.", "Two words."]
        readings = reader_with(FakeSession()).read("Who?", [(passage(text), ARTICLE) for text in texts])
        assert [[(s.start, s.end) for s in r.sentences] for r in readings] == [[(0, 4)], [(0, 22), (23, 44)], [(0, 10)]]

    def test_nothing_to_read(self) -> None:
        assert reader_with(FakeSession()).read("Who?", []) == []

    @pytest.mark.parametrize(
        "question", ["¿Quién murió en el barco?", "died", "why " * 2000, "?!… ☠ \ud800", "谁死了？", " "]
    )
    @pytest.mark.parametrize("text", ["Yes", "word " * 10_000, "One. " * 5_000, "☠", "\ud800 half"])
    def test_odd_input_is_read(self, question: str, text: str) -> None:
        reading = reader_with(FakeSession()).read(question, [(passage(text), ARTICLE)])[0]
        assert 0 <= reading.answerable <= 1
        assert all(0 <= s.probability <= 1 and s.start < s.end <= len(text) for s in reading.sentences)

    def test_a_sentence_that_was_cut_off_has_no_probability(self) -> None:
        reading = reader_with(FakeSession()).read("?", [(passage("One two. " * 400), ARTICLE)])[0]
        assert len(reading.sentences) == 400
        assert reading.sentences[0].probability > 0.4 and reading.sentences[-1].probability < 1e-9


class TestDamage:
    def test_not_a_number_is_an_error(self) -> None:
        with pytest.raises(BackendError, match="no number"):
            reader_with(FakeSession(judged=(float("nan"), 0.0, 0.0))).read("?", [(passage(), ARTICLE)])

    def test_another_file_is_refused(self, tmp_path: Path) -> None:
        model = tmp_path / "reader.onnx"
        model.write_bytes(b"not the reader")
        files = ReaderFiles(
            model=model, tokenizer=TOKENIZER, sha256="0" * 64, tokenizer_sha256="", calibration=CALIBRATION
        )
        with pytest.raises(ModelError, match="not the one that was shipped"):
            CrossReader(files).read("?", [(passage(), ARTICLE)])

    def test_a_table_without_a_reader_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "models.json").write_text(json.dumps({"embedder": {}}), encoding="utf-8")
        with pytest.raises(ModelError, match=r"models\.json is not readable"):
            cross.shipped(tmp_path)


def test_a_short_answer_keeps_the_accent_of_its_last_letter() -> None:
    text = "The captain was Jose Pen\u0303e\u0301."
    session = FakeSession()
    pair = pieces(onnx.tokenizer(TOKENIZER), "Who?", "", text)
    last = pair.first + len(pair.offsets) - 2
    session.span = (pair.first + 3, last)
    article = Article(id="a", title="", chars=len(text), sha256="")
    passage = Passage(id="p", article_id="a", start=100, end=100 + len(text), text=text)
    (read,) = reader_with(session).read("Who?", [(passage, article)])
    assert read.span
    assert text[read.span[0] - 100 : read.span[1] - 100] == "Jose Pen\u0303e\u0301"


def test_the_best_span_never_runs_backwards() -> None:
    starts, ends = np.array([0, 9, 0], np.float32), np.array([9, 0, 1], np.float32)
    span, score = cross._best_span(starts, ends, [(0, 1), (2, 3), (4, 5)])
    assert (span, score) == ((2, 5), 10.0)


def test_confidence_is_that_of_the_surest_passage() -> None:
    half = Reading(relevance=0.5, answerable=0.5, sentences=())
    assert reader_with(FakeSession()).confidence([half, half]) == pytest.approx(0.5)
    assert reader_with(FakeSession()).confidence([half, replace(half, answerable=1.0)]) == pytest.approx(1.0)
    assert reader_with(FakeSession()).confidence([]) == 0.0


def test_a_quote_supports_a_statement_by_its_own_figure() -> None:
    session = FakeSession(judged=(9.0, 9.0, math.log(3)))
    assert reader_with(session).support("The ferry sank.", [TEXT, "It floats."]) == pytest.approx([0.75, 0.75])
    assert reader_with(session).support("The ferry sank.", []) == []


@pytest.mark.skipif(not Path(cross.__file__).with_name("reader.onnx").exists(), reason="reader.onnx is not shipped")
class TestShipped:
    def test_it_tells_an_answer_from_a_near_miss(self) -> None:
        reader = CrossReader()
        pair = [(passage(), ARTICLE)]
        answered = reader.read("How many people died on the ferry?", pair)[0]
        missed = reader.read("What was the name of the ferry's captain?", pair)[0]
        assert answered.answerable > missed.answerable
        assert answered.sentences[1].probability > answered.sentences[0].probability

    def test_a_reading_does_not_depend_on_its_neighbours(self) -> None:
        reader = CrossReader(threads=2)
        pairs = [(passage(text), ARTICLE) for text in (TEXT, TEXT * 5, "Nothing here.")]
        together = reader.read("Who died?", pairs)
        assert together == [reader.read("Who died?", [pair])[0] for pair in pairs]
