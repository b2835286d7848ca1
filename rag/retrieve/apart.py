"""A question taken apart: by rules, and by the language model, where there is one, when it looks like several."""

from __future__ import annotations

import re
from collections.abc import Generator

from rag import prompts
from rag.llm import brief
from rag.llm.base import LanguageModel, Limits
from rag.records import Piece
from rag.retrieve import listing, parts
from rag.retrieve.parts import Part, Plan
from rag.retrieve.rewrite import cleaned, made_of

MOST = 4
_SEVERAL = re.compile(r"\b(?:and|or|both|each|than|versus|vs|between|compare[ds]?|differ\w*)\b|[,;]", re.IGNORECASE)
"""Without one of these a question asks for one thing: the model need not be asked."""
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")


def take_apart(
    question: str, model: LanguageModel | None, limits: Limits
) -> Generator[Piece, None, tuple[Plan, tuple[int, int]]]:
    """Return what the question is answered by, and the tokens in and out; yields empty pieces while it waits.

    Rules come first. A model that fails, or whose lines are not made of the question's words, is passed over.

    Raises:
        Stopped: nobody wants the answer any more.
    """
    by_rule = parts.plan(question)
    whole = len(by_rule.parts) == 1 and by_rule.state is None and not listing.asked(question)
    if model is None or not whole or not _SEVERAL.search(question) or limits.left <= 0:
        return by_rule, (0, 0)
    said, tokens = yield from brief.say(model, prompts.parts(question), limits)
    lines = list(dict.fromkeys(cleaned(_BULLET.sub("", line)) for line in said.splitlines() if line.strip()))
    good = 2 <= len(lines) <= MOST and all(made_of(line, question) for line in lines)
    return (Plan(parts=tuple(Part(asked=line, question=line) for line in lines)) if good else by_rule), tokens
