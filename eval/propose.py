"""Propose cases from a user's own articles without a language model, for a person to accept or drop.

Every proposal turns one sentence around by a rule that keeps its grammar, so the answer and the evidence
are exact. A rule cannot tell whether a question makes sense on its own or is worth asking: a person must.
Nothing is proposed about what the articles do not say; such questions must be written by hand.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from eval.cases import Case, Evidence, SourceArticle
from rag.ingest.sentences import sentences

_AUX = r"was|were|is|are|has|had|have|will|would|could|can|must|should|may|did"
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = rf"(?:\d{{1,2}} )?(?:{_MONTH})(?: \d{{1,2}})?(?:,? \d{{4}})?|\d{{4}}"
_NAME = r"(?:[A-Z][\w’'.-]*)(?: (?:[a-z]{2,3} )?[A-Z][\w’'.-]*){1,3}"
_NUMBER = r"(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?: (?:million|billion))?"

_WHY = re.compile(
    rf"^(?P<subject>[^,;:]{{3,60}}?) (?P<aux>{_AUX}) (?P<rest>[^;:]{{3,100}}?),? because (?P<answer>[^;:]{{8,200}})$"
)
_WHEN = re.compile(
    rf"^(?P<subject>[^,;:]{{3,60}}?) (?P<aux>{_AUX}) (?P<rest>[^,;:]{{3,80}}?) "
    rf"(?P<answer>(?:on|in|since|until) (?:{_DATE}))$"
)
_COUNT = re.compile(
    rf"^(?P<about>(?:At least|About|More than|Some|Nearly|Another) )?(?P<answer>{_NUMBER}) "
    rf"(?P<what>[a-z][a-z -]{{2,30}}?) (?P<rest>(?:{_AUX}) [^,;:]{{3,100}})$"
)
_WHO = re.compile(rf"(?P<name>{_NAME}), (?P<answer>(?:an?|the|its|their) [a-z][^ ,]* [^,.;:()“”\"]{{5,60}}),")
_SAID = re.compile(rf"^[“\"](?P<answer>[^“”\"]{{15,200}}?),?[”\"],? said (?P<name>{_NAME})\b")
_VAGUE = re.compile(
    r"^(he|she|it|they|we|i|you|this|that|these|those|there|such|both|one|some|many|most|others?|what|which|who|"
    r"but|and|so|yet|however|his|her|its|their|if|when|while|although|because|after|before|since|until|as|"
    r"with|on|in|at|to|from|by|for|of|according|under|over|without|despite)\b",
    re.IGNORECASE,
)
_TELLS = re.compile(r"\b(said|says|told|found|announced|warned|added|believes?|thinks?)\b")
_WORDS = (6, 40)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One way to turn a sentence into a question."""

    kind: str
    pattern: re.Pattern[str]
    form: str
    """The question, with the pattern's groups in braces."""


RULES = (
    Rule(kind="why", pattern=_WHY, form="Why {aux} {subject} {rest}?"),
    Rule(kind="date", pattern=_WHEN, form="When {aux} {subject} {rest}?"),
    Rule(kind="number", pattern=_COUNT, form="How many {what} {rest}?"),
    Rule(kind="who", pattern=_WHO, form="Who is {name}?"),
    Rule(kind="quote", pattern=_SAID, form="What did {name} say?"),
)


def propose(articles: list[SourceArticle], count: int, seed: int = 0) -> list[Case]:
    """Return up to `count` proposals, spread over articles and kinds, in the order of the articles.

    The same articles and seed give the same proposals.
    """
    found = [case for article in articles for case in _of_article(article)]
    repeated = {c.question for c in found if sum(o.question == c.question for o in found) > 1}
    single = [case for case in found if case.question not in repeated]
    chosen = _spread(single, count, random.Random(seed))
    return [c.model_copy(update={"id": f"proposed-{at:03}"}) for at, c in enumerate(chosen, 1)]


def _of_article(article: SourceArticle) -> Iterator[Case]:
    common = frozenset(re.findall(r"\b[a-z]+\b", article.text))
    for start, end in sentences(article.text):
        sentence = article.text[start:end]
        if not _WORDS[0] <= len(sentence.split()) <= _WORDS[1]:
            continue
        for rule in RULES:
            case = _turned(rule, sentence, common)
            if case is not None:
                evidence = Evidence(article=article.id, quote=sentence)
                yield case.model_copy(update={"evidence": (evidence,)})
                break


def _turned(rule: Rule, sentence: str, common: frozenset[str]) -> Case | None:
    """Return the case that a rule makes of a sentence; None when it does not fit or would be vague.

    >>> _turned(RULES[0], "Divers were unable to enter because of the tide.", frozenset())
    >>> _turned(RULES[1], "The line had been opened in 2016.", frozenset({"the"})).question
    'When had the line been opened?'
    """
    match = rule.pattern.search(" ".join(sentence.split()).rstrip(".!?"))
    if match is None:
        return None
    found = match.groupdict()
    subject = found.get("subject") or found.get("name") or found.get("what") or ""
    if _VAGUE.match(subject) or _TELLS.search(subject) or (rule.kind == "why" and match["answer"].startswith("of ")):
        return None
    if "subject" in found:
        found["subject"] = _inside(found["subject"], common)
    return Case(id="proposed", question=rule.form.format(**found), answers=(match["answer"],), kind=rule.kind)


def _inside(subject: str, common: frozenset[str]) -> str:
    """Return a subject as it stands within a sentence: a first word that the article also writes small is small.

    >>> _inside("The line", frozenset({"the"})), _inside("Kestria", frozenset({"the"}))
    ('the line', 'Kestria')
    """
    first, space, rest = subject.partition(" ")
    return f"{first.lower()}{space}{rest}" if first.lower() in common else subject


def _spread(cases: list[Case], count: int, draw: random.Random) -> list[Case]:
    """Take turns over (article, kind) until there are enough, then restore the order."""
    piles: dict[tuple[str, str], list[int]] = {}
    for at, case in enumerate(cases):
        piles.setdefault((case.evidence[0].article, case.kind), []).append(at)
    order = list(piles.values())
    draw.shuffle(order)
    for pile in order:
        draw.shuffle(pile)
    taken: list[int] = []
    while len(taken) < count and any(order):
        taken += [pile.pop() for pile in order if pile]
    return [cases[at] for at in sorted(taken[:count])]
