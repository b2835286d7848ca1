"""Quotes to numbered citations. A citation is an exact slice of the stored article or it is not made."""

from __future__ import annotations

import re

from rag.records import Article, Citation


def cite(
    number: int, article: Article, text: str, *, start: int, end: int, passage_id: str, support: float
) -> Citation:
    """Return the citation of `text[start:end]`, where `text` is the article's stored text.

    Raises:
        ValueError: the slice is empty or outside the text.
    """
    if not 0 <= start < end <= len(text):
        raise ValueError(f"no quote at {start}:{end} of {article.id}, which has {len(text)} characters")
    return Citation(
        number=number,
        quote=text[start:end],
        start=start,
        end=end,
        article=article,
        passage_id=passage_id,
        support=support,
    )


def mark(sentence: str, number: int) -> str:
    """Return the sentence on one line with its marker, before the full stop where there is one.

    >>> mark("Talks were cut.", 1), mark("“We will not call.”", 2), mark("It left the U.S.", 3)
    ('Talks were cut [1].', '“We will not call.” [2]', 'It left the U.S. [3]')
    """
    line = " ".join(sentence.split())
    if re.search(r"[\w)%’'\"”][.!?]$", line) and not re.search(r"(\b[A-Z]|\.\w)\.$", line):
        return f"{line[:-1]} [{number}]{line[-1]}"
    return f"{line} [{number}]"
