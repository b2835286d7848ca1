"""What a suite is made of. These come from files that others wrote, so they are validated strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from eval.locate import Canvas
from rag.ingest.sniff import SUFFIXES

Split = Literal["dev", "held-out"]
PATTERN = "re:"
"""How an accepted answer begins that is a regular expression."""
_NAME_BYTES = 100
_MARKED = frozenset(suffix for suffix, kind in SUFFIXES.items() if kind in ("text", "markdown"))
"""Suffixes of files whose Markdown `rag sync` takes off; in a `.txt` it does so where it sees any."""
_UNFIT = re.compile(r"[/\\\x00-\x1f\x7f-\x9f]")


class _Line(BaseModel):
    # With a length to keep, pydantic refuses half of a surrogate pair, which no file and no hash could hold.
    model_config = ConfigDict(extra="forbid", frozen=True, str_min_length=0)


class Evidence(_Line):
    """Where the corpus says it."""

    article: str = Field(min_length=1)
    """Id of the article, or its file name within the corpus folder."""
    quote: str = ""
    """The words that say it, as they stand in the article; empty when only the article is known."""
    grade: int = Field(default=1, ge=0)
    """How relevant; 0 is judged and not relevant."""


class Case(_Line):
    """One question with everything needed to judge an answer to it."""

    id: str = Field(min_length=1)
    question: str = Field(min_length=1)
    answers: tuple[str, ...] = ()
    """Any one is right; `re:` starts a case-insensitive regular expression."""
    evidence: tuple[Evidence, ...] = ()
    answerable: bool = True
    history: tuple[str, ...] = ()
    """The earlier questions of the conversation, oldest first."""
    kind: str = ""
    split: Split | None = None
    """Overrides the suite's split for this case."""

    @field_validator("answers")
    @classmethod
    def _usable(cls, answers: tuple[str, ...]) -> tuple[str, ...]:
        for answer in answers:
            if not answer.removeprefix(PATTERN).strip():
                raise ValueError("an accepted answer is empty")
            if answer.startswith(PATTERN):
                try:
                    re.compile(answer.removeprefix(PATTERN))
                except re.error as error:
                    raise ValueError(f"{answer!r} is no regular expression: {error}") from None
        return answers


class SourceArticle(_Line):
    """One article of a suite's corpus."""

    id: str = Field(min_length=1)
    title: str = ""
    text: str = Field(min_length=1)
    published: str | None = None
    source: str | None = None
    author: str | None = None
    url: str | None = None

    @field_validator("title", mode="before")
    @classmethod
    def _untitled(cls, title: object) -> object:
        """A table's writer says null for a title that is not known, as for the other optional fields."""
        return "" if title is None else title


class SuiteFile(_Line):
    """What `suite.toml` says."""

    name: str = Field(min_length=1)
    description: str = ""
    licence: str = ""
    source: str = ""
    split: Split | None = None
    metrics: tuple[str, ...] = ()
    """Which metrics the table shows; empty shows the usual ones."""
    corpus: str | None = None
    """Where the corpus is when it is not in the folder: a path, or `bundled:seeds`."""
    task: Literal["answer", "search"] = "answer"
    """`search` asks for passages only: for sets that judge retrieval alone."""
    unit: Literal["quote", "article"] | None = None
    """What retrieval must find; by default quotes when the cases have them."""

    @field_validator("name")
    @classmethod
    def _one_folder(cls, name: str) -> str:
        """A run and a cached corpus lie in a folder of this name, so it must not lead anywhere else."""
        if name in {".", ".."} or _UNFIT.search(name):
            raise ValueError("it names a folder too: no slash, backslash or control character, not `.` or `..`")
        if len(name.encode()) > _NAME_BYTES:
            raise ValueError(f"it names a folder too: at most {_NAME_BYTES} bytes")
        return name


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Something wrong with an input file. The rest of the file is still used."""

    file: str
    line: int | None
    what: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.what}"


@dataclass(frozen=True, kw_only=True)
class Suite:
    """Cases and the corpus they are asked of."""

    meta: SuiteFile
    folder: Path
    """Where it was read from."""
    articles: dict[str, SourceArticle]
    cases: tuple[Case, ...]
    corpus_folder: Path | None = None
    """Set when the corpus is a folder of files, which a system may read by itself."""
    sha256: str
    """Of the articles and the cases."""
    corpus_sha256: str
    troubles: tuple[Trouble, ...] = ()
    notes: tuple[str, ...] = ()
    """What a careful user should know and is no fault."""
    _canvases: dict[str, Canvas] = field(default_factory=dict, repr=False, compare=False)

    @property
    def name(self) -> str:
        return self.meta.name

    @property
    def unit(self) -> str:
        """What retrieval must find: `quote` or `article`."""
        if self.meta.unit:
            return self.meta.unit
        return "quote" if any(e.quote for case in self.cases for e in case.evidence) else "article"

    def canvas(self, article: str) -> Canvas | None:
        """Return the searchable text of an article, or None when the suite has no such article."""
        if article not in self._canvases and article in self.articles:
            marked = Path(article).suffix.lower() in _MARKED
            self._canvases[article] = Canvas(self.articles[article].text, marked=marked)
        return self._canvases.get(article)
