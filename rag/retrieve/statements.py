"""Questions for what somebody has said: "what has Ana Salo said about the ferry?"."""

from __future__ import annotations

import re

from rag.retrieve.listing import LONGEST

_SAID = re.compile(
    r"^\s*what (?:has|have) (?P<who>.+?) (?:said|written|argued|claimed|stated|announced|promised|told [\w ]+?)"
    r" (?:about|on|of|regarding|concerning) \w",
    re.IGNORECASE,
)
_TITLES = (
    r"(?:Mr|Mrs|Ms|Dr|Prof)\.?|Miss|Professor|Sir|Lady|Lord|President|Chancellor|Premier|Minister|Secretary|Ambassador"
    r"|Senator|General|Admiral|Colonel|Captain|Mayor|Judge|Bishop"
)
_OPENERS = (
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October"
    r"|November|December|On|In|But|And|Then|Yet|Still|When|While|As|After|Before|Later|Earlier|Yesterday|Today|Last"
)
"""Capitalised words that may stand before a surname and are no first name."""
_ASIDE = r"(?:, [^,.;]{1,80},)?(?: (?:also|later|then|had|has|have|once|repeatedly|publicly|recently|often)){0,3}"
_VERBS = (
    r"(?:sa(?:id|ys?)|told|tells|wr(?:ote|ites?|itten)|warn(?:s|ed)|argue[sd]|claim(?:s|ed)|insist(?:s|ed)"
    r"|describe[sd]|promise[sd]|announce[sd]|admit(?:s|ted)|explain(?:s|ed)|add(?:s|ed)|accuse[sd]|denie[sd]|declare[sd]"
    r"|state[sd]|vow(?:s|ed)|express(?:es|ed)|urge[sd]|critici[sz]e[sd]|assure[sd]|stress(?:es|ed)|reject(?:s|ed))"
)
_INVERTED = r"(?:sa(?:id|ys?)|wr(?:ote|ites?)|warn(?:s|ed)|argue[sd]|insist(?:s|ed)|explain(?:s|ed)|add(?:s|ed))"
"""Those that may stand before the speaker."""


def speaker(question: str) -> re.Pattern[str] | None:
    """Return what finds the statements of whom they are asked for, which several articles may have; else None.

    A body is named in full, a person by one name, with no other first name or title than one that may be theirs.

    >>> salo = speaker("What has Ana Salo said about the ferry?")
    >>> texts = ("Mr. Salo said no.", "“No,” said Ana Salo.", "Olli Salo said no.", "Lind told Salo no.")
    >>> [bool(salo and salo.search(text)) for text in texts]
    [True, True, False, False]
    """
    found = _SAID.match(question) if len(question) <= LONGEST else None
    name = re.search(r"[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*)*$", found["who"]) if found else None
    if not found or not name:
        return None
    words = name[0].split()
    full, first, last = map(re.escape, (name[0], words[0], words[-1]))
    short = full if found["who"].startswith("the ") or len(words) == 1 else f"{first}|{last}"
    before = "" if short == full else rf"(?:^|[^\w\s]\s*|\b[a-z]\w*\s|\b(?:{_OPENERS}|{_TITLES})\s)"
    subject = rf"(?:\b{full}|{before}\b(?:{short}))\b{_ASIDE} {_VERBS}\b"
    return re.compile(rf"{subject}|\b(?:{_INVERTED}|[Aa]ccording to) (?:(?:{_TITLES}) )?(?:{full}|{short})\b")
