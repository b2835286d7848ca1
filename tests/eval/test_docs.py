"""The documentation names every metric, command and field, and no other."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from eval.cases import Case, SourceArticle, SuiteFile
from eval.cli import app
from eval.gate import Limits
from eval.metrics import METRICS

DOC = Path(__file__).parents[2] / "docs" / "evaluation.md"


@pytest.fixture(scope="module")
def text() -> str:
    return DOC.read_text(encoding="utf-8")


def test_the_table_of_metrics_is_the_one_of_the_code(text: str) -> None:
    rows = [
        line.strip("|").split(" | ")
        for line in text.splitlines()
        if re.match(r"\| `[a-z0-9_@]+` \| .* \|.*\|.*\|", line)
    ]
    told = {cells[0].strip(" `"): cells for cells in rows if len(cells) == 5}
    assert list(told) == list(METRICS)
    for name, metric in METRICS.items():
        _, formula, better, unit, source = (cell.strip() for cell in told[name])
        assert formula == metric.formula.replace("|", "¦")
        assert better == {True: "higher", False: "lower", None: "neither"}[metric.higher_is_better]
        assert (unit, source) == (metric.unit, metric.source)


def test_every_field_of_a_suite_is_named(text: str) -> None:
    for model in (Case, SourceArticle, SuiteFile):
        missing = [name for name in model.model_fields if f"`{name}`" not in text]
        assert missing == []


def test_commands_in_the_documentation_exist(text: str) -> None:
    known = {
        command.name or (command.callback.__name__ if command.callback else "") for command in app.registered_commands
    }
    told = [shlex.split(line, comments=True) for line in text.splitlines() if line.startswith("python -m eval")]
    assert told
    assert {words[3] for words in told} <= known


def test_the_gate_example_is_a_gate(text: str) -> None:
    example = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert example is not None
    for suite, limits in tomllib.loads(example[1]).items():
        assert suite == "seeds"
        named = Limits.model_validate(limits)
        assert {*named.min, *named.max, *named.exactly} <= METRICS.keys()
