"""Pairs as tensors: word pieces as at run time, and beside them what is to be learnt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import torch
from tokenizers import Tokenizer

from rag.models.pairs import context, pieces
from tools.reader.records import Pair


@dataclass(frozen=True, kw_only=True)
class Encoded:
    """A pair as word pieces, and its targets. Ids have no padding."""

    ids: list[int]
    second: int
    """Where the second segment (title, date, passage) begins."""
    first: int
    """Where the passage's tokens begin; they end before the last [SEP]."""
    sentence: list[int]
    """For each passage token, the number of its sentence."""
    answerable: float
    """1, 0, or -1 where it is not known; likewise the next three."""
    relevant: float
    supported: float
    evidence: list[float]
    """One for each sentence."""
    span: tuple[int, int]
    """First and last token in `ids`; (0, 0) means no answer, (-1, -1) not known."""


def encode(pair: Pair, tokenizer: Tokenizer) -> Encoded:
    """Return a pair's word pieces and targets."""
    before = context(pair.passage.title, pair.passage.published)
    made = pieces(tokenizer, pair.question, before, pair.passage.text)
    read = made.numbers[-1] + 1 if made.numbers else 0
    return Encoded(
        ids=made.ids, second=made.second, first=made.first, sentence=made.numbers,
        answerable=_known(pair.answerable), relevant=_known(pair.relevant),
        supported=_known(pair.supported),
        evidence=_evidence(pair, made.spans[:read]), span=_span(pair, made.offsets, made.first),
    )  # fmt: skip


def _known(value: bool | None) -> float:
    return -1.0 if value is None else float(value)


def _evidence(pair: Pair, spans: Sequence[tuple[int, int]]) -> list[float]:
    if pair.evidence is None:
        return [-1.0] * len(spans)
    return [float(any(_overlap(span, e) for e in pair.evidence)) for span in spans]


def _overlap(sentence: tuple[int, int], evidence: tuple[int, int]) -> bool:
    shared = min(sentence[1], evidence[1]) - max(sentence[0], evidence[0])
    return shared > 0.5 * min(sentence[1] - sentence[0], evidence[1] - evidence[0])


def _span(pair: Pair, offsets: Sequence[tuple[int, int]], first: int) -> tuple[int, int]:
    if pair.span is None:
        return (0, 0) if pair.answerable is False else (-1, -1)
    inside = [i for i, (a, b) in enumerate(offsets) if a < pair.span[1] and pair.span[0] < b]
    return (first + inside[0], first + inside[-1]) if inside else (-1, -1)


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Padded tensors of several pairs, and which of them are lists."""

    ids: torch.Tensor
    types: torch.Tensor
    mask: torch.Tensor
    """1 where there is a token."""
    passage: torch.Tensor
    """1 where a span may begin: [CLS] and the passage's tokens."""
    sentence: torch.Tensor
    """For each token its sentence in the batch, or the number of sentences where it has none."""
    evidence: torch.Tensor
    answerable: torch.Tensor
    relevant: torch.Tensor
    supported: torch.Tensor
    spans: torch.Tensor
    lists: tuple[tuple[int, int], ...]
    """First and end row of each unit."""

    def to(self, device: torch.device) -> Batch:
        """Return the batch with its tensors on a device."""
        tensors = {field.name: value for field in fields(self) if torch.is_tensor(value := getattr(self, field.name))}
        return replace(self, **{name: value.to(device) for name, value in tensors.items()})


def collate(units: Sequence[Sequence[Encoded]]) -> Batch:
    """Return a batch of whole units."""
    flat = [encoded for unit in units for encoded in unit]
    width = max(len(e.ids) for e in flat)
    total = sum(len(e.evidence) for e in flat)
    blank = torch.zeros((len(flat), width), dtype=torch.long)
    ids, types, mask, passage, sentence = blank, blank.clone(), blank.clone(), blank.clone(), blank + total
    seen = 0
    for row, e in enumerate(flat):
        length, last = len(e.ids), e.first + len(e.sentence)
        ids[row, :length] = torch.tensor(e.ids)
        types[row, e.second : length] = 1
        mask[row, :length] = 1
        passage[row, 0] = 1
        passage[row, e.first : last] = 1
        sentence[row, e.first : last] = torch.tensor(e.sentence, dtype=torch.long) + seen
        seen += len(e.evidence)
    bounds, begin = [], 0
    for unit in units:
        bounds.append((begin, begin + len(unit)))
        begin += len(unit)
    return Batch(
        ids=ids, types=types, mask=mask, passage=passage, sentence=sentence,
        evidence=torch.tensor([v for e in flat for v in e.evidence]),
        answerable=torch.tensor([e.answerable for e in flat]), relevant=torch.tensor([e.relevant for e in flat]),
        supported=torch.tensor([e.supported for e in flat]),
        spans=torch.tensor([e.span for e in flat]), lists=tuple(bounds),
    )  # fmt: skip
