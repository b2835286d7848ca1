"""Forty kills, the quick version of `make torture`, and files damaged one by one: nothing is lost unnoticed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills need processes that can be forked")
def test_forty_kills_lose_nothing_and_no_reader_notices() -> None:
    """S1 to S4 and S8: kills before, within and after transactions, pointer flips and deletions."""
    command = [sys.executable, "-m", "tools.torture", "--kills", "40", "--count", "40", "--own-check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr[-4000:]
    outcome = json.loads(done.stdout)
    assert outcome["kills"] >= 40 and outcome["rounds"] >= 4 and outcome["answers_meanwhile"] > 0
    assert (outcome["lost"], outcome["unreadable"], outcome["reader_crashes"], outcome["differences"]) == (0, 0, 0, 0)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="a damaged file is opened in a forked process")
def test_a_damaged_file_is_noticed_or_harmless_and_ends_no_process() -> None:
    """S12 to S15: a byte flipped, a file cut, deleted or inflated, each file of a corpus in turn."""
    command = [sys.executable, "-m", "tests.rag.store.damage", "24"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stderr[-4000:]
    outcome = json.loads(done.stdout)
    assert outcome.keys() <= {"named", "same", "refused"} and sum(outcome.values()) == 24
    assert outcome["named"] > 5
