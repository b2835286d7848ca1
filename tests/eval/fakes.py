"""Systems for `python:tests.eval.fakes:NAME`."""

from __future__ import annotations

import os
import sys
import time

FIRST = "Talks ended in “March” 2022 after a visit."
AGAIN = "They met again in June 2023."
calls: list[tuple[str, int]] = []


def good(question: str, history: list[tuple[str, str]]) -> dict[str, object]:
    """Answers both questions, the follow-up only with its history, and refuses the rest."""
    calls.append((question, len(history)))
    if "won" in question:
        return {"text": "The articles do not answer this question.", "answered": False, "confidence": 0.1}
    quote = AGAIN if "again" in question and history else FIRST
    hits = [{"article": "talks.md", "text": quote}]
    cited = [{"number": 1, "article": "talks.md", "quote": quote}]
    return {"text": f"{quote} [1]", "confidence": 0.9, "citations": cited, "hits": hits}


def raises(question: str, history: list[tuple[str, str]]) -> str:
    if "won" in question:
        raise ValueError("no such prize\nsecond line")
    return "March 2022"


def nonsense(question: str, history: list[tuple[str, str]]) -> object:
    return {"text": "yes", "confidence": float("nan")} if "won" in question else 42


def hangs(question: str, history: list[tuple[str, str]]) -> str:
    time.sleep(3)
    return "late"


def hesitates(question: str, history: list[tuple[str, str]]) -> str:
    """Takes a while, but not to say that it does not know."""
    time.sleep(0 if "won" in question else 0.4)
    return "March 2022"


def leaves(question: str, history: list[tuple[str, str]]) -> str:
    """Ends as a script would, and complains in half a character."""
    if "won" in question:
        raise ValueError("no such prize \ud800")
    sys.exit(4)


not_callable = 3


def always(question: str, history: list[tuple[str, str]]) -> dict[str, object]:
    """Says the same to everything."""
    cited = [{"number": 1, "article": "talks.md", "quote": FIRST}]
    hits = [{"article": "talks.md", "text": FIRST}]
    return {"text": f"{FIRST} [1]", "confidence": 0.9, "citations": cited, "hits": hits}


def hostile(question: str, history: list[tuple[str, str]]) -> dict[str, object]:
    """Answers with markup, scripts, control characters and braces."""
    bad = "<script>alert(1)</script><img src=x onerror=alert(2)> {{ 7*7 }} \x1b[31m & ]]> \u202e"
    cited = [{"number": 1, "article": "<b>talks</b>", "quote": bad}]
    hits = [{"article": "talks.md", "text": bad}]
    return {"text": f"{bad} [1]", "confidence": 0.5, "citations": cited, "hits": hits, "standalone": bad}


def unstorable(question: str, history: list[tuple[str, str]]) -> dict[str, object]:
    """Says what no file can hold, or no sum."""
    if history:
        return {"text": "March 2022", "usage": {"cost": 1e308}}
    return {"text": "x", "usage": {"tokens_in": 10**400}} if "won" in question else {"text": "March 2022 \ud800"}


def prints(question: str, history: list[tuple[str, str]]) -> str:
    print("thinking")
    os.write(1, b"thinking hard\n")
    return "March 2022"
