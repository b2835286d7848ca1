"""The chat page in a real browser: ask, read, follow a citation to the exact words."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from pages import WARNINGS, Visit, serving
from stand_in import ANSWER, CUT, DEAD, HURT, REFUSAL, StandIn

from ui.server import app

pytestmark = [pytest.mark.browser, WARNINGS]
Open = Callable[..., Visit]


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def corpus() -> StandIn:
    return StandIn(pause=0.005)


@pytest.fixture(scope="module")
def url(corpus: StandIn) -> Iterator[str]:
    with serving(app(corpus)) as address:
        yield address


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")])
def test_a_citation_opens_its_article_at_the_quote(url: str, visit: Open, width: int, scheme: str) -> None:
    one = visit(url, width=width, scheme=scheme)
    one.ask("why were military channels cut?")
    one.page.click('#latest .cite[data-cite="2"]')
    assert one.marked() == words(DEAD.quote)
    assert one.marked("mark:not(.focus)") == words(CUT.quote)
    box = one.page.locator("#pane mark.focus").bounding_box()
    assert box and 0 <= box["y"] < 844 and 0 <= box["x"] < width
    assert one.page.evaluate("document.documentElement.scrollWidth") <= width


SEEN = """
window.seen = [];
new MutationObserver(() => {
  const text = document.querySelector(".prose.live")?.textContent.trim();
  const stop = document.querySelector("#stop").checkVisibility();
  if (text && window.seen.at(-1)?.text !== text) window.seen.push({ text, stop });
}).observe(document.querySelector("#latest"), { childList: true, subtree: true, characterData: true });
"""


def test_the_text_streams_and_the_short_answer_stands_first(visit: Open) -> None:
    with serving(app(StandIn(pause=0.1))) as address:
        one = visit(address)
        one.page.evaluate(SEEN)
        one.ask("why?")
        seen = one.page.evaluate("window.seen")
        assert len(seen) >= 3 and all(step["stop"] for step in seen)
        assert all(later["text"].startswith(earlier["text"]) for earlier, later in pairwise(seen))
        text = one.page.locator("#latest .turn").inner_text()
        assert text.index("Pelosi visited Taiwan") < text.index("Beijing cut")
        assert one.page.locator("#question textarea").input_value() == ""


def test_keys_focus_the_question_step_through_quotes_and_close(url: str, visit: Open) -> None:
    one = visit(url)
    one.ask("why?")
    one.page.click('#latest .cite[data-cite="1"]')
    assert one.marked() == words(CUT.quote)
    one.page.keyboard.press("ArrowRight")
    one.page.wait_for_selector('#pane mark.focus[data-n="2"]')
    one.page.keyboard.press("ArrowRight")
    one.page.wait_for_selector('#pane mark.focus[data-n="3"]')
    assert one.marked() == words(HURT.quote)  # another article
    one.page.keyboard.press("Escape")
    one.page.wait_for_selector("#pane .source", state="detached")
    assert one.page.evaluate("document.activeElement.dataset.cite") == "1"
    one.page.keyboard.press("/")
    assert one.page.evaluate("document.activeElement.tagName") == "TEXTAREA"


def test_the_pane_closes_with_its_button_and_the_same_citation_opens_it_again(url: str, visit: Open) -> None:
    one = visit(url, width=390)
    one.ask("why?")
    for _ in range(2):
        one.page.click('#latest .cite[data-cite="1"]')
        assert one.marked() == words(CUT.quote)
        one.page.click("#pane [data-act=close]")
        one.page.wait_for_selector("#pane .source", state="detached")


def test_a_refusal_offers_the_nearest_passage_to_look_at(url: str, visit: Open) -> None:
    one = visit(url)
    one.ask("who won?")
    assert "The articles do not answer this question." in one.page.inner_text("#latest")
    one.page.click("#latest [data-near]")
    assert one.marked() == "The ships sailed home."


def test_a_screen_reader_is_told_when_an_answer_is_there(url: str, visit: Open) -> None:
    one = visit(url)
    for question, told in (("why?", "The answer is there: Pelosi visited Taiwan"), ("who won?", REFUSAL.text)):
        one.ask(question)
        assert one.page.locator(".visually-hidden[role=status]").inner_text() == told


def test_a_failure_is_told_as_text_and_the_page_goes_on(url: str, visit: Open) -> None:
    one = visit(url)
    one.ask("please fail")
    assert "<b>No</b> such thing: try another." in one.page.inner_text("#latest")
    one.ask("why?")
    assert one.page.locator("#latest .cite").count() == 3


def test_follow_ups_carry_their_own_history_and_readers_do_not_mix(url: str, visit: Open, corpus: StandIn) -> None:
    first, second = visit(url), visit(url)
    first.ask("canary one")
    second.ask("canary two")
    first.ask("and then, one?")
    history = {question: turns for question, turns, _ in corpus.heard}
    assert [turn.question for turn in history["and then, one?"]] == ["canary one"]
    assert history["canary two"] == ()
    assert "canary two" not in first.page.content()
    assert "canary one" not in second.page.content()


def test_stop_ends_the_answer_and_keeps_what_has_come(browser: Any, visit: Open) -> None:
    slow = StandIn(pause=0.5)
    with serving(app(slow)) as address:
        one = visit(address)
        one.page.fill("#question textarea", "why?")
        one.page.keyboard.press("Enter")
        one.page.wait_for_function("document.querySelector('.prose.live')?.textContent.trim().length > 5")
        one.page.click("#stop")
        one.page.wait_for_selector('#latest .turn[aria-busy="false"]')
        text = one.page.inner_text("#latest")
        assert "Beijing" in text and "captain" not in text and "Stopped" in text
        one.page.wait_for_timeout(1_200)
        assert one.page.inner_text("#latest") == text


def test_closing_the_tab_cancels_the_answer(visit: Open) -> None:
    slow = StandIn(pause=0.5)
    with serving(app(slow)) as address:
        one = visit(address)
        one.page.fill("#question textarea", "why?")
        one.page.keyboard.press("Enter")
        one.page.wait_for_function("document.querySelector('.prose.live')?.textContent.trim().length > 5")
        one.page.close()
        until = time.monotonic() + 10
        while not slow.closed and time.monotonic() < until:
            time.sleep(0.05)
        assert slow.closed == ["why?"]
        assert len(slow.said) < len(ANSWER.text.split(" "))


def test_a_new_conversation_starts_empty(url: str, visit: Open, corpus: StandIn) -> None:
    one = visit(url)
    one.ask("before")
    one.page.click("[data-act=new]")
    one.page.wait_for_selector(".turn", state="detached")
    one.ask("after")
    assert [turns for question, turns, _ in corpus.heard if question == "after"] == [()]
