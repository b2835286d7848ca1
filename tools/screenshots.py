"""Take the README's screenshots: `python tools/screenshots.py`, with Chromium and Playwright installed.

Serves the bundled articles on a free port and writes `docs/screenshots/start.png`, the page before the first
question, and `chat-{light,dark,phone}.png`, a question with its answer and, where there is room, its first citation.
"""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

OUT = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
QUESTION = "why were military channels cut?"
SETTLED = "document.getAnimations().every((one) => one.playState === 'finished')"
VIEWS = {
    "start": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
    "light": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light", "device_scale_factor": 2},
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{url}/readyz", timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"{url} did not become ready")


def shoot(browser: Browser, url: str, name: str) -> None:
    page = browser.new_context(**VIEWS[name]).new_page()
    page.goto(url)
    if name == "start":
        page.wait_for_selector("#begin .idea")
        page.wait_for_function(SETTLED)
        page.screenshot(path=OUT / "start.png")
        return
    page.fill("#question textarea", QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector('#latest .turn[aria-busy="false"]')
    page.wait_for_selector("#further .idea")
    if name != "phone":
        page.click('#latest .cite[data-cite="1"]')
        page.wait_for_selector('#pane .source[data-focus="1"]')
    page.wait_for_timeout(600)  # the pane scrolls
    page.wait_for_function(SETTLED)
    page.screenshot(path=OUT / f"chat-{name}.png")


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    port = free_port()
    server = subprocess.Popen([sys.executable, "-m", "rag", "serve", "--port", str(port)])
    try:
        wait_for(url := f"http://127.0.0.1:{port}")
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            for name in VIEWS:
                shoot(browser, url, name)
    finally:
        server.terminate()
        server.wait(10)


if __name__ == "__main__":
    main()
