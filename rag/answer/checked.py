"""A language model's prose, checked sentence by sentence: every mark becomes an exact quote or goes.

What the model wrote is split into units (`units`), made inert (`plain`), its marks are read (`markers`), and for each
claim the best quote within the cited passages is found and judged (`support`). A claim that cites the wrong passage
is moved to the one that backs it. What nothing backs is marked or left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rag.answer import listed, markers, support
from rag.answer.cite import before_stop, cite
from rag.answer.declined import declines
from rag.answer.markers import Mark
from rag.answer.plain import plain
from rag.answer.support import Quote, Support
from rag.answer.units import Units, is_code
from rag.errors import UnknownArticleError
from rag.records import Citation, Hit

UNSUPPORTED = "(not supported by its quote)"
"""Stands after a sentence whose quotes do not back it."""
_LEAST = 4
"""A stretch between two marks with fewer words than this is judged together with the whole sentence."""
_HEAD_WORDS = 12
_TOPIC_WORDS = 2
"""A heading with more words of its own than this states something."""
_LEAD_IN = """answer background based below between brief cause change conclusion context detail development
    difference effect event example far follow following give here include key known list main name overview part
    passages point reason result short similarity source step summary timeline view"""
"""What headings and lead-ins are made of, whatever they are about."""
_STATES = re.compile(r"\d|\b(?:no|not)\b|[.!?…。！？]\W*$", re.IGNORECASE)
_BY_WORDS = support.WordSupport()
_WORDS = re.compile(r"[^\W_]+")
_PREFIX = re.compile(r"[ \t]*(?:#{1,6} |>[ \t]?|[-*•+] |\(?\d{1,3}[.)] )*")
_ENDED = re.compile(r"(?:[.!?…。！？][”’\"'»)\]*]*|```|~~~)(?:\s*\[\d+\])*\s*$")


@dataclass(kw_only=True)
class Tally:
    """What was done to a model's prose, for the notes."""

    unknown: int = 0
    """Marks that name no passage."""
    moved: int = 0
    """Claims cited to a passage that did not back them, while another did."""
    marked: int = 0
    dropped: int = 0
    supported: int = 0
    declined: int = 0
    """Sentences about what the passages do not say, instead of an answer."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A stretch of a sentence and the passages that it cites."""

    text: str
    mark: Mark | None
    quotes: tuple[Quote, ...] = ()
    """In the order of citation."""
    backed: bool = False


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How a model's prose is judged."""

    judge: Support
    threshold: float
    strict: bool
    text_of: Callable[[str], str]
    """An article's text by its id, as it is stored at this moment."""


class Checked:
    """Takes a model's prose as it comes, gives back what may be shown, and holds its citations.

    Headings and lead-ins that state nothing wait until something backed follows, so that nothing is shown before
    the first sentence that a quote backs.
    """

    def __init__(self, hits: Sequence[Hit], rules: Rules) -> None:
        self._hits = hits
        self._rules = rules
        self._units = Units()
        self._gap = ""
        self._heads = ""
        self._waiting = ""
        self._begun = False
        self._listing = listed.Listing(hits)
        self._numbers: dict[tuple[str, int, int], int] = {}
        self._citations: dict[int, Citation] = {}
        self._texts: dict[str, str] = {}
        """Of each article what was stored when its quotes were last found to stand there."""
        self.tally = Tally()

    def anew(self) -> Checked:
        """Return one for the same passages that has seen nothing yet."""
        return Checked(self._hits, self._rules)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """One for each marker that was shown, by number."""
        return tuple(self._citations.values()) if self._begun else ()

    def feed(self, text: str) -> Iterator[str]:
        """Take more of the prose and yield what may be shown; all of it together is the text."""
        for unit in self._units.feed(text):
            yield from self._show(unit)

    def close(self, *, whole: bool = True) -> Iterator[str]:
        """Yield the rest, now that nothing follows; unless the text is `whole`, without a sentence that broke off."""
        units = list(self._units.close())
        if units and not whole and not _ENDED.search(units[-1]):
            units.pop()
        for unit in units:
            yield from self._show(unit)

    def _show(self, unit: str) -> Iterator[str]:
        body = unit.strip()
        text = self._unmarked(body) if is_code(unit) else plain(body).strip()
        found = [] if is_code(unit) else markers.marks(text)
        after = unit[len(unit.rstrip()) :]
        if not is_code(unit) and self._declines(markers.without(text, found)):
            self.tally.declined += 1
            self._gap = _wider(self._gap, after)
            return
        if not is_code(unit) and self._lists(text, found, footnote=listed.is_footnote(body)):
            self._gap = _wider(self._gap, after)
            return
        if not found and _is_head(text, self._hits):
            self._heads += self._gap + text
            self._gap = after
            return
        shown = self._judged(text, found) if _WORDS.search(markers.without(text, found)) else None
        if shown is None:
            self._gap = _wider(self._gap, after)
            return
        self._waiting += self._heads + self._gap + shown
        self._heads, self._gap = "", after
        if self.tally.supported:
            yield self._waiting if self._begun else self._waiting.lstrip()
            self._waiting, self._begun = "", True

    def _declines(self, text: str) -> bool:
        return declines(_words_only(text), (hit.passage.text for hit in self._hits))

    def _lists(self, text: str, found: Sequence[Mark], *, footnote: bool) -> bool:
        """Tell a line of a list of sources; without a head only after something that is shown."""
        said = _words_only(markers.without(text, found))
        first = bool(found) and self._begun and not _WORDS.search(_PREFIX.sub("", text[: found[0].start]))
        cited = [self._hits[n - 1] for mark in found for n in self._known(mark)] if first else []
        return self._listing.has(said, footnote=footnote and bool(self._begun or self._waiting), cited=cited)

    def _judged(self, text: str, found: Sequence[Mark]) -> str | None:
        """Return a unit as it is shown, None when it is left out."""
        claims = [self._backed(claim) for claim in _claims(text, found)]
        if all(claim.backed for claim in claims):
            self.tally.supported += 1
            return self._written(text, claims)
        if self._rules.strict or not any(claim.quotes for claim in claims):
            self.tally.dropped += 1
            return None
        self.tally.marked += 1
        return f"{self._written(text, claims)} {UNSUPPORTED}"

    def _unmarked(self, code: str) -> str:
        """Return a block of code without the passages' numbers at the ends of sentences: it gets marks of its own."""
        given = [mark for mark in markers.marks(code) if len(self._known(mark)) == len(mark.numbers)]
        return markers.without(code, [mark for mark in given if _ends_sentence(code, mark)])

    def _known(self, mark: Mark) -> list[int]:
        """Return the numbers in a mark that name a passage."""
        return [n for n in mark.numbers if 1 <= n <= len(self._hits)]

    def _backed(self, claim: Claim) -> Claim:
        """Find the quotes for a claim: in the passages that it cites, else in any."""
        known = self._known(claim.mark) if claim.mark else []
        self.tally.unknown += len(claim.mark.numbers) - len(known) if claim.mark else 0
        judge, threshold = self._rules.judge, self._rules.threshold
        cited = self._standing(support.best(claim.text, self._hits[n - 1], judge) for n in known)
        if good := tuple(quote for quote in cited if quote.support >= threshold):
            return replace(claim, quotes=good, backed=True)
        if len(cited) > 1 and (joint := support.together(claim.text, cited, judge)) >= threshold:
            return replace(claim, quotes=tuple(replace(quote, support=joint) for quote in cited), backed=True)
        uncited = [hit for n, hit in enumerate(self._hits, 1) if n not in known]
        others = (support.best(claim.text, hit, judge) for hit in support.likeliest(claim.text, uncited))
        other = max(self._standing(others), key=lambda quote: quote.support, default=None)
        if other and other.support >= threshold:
            self.tally.moved += bool(known)
            return replace(claim, quotes=(other,), backed=True)
        return replace(claim, quotes=tuple(sorted(cited, key=lambda quote: -quote.support)[:1]))

    def _standing(self, quotes: Iterable[Quote]) -> list[Quote]:
        """Return the quotes that the stored articles still have: one may change while the model writes."""
        return [quote for quote in quotes if self._stored(quote.hit)[quote.start : quote.end] == quote.text]

    def _stored(self, hit: Hit) -> str:
        try:
            text = self._rules.text_of(hit.article.id)
        except UnknownArticleError:
            text = ""
        self._texts[hit.article.id] = text
        return text

    def _written(self, text: str, claims: Sequence[Claim]) -> str:
        """Return a sentence with our numbers where the model put its own."""
        parts, place = [], 0
        for claim in claims:
            numbers = sorted({self._number(quote) for quote in claim.quotes})
            given = "".join(f"[{number}]" for number in numbers)
            at, end = (claim.mark.start, claim.mark.end) if claim.mark else (before_stop(text),) * 2
            space = "\n" if is_code(text) else " "  # nothing may stand behind the end of a block of code
            parts.append(text[place:at] + (f"{space}{given}" if given else ""))
            place = end
        return "".join(parts) + text[place:]

    def _number(self, quote: Quote) -> int:
        """Return a quote's number, making its citation when it is cited for the first time."""
        key = (quote.hit.article.id, quote.start, quote.end)
        number = self._numbers.setdefault(key, len(self._numbers) + 1)
        before = self._citations.get(number)
        weakest = min(quote.support, before.support) if before else quote.support
        self._citations[number] = cite(
            number,
            quote.hit.article,
            self._texts[quote.hit.article.id],
            start=quote.start,
            end=quote.end,
            passage_id=quote.hit.passage.id,
            support=round(weakest, 4),
        )
        return number


def _claims(text: str, found: Sequence[Mark]) -> list[Claim]:
    """Cut a sentence at its marks; a short stretch stands for the whole sentence."""
    whole = _words_only(markers.without(text, found))
    claims, place = [], 0
    for n, mark in enumerate(found, start=1):
        stretch = text[place : mark.start] + (text[mark.end :] if n == len(found) else "")
        said = _words_only(stretch)
        claims.append(Claim(text=said if len(_WORDS.findall(said)) >= _LEAST else whole, mark=mark))
        place = mark.end
    return claims or [Claim(text=whole, mark=None)]


def _ends_sentence(code: str, mark: Mark) -> bool:
    """Tell a mark in code that stands as in prose, `cut [1].`, from a list of numbers, `x[1]` or `x = [1, 2]`."""
    before, after = code[mark.start - 1 : mark.start + 1], code[mark.end :]
    return bool(re.fullmatch(r"[\w.!?’”\"')][ \t]", before) and re.match(r"[.!?,;]*(?:\s|$)", after))


def _wider(one: str, other: str) -> str:
    return max(one, other, key=lambda gap: gap.count("\n"))


def _words_only(text: str) -> str:
    return " ".join(_PREFIX.sub("", text, count=1).replace("**", "").split()).strip(" ,;:")


def _is_head(unit: str, hits: Sequence[Hit]) -> bool:
    """Tell a heading or a lead-in, which states nothing itself: short, marked as one, and about what a passage says."""
    line = unit.strip()
    short = len(_WORDS.findall(line)) <= _HEAD_WORDS and "\n" not in line
    bold = re.fullmatch(r"\*\*[^*]+\*\*:?", line)
    marked = line.startswith("#") or line.endswith((":", ":**")) or bool(bold)
    return short and marked and _only_names(_words_only(line), hits)


def _only_names(head: str, hits: Sequence[Hit]) -> bool:
    """Tell whether a heading names a thing that one passage has, rather than saying something of it."""
    words = [word for word in _WORDS.findall(head) if len(word) > 1 and _has(word, word)]
    own = [word for word in words if not _has(_LEAD_IN, word)]
    if not words or len(own) > _TOPIC_WORDS or _STATES.search(head):
        return False
    return not own or any(all(_has(support.in_context(hit, hit.passage.text), word) for word in own) for hit in hits)


def _has(text: str, word: str) -> bool:
    """Tell whether a text has a word in any of its forms; never of a small word, which says nothing."""
    return _BY_WORDS.score(word, text) > 0
