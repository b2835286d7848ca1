"""The quotes for a question over several articles: the best of each part, and a development in order of date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rag.answer import extract
from rag.answer.extract import Quote
from rag.retrieve.find import Found, Sought
from rag.settings import AnswerSettings

_EACH = 2
"""Most sentences for each of several parts."""
_BESIDE = 3 / 7
"""How much lower the odds of a part may be beside one that is sure; chosen on dev questions, see `docs/reader.md`."""
IN_ORDER = "These are in the order in which the articles were published."
UNDATED_LAST = "These are in the order in which the articles were published, those without a date last."


def choose(found: Found, settings: AnswerSettings, threshold: float) -> tuple[list[Quote], tuple[str, ...]]:
    """Return what is quoted, at most `settings.sentences` or two for each part, and what is to be said of it."""
    if found.parts:
        return _of_parts(found.parts, settings, threshold)
    if found.develops:
        return _in_order(found, settings)
    return extract.choose(found.ranking.hits, found.ranking.readings, settings), ()


def _of_parts(
    parts: Sequence[Sought], settings: AnswerSettings, threshold: float
) -> tuple[list[Quote], tuple[str, ...]]:
    sure = any(part.confidence >= threshold for part in parts)
    least = _beside(threshold) if sure else threshold
    answered = [part for part in parts if part.confidence >= least]
    each = settings.sentences if len(answered) == 1 else min(_EACH, settings.sentences)
    share = settings.model_copy(update={"sentences": each})
    quotes: list[Quote] = []
    for part in answered:
        chosen = extract.choose(part.ranking.hits, part.ranking.readings, share)
        said = [one for one in chosen if any(extract.repeats(one, other) for other in quotes)]
        # What leans on a sentence that is quoted elsewhere would lean on another one here.
        quotes += [one for one in chosen if one not in said and not any(extract.leans_on(one, other) for other in said)]
    return quotes, tuple(
        f"{'Not sure' if part.confidence >= least else 'Nothing sure was found'} on: {part.asked}"
        for part in parts
        if part.confidence < threshold
    )


def _beside(threshold: float) -> float:
    """Return the confidence from which on a part is answered beside one that is sure.

    The articles are on the matter then, so that they answer it more often than a question that stands alone.

    >>> round(_beside(0.5), 2)
    0.3
    """
    odds = _BESIDE * threshold
    return odds / (odds + 1 - threshold)


def _in_order(found: Found, settings: AnswerSettings) -> tuple[list[Quote], tuple[str, ...]]:
    """Return the best sentence and one of each article that is sure, oldest first; where too few are, the best ones."""
    one = settings.model_copy(update={"sentences": 1})
    sure = [] if found.raised else [(found.ranking.hits, found.ranking.readings)]
    quotes: list[Quote] = []
    for hits, readings in (*sure, *(([hit], [reading]) for hit, reading in found.states)):
        for quote in extract.choose(hits, readings, one):
            if not any(extract.repeats(quote, other) for other in quotes):
                quotes.append(quote)
    if len(quotes) < 2 and not found.raised:
        quotes = extract.choose(found.ranking.hits, found.ranking.readings, settings)
    quotes = sorted(quotes[: settings.sentences], key=lambda quote: quote.hit.article.published or date.max)
    dated = {quote.hit.article.id for quote in quotes if quote.hit.article.published}
    note = IN_ORDER if all(quote.hit.article.id in dated for quote in quotes) else UNDATED_LAST
    return quotes, (note,) if len(dated) > 1 else ()
