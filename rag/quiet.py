"""Keep the libraries below us from calling home.

Several of them report usage, or look for downloads, unless the environment says otherwise before they are
imported. The functions set those variables, and leave alone whichever the user has set to something else.
"""

import os

_DEFAULTS = {
    "ORT_DISABLE_TELEMETRY": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
}
OFFLINE = {"HF_HUB_OFFLINE": "1"}
"""For processes of our own alone: a program that uses us as a library may have models of its own to download."""


def silence() -> None:
    """Keep usage from being reported; call it before onnxruntime, gradio, huggingface_hub or chromadb is imported."""
    _set(_DEFAULTS)


def stay_offline() -> None:
    """Do the same in a process of our own, and refuse downloads: we need none, all our models are files."""
    _set(_DEFAULTS | OFFLINE)


def _set(values: dict[str, str]) -> None:
    for name, value in values.items():
        os.environ.setdefault(name, value)
