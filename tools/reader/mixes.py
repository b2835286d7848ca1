"""Which sets each stage of the training takes, and how much of each."""

from __future__ import annotations

from dataclasses import dataclass

from tools.reader import sets


@dataclass(frozen=True, kw_only=True)
class Share:
    """How much of a set is taken, and when in the schedule it comes."""

    take: float = 1.0
    listed: float = 0.0
    """Share of the answerable questions that come with negatives."""
    negatives: int = 1
    begin: float = 0.0
    """Between which parts of the schedule its questions are spread, 0…1."""
    end: float = 1.0
    cuts: tuple[int, ...] = (sets.PASSAGE_WORDS,)
    """Articles are cut to these many words, one round of questions for each."""
    whole: tuple[str, ...] = ()
    """How the names of folders begin that come whole, whatever `take` says."""


_LATEST = tuple(f"c13{number}-" for number in range(1, 9))
"""Five reports each of one kind, and newspapers on talks between states: written for the eleventh stage."""

MIXES = {
    "first": {
        "handwritten": Share(listed=0.4),
        "news_passages": Share(listed=1.0, negatives=2),
        "news_fiction": Share(listed=1.0, negatives=3),
        "newsroom": Share(listed=1.0, negatives=2, begin=0.2),
        "plain_newsroom": Share(listed=1.0, negatives=2, begin=0.2),
        "squad": Share(listed=0.25),
        "natural_questions": Share(listed=0.2),
        "selqa": Share(),
        "qamr": Share(take=0.5, listed=0.4, end=0.8),
        "claims": Share(take=0.4),
    },
    "second": {
        "newsroom": Share(listed=1.0, negatives=2, cuts=(150, 110)),
        "plain_newsroom": Share(listed=1.0, negatives=2, cuts=(130,)),
        "news_fiction": Share(listed=1.0, negatives=3, cuts=(130, 110)),
        "news_passages": Share(listed=1.0),
        "handwritten": Share(take=0.5, listed=0.5),
        "squad": Share(take=0.5, listed=0.25),
        "natural_questions": Share(take=0.5, listed=0.2),
        "qamr": Share(take=0.1, listed=0.4),
        "claims": Share(take=0.4),
        "noise": Share(),
    },
    "third": {
        "contrasts": Share(listed=0.5, cuts=(150, 110)),
        "newsroom": Share(take=0.7, listed=1.0, negatives=2, cuts=(130,)),
        "plain_newsroom": Share(take=0.5, listed=1.0),
        "news_fiction": Share(take=0.7, listed=1.0, negatives=3),
        "news_passages": Share(take=0.6, listed=1.0),
        "handwritten": Share(take=0.35, listed=0.4),
        "squad": Share(take=0.4, listed=0.25),
        "natural_questions": Share(take=0.4, listed=0.2),
        "qamr": Share(take=0.08, listed=0.4),
        "claims": Share(take=0.3),
        "noise": Share(take=0.5),
    },
    "fourth": {
        "handwritten": Share(listed=0.5),
        "squad": Share(listed=0.25),
        "natural_questions": Share(listed=0.3, negatives=2),
        "selqa": Share(take=0.5),
        "qamr": Share(take=0.25, listed=0.4, end=0.8),
        "news_passages": Share(take=0.6, listed=1.0, negatives=2),
        "newsroom": Share(take=0.4, listed=1.0, negatives=2, cuts=(110,)),
        "contrasts": Share(take=0.25, listed=0.5),
        "claims": Share(take=0.4),
        "noise": Share(take=0.5),
    },
    "fifth": {
        "everyday": Share(listed=1.0, negatives=3, cuts=(150, 110)),
        "contrasts": Share(take=0.5, listed=0.5, cuts=(130,)),
        "newsroom": Share(take=0.4, listed=1.0, negatives=2, cuts=(130,)),
        "plain_newsroom": Share(take=0.5, listed=1.0, negatives=2),
        "news_fiction": Share(listed=1.0, negatives=3, cuts=(130,)),
        "news_passages": Share(take=0.6, listed=1.0, negatives=2),
        "handwritten": Share(take=0.5, listed=0.5),
        "squad": Share(take=0.4, listed=0.25),
        "natural_questions": Share(take=0.5, listed=0.3, negatives=2),
        "qamr": Share(take=0.05, listed=0.4),
        "claims": Share(take=0.3),
        "noise": Share(take=0.5),
    },
    "sixth": {
        "encyclopedia": Share(listed=0.5),
        "varied": Share(listed=1.0, negatives=3, cuts=(150, 110)),
        "everyday": Share(take=0.5, listed=1.0, negatives=3, cuts=(130,)),
        "contrasts": Share(take=0.4, listed=0.5, cuts=(110,)),
        "newsroom": Share(take=0.3, listed=1.0, negatives=2, cuts=(110,)),
        "news_fiction": Share(listed=1.0, negatives=3, cuts=(110,)),
        "news_passages": Share(take=0.6, listed=1.0, negatives=2),
        "handwritten": Share(take=0.7, listed=0.4),
        "squad": Share(listed=0.25),
        "natural_questions": Share(listed=0.4, negatives=2),
        "qamr": Share(take=0.1, listed=0.4),
        "claims": Share(take=0.4),
        "noise": Share(take=0.5),
    },
    "seventh": {
        "folders": Share(negatives=4, cuts=(150, 110)),
        "varied": Share(listed=1.0, negatives=3, cuts=(130,)),
        "encyclopedia": Share(listed=0.5),
        "claims": Share(take=0.8),
        "everyday": Share(take=0.4, listed=1.0, negatives=3, cuts=(150,)),
        "contrasts": Share(take=0.4, listed=0.5, cuts=(130,)),
        "newsroom": Share(take=0.3, listed=1.0, negatives=2, cuts=(130,)),
        "plain_newsroom": Share(take=0.4, listed=1.0),
        "news_fiction": Share(listed=1.0, negatives=3, cuts=(130,)),
        "news_passages": Share(take=0.5, listed=1.0, negatives=2),
        "handwritten": Share(take=0.6, listed=0.4),
        "squad": Share(listed=0.25),
        "natural_questions": Share(listed=0.4, negatives=2),
        "qamr": Share(take=0.05, listed=0.4),
        "noise": Share(take=0.5),
    },
    "eighth": {
        "folders": Share(negatives=4, cuts=(150,)),
        "encyclopedia": Share(listed=0.3),
        "varied": Share(take=0.4, listed=1.0, negatives=3, cuts=(150,)),
        "everyday": Share(take=0.2, listed=1.0, negatives=3, cuts=(130,)),
        "contrasts": Share(take=0.3, listed=0.5, cuts=(150,)),
        "newsroom": Share(take=0.2, listed=1.0, negatives=2, cuts=(150,)),
        "plain_newsroom": Share(take=0.3, listed=1.0),
        "news_fiction": Share(listed=1.0, negatives=3, cuts=(150,)),
        "news_passages": Share(take=0.4, listed=1.0, negatives=2),
        "handwritten": Share(take=0.4, listed=0.3),
        "squad": Share(take=0.8, listed=0.2),
        "natural_questions": Share(take=0.7, listed=0.3),
        "claims": Share(take=0.2),
        "noise": Share(take=0.5),
    },
    "ninth": {
        "folders": Share(negatives=3, cuts=(130,)),
        "encyclopedia": Share(take=0.55, listed=0.2),
        "varied": Share(take=0.4, listed=1.0, negatives=3, cuts=(130,)),
        "everyday": Share(take=0.25, listed=1.0, negatives=3, cuts=(110,)),
        "contrasts": Share(take=0.3, listed=0.5, cuts=(130,)),
        "newsroom": Share(take=0.2, listed=1.0, negatives=2, cuts=(130,)),
        "plain_newsroom": Share(take=0.3, listed=1.0),
        "news_fiction": Share(listed=1.0, negatives=3, cuts=(110,)),
        "news_passages": Share(take=0.4, listed=1.0, negatives=2),
        "handwritten": Share(take=0.5, listed=0.3),
        "squad": Share(take=0.6, listed=0.2),
        "natural_questions": Share(take=0.8, listed=0.3),
        "claims": Share(take=0.2),
        "noise": Share(take=0.5),
    },
    "tenth": {
        "reworded": Share(take=0.75, negatives=2, cuts=(150,)),
        "folders": Share(take=0.33, negatives=3, cuts=(150,)),
        "encyclopedia": Share(take=0.45, listed=0.2),
        "varied": Share(take=0.25, listed=1.0, negatives=2, cuts=(150,)),
        "everyday": Share(take=0.15, listed=1.0, negatives=2, cuts=(150,)),
        "contrasts": Share(take=0.3, listed=0.3, cuts=(110,)),
        "newsroom": Share(take=0.15, listed=1.0, negatives=2, cuts=(110,)),
        "plain_newsroom": Share(take=0.2, listed=1.0),
        "news_fiction": Share(take=0.7, listed=1.0, negatives=2, cuts=(150,)),
        "news_passages": Share(take=0.3, listed=1.0),
        "handwritten": Share(take=0.45, listed=0.2),
        "squad": Share(take=0.5, listed=0.2),
        "natural_questions": Share(take=0.7, listed=0.3),
        "claims": Share(take=0.2),
        "noise": Share(take=0.5),
    },
    "eleventh": {
        "folders": Share(take=0.25, negatives=3, cuts=(130,), whole=_LATEST),
        "reworded": Share(take=0.25, negatives=2, cuts=(130,), whole=_LATEST),
        "encyclopedia": Share(take=0.35, listed=0.2),
        "varied": Share(take=0.2, listed=1.0, negatives=2, cuts=(130,)),
        "everyday": Share(take=0.2, listed=1.0, negatives=2, cuts=(130,)),
        "contrasts": Share(take=0.2, listed=0.3, cuts=(130,)),
        "newsroom": Share(take=0.15, listed=1.0, negatives=2, cuts=(150,)),
        "plain_newsroom": Share(take=0.3, listed=1.0),
        "news_fiction": Share(take=0.6, listed=1.0, negatives=2, cuts=(130,)),
        "news_passages": Share(take=0.3, listed=1.0),
        "handwritten": Share(take=0.4, listed=0.2),
        "squad": Share(take=0.4, listed=0.2),
        "natural_questions": Share(take=0.6, listed=0.3),
        "claims": Share(take=0.2),
        "noise": Share(take=0.4),
    },
}
"""One mixture for each stage of the training: general reading first, news to the end, near-misses throughout."""
