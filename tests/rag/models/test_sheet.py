from pathlib import Path

import pytest

from rag.models import cross, onnx
from rag.models.pairs import CLS, SEP
from rag.models.sheet import SENTENCE_TOKENS, SHEET_TOKENS, Group, lay

TOKENIZER = onnx.tokenizer(Path(cross.__file__).with_name("tokenizer.json"))


def test_question_and_passages_stand_apart() -> None:
    groups = [
        Group(context="Ferry sinks.", sentences=((1, "It sank."), (0, "Ten died."))),
        Group(context="", sentences=((2, "It rained."),)),
    ]
    sheet = lay(TOKENIZER, "Who died?", groups)
    assert sheet.ids[0] == CLS and sheet.ids.count(SEP) == 3 and sheet.ids[-1] == SEP
    assert sheet.second == 5  # [CLS] who died ? [SEP]
    assert len(sheet.numbers) == len(sheet.ids)
    assert [number for number in sheet.numbers if number >= 0] == [1] * 3 + [0] * 3 + [2] * 3
    assert sheet.numbers[5:8] == [-1, -1, -1]  # ferry sinks .


def test_what_does_not_fit_is_left_out() -> None:
    long = "word " * 200
    sheet = lay(TOKENIZER, "Who?", [Group(context="A title.", sentences=((number, long),)) for number in range(6)])
    assert len(sheet.ids) <= SHEET_TOKENS
    assert sheet.numbers.count(0) == SENTENCE_TOKENS
    assert 5 not in sheet.numbers


@pytest.mark.parametrize("text", ["", "\ud800", "☠", "[SEP] [CLS]"])
def test_odd_texts_are_laid(text: str) -> None:
    sheet = lay(TOKENIZER, text, [Group(context=text, sentences=((0, text),))])
    assert sheet.ids.count(CLS) == 1 and sheet.ids.count(SEP) == 2
