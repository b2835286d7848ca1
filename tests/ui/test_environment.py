"""The environment that Gradio is imported under."""

import pytest

from ui.environment import prepare


def test_foreign_gradio_variables_are_dropped_and_nothing_calls_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_SHARE", "True")
    monkeypatch.setenv("GRADIO_ALLOWED_PATHS", "/")
    monkeypatch.setenv("GRADIO_TEMP_DIR", "/elsewhere")
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "True")
    prepare()
    import os

    kept = {name: value for name, value in os.environ.items() if name.startswith("GRADIO_")}
    assert kept == {"GRADIO_TEMP_DIR": "/elsewhere", "GRADIO_ANALYTICS_ENABLED": "False"}
