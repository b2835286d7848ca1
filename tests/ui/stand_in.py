"""A corpus of two short articles whose answers are written by hand, with a `rag.Corpus`'s methods."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from rag.errors import UnknownArticleError, UserError
from rag.records import NOT_IN_CORPUS, Answer, Article, Citation, Filter, Hit, Passage, Piece, Turn
from rag.settings import Settings

TALKS_TEXT = """# Talks resume

Beijing cut the military channels after Nancy Pelosi visited Taiwan in August 2022. The line stayed dead
for a year.

Officers met again in January 2024.
"""
SHIPS_TEXT = "The ships sailed home.\n\nNobody was hurt, said the captain.\n"

TALKS = Article(
    id="talks", path="talks.md", title="Talks resume", author="A. Writer", published=date(2024, 1, 9),
    source="The Post", url="https://post.example/talks", chars=len(TALKS_TEXT), sha256="0" * 64,
)  # fmt: skip
SHIPS = Article(id="ships", title="Ships", chars=len(SHIPS_TEXT), sha256="1" * 64)
TEXTS = {"talks": TALKS_TEXT, "ships": SHIPS_TEXT}


def citation(number: int, article: Article, quote: str) -> Citation:
    start = TEXTS[article.id].index(quote)
    return Citation(
        number=number, quote=quote, start=start, end=start + len(quote), article=article,
        passage_id=f"{article.id}:0", support=0.9,
    )  # fmt: skip


def hit(article: Article, words: str) -> Hit:
    start = TEXTS[article.id].index(words)
    passage = Passage(id="p", article_id=article.id, start=start, end=start + len(words), text=words)
    return Hit(passage=passage, article=article, score=0.5, relevance=0.2, ranks={"dense": 1})


CUT = citation(1, TALKS, "Beijing cut the military channels after Nancy Pelosi visited Taiwan in August 2022.")
DEAD = citation(2, TALKS, "The line stayed dead\nfor a year.")
HURT = citation(3, SHIPS, "Nobody was hurt, said the captain.")

ANSWER = Answer(
    question="why?", standalone_question="why?", answered=True, confidence=0.9, generator="extractive",
    text=f"{CUT.quote[:-1]} [1]. {DEAD.quote[:-1]} [2].\n\n{HURT.quote[:-1]} [3].",
    short="Pelosi visited Taiwan", citations=(CUT, DEAD, HURT),
    hits=(hit(TALKS, CUT.quote), hit(SHIPS, "The ships sailed home.")), timings={"retrieve": 4.2, "read": 20.4},
)  # fmt: skip
REFUSAL = Answer(
    question="who won?", standalone_question="who won?", answered=False, confidence=0.1,
    generator="extractive", text=NOT_IN_CORPUS,
    hits=(hit(SHIPS, "The ships sailed home."),), nearest=(hit(SHIPS, "The ships sailed home."),),
)  # fmt: skip


NOWHERE = Path("no such folder")
"""A corpus that nothing can be kept beside."""


class StandIn:
    """Answers every question alike, except that one with `won` is refused and one with `fail` fails.

    `pause` is the seconds between two pieces; `heard` keeps what was streamed, with its history, `asked` the rest;
    `said` keeps every word that was streamed, `closed` the questions whose stream is over.
    """

    def __init__(self, pause: float = 0.0, path: Path = NOWHERE) -> None:
        self.pause = pause
        self.path = path
        self.heard: list[tuple[str, tuple[Turn, ...], Filter | None]] = []
        self.asked: list[tuple[str, Filter | None]] = []
        self.used: list[Settings] = []
        self.said: list[str] = []
        self.closed: list[str] = []

    refuses = False
    settings = Settings()
    threshold = 0.4

    def using(self, settings: Settings) -> StandIn:
        self.used.append(settings)
        other = copy.copy(self)
        other.settings = settings
        return other

    def article(self, article_id: str) -> Article:
        self.text(article_id)
        return {"talks": TALKS, "ships": SHIPS}[article_id]

    def articles(self, where: Filter | None = None, *, limit: int | None = None, offset: int = 0) -> list[Article]:
        return [TALKS, SHIPS][offset:][:limit]

    def ask(self, question: str, *, history: tuple[Turn, ...] = (), where: Filter | None = None) -> Answer:
        self.asked.append((question, where))
        return REFUSAL if self.refuses else ANSWER

    def text(self, article_id: str) -> str:
        if article_id not in TEXTS:
            raise UnknownArticleError(f"No article has the id {article_id!r}.")
        return TEXTS[article_id]

    def passages(self, article_id: str) -> list[Passage]:
        found = [one.passage for one in ANSWER.hits if one.article.id == article_id]
        return [replace(one, heading="Talks resume" if article_id == "talks" else None) for one in found]

    def stream(
        self, question: str, *, history: tuple[Turn, ...] = (), where: Filter | None = None
    ) -> Iterator[Piece | Answer]:
        self.heard.append((question, tuple(history), where))
        if "fail" in question:
            raise UserError("<b>No</b> such thing: try another.")
        lenient = (self.settings.answer.threshold or self.threshold) <= REFUSAL.confidence
        answer = ANSWER if "won" not in question else replace(ANSWER, confidence=0.1) if lenient else REFUSAL
        try:
            for word in answer.text.split(" "):
                time.sleep(self.pause)
                self.said.append(word)
                yield Piece(text=word + " ")
            yield answer
        finally:
            self.closed.append(question)
