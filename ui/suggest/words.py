"""The little English that it takes to turn a statement into a question."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources


def words(listed: str) -> frozenset[str]:
    """Return the words of a list that is written as text."""
    return frozenset(listed.split())


AUXILIARIES = words("is was are were has had have will would can could should must may might")
_PAIRS = """
became become, began begin, bent bend, bet bet, blew blow, bought buy, broke break, brought bring, built build, came
come, caught catch, chose choose, cost cost, cut cut, dealt deal, did do, died die, drew draw, drove drive, fell
fall, felt feel, fled flee, flew fly, forbade forbid, fought fight, found find, gave give, got get, grew grow, heard
hear, held hold, hit hit, hurt hurt, kept keep, knew know, laid lay, led lead, left leave, lent lend, let let, lied
lie, lost lose, made make, meant mean, met meet, paid pay, proved prove, put put, quit quit, ran run, rang ring,
read read, rose rise, said say, sank sink, saw see, sent send, set set, shook shake, shot shoot, shut shut, sold
sell, sought seek, spent spend, split split, spoke speak, spread spread, stole steal, stood stand, struck strike,
swept sweep, swore swear, taught teach, thought think, threw throw, tied tie, told tell, took take, understood
understand, used use, went go, withdrew withdraw, won win, wore wear, wrote write
"""
IRREGULAR = dict(pair.split() for pair in _PAIRS.split(","))
PRESENT = words(
    """
    accept agree aim allow argue ask believe belong blame build buy call carry cause cite claim come complain
    consider contain continue control cost count cover deny depend describe employ expect explain face fear feel
    fight find follow forbid form get give go grow hold hope include insist intend keep know lack last lead live
    lose make mean meet name need offer oppose own pay plan play predict prefer produce promise propose protect
    provide put recommend refuse reject rely remain report require run say see seek seem sell serve show speak spend
    stand start stay studies study suggest support take teach tell think try understand use want warn win work worry
    write
    """
)
"""Verbs whose `-s` is taken for the present tense; after a name it is a plural otherwise."""
_SILENT = re.compile(r"[cgsuvz]$|[^aeiou]l$|(?:^|[^aeiou])[aeiouy][^aeiouwxy]$|[^e]e$")
"""Stems that rather had an `e` before their `-ed`: `announc`, `settl`, `hop`, `agre`."""


def base(past: str) -> str | None:
    """Return the verb that a past form belongs to, None when it is none that is known.

    >>> [base(word) for word in ("broke", "visited", "hoped", "stopped", "denied", "called", "sacred")]
    ['break', 'visit', 'hope', 'stop', 'deny', 'call', None]
    """
    if past in IRREGULAR:
        return IRREGULAR[past]
    if not past.endswith("ed") or len(past) < 5:
        return None
    stem = past[:-2]
    options = [stem, stem + "e"]
    if past.endswith("ied"):
        options = [past[:-3] + "y"]
    elif re.search(r"([bdglmnprt])\1$", stem):
        options = [stem, stem[:-1]] if stem.endswith("ll") else [stem[:-1]]
    elif _SILENT.search(stem) and not stem.endswith("ss"):
        options.reverse()
    return next((word for word in options if word in lexicon()), None)


def present(word: str) -> str | None:
    """Return the verb that a third person belongs to, None when it may as well be a plural.

    >>> [present(word) for word in ("wants", "denies", "teaches", "ministers")]
    ['want', 'deny', 'teach', None]
    """
    options = [word[:-1], word[:-2], word[:-3] + "y"] if word.endswith("s") else []
    return next((option for option in options if option in PRESENT), None)


@cache
def lexicon() -> frozenset[str]:
    """Return the whole words that the models' tokenizer knows."""
    file = resources.files("rag.models") / "tokenizer.json"
    vocabulary = json.loads(file.read_text(encoding="utf-8"))["model"]["vocab"]
    return frozenset(word for word in vocabulary if word.isalpha())
