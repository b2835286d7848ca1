"""Measure the chat page: `python tools/bench_page.py [--people 20] [--rounds 5] [--messages 50] [--visits 5]`.

Serves the bundled articles in a process of its own and talks to it as browsers do. First everybody asks at the same
moment, round after round, each in a session of their own whose first question holds a word that nobody else's does:
a session that ever receives another's word is mixed. Then one reader asks `--messages` questions in one
conversation. After each answer a reader asks for questions to go on with, as the page does. Last, where Chromium and
Playwright are installed, a browser with a fresh profile opens the page and asks, `--visits` times.
"""

import argparse
import asyncio
import json
import os
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import sync_playwright
from screenshots import QUESTION, free_port, wait_for

CASES = Path(__file__).resolve().parent.parent / "eval" / "suites" / "seeds" / "cases.jsonl"


@dataclass
class Reader:
    """One browser: its session, what it asked, and every byte it was sent."""

    http: httpx.AsyncClient
    config: dict[str, Any]
    mark: str
    session: str = field(default_factory=lambda: secrets.token_hex(8))
    seconds: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    async def ask(self, question: str) -> None:
        """Ask, and read the stream until the answer is complete."""
        event = self._event("question", "submit")
        started = time.perf_counter()
        given = {one["id"]: one["props"].get("value") for one in self.config["components"]}
        body = await self._join(event, [question, *(given[id] for id in event["inputs"][1:])])
        self.seconds.append(time.perf_counter() - started)
        self.sizes.append(len(body))
        self.heard.append(body)
        asking = {"data": [None], "fn_index": self._after(event)["id"], "session_hash": self.session}
        self.further = asyncio.create_task(self.http.post("/gradio_api/run/predict", json=asking))

    async def _join(self, event: dict[str, Any], data: list[Any]) -> str:
        payload = {"data": data, "fn_index": event["id"], "session_hash": self.session, "event_data": None}
        (await self.http.post("/gradio_api/queue/join", json=payload)).raise_for_status()
        said: list[str] = []
        stream = self.http.stream("GET", "/gradio_api/queue/data", params={"session_hash": self.session})
        async with stream as events:
            async for line in events.aiter_lines():
                said.append(line)
                if '"process_completed"' in line:
                    if '"success":true' not in line.replace(" ", ""):
                        raise RuntimeError(line[:300])
                    break
        return "\n".join(said)

    def _event(self, element: str, name: str) -> dict[str, Any]:
        ids = {one["id"] for one in self.config["components"] if one["props"].get("elem_id") == element}
        return next(
            one for one in self.config["dependencies"] for id, said in one["targets"] if id in ids and said == name
        )

    def _after(self, event: dict[str, Any]) -> dict[str, Any]:
        return next(one for one in self.config["dependencies"] if one.get("trigger_after") == event["id"])


async def measure(url: str, pid: int, chosen: argparse.Namespace) -> dict[str, Any]:
    """Return the figures, times in seconds and sizes in bytes."""
    people, rounds, messages = chosen.people, chosen.rounds, chosen.messages
    questions = [json.loads(line)["question"] for line in CASES.read_text(encoding="utf-8").splitlines()]
    async with httpx.AsyncClient(base_url=url, timeout=120, limits=httpx.Limits(max_connections=None)) as http:
        config = (await http.get("/config")).json()
        crowd = [Reader(http, config, f"Zyx{n:03d}q") for n in range(people)]
        await Reader(http, config, "").ask(questions[0])
        before = cpu_seconds(pid)
        for turn in range(rounds):
            asked = [questions[(turn * people + n) % len(questions)] for n in range(people)]
            await asyncio.gather(
                *(one.ask(f"{q} {one.mark}" if not turn else q) for one, q in zip(crowd, asked, strict=True))
            )
        spent = (cpu_seconds(pid) - before) / (people * rounds)
        one = Reader(http, config, "")
        for n in range(messages):
            await one.ask(questions[n % len(questions)])
        await asyncio.gather(*(reader.further for reader in (*crowd, one)))
    return {"crowd": {**_crowd(crowd), "cpu_per_answer": round(spent, 3)}, "conversation": _conversation(one)}


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used, on all cores; Linux only."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


FIRST_WORDS = """
() => new Promise((done) => {
  const box = document.querySelector("#question textarea");
  const watch = new MutationObserver(() => {
    const said = document.querySelector("#latest .prose")?.textContent.trim();
    if (said) { watch.disconnect(); done(performance.now() - window.askedAt); }
  });
  watch.observe(document.querySelector("#chat"), { childList: true, subtree: true, characterData: true });
  box.addEventListener("keydown", () => { window.askedAt = performance.now(); }, { once: true });
})
"""
READY = "document.querySelector('#question textarea') ? performance.now() : false"
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def visit(url: str, visits: int) -> dict[str, Any]:
    """Return what a browser sees: first paint, ready to type, and from the key to the first words, in milliseconds."""
    seen: dict[str, list[float]] = {"paint": [], "ready": [], "first_words": []}
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for _ in range(visits):
            page = browser.new_context().new_page()
            page.goto(url, wait_until="commit")
            seen["ready"].append(float(page.wait_for_function(READY, polling=10).json_value()))
            seen["paint"].append(float(page.wait_for_function(PAINT, polling=10).json_value()))
            page.wait_for_selector("#begin .idea")
            page.fill("#question textarea", QUESTION)
            page.evaluate(f"void (window.words = ({FIRST_WORDS})())")
            page.keyboard.press("Enter")
            seen["first_words"].append(float(page.evaluate("window.words")))
            page.context.close()
        browser.close()
    return {
        name: {"median": round(statistics.median(ms)), "max": round(max(ms)), "n": len(ms)} for name, ms in seen.items()
    }


def _crowd(crowd: list[Reader]) -> dict[str, Any]:
    seconds = [second for one in crowd for second in one.seconds]
    mixed = [
        one for one in crowd
        if any(other.mark in said for other in crowd if other is not one for said in one.heard)
        or one.mark not in one.heard[-1]
    ]  # fmt: skip
    return {"people": len(crowd), "mixed": len(mixed), **_spread(seconds)}


def _conversation(one: Reader) -> dict[str, Any]:
    tenth = max(1, len(one.sizes) // 5)
    first, last = one.sizes[:tenth], one.sizes[-tenth:]
    return {
        "bytes_first": round(statistics.mean(first)), "bytes_last": round(statistics.mean(last)),
        "seconds_first": round(statistics.mean(one.seconds[:tenth]), 3),
        "seconds_last": round(statistics.mean(one.seconds[-tenth:]), 3), **_spread(one.seconds),
    }  # fmt: skip


def _spread(seconds: list[float]) -> dict[str, Any]:
    ordered = sorted(seconds)
    p95 = ordered[max(0, -(-95 * len(ordered) // 100) - 1)]
    return {
        "n": len(ordered),
        "p50": round(statistics.median(ordered), 3),
        "p95": round(p95, 3),
        "max": round(ordered[-1], 3),
    }


def main() -> None:
    options = argparse.ArgumentParser(description="Measure the chat page under load.")
    options.add_argument("--people", type=int, default=20)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--messages", type=int, default=50)
    options.add_argument("--visits", type=int, default=5)
    chosen = options.parse_args()
    port = free_port()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as home:
        server = subprocess.Popen(
            [sys.executable, "-m", "rag", "serve", "--port", str(port)], env={**os.environ, "RAG_HOME": home}
        )
        try:
            wait_for(url := f"http://127.0.0.1:{port}")
            found = asyncio.run(measure(url, server.pid, chosen))
            if chosen.visits and shutil.which("chromium"):
                found["browser"] = visit(url, chosen.visits)
        finally:
            server.terminate()
            server.wait(10)
    print(json.dumps({"load_before": round(load, 2), "cores": os.cpu_count(), **found}, indent=2))


if __name__ == "__main__":
    main()
