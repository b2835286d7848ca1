import os
import subprocess
import sys

import pytest

from rag import child
from rag.quiet import silence, stay_offline


def test_defaults_are_set_and_the_users_choice_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ORT_DISABLE_TELEMETRY", raising=False)
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    stay_offline()
    assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"
    assert os.environ["HF_HUB_OFFLINE"] == child.environment()["HF_HUB_OFFLINE"] == "0"


def test_only_processes_of_our_own_refuse_downloads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "")  # so that it is as before afterwards
    monkeypatch.delenv("HF_HUB_OFFLINE")
    silence()
    assert "HF_HUB_OFFLINE" not in os.environ and child.environment()["HF_HUB_OFFLINE"] == "1"
    stay_offline()
    assert os.environ["HF_HUB_OFFLINE"] == "1"


def test_a_program_that_uses_us_may_download_its_own_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.delenv("ORT_DISABLE_TELEMETRY", raising=False)
    code = (
        "import os, rag; rag.Corpus; rag.query; import rag.models.onnx, rag.models.cross\n"
        "assert os.environ['ORT_DISABLE_TELEMETRY'] == '1' and 'HF_HUB_OFFLINE' not in os.environ"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
