"""The training mixture: which questions, beside which passages, in which order.

Ranking and answerability are two outputs, so a question comes as a list: its gold passage first, then passages
that our own search confuses with it (words and vectors, fused; others of its own article included). A near-miss
question is gold for `answerable` only: the passage it nearly fits is neither relevant nor irrelevant.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tools.reader import claims, folders, noise, sets
from tools.reader.confusers import Confusers
from tools.reader.guard import Guard
from tools.reader.mixes import MIXES, Share
from tools.reader.records import Pair, Question, Text, Unit, plain

NEAR = 2
"""Passages of its own article that a question without an answer comes beside."""
NOISE = 320
"""Questions without a sense."""
EDITED = 1200
"""Passages from which a sentence is taken, as it stands and with one detail changed."""


def units(mix: str = "first", seed: int = 7) -> list[Unit]:
    """Return the training units of a stage in schedule order; the same for the same seed."""
    rng = random.Random(seed)
    guard = guarded()
    placed: list[tuple[float, Unit]] = []
    for name, share in MIXES[mix].items():
        made = list(_made(name, share, rng, guard))
        placed += [(rng.uniform(share.begin, share.end), unit) for unit in made]
    return [unit for _, unit in sorted(placed, key=lambda row: row[0])]


def guarded() -> Guard:
    """Return what held-out and dev questions stand on, in any set."""
    kept = [
        question
        for load in (sets.handwritten, sets.squad, sets.natural_questions, sets.news_passages)
        for part, question in load()
        if part != "train"
    ]
    return Guard((q.question for q in kept), (q.passage.text for q in kept))


def _made(name: str, share: Share, rng: random.Random, guard: Guard) -> Iterator[Unit]:
    if name == "claims":
        return _claims(share, rng, guard)
    if name in {"folders", "reworded"}:
        return _folders(share, rng, reworded=name == "reworded")
    if name == "noise":
        passages = [q.passage for part, q in sets.news_passages() if part == "train"]
        return noise.made(passages, round(share.take * NOISE), rng)
    return _of_set(name, share, rng, guard)


def _folders(share: Share, rng: random.Random, *, reworded: bool) -> Iterator[Unit]:
    for words in share.cuts:
        for unit in folders.units(words, share.negatives, reworded=reworded):
            whole = unit.pairs[0].passage.article.startswith(share.whole)
            if whole or share.take == 1 or rng.random() < share.take:
                yield unit


def _of_set(name: str, share: Share, rng: random.Random, guard: Guard) -> Iterator[Unit]:
    loaded = [question for part, question in getattr(sets, name)() if part == "train"]
    clean = [q for q in loaded if not (guard.asks(q.question) or guard.holds(q.passage.text))]
    chosen = sorted(rng.sample(range(len(clean)), round(share.take * len(clean))))
    if name in sets.WHOLE:
        for turn, words in enumerate(share.cuts):
            some = [clean[i] for i in chosen]
            yield from (replace(unit, source=name) for unit in _news(some, clean, share, words, skip=2 * turn))
        return
    confusers = Confusers(list({q.passage.text: q.passage for q in clean}.values())) if share.listed else None
    for question in (clean[i] for i in chosen):
        pairs = [_gold(question)]
        if confusers and question.answerable and rng.random() < share.listed:
            pairs += _negatives(question, confusers, share.negatives)
        yield Unit(source=name, pairs=tuple(pairs))


def _claims(share: Share, rng: random.Random, guard: Guard) -> Iterator[Unit]:
    questions = [q for part, q in (*sets.handwritten(), *sets.news_passages()) if part == "train"]
    passages = {q.passage.text: q.passage for q in questions}
    clean = [text for text in passages.values() if not guard.holds(text.text)]
    written = [unit for part, unit in (*claims.handwritten(), *claims.written()) if part == "train"]
    for unit in (*written, *claims.scifact(), *claims.edited(clean, EDITED, rng)):
        if not any(guard.holds(pair.passage.text) for pair in unit.pairs) and rng.random() < share.take:
            yield unit


def _news(
    questions: Sequence[Question], known: Sequence[Question], share: Share, words: int, skip: int
) -> Iterator[Unit]:
    """Cut the articles, find each question's gold passage, and add what a search would bring beside it.

    `known` are all questions of the set, whose articles may confuse; `skip` leaves out the nearest passages of other
    articles, so that another round brings others.
    """
    articles = {q.passage.article: q.passage for q in known}
    stories = {key: row["story"] for key, row in sets.news_articles().items() if row["story"]}
    pieces = {key: sets.cut(article, words) for key, article in articles.items()}
    confusers = Confusers([piece for cutting in pieces.values() for piece in cutting])
    for question in questions:
        own = pieces[question.passage.article]
        gold = next((p for p in own if _holds(p, question)), None)
        if question.answerable and gold:
            beside = confusers.of(question.question, 2, lambda p, q=question: _beside(p, q))
            others = [_negative(question, p) for p in beside]
            if question.open_corpus:
                wanted = share.negatives - min(len(others), 1)
                others = others[:1] + _strangers(question, confusers, wanted + skip, stories)[skip:]
            yield Unit(source="news_fiction", pairs=(_gold(replace(question, passage=gold)), *others))
        elif not question.answerable:
            near = confusers.of(question.question, NEAR, own.__contains__) or own[:1]
            far = _strangers(question, confusers, 1 + skip, stories)[skip:] if question.open_corpus else []
            pairs = [_gold(replace(question, passage=p)) for p in near]
            pairs += [replace(p, relevant=None) for p in far]
            yield from (Unit(source="news_fiction", pairs=(pair,)) for pair in pairs)


def _strangers(question: Question, confusers: Confusers, count: int, stories: dict[str, str]) -> list[Pair]:
    """Return negatives of other articles; one of the same story may answer too, so it only takes part in ranking."""
    story = stories.get(question.passage.article)
    found = confusers.of(
        question.question, count, lambda p: p.article != question.passage.article and not _says(p, question)
    )
    return [
        replace(_negative(question, p), answerable=None, evidence=None)
        if story and stories.get(p.article) == story
        else _negative(question, p)
        for p in found
    ]


def _beside(piece: Text, question: Question) -> bool:
    """Tell whether a piece is of the question's article and holds nothing of the answer."""
    return piece.article == question.passage.article and not _touches(piece, question)


def _holds(piece: Text, question: Question) -> bool:
    """Tell whether a piece holds the short answer, or where there is none all the evidence."""
    needed = [question.span] if question.span else list(question.evidence or ())
    end = piece.start + len(piece.text)
    return bool(needed) and all(piece.start <= a and b <= end for a, b in needed)


def _touches(piece: Text, question: Question) -> bool:
    return any(a < piece.start + len(piece.text) and piece.start < b for a, b in question.evidence or ())


def _gold(question: Question) -> Pair:
    """Return the question beside its own passage, offsets moved into the passage; evidence elsewhere falls away."""
    start, end = question.passage.start, question.passage.start + len(question.passage.text)
    inside = None if question.evidence is None else [(a, b) for a, b in question.evidence if start <= a and b <= end]
    return Pair(
        question=question.question, passage=question.passage, answerable=question.answerable,
        relevant=True if question.answerable else None,
        span=question.span and (question.span[0] - start, question.span[1] - start),
        evidence=None if inside is None else tuple((a - start, b - start) for a, b in inside),
    )  # fmt: skip


def _negatives(question: Question, confusers: Confusers, count: int) -> list[Pair]:
    found = confusers.of(question.question, count, lambda p: p.text != question.passage.text and not _says(p, question))
    return [_negative(question, p) for p in found]


def _says(passage: Text, question: Question) -> bool:
    """Tell whether a passage may answer too, so that nothing can be claimed of it."""
    return any(len(plain(a)) > 3 and plain(a) in plain(passage.text) for a in question.answers)


def _negative(question: Question, passage: Text) -> Pair:
    """Return the question beside a passage that is not its own and does not answer it."""
    return Pair(question=question.question, passage=passage, answerable=False, relevant=False, evidence=())
