"""An article's own statements as questions. Pure: whether they are answered is found out in `asked`.

English only: an article in another language yields nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.ingest.sentences import sentences
from ui.suggest.clauses import Names, clauses
from ui.suggest.makers import Kind, Made, made
from ui.suggest.sound import sound, stands_alone
from ui.suggest.words import AUXILIARIES, words

_UTTERS = words("say tell add note think believe feel know seem appear")
"""What follows these is a statement of its own."""
_ROLE = re.compile(
    r"\b(?:advis[eo]r|minister|director|president|secretary|professor|spokes\w+|chief|chair\w*|scholar|fellow|head|"
    r"leader|author|analyst|economist|ambassador|commander|senator|founder|executive|captain|coach|engineer|scientist|"
    r"mayor|governor|judge|lawyer|doctor|dean|editor|envoy|officer|researcher|historian|owner|manager|teaches|heads|"
    r"leads|studies)\b"
)
_NAME = r"[A-Z][\w’-]+(?:\s[A-Z]\.)?(?:\s[A-Z][\w’-]+){1,3}"
_INTRODUCED = re.compile(rf"(?<!of )(?<![\w’.-])({_NAME}),\s((?:who|an?|the|[a-z]+)\s[^.;]{{6,120}})")
_NOT_A_PERSON = re.compile(
    r"\b(?:University|Institut\w+|Cent\w+|Association|Street|Times|Post|Press|Party|Council|College|House|With|In|On)\b"
)
_TERM = re.compile(r"\b(?:a|an|the|called|named|as)\s“((?:[A-Z][\w’-]+ ){1,3}[A-Z]?[\w’-]+),?”")
_HEADING = re.compile(
    r"^(?:#+[ \t]*)?(?:(Why|When|Where) ([^.,:\n]{8,60})|How to ([^.,:\n]{8,60}?))[?]?[ \t]*$", re.MULTILINE
)
_SECTION = 1500
"""Characters after a heading in which its answer should stand."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A question that an article may answer, and the sentence, `text[start:end]`, that should do so."""

    text: str
    kind: Kind
    start: int
    end: int
    expected: str = ""
    """Words that the answer has to hold."""


def candidates(text: str) -> list[Candidate]:
    """Return the questions that an article's statements answer, none twice, in no order of merit."""
    names = Names(text)
    found = {one.text: one for one in _headings(text)}
    for start, end in sentences(text, 0, len(text)):
        line = " ".join(text[start:end].split())
        for one in _of(line, names):
            question = finish(one.text)
            if sound(question):
                found.setdefault(
                    question, Candidate(text=question, kind=one.kind, start=start, end=end, expected=one.expected)
                )
    return list(found.values())


def finish(question: str) -> str:
    """Return a question with its capital and its mark.

    >>> finish("who  signed the accord ")
    'Who signed the accord?'
    """
    question = " ".join(question.split()).strip(" ,")
    return f"{question[0].upper()}{question[1:]}?"


def _of(line: str, names: Names) -> Iterator[Made]:
    for clause in clauses(line, names):
        if clause.plain not in _UTTERS:
            yield from made(clause)
    for match in _INTRODUCED.finditer(line):
        if _ROLE.search(match[2]) and not _NOT_A_PERSON.search(match[1]):
            yield Made(kind="who", text=f"who is {match[1]}")
    for match in _TERM.finditer(line):
        yield Made(kind="what is", text=f"what is the “{match[1]}”")


def _headings(text: str) -> Iterator[Candidate]:
    """Yield a heading that asks something, `Why the channels were cut`, as a question to what stands under it."""
    for match in _HEADING.finditer(text):
        said = match[2].split() if match[1] else []
        verb = next((place for place, word in enumerate(said) if word in AUXILIARIES), 0)
        question = f"how do you {match[3]}" if match[3] else ""
        if verb:
            question = " ".join([match[1], said[verb], *said[:verb], *said[verb + 1 :]])
        if len(question.split()) > 3 and stands_alone(match[0]):
            yield Candidate(text=finish(question), kind="heading", start=match.end(), end=match.end() + _SECTION)
