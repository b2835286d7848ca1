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
