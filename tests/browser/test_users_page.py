"""The page of a server with a user store, in a real browser: log in, find one's own conversations, log out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pages import WARNINGS, Visit, serving
from stand_in import StandIn
from test_page import axe_findings

from ui.server import app
from ui.users import Users

pytestmark = [pytest.mark.browser, WARNINGS]
Open = Callable[..., Visit]
MARA, NOOR = ("mara", "correct horse"), ("noor", "battery staple")


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A server for each test, so that a second try does not meet what the first one left."""
    users = Users(tmp_path / "news.users", create=True)
    for user in (MARA, NOOR):
        users.put(*user)
    with serving(app(StandIn(path=tmp_path), users=users)) as address:
        yield address
    users.close()


def kept(one: Visit) -> list[str]:
    """Open the drawer anew and return what is listed, once the server has answered."""
    one.page.keyboard.press("Escape")
    with one.page.expect_response(lambda response: "/gradio_api/" in response.url):
        one.page.click("[data-act=past]")
    one.page.wait_for_timeout(500)
    return one.page.locator("#past .kept .name").all_inner_texts()


def test_conversations_follow_their_user_and_nobody_else(url: str, visit: Open) -> None:
    one = visit(url, log_in=MARA)
    one.ask("Mara's first?")
    one.ask("Mara's second?")
    one.leave()
    one.page.reload()
    one.page.wait_for_selector("#latest .cite")
    assert one.page.locator(".turn .question").all_inner_texts() == ["Mara's first?", "Mara's second?"]
    assert "first?" not in one.page.evaluate("JSON.stringify(localStorage)")  # nothing stays in the browser
    elsewhere = visit(url, log_in=MARA)
    assert kept(elsewhere) == ["Mara's first?"]
    elsewhere.page.click("#past .kept .name")
    elsewhere.page.wait_for_selector("#latest .cite")
    assert elsewhere.page.locator(".turn .question").count() == 2
    elsewhere.leave()
    elsewhere.page.click(".masthead [href='/logout']")
    elsewhere.page.wait_for_selector("input[type=password]")
    elsewhere.log_in(*NOOR)
    elsewhere.page.wait_for_selector("#question textarea")
    assert kept(elsewhere) == [] and elsewhere.page.locator(".turn").count() == 0
    assert "Mara" not in elsewhere.page.content()


def test_a_page_left_open_does_not_become_the_next_users(url: str, visit: Open) -> None:
    maras = visit(url, log_in=MARA)
    maras.ask("Mara's secret?")
    noors = visit(url, log_in=NOOR)
    maras.page.context.add_cookies(noors.page.context.cookies())  # type: ignore[arg-type]  # as read, so written
    maras.page.fill("#question textarea", "And as Noor?")
    maras.page.keyboard.press("Enter")
    maras.page.wait_for_selector("text=Somebody else has logged in")
    assert kept(noors) == []


def test_they_can_be_found_renamed_and_deleted(url: str, visit: Open, tmp_path: Path) -> None:
    one = visit(url, log_in=NOOR)
    one.ask("Noor's own?")
    one.page.click("[data-act=new]")
    one.page.wait_for_selector(".turn", state="detached")
    assert kept(one) == ["Noor's own?"]
    one.page.locator("#past .kept .tool").first.click()
    one.page.keyboard.press("Control+a")
    one.page.keyboard.type("Better name")
    one.page.keyboard.press("Enter")
    one.page.wait_for_selector("#past .kept .name >> text=Better name")
    one.page.fill("#past .search", "")
    one.page.focus("#past .search")
    one.page.keyboard.type("butter")  # at once: Gradio's own way would be to look for the first letter only
    one.page.wait_for_selector("#past .kept li", state="detached")
    one.page.fill("#past .search", "better")
    one.page.click("#past .kept .name")
    one.page.wait_for_selector("#latest .cite")
    one.page.click("[data-act=past]")
    one.forget()
    one.page.wait_for_selector("#past .kept li", state="detached")
    one.page.wait_for_selector(".turn", state="detached")  # where rating it would bring it back
    empty = tmp_path / "empty.json"
    empty.write_text("", encoding="utf-8")
    one.page.set_input_files("#past input[type=file]", empty)
    one.page.wait_for_selector("text=not a conversation exported")
    one.leave()
    one.page.reload()
    one.page.wait_for_selector("#begin .idea")
    assert kept(one) == [] and one.page.locator(".turn").count() == 0


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_serious(url: str, visit: Open, width: int, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    one = visit(url, width=width, scheme=scheme, log_in=MARA)
    found = axe_findings(axe, one)
    one.leave()
    one.page.click(".masthead [href='/logout']")
    one.page.wait_for_selector("input[type=password]")
    found += axe_findings(axe, one)
    assert found == [], "\n".join(found)
