"""Servers on loopback ports that the system chooses, and a reader's visit to one."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn

WARNINGS = pytest.mark.filterwarnings("default")
"""A warning of Gradio's own libraries, raised in the server's threads, would end the server's work."""


@contextmanager
def serving(application: Any) -> Iterator[str]:
    """Serve an application from a thread; yields its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()  # who comes before the server is up waits
        server = uvicorn.Server(uvicorn.Config(application, log_level="error", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


_CUT_OFF = ("AbortError", "Unexpected error Connection errored out")
"""What Gradio says of a stream that was under way when its page was left."""


class Visit:
    """One reader's page, and everything it did that it should not have."""

    def __init__(self, page: Any, url: str, log_in: tuple[str, str] | None = None) -> None:
        self.page = page
        self.url = url
        self.complaints: list[str] = []
        self._asked = ""
        self._leaving = False
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (self.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", self._requested)
        page.goto(url)
        if log_in:
            self.log_in(*log_in)
        page.wait_for_selector("#question textarea")

    def _heard(self, message: Any) -> None:
        if message.type == "error" and not (self._leaving and message.text.startswith(_CUT_OFF)):
            self.complaints.append(f"console: {message.text}")

    def _requested(self, request: Any) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.complaints.append(f"outside request: {request.url}")

    def log_in(self, name: str, password: str) -> None:
        """Fill in the log-in page."""
        self.page.fill("input[type=text]", name)
        self.page.fill("input[type=password]", password)
        self.page.keyboard.press("Enter")

    def read_most(self, passages: int) -> None:
        """Set in the open drawer how many passages are read."""
        self.page.locator("#settings input[type=range] >> nth=0").fill(str(passages))

    def forget(self) -> None:
        """Delete the last conversation in the open drawer, which takes two clicks."""
        for _ in range(2):
            self.page.locator("#past .kept .tool").last.click()

    def ask(self, question: str) -> None:
        """Type a question and wait until its answer is complete."""
        self._asked = question
        before = self.page.locator(".turn").count()
        self.page.fill("#question textarea", question)
        self.page.keyboard.press("Enter")
        self.page.wait_for_function("n => document.querySelectorAll('.turn').length > n", arg=before)
        self.page.wait_for_selector('#latest .turn[aria-busy="false"]')

    def leave(self) -> None:
        """Make ready to leave the page: what Gradio says of streams that are then cut off is no complaint."""
        self._leaving = True

    def reload(self) -> None:
        """Load the page anew once the browser has kept the last question, and wait until the conversation is back."""
        self.page.wait_for_function("asked => JSON.stringify(localStorage).includes(asked)", arg=self._asked)
        self.leave()
        self.page.reload()
        self.page.wait_for_selector("#latest .cite")
        self._leaving = False

    def settle(self) -> None:
        """Wait until nothing moves or fades any more: what is half-way there has neither its place nor its colours."""
        self.page.wait_for_function("document.getAnimations().every((one) => one.playState === 'finished')")

    def marked(self, selector: str = "mark.focus") -> str:
        """Return the highlighted words, white space as one space."""
        self.page.wait_for_selector(f"#pane {selector}")
        return " ".join("".join(self.page.locator(f"#pane {selector}").all_text_contents()).split())
