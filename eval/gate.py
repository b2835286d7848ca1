"""Thresholds and a stored baseline that a run must hold. A gate closes only beyond noise.

```toml
[seeds]
baseline = "baselines/seeds.jsonl"   # optional: a run file beside this file
failures = 0                         # most cases that may fail

[seeds.min]                          # missed when the whole 95 % interval is below
answer_match = 0.85

[seeds.max]                          # missed when the whole interval is above
latency_p95_ms = 400

[seeds.exactly]                      # a promise, not a sample: missed by any other figure
quote_exact = 1.0
```
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, RootModel, ValidationError

from eval.compare import against
from eval.metrics import metric_of
from eval.metrics import named as known
from eval.readers.lines import reason
from eval.runfile import Run, read_run
from eval.score import Scores
from eval.table import number
from rag.errors import UserError

ALPHA = 0.05
"""A figure worse than the baseline's closes the gate below this p."""


class Limits(BaseModel):
    """What one suite must hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    baseline: str | None = None
    failures: int = 0
    min: dict[str, float] = {}
    max: dict[str, float] = {}
    exactly: dict[str, float] = {}


class _File(RootModel[dict[str, Limits]]):
    pass


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One thing that the gate looked at."""

    suite: str
    what: str
    passed: bool


def read(path: Path) -> dict[str, Limits]:
    """Read a gate file.

    Raises:
        UserError: it is missing, does not fit, or names an unknown metric or a baseline that is not there.
    """
    try:
        limits = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig"))).root
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UserError(f"Gate file {path} cannot be read: {error}. Check the path.") from None
    except ValidationError as error:
        raise UserError(f"Gate file {path} does not fit: {reason(error)}.") from None
    for suite, limit in limits.items():
        names = (*limit.min, *limit.max, *limit.exactly)
        for name in names:
            if name not in known(names):
                raise UserError(f"Gate file {path}: {suite} names no metric {name!r}. See docs/evaluation.md.")
        if limit.baseline and not (path.parent / limit.baseline).is_file():
            missing = path.parent / limit.baseline
            raise UserError(
                f"Gate file {path}: {suite} has its baseline at {missing}, where no file is. Mend the path."
            )
    return limits


def named(path: Path, suite: str) -> tuple[str, ...]:
    """Return the metrics that the gate file names for a suite."""
    limits = read(path).get(suite, Limits())
    return (*limits.min, *limits.max, *limits.exactly)


def limits_of(path: Path, suite: str) -> Limits:
    """Return what a suite must hold.

    Raises:
        UserError: the file does not fit, or does not name the suite.
    """
    limits = read(path).get(suite)
    if limits is None:
        raise UserError(f"Gate file {path} says nothing of the suite {suite!r}. Add a table for it.")
    return limits


def judge(path: Path, run: Run, scores: Scores) -> list[Verdict]:
    """Hold a scored run against the gate file. A suite that the file does not name is a fault.

    Raises:
        UserError: the file does not fit, or does not name the suite.
    """
    limits = limits_of(path, run.head.suite)
    verdicts = [*_missing(run), _failures(scores, limits), *_thresholds(scores, limits)]
    if limits.baseline:
        verdicts += _against(read_run(path.parent / limits.baseline), run)
    return verdicts


def _missing(run: Run) -> list[Verdict]:
    """An interrupted run promises nothing for the cases that it did not come to."""
    missing = run.head.n - len(run.cases)
    if missing <= 0:
        return []
    return [Verdict(suite=run.head.suite, what=f"{missing} of {run.head.n} cases are missing", passed=False)]


def _failures(scores: Scores, limits: Limits) -> Verdict:
    what = f"{scores.failures} failures, at most {limits.failures}"
    return Verdict(suite=scores.suite, what=what, passed=scores.failures <= limits.failures)


def _thresholds(scores: Scores, limits: Limits) -> list[Verdict]:
    checks = [
        *((name, "at least", limit) for name, limit in limits.min.items()),
        *((name, "at most", limit) for name, limit in limits.max.items()),
        *((name, "exactly", limit) for name, limit in limits.exactly.items()),
    ]
    return [_check(scores, *check) for check in checks]


def _check(scores: Scores, name: str, how: str, limit: float) -> Verdict:
    found = scores.metrics.get(name)
    if found is None or found.mean is None or found.low is None or found.high is None:
        return Verdict(suite=scores.suite, what=f"{name}: no figure, wanted {how} {limit:g}", passed=False)
    passed = {"at least": found.high >= limit, "at most": found.low <= limit, "exactly": found.mean == limit}
    unit = metric_of(name).unit
    span = f"{number(found.low, unit)} … {number(found.high, unit)}"
    what = f"{name} {number(found.mean, unit)} ({span}), {how} {limit:g}"
    return Verdict(suite=scores.suite, what=what, passed=passed[how])


def _against(baseline: Run, run: Run) -> list[Verdict]:
    """Return a verdict for every figure that changed for the worse beyond noise; times are left out."""
    verdicts = []
    found = against(baseline, run)
    left_out = f", {found.unpaired}" if found.unpaired else ""
    if not found.n:
        return [Verdict(suite=run.head.suite, what=f"no case shared with the baseline{left_out}", passed=False)]
    for name, gap in found.differences.items():
        better = metric_of(name).higher_is_better
        if better is None or metric_of(name).family == "cost" or not gap.delta:
            continue
        worse = (gap.delta < 0) == better
        if worse and gap.p < ALPHA:
            what = f"{name} {number(gap.b)} against {number(gap.a)} in the baseline, p = {gap.p:.3f}"
            verdicts.append(Verdict(suite=run.head.suite, what=what, passed=False))
    what = f"not worse than the baseline over {found.n} shared cases{left_out}"
    return verdicts or [Verdict(suite=run.head.suite, what=what, passed=True)]
