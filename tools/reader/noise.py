"""Questions that no passage answers whatever it says: keys struck at random, markup, symbols, other languages.

Without them a reader has never seen such input, and what it then says is chance.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterator, Sequence

from tools.reader.records import Pair, Text, Unit

FOREIGN = (
    "Warum wurde die Brücke gesperrt?",
    "Wer hat den Vertrag unterschrieben?",
    "Wie viele Menschen haben demonstriert?",
    "Wann beginnt die Konferenz in diesem Jahr?",
    "Was sagt die Ministerin zu den neuen Zahlen?",
    "Pourquoi le gouvernement a-t-il changé d'avis ?",
    "Combien coûte le nouveau projet ?",
    "Qui dirige la commission d'enquête ?",
    "Quand les négociations reprendront-elles ?",
    "Que pense l'opposition de cette décision ?",
    "¿Por qué se cancelaron los vuelos?",
    "¿Quién ganó las elecciones regionales?",
    "¿Cuántos trabajadores perdieron su empleo?",
    "¿Cuándo se publicó el informe?",
    "Perché il processo è stato rinviato?",
    "Chi ha vinto la gara d'appalto?",
    "Quanto dura il nuovo contratto?",
    "Waarom is de directeur opgestapt?",
    "Por que a fábrica fechou?",
    "Dlaczego odwołano spotkanie?",
    "Почему закрыли завод?",
    "Кто подписал соглашение?",
    "为什么取消会议？",
    "谁签署了协议？",
    "なぜ工場は閉鎖されたのですか。",
    "لماذا ألغيت القمة؟",
)
TAGS = (
    "<script>alert({})</script>",
    "<b>{}</b>",
    "[{}](javascript:void)",
    "{{{{{}}}}}",
    "' OR {}={} --",
    "\\x{}\\u00{}",
)


def made(passages: Sequence[Text], count: int, rng: random.Random) -> Iterator[Unit]:
    """Yield `count` such questions, each beside a passage."""
    ways: tuple[Callable[[random.Random], str], ...] = (_keys, _symbols, _markup, lambda rng: rng.choice(FOREIGN))
    for place in range(count):
        pair = Pair(
            question=ways[place % len(ways)](rng), passage=rng.choice(passages), answerable=False, evidence=()
        )  # fmt: skip
        yield Unit(source="noise", pairs=(pair,))


def _keys(rng: random.Random) -> str:
    words = ("".join(rng.choices(string.ascii_lowercase, k=rng.randint(2, 9))) for _ in range(rng.randint(1, 6)))
    return " ".join(words)


def _symbols(rng: random.Random) -> str:
    return "".join(rng.choices(string.digits + string.punctuation + " ", k=rng.randint(1, 20))).strip() or "?"


def _markup(rng: random.Random) -> str:
    return rng.choice(TAGS).replace("{}", str(rng.randint(0, 99))) + rng.choice(("", " [1]", " \x07", "?"))
