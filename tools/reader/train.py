"""The training loop: deterministic by seed, resumable, its progress in a log of JSON lines.

The learning rate warms up, stays, and decays over the last steps, so that a run can be ended early or prolonged
without having been planned so. No dropout: with one pass over the data nothing is learnt by heart.
"""

from __future__ import annotations

import gzip
import json
import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from tools.reader.encode import Encoded, collate, encode, encode_sheet
from tools.reader.export import read_weights
from tools.reader.mix import units
from tools.reader.model import ReaderModel, fresh, loss

WEIGHTS = "reader.safetensors"
WINDOW = 192
"""Units within which batches are grouped by length."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a run does."""

    out: Path
    base: Path
    """The published model's folder: `model.safetensors` and `tokenizer.json`."""
    mix: str = "first"
    """Which of the mixtures is trained on."""
    sheets: Path | None = None
    """Trained on instead: what `tools/reader/sheets.py` wrote, for the selector."""
    start: tuple[Path, ...] = ()
    """Weights of an earlier stage, of several the mean; without them the published encoder and new heads."""
    seed: int = 7
    pairs: int = 16
    """Pairs a step."""
    rate: float = 1e-4
    frozen: int = 0
    """Lowest layers that keep the published weights, as the embeddings always do."""
    head_rate: float = 4e-4
    warm: int = 100
    decay: float = 0.5
    """Share of the steps over which the rate falls to nothing."""
    keep: float = 1.0
    """Share of the mixture that is used."""
    steps: int = 0
    """Where to end; 0 means with the mixture."""
    part: int = 8
    """Pairs that one thread takes at a time."""
    threads: int = 2
    save_every: int = 200


_FIFTH = ("second", "third", "fifth", "fifth")
_SEVENTH = (*_FIFTH, *(4 * ("seventh",)))
_EIGHTH = (*_SEVENTH, *(8 * ("eighth",)))
_NINTH = (*_EIGHTH, *(16 * ("ninth",)))
_TENTH = (*_NINTH, *(32 * ("tenth",)))
"""What was shipped before the stages that begin with it: means of means, written out."""

STAGES: tuple[dict[str, Any], ...] = (
    {"mix": "first"},
    {"mix": "second", "after": ("first",), "seed": 11, "rate": 7e-5, "head_rate": 2e-4, "warm": 50, "decay": 0.8},
    {"mix": "third", "after": ("second",), "seed": 23, "rate": 6e-5, "head_rate": 1e-4, "warm": 50, "decay": 0.9},
    {"mix": "fourth", "after": ("second", "third"), "seed": 31, "rate": 8e-5, "head_rate": 1e-4},
    {"mix": "fifth", "after": ("fourth",), "seed": 37, "rate": 6e-5, "head_rate": 1e-4, "warm": 50, "decay": 0.9},
    {"mix": "sixth", "after": _FIFTH, "seed": 41, "rate": 6e-5, "head_rate": 1e-4, "steps": 1800},
    {"mix": "seventh", "after": ("sixth",), "seed": 43, "rate": 6e-5, "head_rate": 1e-4, "decay": 0.9, "steps": 3500},
    {"mix": "eighth", "after": _SEVENTH, "seed": 47, "rate": 6e-5, "head_rate": 1e-4, "decay": 0.9},
    {"mix": "ninth", "after": _EIGHTH, "seed": 53, "rate": 6e-5, "head_rate": 1e-4, "decay": 0.9},
    {"mix": "tenth", "after": _NINTH, "seed": 59, "rate": 6e-5, "head_rate": 1e-4, "decay": 0.9},
    {"mix": "eleventh", "after": _TENTH, "seed": 61, "rate": 6e-5, "head_rate": 1e-4, "decay": 0.9},
)
"""What the shipped weights come of; `after` which stages, whose mean it begins with."""
SHIPPED = (*_TENTH, *(64 * ("eleventh",)))
"""The stages whose mean is shipped."""


def train_all(base: Path, out: Path) -> None:
    """Train every stage, or go on with the one that was interrupted; each has a folder in `out`.

    The mean that is shipped is left in `out` itself.
    """
    for stage in STAGES:
        how = dict(stage)
        start = tuple(out / name / WEIGHTS for name in how.pop("after", ()))
        plan = Plan(base=base, out=out / how["mix"], start=start, **how)
        if not (plan.out / WEIGHTS).exists():
            train(plan)
    save_file(_mean([out / name / WEIGHTS for name in SHIPPED]), out / WEIGHTS)


def train(plan: Plan) -> None:
    """Train, or go on from the last checkpoint in `plan.out`; leave `reader.safetensors` there."""
    torch.set_num_threads(1)
    plan.out.mkdir(parents=True, exist_ok=True)
    batches = _batches(plan)
    run = _Run(plan, min(len(batches), plan.steps or len(batches)))
    run.resume()
    while run.step < run.steps:
        run.take(batches[run.step])
        if run.step % plan.save_every == 0:
            run.save()
    run.save()
    save_file(run.model.state_dict(), plan.out / WEIGHTS)


class _Run:
    """The state of a run: model, optimiser, step."""

    def __init__(self, plan: Plan, steps: int) -> None:
        self.plan, self.steps, self.step = plan, steps, 0
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model = fresh(plan.base / "model.safetensors", plan.seed)
        if plan.start:
            self.model.load_state_dict(_with_support(_mean(plan.start), self.model))
        for fixed in (self.model.embeddings, *self.model.encoder["layer"][: plan.frozen]):
            fixed.requires_grad_(False)
        self.model.to(self.device)
        self.trained = {name: p for name, p in self.model.named_parameters() if p.requires_grad}
        self.optimiser = torch.optim.AdamW(_groups(self.trained, plan), betas=(0.9, 0.98), eps=1e-6)
        self.log = (plan.out / "log.jsonl").open("a", encoding="utf-8")
        self.pool = ThreadPoolExecutor(plan.threads)
        self.seen, self.began = 0, time.monotonic()
        self.sums: dict[str, float] = {}

    def take(self, batch: Sequence[list[Encoded]]) -> None:
        """Take one step: its parts on several threads, their gradients added in the order of the parts.

        On busy cores that is two to three times as fast as one part whose operations share the threads. A GPU takes
        the whole batch as one part.
        """
        parts = [list(batch)] if self.device.type == "cuda" else list(_chunks(batch, self.plan.part))
        sizes = [sum(map(len, part)) for part in parts]
        total = sum(sizes)
        results = list(self.pool.map(self._gradients, parts))
        for place, parameter in enumerate(self.trained.values()):
            parameter.grad = torch.stack(
                [g[place] * (size / total) for (g, _), size in zip(results, sizes, strict=True)]
            ).sum(0)
        torch.nn.utils.clip_grad_norm_(self.trained.values(), 1.0)
        scale = self._scale()
        for group in self.optimiser.param_groups:
            group["lr"] = group["peak"] * scale
        self.optimiser.step()
        self.step += 1
        self._note([(size / total, losses) for size, (_, losses) in zip(sizes, results, strict=True)], total, scale)

    def _gradients(self, part: Sequence[list[Encoded]]) -> tuple[tuple[torch.Tensor, ...], dict[str, float]]:
        tensors = collate(part).to(self.device)
        losses = loss(self.model(tensors.ids, tensors.types, tensors.mask), tensors)
        found = torch.autograd.grad(torch.stack(list(losses.values())).sum(), list(self.trained.values()))
        return found, {name: float(value.detach()) for name, value in losses.items()}

    def save(self) -> None:
        """Write the checkpoint, whole or not at all."""
        state = {f"model.{name}": value for name, value in self.model.state_dict().items()}
        for name, parameter in self.trained.items():
            held = self.optimiser.state[parameter]
            state |= {f"{key}.{name}": held[key] for key in ("exp_avg", "exp_avg_sq")}
        part = self.plan.out / "checkpoint.part"
        save_file(state, part, metadata={"step": str(self.step)})
        part.rename(self.plan.out / "checkpoint.safetensors")

    def resume(self) -> None:
        """Go on from the checkpoint, if there is one."""
        path = self.plan.out / "checkpoint.safetensors"
        if not path.exists():
            return
        state = load_file(path)
        self.step = _step_of(path)
        self.model.load_state_dict({n.removeprefix("model."): v for n, v in state.items() if n.startswith("model.")})
        for name, parameter in self.trained.items():
            self.optimiser.state[parameter] = {
                "step": torch.tensor(float(self.step)),
                **{key: state[f"{key}.{name}"].to(self.device) for key in ("exp_avg", "exp_avg_sq")},
            }

    def _scale(self) -> float:
        left = (self.steps - self.step) / max(self.plan.decay * self.steps, 1)
        return min((self.step + 1) / self.plan.warm, left, 1.0)

    def _note(self, losses: Sequence[tuple[float, dict[str, float]]], pairs: int, scale: float) -> None:
        self.seen += pairs
        for share, values in losses:
            for name, value in values.items():
                self.sums[name] = self.sums.get(name, 0.0) + share * value
        if self.step % 20:
            return
        line = {
            "step": self.step, "of": self.steps, "pairs_s": round(self.seen / (time.monotonic() - self.began), 2),
            "rate": round(scale, 3), **{name: round(value / 20, 4) for name, value in self.sums.items()},
        }  # fmt: skip
        self.log.write(json.dumps(line) + "\n")
        self.log.flush()
        self.sums = {}


def _mean(paths: Sequence[Path]) -> dict[str, torch.Tensor]:
    """Return the mean of several weights, one read at a time (a model soup, Wortsman et al. 2022)."""
    total = {name: torch.tensor(value) for name, value in read_weights(paths[0]).items()}
    for path in paths[1:]:
        for name, value in read_weights(path).items():
            total[name] += torch.tensor(value)
    return {name: value / len(paths) for name, value in total.items()}


def _with_support(stored: dict[str, torch.Tensor], model: ReaderModel) -> dict[str, torch.Tensor]:
    """Return the weights with the support head added, where they are of a stage that had none."""
    for name in ("judge.weight", "judge.bias"):
        new = model.state_dict()[name]
        stored[name] = torch.cat([stored[name], new[len(stored[name]) :]])
    return stored


def _groups(trained: dict[str, torch.nn.Parameter], plan: Plan) -> list[dict[str, object]]:
    heads = [p for n, p in trained.items() if n.startswith(("pair", "judge", "token."))]
    plain = [p for n, p in trained.items() if p.ndim < 2 and not n.startswith(("pair", "judge", "token."))]
    rest = [p for n, p in trained.items() if p.ndim > 1 and not n.startswith(("pair", "judge", "token."))]
    return [
        {"params": heads, "lr": 0.0, "peak": plan.head_rate, "weight_decay": 0.01},
        {"params": plain, "lr": 0.0, "peak": plan.rate, "weight_decay": 0.0},
        {"params": rest, "lr": 0.0, "peak": plan.rate, "weight_decay": 0.01},
    ]


def _step_of(path: Path) -> int:
    from safetensors import safe_open

    with safe_open(path, "pt") as file:
        return int(file.metadata()["step"])


def _batches(plan: Plan) -> list[list[list[Encoded]]]:
    """Return the steps: units in schedule order, grouped by length within windows, windows' batches shuffled."""
    rng = random.Random(plan.seed)
    tokenizer = Tokenizer.from_file(str(plan.base / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    if plan.sheets:
        with gzip.open(plan.sheets, "rt", encoding="utf-8") as lines:
            encoded = [[encode_sheet(json.loads(line), tokenizer)] for line in lines]
        rng.shuffle(encoded)
        sources = ["sheets"] * len(encoded)
    else:
        made = [unit for unit in units(plan.mix, plan.seed) if rng.random() < plan.keep]
        encoded = [[encode(pair, tokenizer) for pair in unit.pairs] for unit in made]
        sources = [unit.source for unit in made]
    _describe(plan, sources, encoded)
    steps = []
    for begin in range(0, len(encoded), WINDOW):
        window = sorted(encoded[begin : begin + WINDOW], key=lambda u: max(len(e.ids) for e in u))
        batches = list(_chunks(window, plan.pairs))
        rng.shuffle(batches)
        steps += batches
    return steps


def _chunks(window: Sequence[list[Encoded]], pairs: int) -> list[list[list[Encoded]]]:
    found: list[list[list[Encoded]]] = [[]]
    for unit in window:
        if found[-1] and sum(map(len, found[-1])) + len(unit) > pairs:
            found.append([])
        found[-1].append(unit)
    return found


def _describe(plan: Plan, sources: Sequence[str], encoded: Sequence[Sequence[Encoded]]) -> None:
    counts: dict[str, list[int]] = {}
    for source, pairs in zip(sources, encoded, strict=True):
        row = counts.setdefault(source, [0, 0, 0])
        row[0], row[1], row[2] = row[0] + 1, row[1] + len(pairs), row[2] + sum(len(e.ids) for e in pairs)
    about = {name: {"questions": a, "pairs": b, "tokens": c} for name, (a, b, c) in sorted(counts.items())}
    told = json.dumps({"plan": asdict(plan), "data": about}, indent=1, default=str)
    (plan.out / "plan.json").write_text(told, encoding="utf-8")
