"""Keep the libraries below us from calling home.

Several of them report usage, or look for downloads, unless the environment says otherwise before they are
imported. `silence` sets those variables, and leaves alone whichever the user has set to something else.
"""

import os

_DEFAULTS = {
    "ORT_DISABLE_TELEMETRY": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
}


def silence() -> None:
    """Set the variables; call it before onnxruntime, gradio, huggingface_hub or chromadb is imported."""
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)
