"""Everything that Footnote raises on purpose, in one tree.

RagError
├── UserError             the caller can fix it: one line that says what failed and what to do
│   ├── QuestionError       an empty or oversized question
│   ├── SourceError         nothing readable at the path given to `sync`
│   ├── CorpusError         not a corpus, damaged, or made by other models
│   ├── LockedError         another process is writing to the corpus
│   ├── SpaceError          the disk is full; says how much is needed, and nothing stored is lost
│   ├── UnknownArticleError no article has this id
│   └── ModelError          an unknown model name, or a model file that is not the one we shipped
└── BackendError          a model or a server failed; `retryable` says whether trying again can help
"""


class RagError(Exception):
    """Root of all errors that Footnote raises on purpose."""


class UserError(RagError):
    """Something the caller can fix. The message is one line: what failed, and what to do."""


class QuestionError(UserError):
    """The question is empty, too long, or not text."""


class SourceError(UserError):
    """A path given to `sync` does not exist or holds no article."""


class CorpusError(UserError):
    """The folder is not a corpus, is damaged, or was made by other models or settings."""


class LockedError(CorpusError):
    """Another process is writing to this corpus."""


class SpaceError(CorpusError):
    """The disk is full. What was stored before is kept and answers."""


class UnknownArticleError(UserError):
    """No article in the corpus has this id."""


class ModelError(UserError):
    """A model name is unknown, or a model file is missing or not the one that we shipped."""


class BackendError(RagError):
    """A model or a server failed while it was working.

    `retryable` is True when the same call may succeed later.
    """

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable
