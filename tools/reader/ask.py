"""Questions put to the reader: beside their own passage, and in a whole corpus as the product asks them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rag.corpus import Corpus
from rag.models.cross import CrossReader, Scan
from rag.models.reader import Reading
from rag.records import Article, Hit, Passage
from rag.retrieve.rank import Ranking, merit
from tools.reader.records import Question, Text
from tools.reader.sets import news_articles


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A question beside its own passage, and what the network said."""

    question: Question
    scan: Scan


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question for a whole corpus."""

    question: str
    answerable: bool
    """In this corpus."""
    places: tuple[tuple[str, int | None], ...]
    """Where the answer stands: the article, and the offset where it is known."""
    answers: tuple[str, ...] = ()
    """The accepted ones, where they are known."""


@dataclass(frozen=True, kw_only=True)
class Among:
    """A question in a corpus: the fused hits that were read, best first, and what the network said of each."""

    asked: Asked
    hits: tuple[Hit, ...]
    scans: tuple[Scan, ...]

    def holds(self, place: int) -> bool:
        """Tell whether a hit holds the answer."""
        hit = self.hits[place]
        inside = range(hit.passage.start, hit.passage.end)
        return any(hit.article.id == name and (at is None or at in inside) for name, at in self.asked.places)


def beside(reader: CrossReader, questions: Iterable[Question]) -> list[Beside]:
    """Read each question's own passage."""
    return [Beside(question=q, scan=reader.scan(q.question, [record(q.passage)])[0]) for q in questions]


def within(question: Question, *, far: bool = False) -> Asked:
    """Return the question of a data set as asked in a corpus; `far`: in one that holds no answer to it."""
    places = ((question.passage.article, question.span and question.span[0]),)
    return Asked(question=question.question, answerable=question.answerable and not far, places=places)


def among(reader: CrossReader, corpus: Corpus, questions: Iterable[Asked]) -> list[Among]:
    """Search the corpus for each question and read as much as the product does where it is unsure.

    A question that finds nothing is left out.
    """
    settings, found = corpus.settings.retrieve, []
    for asked in questions:
        hits = corpus._ranker.search(asked.question, None, settings)[: settings.read]
        scans = reader.scan(asked.question, [(hit.passage, hit.article) for hit in hits])
        if hits:
            found.append(Among(asked=asked, hits=tuple(hits), scans=tuple(scans)))
    return found


def alone(passage: Text, reading: Reading) -> Ranking:
    """Return the ranking of a corpus that is this passage and nothing else."""
    read, article = record(passage)
    score = merit(reading.relevance, reading.answerable, 1.0)
    hit = Hit(passage=read, article=article, score=score, relevance=reading.relevance)
    return Ranking(hits=(hit,), readings=(reading,))


@contextmanager
def scratch(folder: Path | None) -> Iterator[Path]:
    """Give the folder in which corpora are made and kept, or one that is deleted afterwards."""
    with tempfile.TemporaryDirectory() as passing:
        yield folder or Path(passing)


def news_corpus(folder: Path) -> Corpus:
    """Return a corpus of the 110 articles of `news_fiction`, made in `folder` when it is not there."""
    return articles_corpus(folder, news_articles().values())


def articles_corpus(folder: Path, articles: Iterable[Mapping[str, Any]]) -> Corpus:
    """Return a corpus of these articles, made in `folder` when it is not there."""
    corpus = Corpus.open(folder)
    if not corpus.articles(limit=1):
        keep = ("id", "title", "author", "published", "source", "text")
        corpus.add_many([{key: row.get(key) for key in keep} for row in articles])
    return corpus


def passages_corpus(folder: Path, passages: Iterable[Text]) -> Corpus:
    """Return a corpus in which each passage is an article."""
    corpus = Corpus.open(folder)
    if not corpus.articles(limit=1):
        made = {p.article: {"id": p.article, "title": p.title, "text": p.text} for p in passages}
        corpus.add_many(list(made.values()))
    return corpus


def record(passage: Text) -> tuple[Passage, Article]:
    """Return a passage as the reader takes it."""
    published = date.fromisoformat(passage.published) if passage.published else None
    article = Article(id=passage.article, title=passage.title, published=published, chars=len(passage.text), sha256="")
    return Passage(id="p", article_id=article.id, start=0, end=len(passage.text), text=passage.text), article
