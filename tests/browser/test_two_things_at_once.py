"""Two tabs of one conversation, and other things done while an answer streams, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pages import WARNINGS, Visit, serving
from stand_in import CUT, StandIn

from ui.server import app

pytestmark = [pytest.mark.browser, WARNINGS]
Open = Callable[..., Visit]
KEPT = """
Object.entries(localStorage)
  .filter(([key]) => key.startsWith("footnote:conversation:"))
  .map(([, kept]) => JSON.parse(JSON.parse(kept).text).exchanges.map((one) => one.question))
"""
LENGTHEN = """
const key = localStorage.getItem("footnote:current");
const kept = JSON.parse(localStorage.getItem(key));
const whole = JSON.parse(kept.text);
whole.exchanges[0].question = "?".repeat(950_000);
localStorage.setItem(key, JSON.stringify({ ...kept, text: JSON.stringify(whole) }));
"""


def ask(one: Visit, question: str) -> None:
    """Ask, and wait until the browser has kept the answer."""
    one.ask(question)
    one.page.wait_for_function("asked => JSON.stringify(localStorage).includes(asked)", arg=question)


def test_two_tabs_of_one_conversation_cut_nothing_from_each_other(visit: Open, tmp_path: Path) -> None:
    with serving(app(StandIn(path=tmp_path))) as address:
        one = visit(address)
        ask(one, "first?")
        other = Visit(one.page.context.new_page(), address)
        other.page.wait_for_selector("#latest .cite")
        ask(one, "second?")
        ask(other, "another?")
        ask(one, "third?")
        ask(other, "and another?")
        kept = sorted(one.page.evaluate(KEPT))
        assert kept == [["first?", "another?", "and another?"], ["first?", "second?", "third?"]]
        one.page.click("#latest [data-act=edit]")
        one.page.wait_for_function("document.querySelectorAll('.turn').length === 2")
        ask(one, "instead?")
        assert ["first?", "second?", "instead?"] in one.page.evaluate(KEPT)
        assert other.complaints == []


def test_what_is_opened_or_set_while_an_answer_streams_stays(visit: Open, tmp_path: Path) -> None:
    corpus = StandIn(path=tmp_path)
    with serving(app(corpus)) as address:
        one = visit(address)
        ask(one, "first?")
        corpus.pause = 1  # the next answer is under way until it is cancelled
        one.page.click("[data-act=new]")
        one.page.wait_for_selector(".turn", state="detached")
        one.page.fill("#question textarea", "second?")
        one.page.keyboard.press("Enter")
        one.page.wait_for_function("document.querySelector('.prose.live')?.textContent.trim().length > 5")
        one.page.click("[data-act=settings]")
        one.read_most(15)
        one.page.keyboard.press("Escape")
        one.page.click("[data-act=past]")
        one.page.click("#past .kept .name")
        one.page.wait_for_selector("#latest .cite")
        corpus.pause = 0
        one.page.wait_for_timeout(1_000)
        assert one.page.locator(".turn .question").all_inner_texts() == ["first?"]
        one.page.click('#latest .cite[data-cite="1"]')
        assert one.marked() == " ".join(CUT.quote.split())
        one.page.keyboard.press("Escape")
        ask(one, "third?")
        assert corpus.used[-1].retrieve.read == 15
        assert [turn.question for turn in corpus.heard[-1][1]] == ["first?"]


def test_an_answer_under_way_does_not_come_back_in_another_corpus(visit: Open, tmp_path: Path) -> None:
    slow, quick = StandIn(pause=0.3, path=tmp_path), StandIn(path=tmp_path)
    with serving(app({"news": slow, "letters": quick})) as address:
        one = visit(address)
        one.page.fill("#question textarea", "of the news?")
        one.page.keyboard.press("Enter")
        one.page.wait_for_function("document.querySelector('.prose.live')?.textContent.trim().length > 5")
        one.page.click("#corpus input")
        one.page.click("#corpus [role=option] >> text=letters")
        one.page.wait_for_selector(".turn", state="detached")
        one.page.wait_for_timeout(700)  # the word that was under way has come
        one.ask("of the letters?")
        assert one.page.locator(".turn .question").all_inner_texts() == ["of the letters?"]
        assert [(question, history) for question, history, _ in quick.heard] == [("of the letters?", ())]
        one.page.focus("#corpus input")
        one.page.keyboard.press("Tab")  # walks past the field, and changes nothing
        one.page.wait_for_timeout(500)
        assert one.page.locator(".turn").count() == 1


def test_a_conversation_that_is_deleted_in_one_tab_goes_on_whole_in_the_other(visit: Open, tmp_path: Path) -> None:
    with serving(app(StandIn(path=tmp_path))) as address:
        one = visit(address)
        ask(one, "first?")
        other = Visit(one.page.context.new_page(), address)
        other.page.wait_for_selector("#latest .cite")
        one.page.click("[data-act=past]")
        one.forget()
        one.page.wait_for_selector(".turn", state="detached")  # it is gone from the page that it was deleted in
        assert one.page.evaluate(KEPT) == []
        ask(other, "second?")
        assert one.page.evaluate(KEPT) == [["first?", "second?"]]
        assert other.complaints == []


def test_a_new_conversation_stays_empty_on_a_slow_line(visit: Open, tmp_path: Path) -> None:
    """What the server said before it heard of it comes after it."""
    with serving(app(StandIn(pause=0.15, path=tmp_path))) as address:
        one = visit(address)
        line = one.page.context.new_cdp_session(one.page)
        line.send("Network.enable")
        slow = {"offline": False, "latency": 250, "downloadThroughput": -1, "uploadThroughput": -1}
        line.send("Network.emulateNetworkConditions", slow)
        one.page.fill("#question textarea", "slow?")
        one.page.keyboard.press("Enter")
        one.page.wait_for_timeout(100)
        one.page.click("[data-act=new]")
        one.page.wait_for_timeout(3_000)
        assert one.page.locator(".turn").count() == 0


def test_what_is_typed_stays_and_what_cannot_be_opened_is_told_once(visit: Open, tmp_path: Path) -> None:
    with serving(app(StandIn(path=tmp_path))) as address:
        one = visit(address)
        ask(one, "first?")
        one.page.click("[data-act=past]")
        one.page.locator("#past .kept .tool").first.click()
        one.page.keyboard.press("Escape")
        assert one.page.evaluate("document.activeElement.textContent") == "Rename"
        one.page.fill("#question textarea", "a draft")
        one.forget()
        one.page.wait_for_selector(".turn", state="detached")
        assert one.page.input_value("#question textarea") == "a draft"
        ask(one, "second?")
        one.page.evaluate(LENGTHEN)
        one.leave()
        for told in (1, 0):
            one.page.reload()
            one.page.wait_for_selector("#begin .idea")
            one.page.wait_for_timeout(1_500)
            assert one.page.locator(".toast-body").count() == told
        assert one.page.evaluate("Object.keys(localStorage).length") == 1  # it is kept all the same
