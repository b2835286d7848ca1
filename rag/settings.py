"""All settings, grouped by the stage that reads them. They build nothing.

Order of precedence: arguments, environment (`RAG_RETRIEVE__CANDIDATES=100`), defaults.
"""

from __future__ import annotations

import hashlib
import os

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from rag.errors import UserError


class _Stage(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Ingest(_Stage):
    """How files become passages. These settings shape the index: see `Settings.fingerprint`."""

    embedder: str = "onnx:minilm"
    """Text to vector, `kind:name`."""
    passage_tokens: int = Field(default=200, ge=32, le=480)
    """Largest passage, in tiktoken tokens."""
    max_file_mb: int = Field(default=50, ge=1)
    """Larger files are refused before they are read."""


class Retrieve(_Stage):
    """How passages are found."""

    candidates: int = Field(default=50, ge=1, le=1000)
    """How many passages each search returns before fusion."""
    rrf_k: int = Field(default=5, ge=1)
    """Smoothing of reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009)."""
    first: int = Field(default=8, ge=1, le=200)
    """How many fused passages are read at first."""
    sure: float = Field(default=0.7, ge=0, le=1)
    """Confidence at which the first are enough; with less, all of `read` are read."""
    read: int = Field(default=16, ge=1, le=200)
    """How many fused passages are read at most."""


class AnswerSettings(_Stage):
    """How answers are made and when they are refused."""

    reader: str = "onnx:reader"
    """Question and passage to relevance and evidence, `kind:name`."""
    sentences: int = Field(default=3, ge=1, le=10)
    """Most sentences in an extractive answer, besides those that they lean on; of several parts two of each."""
    enough: float = Field(default=0.9, ge=0, le=1)
    """Further sentences are quoted until it is this likely that one of those quoted answers."""
    least: float = Field(default=0.05, ge=0, le=1)
    """A further sentence is quoted only when it is at least this likely to answer."""
    threshold: float | None = Field(default=None, ge=0, le=1)
    """Confidence under which a question is refused; None is the calibrated default."""
    llm: str = "extractive"
    """Generator, `kind:model`, see `docs/llm.md`."""


class Generate(_Stage):
    """How a language model answers, when `answer.llm` names one. Keys are read from the environment only."""

    base_url: str | None = None
    """The server's address; None is the provider's environment variable, else its own address."""
    deadline: float = Field(default=60, gt=0, le=3600)
    """Seconds for everything that language models do for one answer."""
    connect: float = Field(default=5, gt=0, le=60)
    """Seconds within which the server must take a connection."""
    passages: int = Field(default=8, ge=1, le=50)
    """Most passages shown to the model."""
    per_article: int = Field(default=4, ge=1)
    """Most passages of one article."""
    prompt_tokens: int = Field(default=4_000, ge=200)
    """Budget for passages, in tiktoken tokens."""
    answer_tokens: int = Field(default=700, ge=16)
    """Longest answer; what goes on beyond it is cut and marked incomplete."""
    sentences: int = Field(default=6, ge=1, le=30)
    """How many sentences the model is asked for at most."""
    least: float = Field(default=0.2, ge=0, le=1)
    """Confidence under which the model is not asked for an answer. Between this and the threshold it decides, and when
    it fails the question is refused; an `answer.threshold` that is set holds for models too."""
    strict: bool = False
    """Leave out sentences that their quotes do not support, instead of marking them."""
    support: str = "words:overlap"
    """What judges whether a quote supports a sentence, `kind:name`."""
    supported: float | None = Field(default=None, ge=0, le=1)
    """Support under which a sentence is marked or left out; None is the judge's own."""
    rewrite: bool = True
    """Let the model make follow-up questions stand alone, and take apart questions that the rules leave whole; rules
    alone do it otherwise, and when it fails."""
    price_in: float | None = Field(default=None, ge=0)
    """US dollars for a million tokens of prompt."""
    price_out: float | None = Field(default=None, ge=0)
    """US dollars for a million tokens of answer."""
    conversation_tokens: int | None = Field(default=None, ge=0)
    """Tokens in and out after which a conversation goes on without the model; None is no limit."""


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(env_prefix="RAG_", env_nested_delimiter="__", extra="forbid", frozen=True)

    ingest: Ingest = Ingest()
    retrieve: Retrieve = Retrieve()
    answer: AnswerSettings = AnswerSettings()
    generate: Generate = Generate()
    max_question_chars: int = Field(default=8_000, ge=100)

    def with_llm(self, llm: str) -> Settings:
        """Return these settings with another generator."""
        return self.model_copy(update={"answer": self.answer.model_copy(update={"llm": llm})})

    def fingerprint(self, embedder_sha256: str) -> str:
        """Return a short name for everything that shapes a corpus's index.

        A corpus made under another fingerprint cannot be searched with these settings.
        """
        shape = f"embedder={embedder_sha256};passage_tokens={self.ingest.passage_tokens};splitter=1"
        return hashlib.sha256(shape.encode()).hexdigest()[:16]


def load(*, llm: str | None = None) -> Settings:
    """Return the settings from the environment; `llm`, or `RAG_LLM`, names the generator.

    Raises:
        UserError: a variable holds a value that does not fit, named with its reason.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "RAG_" + "__".join(str(part) for part in first["loc"]).upper()
        raise UserError(f"{name} is not usable: {first['msg']}. Change or unset it.") from None
    except SettingsError as error:
        groups = (name for name in Settings.model_fields if f'"{name}"' in str(error))
        name = f"RAG_{next(groups, '…').upper()}"
        raise UserError(f"{name} is not usable: it is not JSON. Unset it, and set one value as {name}__NAME.") from None
    llm = llm or os.environ.get("RAG_LLM")
    return settings.with_llm(llm) if llm else settings  # set to nothing is not set
