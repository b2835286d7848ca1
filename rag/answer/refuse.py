"""Answer or refuse: one calibrated confidence, one threshold."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer.cite import unmarked
from rag.models.reader import Reader
from rag.records import NOT_IN_CORPUS, Hit, describe
from rag.settings import AnswerSettings


def answers(confidence: float, settings: AnswerSettings, reader: Reader) -> bool:
    """Tell whether to answer at this confidence; without any there is nothing to answer from."""
    return confidence > 0 and confidence >= threshold(settings, reader)


def threshold(settings: AnswerSettings, reader: Reader) -> float:
    """Return the confidence under which a question is refused."""
    return reader.threshold if settings.threshold is None else settings.threshold


def text(hits: Sequence[Hit]) -> str:
    """Return what a refusal says: that there is no answer, and what comes nearest."""
    if not hits:
        return NOT_IN_CORPUS
    titles = dict.fromkeys(unmarked(describe(hit.article)) for hit in hits[:3])
    return f"{NOT_IN_CORPUS} Nearest: {'; '.join(titles)}."
