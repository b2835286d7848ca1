"""Question to what is read for it: its parts, each ranked by itself, within the articles that it names."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rag.errors import QuestionError
from rag.models.reader import Reader, Reading
from rag.records import Filter, Hit
from rag.retrieve import inferred, listing, parts, shortlist
from rag.retrieve.figures import doubted
from rag.retrieve.inferred import Aim
from rag.retrieve.parts import Plan
from rag.retrieve.rank import Ranker, Ranking
from rag.retrieve.standalone import names_something
from rag.settings import Settings
from rag.timing import Stopwatch

_WIDENED = "All articles were searched for:"
NO_MATCH = "No article passes the filter."
SURE = 0.98
"""How sure it is that articles which a filter names are those that are asked for."""
_YEAR = r"\b(?:1[5-9]|20)\d\d\b"
_EARLIEST, _LATEST = 1500, 2099
"""The years that it finds."""
_MONTH = rf"(?:{'|'.join(calendar.month_name[1:])})"
_UP_TO = r"(?:through|to|until|till|up to)\b"
_ONWARDS = re.compile(
    rf"\b(?:since|after)(?: (?!{_UP_TO})\w[\w-]*){{0,3}} {_YEAR}"
    # only straight before its time: "the toll from the 2021 flood", "from May through June 2021" open none
    rf"|\bfrom (?:(?:\d\d? )?{_MONTH} )?{_YEAR}(?!\s*(?:{_UP_TO}|[-–—]))"
    rf"|{_YEAR} (?:{_UP_TO}|and) (?:today|now|date|(?:the )?present|this day)\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"\b(?:before|until|till|up to)(?: [\w-]+){{0,3}} {_YEAR}", re.IGNORECASE)
_BEGINS = re.compile(r"\b(?:from|between)\b", re.IGNORECASE)
_CHANGES = re.compile(r"\b(?:chang|evolv|develop|shift|alter|revis|amend)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Sought:
    """One part of a question, and what was found for it."""

    asked: str
    question: str
    """As it was searched for: `asked`, standing alone."""
    ranking: Ranking
    confidence: float
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Found:
    """What was found for a question."""

    ranking: Ranking
    """Of all parts together."""
    confidence: float
    """The least of the parts that are answered; the greatest when none is."""
    parts: tuple[Sought, ...] = ()
    """None for a question that stays whole."""
    develops: bool = False
    """Whether it asks how something changed."""
    states: tuple[tuple[Hit, Reading], ...] = ()
    """For such a question: the passage of each article that tells most surely how it was, when that is sure enough."""
    raised: bool = False
    """Whether it is these alone that make it sure enough."""
    named: bool = False
    """Whether articles of an outlet, an author or a time are asked for and nothing more of them."""
    notes: tuple[str, ...] = ()
    missed: Aim | None = None
    """The articles of an outlet or author that the question names, where they do not answer and all were searched."""


@dataclass(frozen=True, kw_only=True)
class Finder:
    """Finds passages for whole questions in one corpus."""

    ranker: Ranker
    reader: Reader
    settings: Settings
    threshold: float
    """The confidence from which on a question is answered."""
    clock: Stopwatch = field(default_factory=Stopwatch)
    named: int = listing.READ
    """How many articles are given at most, where those of an outlet, an author or a time are asked for."""

    def find(self, question: str, where: Filter | None, plan: Plan | None = None) -> Found:
        """Return what is read for a question; `plan` says what it is answered by, otherwise rules do.

        A filter that the question names is used when its articles answer; a caller's own takes its place. A question
        that names nothing has no answer.
        """
        found = self._aimed(question, where, plan or parts.plan(question))
        if where is not None and not found.ranking.hits:
            found = replace(found, notes=(*found.notes, NO_MATCH))
        return found if names_something(question) else replace(found, confidence=0.0)

    def search(self, question: str, where: Filter | None, k: int) -> list[Hit]:
        """Return the `k` best passages; more than `candidates` are searched for where they are wanted.

        Their order may differ from that of `find`: what one of the two searches missed may now stand in both.

        Raises:
            QuestionError: `k` is no whole number, or less than 1.
        """
        if not isinstance(k, int) or k < 1:
            raise QuestionError(f"{k!r} passages cannot be searched for: give 1 or more.")
        wider = self.settings.retrieve.model_copy(update={"candidates": max(k, self.settings.retrieve.candidates)})
        settings = self.settings.model_copy(update={"retrieve": wider})
        finder = replace(self, settings=settings, named=max(k, self.named))
        return list(finder.find(question, where).ranking.hits[:k])

    def _aimed(self, question: str, where: Filter | None, plan: Plan) -> Found:
        """Return what is found within the articles that the question names, when they answer; else within all."""
        alone = where is None and len(plan.parts) == 1
        if alone and (aim := inferred.infer(question, self.ranker.names)):
            for one in filter(None, (aim, aim.instead)):
                found = (
                    self._find(one.question, parts.plan(one.question), one.where)
                    if one.question
                    else self._named(one.where)
                )
                if found.confidence >= self.threshold:
                    return replace(found, notes=(one.note,))
            if aim.by:
                return replace(self._find(question, plan, where), missed=aim)
        return self._find(question, plan, where)

    def _find(self, question: str, plan: Plan, where: Filter | None) -> Found:
        """Return what is found for each part; for the whole question, where no part is answered and it is."""
        if len(plan.parts) == 1:
            whole = self._seek(plan.parts[0], where)
            found = Found(ranking=whole.ranking, confidence=whole.confidence)
            return self._developed(found, plan.state, _years(plan.parts[0].question)) if plan.state else found
        sought = tuple(self._part(part, where) for part in plan.parts)
        confidences = [one.confidence for one in sought]
        answered = [confidence for confidence in confidences if confidence >= self.threshold]
        if not answered:
            whole = self._seek(parts.Part(asked=question, question=question), where)
            if whole.confidence >= self.threshold:
                return Found(ranking=whole.ranking, confidence=whole.confidence)
        return Found(
            ranking=merge([one.ranking for one in sought]),
            confidence=min(answered, default=max(confidences)),
            parts=sought,
            notes=tuple(one.note for one in sought if one.note),
        )

    def _part(self, part: parts.Part, where: Filter | None) -> Sought:
        """Return what is found for a part, within the articles that it names itself when they answer."""
        if where is None and (aim := inferred.infer(part.question, self.ranker.names)) and aim.question:
            sought = self._seek(replace(part, question=aim.question), aim.where)
            if sought.confidence >= self.threshold:
                return replace(sought, note=aim.note)
            return replace(self._seek(part, where), note=f"{_WIDENED} {part.asked}")
        return self._seek(part, where)

    def _named(self, where: Filter) -> Found:
        with self.clock("retrieve"):
            hits = self.ranker.first(where, self.named)
        return Found(ranking=Ranking(hits=tuple(hits), readings=()), confidence=SURE if hits else 0.0, named=True)

    def _seek(self, part: parts.Part, where: Filter | None) -> Sought:
        settings = self.settings.retrieve
        with self.clock("retrieve"):
            hits = self.ranker.search(part.question, where, settings)
        with self.clock("read"):
            # nothing is refused before all is read
            ranking = self.ranker.read(
                part.question, hits, self.reader, settings, sure=max(settings.sure, self.threshold)
            )
            if not ranking.listed:
                ranking = shortlist.select(part.question, ranking, self.reader)
        confidence = self._confidence(part.question, ranking)
        return Sought(asked=part.asked, question=part.question, ranking=ranking, confidence=confidence)

    def _confidence(self, question: str, ranking: Ranking) -> float:
        """Return how likely the passages answer; where articles are asked for, each does or not by itself."""
        if ranking.listed:
            return max((self.reader.confidence([reading]) for reading in ranking.readings), default=0.0)
        return doubted(self.reader.confidence(ranking.readings, ranking.selected), question, ranking.hits)

    def _developed(self, found: Found, state: str, years: range | None) -> Found:
        """Add what each of the first articles says of how it was, of those years where the question names any."""
        hits = [hit for hit in found.ranking.hits[: listing.READ] if years is None or _tells_of(hit, years)]
        with self.clock("read"):
            read = self.reader.read(state, [(hit.passage, hit.article) for hit in hits])
        best: dict[str, tuple[float, Hit, Reading]] = {}
        whole = [pair for pair in zip(found.ranking.hits, found.ranking.readings, strict=False) if pair[0] in hits]
        for hit, reading in (*whole, *zip(hits, read, strict=True)):
            sure = self.reader.confidence([reading])
            if sure >= self.threshold and sure > best.get(hit.article.id, (0.0,))[0]:
                best[hit.article.id] = (sure, hit, reading)
        surest = sorted(best.values(), key=lambda row: -row[0])
        states = tuple((hit, reading) for _, hit, reading in surest)
        confidence = max(found.confidence, surest[0][0]) if len(surest) > 1 else found.confidence
        raised = found.confidence < self.threshold <= confidence
        return replace(found, develops=True, states=states, confidence=confidence, raised=raised)


def _years(question: str) -> range | None:
    """Return the years from the first to the last that a question names; a single one may open or end a time.

    >>> _years("from March 2021 to 2023"), _years("since 2023"), _years("until the end of 2023")
    (range(2021, 2024), range(2023, 2100), range(1500, 2024))
    """
    named = {int(year) for year in re.findall(_YEAR, question)}
    if not named:
        return None
    first, last = min(named), max(named)
    if first == last:
        last = _LATEST if _ONWARDS.search(question) else last
        first = _EARLIEST if last == first and _ends(question) else first
    return range(first, last + 1)


def _ends(question: str) -> bool:
    """Tell whether a time has an end and no beginning.

    What stands before the verb is no time: "relations between Tessaly and Orvane".

    >>> [_ends(f"How did it change {time}?") for time in ("until 2021", "from May until July 2021")]
    [True, False]
    """
    found = _BEFORE.search(question)
    return found is not None and not _BEGINS.search(_CHANGES.split(question[: found.start()])[-1])


def _tells_of(hit: Hit, years: range) -> bool:
    """Tell whether a passage was published in these years, or soon after, or names one of them."""
    published = hit.article.published
    near = published is not None and years.start <= published.year <= years.stop
    return near or any(str(year) in hit.passage.text for year in years)


def merge(rankings: Sequence[Ranking]) -> Ranking:
    """Return one ranking that takes from each in turn, every passage once, those that were read first."""
    taken: dict[str, tuple[Hit, Reading | None]] = {}
    for read in (True, False):
        rows = [_rows(ranking, read=read) for ranking in rankings]
        for place in range(max(map(len, rows), default=0)):
            for hit, reading in (row[place] for row in rows if place < len(row)):
                taken.setdefault(hit.passage.id, (hit, reading))
    return Ranking(
        hits=tuple(hit for hit, _ in taken.values()),
        readings=tuple(reading for _, reading in taken.values() if reading is not None),
    )


def _rows(ranking: Ranking, *, read: bool) -> list[tuple[Hit, Reading | None]]:
    count = len(ranking.readings)
    if read:
        return list(zip(ranking.hits, ranking.readings, strict=False))
    return [(hit, None) for hit in ranking.hits[count:]]
