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


_OWN_MARK = re.compile(r"\[(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\]")


def mark(sentence: str, number: int) -> str:
    """Return the sentence on one line with its marker, before the full stop where there is one.

    A number that the article itself has in square brackets would read as another marker: it gets round ones.

    >>> mark("Talks were cut.", 1), mark("“We will not call.”", 2), mark("It left the U.S.", 3)
    ('Talks were cut [1].', '“We will not call.” [2]', 'It left the U.S. [3]')
    >>> mark("It opened in 1999[2] at last.", 1)
    'It opened in 1999(2) at last [1].'
    """
    line = unmarked(" ".join(sentence.split()))
    at = before_stop(line)
    return f"{line[:at]} [{number}]{line[at:]}"


def unmarked(text: str) -> str:
    """Return an article's words with the numbers in square brackets in round ones, so that none reads as a marker.

    >>> unmarked("Interview [2]")
    'Interview (2)'
    """
    return _OWN_MARK.sub(r"(\1)", text)


def before_stop(text: str) -> int:
    """Return where a sentence's marker goes: before the closing stop, at the end where that is an abbreviation's.

    >>> before_stop("Cut. "), before_stop("At 5 p.m.")
    (3, 9)
    """
    end = len(text.rstrip())
    stop = re.search(r"[\w)%’'\"”][.!?]$", text[:end]) and not re.search(r"(\b[A-Z]|\.\w)\.$", text[:end])
    return end - 1 if stop else end
