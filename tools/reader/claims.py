"""Statements beside passages, to learn what supports what.

Hand-written claims are few and their supported ones are paraphrases, so a model could learn that likeness speaks
against support. Sentences taken word for word, and the same sentences with one detail changed, stand against that.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from rag.ingest.sentences import sentences
from tools.reader import sets
from tools.reader.records import Pair, Text, Unit, plain, rows
from tools.reader.sets import Part

NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)*")
VERB = re.compile(r"\b(is|are|was|were|has|had|can|could|will|would|did|does|do)\b(?! not)")
LONG = 1200
"""Characters of a stretch that still goes into the reader whole."""
AROUND = 2
"""Sentences on each side that a short passage keeps."""


def handwritten() -> Iterator[tuple[Part, Unit]]:
    """Yield `claims_handwritten`: each claim beside its passage, supported ones also beside the deciding sentences.

    Their passages are some of `qa_handwritten`, and belong to the part that they belong to there.
    """
    parts = {plain(question.passage.text): part for part, question in sets.handwritten()}
    for row in rows("claims_handwritten/examples"):
        part, supported = parts.get(plain(row["passage"]), "train"), row["label"] == "supported"
        yield part, _unit(row["claim"], row["passage"], row["title"], supported)
        if supported:
            deciding = " ".join(row["sentences"][i] for i in row["evidence"])
            yield part, _unit(row["claim"], deciding, row["title"], supported)


def scifact() -> Iterator[Unit]:
    """Yield the training part of `scifact_claims`, beside the deciding sentences or the abstract's last ones."""
    for row in rows("scifact_claims/examples.train"):
        chosen = [row["sentences"][i] for i in (row["evidence_sets"] or [[]])[0]] or row["sentences"][-AROUND:]
        yield _unit(row["claim"], " ".join(chosen), row["title"], row["label"] == "supported")


def written() -> Iterator[tuple[Part, Unit]]:
    """Yield sentences that sum up an article, true ones and such with one subtle change, beside what decides them.

    Half stand beside the deciding sentences alone, half beside the whole stretch from the first to the last.
    """
    articles = {**sets.news_articles(), **sets.newsroom_articles()}
    for place, row in enumerate(sets.lines("statements")):
        article = articles[row["article"]]
        text, evidence = article["text"], row["evidence"]
        stretch = text[evidence[0][0] : evidence[-1][1]]
        deciding = " ".join(text[a:b] for a, b in evidence)
        yield (
            sets.part_of(article["id"]),
            _unit(
                row["claim"],
                stretch if place % 2 and len(stretch) < LONG else deciding,
                article["title"],
                row["supported"],
            ),
        )


def edited(passages: Sequence[Text], count: int, rng: random.Random) -> Iterator[Unit]:
    """Yield a sentence of a passage as it stands, and with one detail changed, both beside the lines around it."""
    for passage in rng.sample(passages, min(count, len(passages))):
        spans = sentences(passage.text)
        place = rng.randrange(len(spans))
        sentence = passage.text[slice(*spans[place])]
        first, last = spans[max(place - AROUND, 0)][0], spans[min(place + AROUND, len(spans) - 1)][1]
        around = passage.text[first:last]
        changed = change(sentence, around, rng)
        if len(sentence.split()) >= 6 and changed:
            yield _unit(sentence, around, passage.title, True)
            yield _unit(changed, around, passage.title, False)


def change(sentence: str, around: str, rng: random.Random) -> str | None:
    """Return the sentence with a number, a name or its truth changed; None where nothing can be."""
    ways = [_number, _name, _negated]
    rng.shuffle(ways)
    return next((found for way in ways if (found := way(sentence, around, rng)) and found != sentence), None)


def _number(sentence: str, _around: str, rng: random.Random) -> str | None:
    if not (found := list(NUMBER.finditer(sentence))):
        return None
    one = rng.choice(found)
    at = rng.choice([i for i in range(one.start(), one.end()) if sentence[i].isdigit()])
    digit = rng.choice([d for d in "123456789" if d != sentence[at]])
    return sentence[:at] + digit + sentence[at + 1 :]


def _name(sentence: str, around: str, rng: random.Random) -> str | None:
    own = list(NAME.finditer(sentence))
    others = sorted({m[0] for m in NAME.finditer(around)} - {m[0] for m in own})
    if not own or not others:
        return None
    one = rng.choice(own)
    return sentence[: one.start()] + rng.choice(others) + sentence[one.end() :]


def _negated(sentence: str, _around: str, rng: random.Random) -> str | None:
    if not (found := list(VERB.finditer(sentence))):
        return None
    one = rng.choice(found)
    return f"{sentence[: one.end()]} not{sentence[one.end() :]}"


def _unit(claim: str, passage: str, title: str, supported: bool) -> Unit:
    text = Text(text=passage, title=title)
    return Unit(source="claims", pairs=(Pair(question=claim, passage=text, answerable=None, supported=supported),))
