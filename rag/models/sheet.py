"""A question and the best sentences that were read for it, side by side, as the selector takes them.

`[CLS] question [SEP] title. date. sentence sentence [SEP] title. date. sentence [SEP] …`: the sentences of one
passage stand together in the order of the text, below their article's title. Training and answering both encode with
this module, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.models.pairs import CLS, QUESTION_TOKENS, SEP, encode

if TYPE_CHECKING:
    from tokenizers import Tokenizer

CONTEXT_TOKENS, SENTENCE_TOKENS, SHEET_TOKENS = 28, 90, 400
_LEAST = 8
"""Pieces that are left of a passage's sentences at least; with less room the passage is left out."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Sentences of one passage."""

    context: str
    """Title and date of the article."""
    sentences: tuple[tuple[int, str], ...]
    """Number and text of each, in the order of the text."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Word pieces of one sheet."""

    ids: list[int]
    second: int
    """Where the second segment begins."""
    numbers: list[int]
    """For each piece the number of its sentence, -1 where it is of none."""


def lay(tokenizer: Tokenizer, question: str, groups: Sequence[Group]) -> Sheet:
    """Encode a sheet; the passages that do not fit into `SHEET_TOKENS`, the last ones, are left out."""
    ids = [CLS, *encode(tokenizer, question, QUESTION_TOKENS), SEP]
    second = len(ids)
    numbers = [-1] * second
    for group in groups:
        head = encode(tokenizer, group.context, CONTEXT_TOKENS)
        if len(ids) + len(head) + _LEAST > SHEET_TOKENS:
            break
        ids += head
        numbers += [-1] * len(head)
        for number, text in group.sentences:
            own = encode(tokenizer, text, min(SENTENCE_TOKENS, max(SHEET_TOKENS - len(ids) - 1, 0)))
            ids += own
            numbers += [number] * len(own)
        ids.append(SEP)
        numbers.append(-1)
    return Sheet(ids=ids, second=second, numbers=numbers)
