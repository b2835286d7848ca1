"""Is the answer right? Judged on cases that the corpus answers and that name an accepted answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from eval.cases import PATTERN
from eval.locate import squash
from eval.metrics import squad
from eval.metrics.base import Row
from eval.record import CaseRun

_MARKER = re.compile(r"\s*\[\d{1,2}(?:\s*[,–-]\s*\d{1,2})*\]")
"""Three digits are none: a year in brackets is a writer's own, see `rag.answer.markers`."""
_DASH = re.compile(r"(?<!\d)—|—(?!\d)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_PER_CENT = re.compile(r"(?<=\d)\s*(?:%|per ?cent\b)")
_PER_CENT_TWICE = re.compile(r"(?<=\d)\s?(?:%|per ?cent)(?=-\d+(?:[.,]\d+)*\s?(?:%|per ?cent\b))")
"""The first of the two signs in `5%-6%`, which is `5-6%`."""
_DATE = re.compile(r"(?<!\d)(?<!\d\.)(?:\d{4}\.\d\d?\.\d\d?|\d\d?\.\d\d?\.\d{4})(?!\.?\d)")
_SCORE = re.compile(r"(?<![\d.,:/-])(\d\d?):(\d)(?![.,:/-]?\d)")
"""`1:0`; with two digits behind the colon it may be a time."""
_INSIDE = re.compile(r"(?<=\d)[.,:/-](?=\d)")
_KEPT = str.maketrans({".": "\ue000", ":": "\ue000", ",": "\ue001", "-": "\ue002", "/": "\ue002"})
"""SQuAD's normalising drops ASCII punctuation, so what holds a number together stands as a character of no meaning,

one for what writers use alike: `10:30` and `10.30`, `2021/22` and `2021-22`. A dotted date and a score take a hyphen
before that: `03.04.2021` is `03/04/2021`, `1:0` is `1-0`.
"""


def plain(text: str) -> str:
    """Return an answer's text without citation markers.

    >>> plain("Talks ended [1][2]. Nobody said why [3].")
    'Talks ended. Nobody said why.'
    """
    return _MARKER.sub("", text).strip()


def _said(row: Row) -> str:
    """Return what the answer says; a refusal says nothing."""
    reply = row.run.reply
    return plain(reply.text) if reply is not None and reply.answered else ""


def _shortest(row: Row) -> str:
    reply = row.run.reply
    return reply.short if reply is not None and reply.answered and reply.short else _said(row)


def _texts(row: Row) -> list[str]:
    case = row.run.case
    return [a for a in case.answers if not a.startswith(PATTERN)] if case.answerable else []


def answer_match(row: Row) -> tuple[float, ...] | None:
    """1 when an accepted answer, or an accepted pattern, occurs in the answer's text; 0 when nothing is said."""
    case = row.run.case
    if not case.answerable or not case.answers:
        return None
    said = _said(row)
    # A pattern such as `.*` occurs in no words at all too.
    return (float(bool(said) and any(accepts(accepted, said) for accepted in case.answers)),)


def accepts(accepted: str, said: str) -> bool:
    """Say whether an accepted answer occurs in a text as whole words and numbers, both made `comparable`.

    >>> accepts("5", "They met 5 times."), accepts("5", "They met 15 times.")
    (True, False)
    >>> accepts("1,500", "All 1500 left."), accepts("1.5", "All 15 left."), accepts("5%", "After 5 days.")
    (True, False, False)
    >>> accepts("re:met (5|five)", "Met five")
    True
    """
    if accepted.startswith(PATTERN):
        pattern = accepted.removeprefix(PATTERN)
        return any(re.search(pattern, text, re.IGNORECASE) for text in (said, squash(said)))
    wanted = comparable(accepted)
    return bool(wanted) and f" {wanted} " in f" {comparable(said)} "


def comparable(text: str) -> str:
    """Return a text normalised as SQuAD does, typographic quotes and dashes made plain first, each number kept apart.

    An em dash parts what it stands between, two figures apart; SQuAD's drops a hyphen and joins the two.

    >>> comparable("The “1,200 men”, 5 per cent."), comparable("A"), comparable("In 2022—days on.")
    ('1200 men 5 \\ue003', '', 'in 2022 days on')
    """
    numbers = _THOUSANDS.sub("", squash(_DASH.sub(" ", text)).lower())
    numbers = _PER_CENT.sub(" \ue003 ", _PER_CENT_TWICE.sub("", numbers))
    numbers = _SCORE.sub(r"\1-\2", _DATE.sub(lambda found: found[0].replace(".", "-"), numbers))
    return squad.normalise(_INSIDE.sub(lambda found: found[0].translate(_KEPT), numbers))


def _best(score: Callable[[str, str], float]) -> Callable[[Row], tuple[float, ...] | None]:
    def draw(row: Row) -> tuple[float, ...] | None:
        golds = _texts(row)
        return (squad.best(score, _shortest(row), golds),) if golds else None

    return draw


exact_match = _best(squad.exact)
token_f1 = _best(squad.f1)


def rouge_l(row: Row) -> tuple[float, ...] | None:
    """ROUGE-L F1 of the whole text against the closest accepted answer."""
    golds, said = _texts(row), _said(row)
    if not golds:
        return None
    return (max(float(_rouge().score(gold, said)["rougeL"].fmeasure) for gold in golds),)


@cache
def _rouge() -> Any:
    from rouge_score.rouge_scorer import RougeScorer

    return RougeScorer(["rougeL"], use_stemmer=False)


def answer_words(row: Row) -> tuple[float, ...] | None:
    """Length of the text of an answer that is none of a refusal."""
    said = _said(row)
    return (float(len(said.split())),) if said else None


def right(row: Row) -> tuple[float, ...] | None:
    """1 when the case came out right as `verdict` says."""
    return (float(verdict(row.run)[0]),)


def verdict(run: CaseRun) -> tuple[bool, str]:
    """Say whether a case came out right, and what became of it in a word or two.

    An unanswerable case is right when refused; one with accepted answers when one of them occurs; any
    other when it was answered.
    """
    if run.outcome == "failed":
        return False, "failed"
    if not run.case.answerable:
        return (True, "rightly refused") if run.outcome == "refused" else (False, "answered, should refuse")
    if run.outcome == "refused":
        return False, "wrongly refused"
    match = answer_match(Row(run=run))
    if match is None:
        return True, "answered"
    return (True, "right") if match[0] else (False, "wrong answer")
