"""The data sets as questions, each with its part: train, dev or held out.

Held out, never trained or tuned on: `qa_handwritten` passages whose number divides by 10, `news_fiction`
articles whose id ends in 0 or 5, `nq_oracle` examples whose number divides by 8, three SQuAD articles.
Dev, for calibration and choices, is cut from what is left; of `newsroom` it is every eighth article. A passage
that a held-out or dev question stands on is not trained on through another set either.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from rag.ingest.sentences import sentences
from tools.reader.records import Question, Text, number, plain, rows

Part = Literal["train", "dev", "held"]
Article = dict[str, Any]

SQUAD_HELD = frozenset({"Immune_system", "Force", "Warsaw"})
WHOLE = frozenset({"news_fiction", "newsroom", "plain_newsroom", "contrasts", "everyday", "varied"})
"""Sets whose questions stand on whole articles, to be cut into passages."""
PASSAGE_WORDS = 150
"""About 200 tokens, as the product cuts."""


def handwritten() -> Iterator[tuple[Part, Question]]:
    """Yield `qa_handwritten`."""
    for row in rows("qa_handwritten/examples"):
        place = number(row["passage_id"])
        part: Part = "held" if place % 10 == 0 else "dev" if place % 20 == 5 else "train"
        yield part, _on_passage(row, Text(text=row["passage"], title=row["title"], article=row["passage_id"]))


def news_passages() -> Iterator[tuple[Part, Question]]:
    """Yield `news_passages`; nothing of it is held out, a tenth is dev."""
    for row in rows("news_passages/examples"):
        part: Part = "dev" if number(row["passage_id"]) % 10 == 5 else "train"
        yield part, _on_passage(row, Text(text=row["passage"], title=row["title"], article=row["passage_id"]))


def squad() -> Iterator[tuple[Part, Question]]:
    """Yield `squad2_devhalf`."""
    for row in rows("squad2_devhalf/examples"):
        title = row["title"]
        part: Part = "held" if title in SQUAD_HELD else "dev" if title == "Normans" else "train"
        passage = Text(text=row["passage"], title=title.replace("_", " "), article=title)
        yield part, _on_passage(row, passage)


def natural_questions() -> Iterator[tuple[Part, Question]]:
    """Yield `nq_oracle`; it says what answers, not where, so the first match counts."""
    for row in rows("nq_oracle/examples"):
        part: Part = "held" if number(row["id"]) % 8 == 0 else "train"
        yield part, _on_passage(row, Text(text=row["passage"], title=row["title"], article=row["id"]))


def qamr() -> Iterator[tuple[Part, Question]]:
    """Yield the dev half of `qamr`, one sentence a passage."""
    for row in rows("qamr/examples.dev"):
        yield "train", _on_passage(row, Text(text=row["passage"], article=plain(row["passage"])[:80]))


def selqa() -> Iterator[tuple[Part, Question]]:
    """Yield the dev half of `selqa`: which sentences of a section answer; no short answer."""
    for row in rows("selqa/ranking.dev"):
        text, evidence = "", []
        for sentence, label in zip(row["candidates"], row["labels"], strict=True):
            if label:
                evidence.append((len(text), len(text) + len(sentence)))
            text += sentence + " "
        passage = Text(text=text.rstrip(), title=row["title"], article=row["id"])
        yield "train", Question(
            id=row["id"], question=row["question"], passage=passage, answers=(), answerable=bool(evidence),
            span=None, evidence=tuple(evidence),
        )  # fmt: skip


def news_articles() -> dict[str, Article]:
    """Return the articles of `news_fiction` by id."""
    return {row["id"]: row for row in rows("news_fiction/articles")}


def part_of(article: str) -> Part:
    """Tell to which part an article of `news_fiction` or `newsroom` belongs."""
    if article.startswith("nr"):
        return "dev" if number(article) % 8 == 0 else "train"
    return "held" if article[-1] in "05" else "dev" if article[-1] == "7" else "train"


def news_fiction() -> Iterator[tuple[Part, Question]]:
    """Yield the questions of `news_fiction`, each on the whole text of its article."""
    articles = news_articles()
    for row in rows("news_fiction/questions"):
        article = articles[row["article"]]
        passage = Text(
            text=article["text"], title=article["title"], published=article["published"], article=article["id"]
        )
        own = [e for e in row["evidence"] if e["article"] == article["id"]]
        question = _on_passage({**row, "evidence": [(e["start"], e["end"]) for e in own]}, passage)
        yield part_of(article["id"]), question


def newsroom() -> Iterator[tuple[Part, Question]]:
    """Yield the questions of `newsroom`, written for this project and kept beside this module."""
    yield from _newsroom("questions")


def plain_newsroom() -> Iterator[tuple[Part, Question]]:
    """Yield questions on the same articles that use the article's own words, and are all answered."""
    yield from _newsroom("plain")


def contrasts() -> Iterator[tuple[Part, Question]]:
    """Yield questions on the same articles in pairs that differ in a detail: the first is answered, the second not."""
    yield from _newsroom("contrasts")


def everyday() -> Iterator[tuple[Part, Question]]:
    """Yield questions on the same articles as people ask them: most are answered, half in other words than the text."""
    yield from _newsroom("everyday")


def varied() -> Iterator[tuple[Part, Question]]:
    """Yield questions in other words, on dates, reasons and near misses, on `newsroom` and `news_fiction`."""
    yield from _newsroom("varied", news_articles())


def encyclopedia() -> Iterator[tuple[Part, Question]]:
    """Yield questions on passages of which the sets ask but one, a third of them tricked."""
    passages = {_name(q.passage): q.passage for _, q in (*squad(), *natural_questions(), *handwritten(), *selqa())}
    for row in lines("encyclopedia"):
        yield "train", _on_passage({**row, "answer_starts": [row["answer_start"]]}, passages[row["article"]])


def _name(passage: Text) -> str:
    """Return what a passage is called where it is written about."""
    return sha256(passage.text.encode()).hexdigest()[:16]


def _newsroom(
    name: str, others: Mapping[str, dict[str, Any]] = MappingProxyType({})
) -> Iterator[tuple[Part, Question]]:
    articles = {**others, **newsroom_articles()}
    for row in lines(name):
        article = articles[row["article"]]
        passage = Text(
            text=article["text"], title=article["title"], published=article["published"], article=article["id"]
        )
        yield part_of(article["id"]), _on_passage({**row, "answer_starts": [row["answer_start"]]}, passage)


def newsroom_articles() -> dict[str, Article]:
    """Return the articles of `newsroom` by id."""
    return {row["id"]: {**row, "source": row["outlet"]} for row in lines("articles")}


def lines(name: str) -> list[dict[str, Any]]:
    """Return the rows of a file of `newsroom`."""
    path = Path(__file__).with_name("newsroom") / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def cut(article: Text, words: int = PASSAGE_WORDS) -> list[Text]:
    """Cut an article into passages of whole sentences, about equally long and of about `words` at most."""
    spans = sentences(article.text)
    lengths = [len(article.text[a:b].split()) for a, b in spans]
    total = sum(lengths)
    pieces = -(-total // words)
    aim, begin, held, found = total / max(pieces, 1), 0, 0, []
    for place, length in enumerate(lengths):
        if held and held + length / 2 > aim:
            found.append((begin, place))
            begin, held = place, 0
        held += length
    found.append((begin, len(spans)))
    return [_slice(article, spans[a][0], spans[b - 1][1]) for a, b in found if b > a]


def _slice(article: Text, start: int, end: int) -> Text:
    return Text(
        text=article.text[start:end], title=article.title, published=article.published, article=article.article,
        start=article.start + start,
    )  # fmt: skip


def _on_passage(row: dict[str, Any], passage: Text) -> Question:
    answers = tuple(row["answers"])
    span = _locate(row, passage.text) if row["answerable"] and answers else None
    return Question(
        id=row["id"], question=row["question"], passage=passage, answers=answers, answerable=row["answerable"],
        span=span, evidence=_evidence(row, passage.text, span), kind=row.get("kind") or "",
        open_corpus=row.get("open_corpus", True),
    )  # fmt: skip


def _locate(row: dict[str, Any], text: str) -> tuple[int, int] | None:
    for answer, start in zip(row["answers"], row.get("answer_starts") or [], strict=False):
        if text[start : start + len(answer)] == answer:
            return start, start + len(answer)
    for answer in row["answers"]:
        start = text.find(answer)
        if start >= 0:
            return start, start + len(answer)
    return None


def _evidence(row: dict[str, Any], text: str, span: tuple[int, int] | None) -> tuple[tuple[int, int], ...] | None:
    """Return what the set names as evidence, or the sentence around the short answer."""
    if not row["answerable"]:
        return ()
    if row.get("evidence"):
        return tuple((a, b) for a, b in row["evidence"])
    return None if span is None else tuple((a, b) for a, b in sentences(text) if a < span[1] and span[0] < b)
