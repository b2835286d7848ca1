"""Questions that the articles answer: each one is asked, and shown only when its own article answers it."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from rag.answer import extract
from rag.errors import RagError, UnknownArticleError
from rag.models import cross
from rag.records import Answer, Article, Filter, Turn
from rag.retrieve.standalone import standalone
from ui.suggest.questions import Candidate, candidates
from ui.suggest.words import words

if TYPE_CHECKING:
    from rag.corpus import Corpus

log = logging.getLogger(__name__)

FILE = "questions.json"
VERSION = 1
AT_FIRST, FURTHER = 4, 3
"""Questions shown on an empty page, and after an answer."""
_ARTICLES = 60
"""Articles, the newest ones, that first questions are looked for in."""
_TRIES = 3
"""Questions asked of one article before it is given up; three times as many after an answer."""
_ABOUT = 0.5
"""What each of the first three words counts that a question shares with a title, or with the answer before it."""
_PATIENCE = 20.0
"""Seconds that this waits for the readers' own questions before it gives up."""
_WORTH = {"why": 3.0, "heading": 3.0, "how many": 2.4, "what": 2.2, "where": 2.0, "when": 2.0, "who did": 1.6,
          "essence": 1.6, "what is": 1.6, "who": 0.6}  # fmt: skip
"""What a kind of question counts for, beside what it is about."""


_SMALL = words(
    "what when where which that this with from have does were their about would could many much january february march "
    "april june july august september october november december"
)


class Calm:
    """Whether anybody waits for an answer: what is done in the background waits until nobody does."""

    def __init__(self) -> None:
        self._waiting = 0
        self._changed = threading.Condition()

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Count an answer that is under way."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def wait(self, seconds: float) -> bool:
        """Wait until no answer is under way; False when it takes longer."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting, seconds)

    def _count(self, step: int) -> None:
        with self._changed:
            self._waiting += step
            self._changed.notify_all()


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a question is asked in: the turns before it, and what the articles are narrowed to."""

    history: tuple[Turn, ...] = ()
    where: Filter | None = None


@dataclass(frozen=True, kw_only=True)
class Idea:
    """A question, the article that it was made from, and how much it promises."""

    article: Article
    candidate: Candidate
    worth: float

    @property
    def text(self) -> str:
        """The question."""
        return self.candidate.text


@dataclass(kw_only=True)
class Known:
    """Which questions are answered, kept beside the corpus; `state` is what the answers depend on."""

    state: str = ""
    verdicts: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path, state: str) -> Known:
        """Read the file, if it is there and was written in the same state."""
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            if kept["state"] == state:
                return cls(state=state, verdicts=dict(kept["verdicts"]))
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return cls(state=state)

    def save(self, path: Path) -> None:
        """Write the file; beside a corpus that cannot be written to, nothing is kept."""
        draft = path.with_suffix(".tmp")
        try:
            draft.write_text(json.dumps({"state": self.state, "verdicts": self.verdicts}), encoding="utf-8")
            draft.replace(path)
        except OSError as error:
            log.info("suggested questions are not kept: %s", error)


class Suggestions:
    """Finds questions in one corpus, one call at a time."""

    def __init__(self, corpus: Corpus, calm: Calm) -> None:
        self.corpus = corpus
        self.calm = calm
        self._lock = threading.Lock()
        self._known = Known()

    def first(self, where: Filter | None = None) -> list[str]:
        """Return questions to begin with, each from another article as far as that goes."""
        pools = [self._best(article) for article in self.corpus.articles(where, limit=_ARTICLES)]
        rounds = (sorted(filter(None, one), key=lambda idea: -idea.worth) for one in zip_longest(*pools))
        in_turn = [idea for one in rounds for idea in one]
        return self._answered(in_turn, Context(where=where), AT_FIRST)

    def further(self, answer: Answer, context: Context) -> list[str]:
        """Return questions to go on with, from the articles that the answer cites or came nearest to.

        `context` has the turns up to and with this answer.
        """
        said = {turn.question.casefold().strip(" ?") for turn in context.history}
        pool = [one for article in _articles(answer) for one in self._candidates(article)]
        fresh = [one for one in pool if one.text.casefold().strip(" ?") not in said and not _cited(one, answer)]
        topic = _words(f"{answer.standalone_question} {' '.join(c.quote for c in answer.citations)}")
        fresh.sort(key=lambda one: -one.worth - min(len(_words(one.text) & topic), 3) * _ABOUT)
        return self._answered(fresh, context, FURTHER)

    def _candidates(self, article: Article) -> list[Idea]:
        try:
            text = self.corpus.text(article.id)
        except UnknownArticleError:
            return []
        ideas = [Idea(article=article, candidate=one, worth=_worth(one, article)) for one in candidates(text)]
        return sorted(ideas, key=lambda one: -one.worth)

    def _best(self, article: Article) -> list[Idea]:
        return self._candidates(article)[:_TRIES]

    def _answered(self, ideas: Sequence[Idea], context: Context, most: int) -> list[str]:
        """Ask the questions in turn until enough of them are answered."""
        found: list[Idea] = []
        with self._lock:
            self._refresh()
            for idea in ideas[: _TRIES * most]:
                if any(_alike(idea, other) for other in found):
                    continue
                verdict = self._verdict(idea, context)
                if verdict is None or len(found) == most:
                    break
                found += [idea] if verdict else []
            self._known.save(self.corpus.path / FILE)
        return [idea.text for idea in found]

    def _verdict(self, idea: Idea, context: Context) -> bool | None:
        """Whether a question is answered by its own article; None when there is no time to find out."""
        alone = context.where is None and standalone(idea.text, context.history) == idea.text
        if alone and idea.text in self._known.verdicts:
            return self._known.verdicts[idea.text]
        if not self.calm.wait(_PATIENCE):
            return None
        try:
            answer = self._asker().ask(idea.text, history=context.history, where=context.where)
        except RagError:
            return None
        verdict = answers(answer, idea)
        if alone:
            self._known.verdicts[idea.text] = verdict
        return verdict

    def _refresh(self) -> None:
        """Forget what was found out in another state of the corpus, or with another reader."""
        reader = [self.corpus.settings.answer.reader, cross.shipped().state]
        depends_on = [VERSION, self.corpus.threshold, *reader, *sorted(one.sha256 for one in self.corpus.articles())]
        state = hashlib.sha256(repr(depends_on).encode()).hexdigest()
        if self._known.state != state:
            self._known = Known.load(self.corpus.path / FILE, state)

    def _asker(self) -> Corpus:
        """The corpus as it answers without a language model: looking for questions costs nobody anything."""
        return self.corpus.using(self.corpus.settings.with_llm(extract.NAME))


def answers(answer: Answer, idea: Idea) -> bool:
    """Whether an answer quotes the sentence that the question was made from, with the words it asked for."""
    one = idea.candidate
    said = " ".join(f"{answer.short or ''} {' '.join(c.quote for c in answer.citations)}".split())
    return answer.answered and _cited(idea, answer) and one.expected.casefold() in said.casefold()


def _cited(idea: Idea, answer: Answer) -> bool:
    one = idea.candidate
    return any(c.article.id == idea.article.id and c.start < one.end and one.start < c.end for c in answer.citations)


def _articles(answer: Answer) -> list[Article]:
    """Return the articles of an answer: those it cites, else those that came nearest."""
    near = [hit.article for hit in answer.nearest]
    return list({article.id: article for article in [c.article for c in answer.citations] or near}.values())


def _worth(one: Candidate, article: Article) -> float:
    """Return how much a question promises: by its kind, by what it shares with the title, by where it stands."""
    about = len(_words(one.text) & _words(article.title))
    place = one.start / max(article.chars, 1)
    return _WORTH[one.kind] + min(about, 3) * _ABOUT - place - abs(len(one.text) - 55) / 100


def _alike(one: Idea, other: Idea) -> bool:
    mine, theirs = _words(one.text), _words(other.text)
    same_sentence = one.article.id == other.article.id and one.candidate.start == other.candidate.start
    return same_sentence or 2 * len(mine & theirs) > min(len(mine), len(theirs))


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{4,}", text.casefold())) - _SMALL
