"""What opens beside the chat."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from stand_in import ANSWER, CUT, REFUSAL, SHIPS, StandIn

from ui.look import look
from ui.session import Exchange, Session
from ui.strings import ENGLISH

SESSION = Session(
    exchanges=(
        Exchange(question="why?", state="done", answer=ANSWER),
        Exchange(question="who won?", state="done", answer=REFUSAL),
        Exchange(question="?", state="failed"),
    )
)


def opened(**wanted: Any) -> str:
    return look(wanted, SESSION, StandIn(), ENGLISH)


def test_a_citation_opens_its_article_and_a_passage_its_own() -> None:
    assert f"</sup>{CUT.quote}</mark>" in opened(turn=0, cite=1)
    assert "The ships sailed home.</mark>" in opened(turn=1, near=0)
    assert "The ships sailed home.</mark>" in opened(turn=0, hit=1)


def test_why_shows_what_was_read_and_what_became_of_it() -> None:
    panel = opened(turn=0, why=True)
    assert "90%, enough to answer" in panel and "25 ms (search 4, reading 20)" in panel
    assert "by meaning 1" in panel and "relevance 0.20" in panel
    assert panel.count("data-hit") == len(ANSWER.hits)
    asked = replace(ANSWER, standalone_question="why were they cut?", citations=(replace(CUT, passage_id="p"),))
    panel = look(
        {"turn": 0, "why": True}, Session(exchanges=(Exchange(question="q", answer=asked),)), StandIn(), ENGLISH
    )
    assert "why were they cut?" in panel and "cited as 1" in panel


@pytest.mark.parametrize(
    "wanted",
    [
        {}, {"turn": 0}, {"turn": 9, "cite": 1}, {"turn": -1, "cite": 1}, {"turn": 0, "cite": 9},
        {"turn": 0, "cite": "x"},
        {"turn": 1, "near": -1}, {"turn": 0, "hit": 99}, {"turn": 2, "why": True}, {"turn": None, "cite": 1},
    ],
)  # fmt: skip
def test_what_was_not_shown_cannot_be_opened(wanted: dict[str, Any]) -> None:
    with pytest.raises((KeyError, IndexError, TypeError, ValueError)):
        look(wanted, SESSION, StandIn(), ENGLISH)


def test_a_removed_article_is_said_to_be_gone() -> None:
    gone = replace(CUT, article=replace(SHIPS, id="gone"))
    session = Session(exchanges=(Exchange(question="q", answer=replace(ANSWER, citations=(gone,))),))
    assert ENGLISH.gone in look({"turn": 0, "cite": 1}, session, StandIn(), ENGLISH)


class Rewritten(StandIn):
    """Its articles have changed under the conversation: a word more at the beginning."""

    def text(self, article_id: str) -> str:
        return "Corrected. " + super().text(article_id)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"turn": 0, "cite": 1}, "Quote 1 no longer stands in “Talks resume”"),
        ({"turn": 0, "hit": 1}, "The passage no longer stands in “Ships”"),
        ({"turn": 1, "near": 0}, "The passage no longer stands in “Ships”"),
    ],
)
def test_other_words_are_never_marked_as_the_quote(wanted: dict[str, Any], said: str) -> None:
    pane = look(wanted, SESSION, Rewritten(), ENGLISH)
    assert "<mark" not in pane and "Corrected." in pane and said in pane
    assert "no longer stands" not in look(wanted, SESSION, StandIn(), ENGLISH)


def test_an_article_is_described_by_the_corpus_never_by_the_conversation() -> None:
    forged = replace(CUT, article=replace(CUT.article, title="Forged", url=None, path=__file__))
    session = Session(exchanges=(Exchange(question="q", answer=replace(ANSWER, citations=(forged,))),))
    pane = look({"turn": 0, "cite": 1}, session, StandIn(), ENGLISH, name="news")
    assert "Talks resume" in pane and "https://post.example/talks" in pane
    assert "Forged" not in pane and "/original/" not in pane  # which would tell that there is such a file
