"""What crosses a boundary: frozen, keyword-only records. They hold no behaviour beyond their own text.

The text is not the score: a `Passage` is what was written, a `Hit` is what a search said about it,
a `Citation` is what an answer quotes. All offsets count characters of the article's stored text,
end exclusive, so that `text[start:end]` is the words themselves.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

NOT_IN_CORPUS = "The articles do not answer this question."
"""How every refusal begins."""
_LIVE = re.compile(r"<|!(?=\[)|(?<=\])\(")


@dataclass(frozen=True, kw_only=True)
class Article:
    """One document of the corpus. What its source does not say is None, never guessed."""

    id: str
    """Unique within the corpus, stable while the file keeps its path."""
    path: str | None = None
    """Where it was read from; None for text that was added directly."""
    title: str
    author: str | None = None
    published: date | None = None
    source: str | None = None
    """The outlet that published it."""
    url: str | None = None
    language: str | None = None
    chars: int
    """Length of the stored text."""
    sha256: str
    """Hash of the stored text, UTF-8."""
    copies: tuple[str, ...] = ()
    """Ids of the articles that say exactly the same; their text is stored and indexed once."""
    story: str | None = None
    """The same for articles that are copies of each other but for small edits; None for an article alone."""


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A slice of an article that is indexed."""

    id: str
    article_id: str
    start: int
    end: int
    text: str
    heading: str | None = None
    """The section heading that it stands under."""


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A passage that a search returned, with what the search said about it."""

    passage: Passage
    article: Article
    score: float
    """What the hits are ordered by; comparable within one search only."""
    relevance: float
    """0…1, the reader's."""
    ranks: Mapping[str, int] = field(default_factory=dict)
    """Rank from 1 in each list that found it: `dense`, `lexical`."""


@dataclass(frozen=True, kw_only=True)
class Citation:
    """A numbered quote. `text[start:end] == quote` holds for the article's stored text."""

    number: int
    """From 1, in the order of first use in the answer."""
    quote: str
    start: int
    end: int
    article: Article
    passage_id: str
    support: float
    """0…1: how well the quote backs the sentence that cites it."""


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What an answer cost. All zero without a language model."""

    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None
    """In US dollars, None when no price is known."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the corpus says to a question, or that it says nothing."""

    question: str
    standalone_question: str
    """The question as it was searched for, with what the conversation adds."""
    text: str
    """Prose with markers, `… in August 2022 [1].`; starts with `NOT_IN_CORPUS` when not answered."""
    answered: bool
    short: str | None = None
    """The shortest span that answers, when there is one."""
    confidence: float
    """0…1, calibrated: how likely it is that the articles answer the question."""
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    """What was read, best first."""
    nearest: tuple[Hit, ...] = ()
    """What to look at when not answered."""
    notes: tuple[str, ...] = ()
    """What the reader of the answer should know, for example why a language model was not used."""
    generator: str
    """`extractive`, or the language model's name."""
    usage: Usage = Usage()
    timings: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds per stage."""

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain JSON values."""
        record: dict[str, Any] = to_plain(self)
        return record

    def to_json(self) -> str:
        """Return the answer as one JSON document."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def to_markdown(self) -> str:
        """Return the text followed by its numbered quotes with title, outlet and date; what articles say stays text."""
        lines = [inert(self.text)]
        for citation in self.citations:
            quote = " ".join(citation.quote.split())
            lines.append(inert(f"[{citation.number}] {describe(citation.article)}: “{quote}”"))
        return "\n\n".join(lines) + "\n"


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One question and its answer in a conversation."""

    question: str
    answer: Answer | str


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A piece of an answer's text, as it comes."""

    text: str
    """Empty while a language model keeps one waiting."""


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which articles count. Every field that is set must match; dates are inclusive, ISO or `date`."""

    published_from: date | str | None = None
    published_to: date | str | None = None
    source: str | None = None
    """Part of the outlet's name, case ignored."""
    author: str | None = None
    """Part of the author's name, case ignored."""
    language: str | None = None
    article_ids: tuple[str, ...] | None = None
    path_prefix: str | None = None
    """How the path of an article's file begins; one that is not absolute begins in the working directory."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a long piece of work has come."""

    stage: str
    """`read`, `embed` or `index`."""
    done: int
    total: int
    item: str = ""
    """What is being worked on."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A file that could not be taken in, and why."""

    path: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Renamed:
    """An article whose file has a new name and the same content."""

    before: str
    """Its id under the old name."""
    after: str


@dataclass(frozen=True, kw_only=True)
class SyncReport:
    """What a sync did, or with `dry_run` would do. Articles are named by id, each in one place."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Something wrong with a corpus, and how to mend it."""

    what: str
    mend: str


def describe(article: Article) -> str:
    """Return title, outlet and date on one line.

    >>> describe(Article(id="a", title="Talks", source="Post", published=date(2023, 7, 10), chars=0, sha256=""))
    'Talks, Post, 2023-07-10'
    """
    published = article.published.isoformat() if article.published else None
    return ", ".join(part for part in (article.title, article.source, published) if part)


def inert(text: str) -> str:
    """Return a text as Markdown in which nothing of it becomes an image, a link with an address or HTML.

    >>> inert("See <b>it</b> ![x](http://a.example) [1]")
    'See &lt;b>it&lt;/b> &#33;[x]&#40;http://a.example) [1]'
    """
    return _LIVE.sub(lambda found: "&lt;" if found[0] == "<" else f"&#{ord(found[0])};", text)


def to_plain(value: object) -> Any:
    """Return records, and whatever holds them, as plain JSON values."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {key: to_plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
