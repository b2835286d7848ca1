"""Pairs as tensors: word pieces as at run time, and beside them what is to be learnt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import torch
from tokenizers import Tokenizer

from rag.models.pairs import context, pieces
from rag.models.sheet import Group, lay
from tools.reader.records import Pair, overlap

PRIOR = 0.5
"""What the first reading counts beside a sheet while training, so that the sheet is read for what it adds."""


@dataclass(frozen=True, kw_only=True)
class Encoded:
    """A pair as word pieces, and its targets. Ids have no padding."""

    ids: list[int]
    second: int
    """Where the second segment (title, date, passage) begins."""
    first: int
    """Where the passage's tokens begin; they end before the last [SEP]."""
    sentence: list[int]
    """For each passage token, the number of its sentence; -1 where it is of none."""
    answerable: float
    """1, 0, or -1 where it is not known; likewise the next three."""
    relevant: float
    supported: float
    evidence: list[float]
    """One for each sentence."""
    span: tuple[int, int]
    """First and last token in `ids`; (0, 0) means no answer, (-1, -1) not known."""
    prior: list[float] | None = None
    """What is added to each sentence's logit when sentences compete; None means nothing."""
    sure: float = 0.0
    """What is added to the logit of answerability."""


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


def encode_sheet(made: Mapping[str, Any], tokenizer: Tokenizer) -> Encoded:
    """Return a row of `tools/reader/sheets.py` as word pieces and targets; sentences that do not fit are not known."""
    groups = [Group(context=context, sentences=tuple(map(tuple, own))) for context, own in made["groups"]]
    sheet = lay(tokenizer, made["question"], groups)
    there = set(sheet.numbers)
    return Encoded(
        ids=sheet.ids, second=sheet.second, first=sheet.second, sentence=sheet.numbers[sheet.second :],
        answerable=float(made["answerable"]), relevant=-1.0, supported=-1.0,
        evidence=[float(label) if number in there else -1.0 for number, label in enumerate(made["labels"])],
        span=(-1, -1), prior=[PRIOR * weight for weight in made["weights"]], sure=PRIOR * made["surest"],
    )  # fmt: skip


def _known(value: bool | None) -> float:
    return -1.0 if value is None else float(value)


def _evidence(pair: Pair, spans: Sequence[tuple[int, int]]) -> list[float]:
    if pair.evidence is None:
        return [-1.0] * len(spans)
    return [float(any(overlap(span, e) for e in pair.evidence)) for span in spans]


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
    prior: torch.Tensor
    """What is known of each sentence beforehand, as log odds; likewise `sure` of each pair's answerability."""
    sure: torch.Tensor
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
        own = torch.tensor(e.sentence, dtype=torch.long)
        sentence[row, e.first : last] = torch.where(own < 0, total, own + seen)
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
        spans=torch.tensor([e.span for e in flat]),
        prior=torch.tensor([v for e in flat for v in e.prior or [0.0] * len(e.evidence)]),
        sure=torch.tensor([e.sure for e in flat]), lists=tuple(bounds),
    )  # fmt: skip
