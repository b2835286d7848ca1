"""The reader in torch: MiniLM's encoder over question and passage, and five heads on it.

The encoder's parameters bear the names of the published weights, so that a state dict loads as it is and the
export reads both in one way.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

from tools.reader.encode import Batch

LAYERS, WIDTH, HEADS, FEED = 6, 384, 12, 1536
VOCABULARY, POSITIONS = 30522, 512
EPSILON = 1e-12
HALVES = torch.backends.cpu.get_cpu_capability() not in ("DEFAULT", "NO AVX", "AVX2")
"""Whether the processor computes in bfloat16: one with AVX2 alone imitates it, at a twelfth of the speed."""


class Attention(nn.Module):
    """Self-attention with the published weights' names."""

    def __init__(self) -> None:
        super().__init__()
        self.self = nn.ModuleDict({name: nn.Linear(WIDTH, WIDTH) for name in ("query", "key", "value")})
        self.output = nn.ModuleDict({"dense": nn.Linear(WIDTH, WIDTH), "LayerNorm": nn.LayerNorm(WIDTH, EPSILON)})

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        query, key, value = (
            self.self[name](x).unflatten(-1, (HEADS, -1)).transpose(1, 2) for name in ("query", "key", "value")
        )
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        return self.output["LayerNorm"](x + self.output["dense"](mixed.transpose(1, 2).flatten(2)))


class Layer(nn.Module):
    """One transformer layer, normalised after each part."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = Attention()
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(WIDTH, FEED)})
        self.output = nn.ModuleDict({"dense": nn.Linear(FEED, WIDTH), "LayerNorm": nn.LayerNorm(WIDTH, EPSILON)})

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        x = self.attention(x, mask)
        return self.output["LayerNorm"](x + self.output["dense"](F.gelu(self.intermediate["dense"](x))))


@dataclass(frozen=True, kw_only=True)
class Read:
    """What the model says; logits all."""

    relevance: torch.Tensor
    """One a pair; likewise `answerable` and `support`."""
    answerable: torch.Tensor
    support: torch.Tensor
    tokens: torch.Tensor
    """Pairs x tokens x 3: evidence, start, end."""


class ReaderModel(nn.Module):
    """Question (or statement) and passage to relevance, answerability, support, evidence and span in one pass."""

    def __init__(self) -> None:
        super().__init__()
        self.embeddings = nn.ModuleDict(
            {
                "word_embeddings": nn.Embedding(VOCABULARY, WIDTH),
                "position_embeddings": nn.Embedding(POSITIONS, WIDTH),
                "token_type_embeddings": nn.Embedding(2, WIDTH),
                "LayerNorm": nn.LayerNorm(WIDTH, EPSILON),
            }
        )
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(Layer() for _ in range(LAYERS))})
        self.pair = nn.Linear(3 * WIDTH, WIDTH)
        self.judge = nn.Linear(WIDTH, 3)
        self.token = nn.Linear(WIDTH, 3)

    def forward(self, ids: torch.Tensor, types: torch.Tensor, mask: torch.Tensor) -> Read:
        """Take ids, segment (0 question, 1 passage) and mask, each pairs x tokens.

        The layers compute in bfloat16 while training, twice as fast, where there is a processor that can; heads and
        loss do not.
        """
        x = self.embeddings["word_embeddings"](ids) + self.embeddings["token_type_embeddings"](types)
        x = self.embeddings["LayerNorm"](x + self.embeddings["position_embeddings"].weight[: ids.shape[1]])
        full = bool(mask.all())
        seen = None if full else mask.bool()[:, None, None, :]
        halves = self.training and (HALVES or x.device.type != "cpu")
        with torch.autocast(x.device.type, torch.bfloat16, enabled=halves):
            for layer in self.encoder["layer"]:
                x = layer(x, seen)
        x = x.float()
        pooled = torch.cat([x[:, 0], _mean(x, mask * (1 - types)), _mean(x, mask * types)], dim=-1)
        relevance, answerable, support = self.judge(F.gelu(self.pair(pooled))).unbind(-1)
        return Read(relevance=relevance, answerable=answerable, support=support, tokens=self.token(x))


def _mean(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    share = weight / weight.sum(1, keepdim=True).clamp(min=1)
    return (share.to(x.dtype).unsqueeze(1) @ x).squeeze(1)


def fresh(weights: Path, seed: int) -> ReaderModel:
    """Return a reader with the published encoder and new heads, the same for the same seed."""
    torch.manual_seed(seed)
    model = ReaderModel()
    for head in (model.judge, model.token):
        nn.init.normal_(head.weight, std=0.02)
        nn.init.zeros_(head.bias)
    found = {name: value for name, value in load_file(weights).items() if not name.startswith("pooler")}
    found.pop("embeddings.position_ids", None)
    missing, unexpected = model.load_state_dict(found, strict=False)
    wrong = [name for name in missing if name.startswith(("embeddings", "encoder"))]
    if wrong or unexpected:
        raise ValueError(f"the weights do not fit: missing {wrong}, unexpected {unexpected}")
    return model


def loss(read: Read, batch: Batch) -> dict[str, torch.Tensor]:
    """Return each part of the loss as a mean over the batch; parts whose truth is not known count nothing."""
    return {
        "answerable": _binary(read.answerable + batch.sure, batch.answerable),
        "support": _binary(read.support, batch.supported),
        "absolute": 0.2 * _binary(read.relevance, batch.relevant),
        "list": _lists(read.relevance, batch),
        "evidence": _evidence(read.tokens[..., 0], batch),
        "sentences": _sentences(read, batch),
        "span": 0.5 * _span(read.tokens[..., 1:], batch),
    }


def _binary(logits: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    known = (truth >= 0).float()
    each = F.binary_cross_entropy_with_logits(logits, truth.clamp(min=0), reduction="none")
    return (each * known).sum() / known.numel()


def _lists(relevance: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Return the listwise softmax loss: the first of a list against the others."""
    parts = [
        F.cross_entropy(relevance[a:b].unsqueeze(0), relevance.new_zeros(1, dtype=torch.long))
        for a, b in batch.lists
        if b - a > 1
    ]
    return torch.stack(parts).sum() / len(batch.lists) if parts else relevance.sum() * 0


def sentence_means(values: torch.Tensor, sentence: torch.Tensor, count: int) -> torch.Tensor:
    """Return the mean of token values over each of `count` sentences."""
    flat, place = values.reshape(-1), sentence.reshape(-1)
    sums = flat.new_zeros(count + 1).index_add(0, place, flat)
    sizes = flat.new_zeros(count + 1).index_add(0, place, torch.ones_like(flat))
    return sums[:count] / sizes[:count].clamp(min=1)


def _evidence(values: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Return the loss over sentences, each pair counting once; a pair without evidence counts a third."""
    count = batch.evidence.numel()
    means = sentence_means(values, batch.sentence, count)
    known = (batch.evidence >= 0).float()
    each = F.binary_cross_entropy_with_logits(means, batch.evidence.clamp(min=0), reduction="none") * known
    owner = _owners(batch)
    none = values.new_zeros(values.shape[0])
    size = none.index_add(0, owner, values.new_ones(count)).clamp(min=1)
    positive = none.index_add(0, owner, (batch.evidence > 0).float()) > 0
    weight = torch.where(positive, 2.0, 0.7) / size
    return (each * weight[owner]).sum() / values.shape[0]


def _sentences(read: Read, batch: Batch) -> torch.Tensor:
    """Return the listwise loss of what is quoted: the sentences that answer against all sentences of their list.

    A sentence weighs what it and its passage weigh together, as when quotes are chosen. Any of those that answer will
    do (the log of their summed share, as in multi-passage readers with several gold spans, Clark and Gardner 2018).
    """
    owner, known, answers = _owners(batch), batch.evidence >= 0, batch.evidence > 0
    means = sentence_means(read.tokens[..., 0], batch.sentence, batch.evidence.numel())
    score = means + read.relevance[owner] + batch.prior
    parts = []
    for first, end in batch.lists:
        within = known & (owner >= first) & (owner < end)
        if (within & answers).any() and (within & ~answers).any():
            parts.append(score[within].logsumexp(0) - score[within & answers].logsumexp(0))
    return torch.stack(parts).sum() / len(batch.lists) if parts else score.sum() * 0


def _owners(batch: Batch) -> torch.Tensor:
    """Return for each sentence of the batch the row of its pair."""
    rows = torch.arange(batch.sentence.shape[0], device=batch.sentence.device).unsqueeze(1).expand_as(batch.sentence)
    count = batch.evidence.numel()
    inside = batch.sentence < count
    return rows.new_zeros(count).index_put((batch.sentence[inside],), rows[inside])


def _span(values: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Return start and end cross-entropy over passage tokens and the null at [CLS]."""
    closed = values.masked_fill(batch.passage.unsqueeze(-1) == 0, -1e4)
    known = batch.spans[:, 0] >= 0
    if not known.any():
        return values.sum() * 0
    parts = [F.cross_entropy(closed[known, :, i], batch.spans[known, i], reduction="sum") for i in (0, 1)]
    return (parts[0] + parts[1]) / values.shape[0]
