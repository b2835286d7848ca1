"""The chat page: Gradio inside a hardened parent application."""

from ui.environment import prepare as _prepare

_prepare()  # Gradio and its libraries read the environment when they are imported
