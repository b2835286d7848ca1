"""A real Chromium that starts with a fresh profile for every reader."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pages import Visit

sys.path.append(str(Path(__file__).parents[1] / "ui"))

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a test in the browser try three times more: a busy machine makes it wait longer than any limit allows."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=3))


def chromium() -> str | None:
    """Return the browser named by `CHROMIUM`, else the one on the path."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium: install it, or set CHROMIUM to its path")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Visit]]:
    """Return a function that opens a page in a fresh profile; checks at the end that nothing was amiss."""
    visits: list[Visit] = []
    contexts: list[Any] = []

    def open_page(
        url: str, *, width: int = 1280, scheme: str = "light", log_in: tuple[str, str] | None = None
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 844}, color_scheme=scheme, service_workers="block"
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        visits.append(Visit(context.new_page(), url, log_in))
        return visits[-1]

    yield open_page
    for context in contexts:
        context.close()
    assert [complaint for one in visits for complaint in one.complaints] == []
