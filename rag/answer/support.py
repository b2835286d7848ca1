"""How well a quote backs a statement, and where in an article the best quote for a statement stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

from rag.errors import ModelError
from rag.ingest.sentences import sentences
from rag.models.cross import CrossReader
from rag.models.pairs import context
from rag.records import Hit

WORDS, READER = "words:overlap", "onnx:reader"
_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
_SMALL = frozenset(
    """a an the and but or so if then than of in on at by for from to with about as into over after before is are was
    were be been being do does did has have had will would can could should may might must it its he she they them his
    her their this that these those there who which what when where how why not no also said says say according
    article articles report reported reports passage""".split()  # noqa: SIM905
)
_NEGATIONS = frozenset("not no never none nor cannot without n't neither nobody nothing".split())  # noqa: SIM905
_MONTHS = "january february march april may june july august september october november december".split()  # noqa: SIM905
_UNITS = "one two three four five six seven eight nine".split()  # noqa: SIM905
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()  # noqa: SIM905
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
_NUMBERS = {word: n for n, word in enumerate([*_UNITS, *_TEENS], 1)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_SPELLED = re.compile(rf"\b(?:({'|'.join(_TENS)})[- ]({'|'.join(_UNITS)})|{'|'.join(_NUMBERS)})\b", re.IGNORECASE)
_COUNTED = 10
"""Number from which a number word needs its like in the quote: "the two sides" may be counted by whoever reads."""
_ISO = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
_MARKED = re.compile(
    r"[\[({]\s{0,4}(?:(?:passages?|sources?|articles?|refs?|nos?)\s{0,4}|[#p])?\d{1,2}(?!\d)\s{0,4}(?:[.,:;|](?!\d)|[\])}])",
    re.IGNORECASE,
)
"""What may be a mark in a shape that is not read, `(1)`."""
_BEST = 4
"""How many quotes of a passage are judged in full."""

_LIKELY = 3
"""How many passages that a sentence does not cite are looked through for what backs it."""


class Support(Protocol):
    """Judges statements by quotes. A quote comes with its article's title and date before it."""

    name: str
    threshold: float
    """Support under which a statement does not count as backed."""

    def score(self, statement: str, quote: str) -> float:
        """Return how likely the quote backs the statement, 0…1."""
        ...


@dataclass(frozen=True, kw_only=True)
class Quote:
    """A slice of an article that backs a statement, with how well it does."""

    hit: Hit
    start: int
    """Offset in the article."""
    end: int
    support: float

    @property
    def text(self) -> str:
        """The words themselves."""
        begin = self.hit.passage.start
        return self.hit.passage.text[self.start - begin : self.end - begin]


class WordSupport:
    """Counts what of the statement stands in the quote: words by their stem, names and numbers twice.

    It knows no synonyms and cannot tell who did what to whom. A number that the quote does not have, and a negation
    that only one of the two has, cost most: with such a number a statement is never backed, however long it is.
    """

    name = WORDS
    threshold = 0.5
    _invented = 0.49
    """Most that a statement gets of which the quote lacks a number."""

    def score(self, statement: str, quote: str) -> float:
        """Return the weighted share of the statement's words that the quote has, 0…1."""
        said, known = _weights(statement), _weights(quote)
        total = sum(said.values())
        if not total:
            return 0.0
        share = sum(weight for word, weight in said.items() if word in known) / total
        if _numbers(statement, least=_COUNTED) - _numbers(quote):
            share = min(share * 0.6, self._invented)
        return share * (0.8 if _negated(statement) != _negated(quote) else 1.0)


class ReaderSupport:
    """The trained reader's support head: it knows other words for the same, and what a changed detail does."""

    name = READER
    threshold = 0.5

    def __init__(self) -> None:
        self._reader = CrossReader()

    def score(self, statement: str, quote: str) -> float:
        """Return how likely the quote supports the statement, calibrated on dev claims, 0…1."""
        return self._reader.support(statement, [quote])[0]


@lru_cache(maxsize=2)
def load(name: str = WORDS) -> Support:
    """Return the judge of this name, the same one each time.

    Raises:
        ModelError: none has this name.
    """
    if name == WORDS:
        return WordSupport()
    if name == READER:
        return ReaderSupport()
    raise ModelError(f"Nothing that judges support is called {name!r}. Known: {WORDS}, {READER}.")


def best(statement: str, hit: Hit, judge: Support) -> Quote:
    """Return the sentence of a passage, or the two next to each other, that backs a statement best."""
    found = [judged(statement, hit, span, judge) for span in _promising(statement, hit)]
    return max(found, key=lambda quote: (quote.support, quote.start - quote.end))


def likeliest(statement: str, hits: Sequence[Hit]) -> list[Hit]:
    """Return the passages that share most words with a statement: judging them all would take a trained judge long."""
    said = _weights(statement)
    shares = [sum(said.get(word, 0) for word in _weights(hit.passage.text)) for hit in hits]
    order = sorted(range(len(hits)), key=lambda place: -shares[place])
    return [hits[place] for place in order[:_LIKELY]]


def judged(statement: str, hit: Hit, span: tuple[int, int], judge: Support) -> Quote:
    """Return one slice of a passage, offsets counting in the article, with its support."""
    quote = Quote(hit=hit, start=span[0], end=span[1], support=0.0)
    return Quote(hit=hit, start=span[0], end=span[1], support=judge.score(statement, _backing(statement, quote)))


def together(statement: str, quotes: Sequence[Quote], judge: Support) -> float:
    """Return how well several quotes back a statement between them."""
    return judge.score(statement, " ".join(_backing(statement, quote) for quote in quotes))


def in_context(hit: Hit, quote: str) -> str:
    """Return a quote with title and date before it, as the reader is trained to take it."""
    published = hit.article.published.isoformat() if hit.article.published else None
    return f"{context(hit.article.title, published)} {quote}"


def _backing(statement: str, quote: Quote) -> str:
    """Return a quote as it backs a statement: the article's date is no place where a mark's number may be found."""
    if _MARKED.search(statement):
        return f"{context(quote.hit.article.title, None)} {quote.text}"
    return in_context(quote.hit, quote.text)


def _promising(statement: str, hit: Hit) -> Iterable[tuple[int, int]]:
    """Return the spans that share most words with the statement; of equals the shorter, then the earlier."""
    text, start = hit.passage.text, hit.passage.start
    single = sentences(text)
    spans = [*single, *((a[0], b[1]) for a, b in pairwise(single))] or [(0, len(text))]
    said = _weights(statement)
    shared = {span: sum(said.get(word, 0) for word in _weights(text[slice(*span)])) for span in spans}
    spans.sort(key=lambda span: (-shared[span], span[1] - span[0], span[0]))
    return [(start + a, start + b) for a, b in spans[:_BEST]]


@lru_cache(maxsize=2048)
def _weights(text: str) -> dict[str, int]:
    """Return the stems of a text's words that say something: 2 for names and numbers, 1 for the others."""
    plain = _ISO.sub(lambda m: f"{m[1]} {_MONTHS[min(max(int(m[2]), 1), 12) - 1]} {int(m[3])}", text)
    found: dict[str, int] = {}
    for match in _WORD.finditer(plain):
        word = match[0]
        if word.lower() not in _SMALL:
            stem = _stem(word)
            named = word[0].isdigit() or (word[0].isupper() and match.start() > 0)
            found[stem] = max(found.get(stem, 0), 2 if named else 1)
    return found


def _numbers(text: str, *, least: int = 1) -> frozenset[str]:
    """Return a text's numbers as digits; of those in words the ones from `least` on.

    >>> sorted(_numbers("Twenty-one of 1,200 were freed in two hours.", least=10))
    ['1200', '21']
    """
    digits = {word for word in _weights(text) if word[0].isdigit()}
    found = (_NUMBERS[(m[1] or m[0]).lower()] + _NUMBERS.get((m[2] or "").lower(), 0) for m in _SPELLED.finditer(text))
    return frozenset(digits | {str(number) for number in found if number >= least})


def _stem(word: str) -> str:
    """Return a word without what inflects it, roughly.

    >>> _stem("Suspended"), _stem("suspends"), _stem("1,200"), _stem("Café’s")
    ('suspen', 'suspen', '1200', 'caf')
    """
    if word[0].isdigit():
        return word.replace(",", "")
    lower = unicodedata.normalize("NFKD", re.sub(r"['’]s?$", "", word.lower()))
    bare = "".join(c for c in lower if not unicodedata.combining(c))
    return re.sub(r"(?<=\w{3})(?:ing|edly|ed|es|s|e|ly)$", "", bare)[:6]


def _negated(text: str) -> bool:
    return any(word in _NEGATIONS or word.endswith(("n't", "n’t")) for word in re.findall(r"[\w'’]+", text.lower()))
