"""The rest of the page in a real browser: why, narrowing down, opinions, conversations, library, manners."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from pages import WARNINGS, Visit, serving
from stand_in import ANSWER, CUT, HURT, SHIPS, StandIn

from rag import Corpus
from rag.records import Article, Filter
from ui.server import app

pytestmark = [pytest.mark.browser, WARNINGS]
Open = Callable[..., Visit]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> StandIn:
    return StandIn(path=tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def url(corpus: StandIn) -> Iterator[str]:
    with serving(app(corpus)) as address:
        yield address


def test_why_this_answer_lists_passages_that_open_in_their_article(url: str, visit: Open) -> None:
    one = visit(url)
    one.ask("why?")
    one.page.click("#latest [data-why]")
    one.page.wait_for_selector("#pane .why")
    assert "25 ms" in one.page.inner_text("#pane .facts")
    one.page.click('#pane [data-hit="1"]')
    assert one.marked("mark.quote") == "The ships sailed home."


def test_a_question_can_be_narrowed_down_and_says_so(url: str, visit: Open, corpus: StandIn) -> None:
    one = visit(url)
    one.page.click("#narrow button")
    one.page.fill("#since input", "2024-01-02")
    one.ask("narrow?")
    assert corpus.heard[-1][2] == Filter(published_from=replace(CUT).article.published.replace(day=2))
    assert "Asked only of from 2 January 2024" in one.page.inner_text("#latest")


def test_a_date_that_the_picker_does_not_show_is_not_asked_for(url: str, visit: Open, corpus: StandIn) -> None:
    one = visit(url)
    one.page.click("#narrow button")
    one.page.fill("#since input", "July 2022")
    one.ask("narrow?")
    assert "is not a date" in one.page.inner_text("#latest")
    one.page.click("#since input")
    assert one.page.input_value("#since input") == ""
    one.page.click("#latest [data-act=retry]")
    one.page.wait_for_selector("#latest .cite")
    assert corpus.heard[-1][2] is None


def test_where_nothing_can_be_stored_the_page_works_as_long_as_it_is_open(url: str, visit: Open) -> None:
    one = visit(url)
    blocked = (
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError'); } })"
    )
    one.page.add_init_script(blocked)
    one.leave()
    one.page.reload()
    one.page.wait_for_selector("#begin .idea")
    one.ask("kept here?")
    one.page.click("[data-act=theme]")
    one.page.click("[data-act=past]")
    assert one.page.locator("#past .kept .name").all_inner_texts() == ["kept here?"]
    one.page.fill("#past .search", "footnote-conversation")  # a word of the document, that nobody has said
    assert one.page.locator("#past .kept li").count() == 0
    one.page.fill("#past .search", "pelosi")  # one of the answer
    one.page.locator("#past .kept .tool").first.click()
    one.page.keyboard.press("Escape")  # ends the renaming, and not more
    assert one.page.locator("#past .kept .name").is_visible()


def test_a_lower_bar_shows_what_would_have_been_said(url: str, visit: Open) -> None:
    one = visit(url)
    one.ask("who won?")
    slider = one.page.locator(".sureness input")
    slider.fill("20")
    assert "still does not answer" in one.page.inner_text(".sureness output")
    slider.fill("5")
    one.page.wait_for_selector("#latest .cite")
    assert "Only 10% sure" in one.page.inner_text("#latest")


def test_an_opinion_is_stored_beside_the_corpus(url: str, visit: Open, corpus: StandIn) -> None:
    one = visit(url)
    one.ask("rate me")
    one.page.click("#latest [data-rate=down]")
    one.page.fill("#latest .comment textarea", "It should rhyme.")
    one.page.click("#latest [data-comment]")
    one.page.wait_for_selector("#latest .note[role=status]")
    lines = (corpus.path / "feedback.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["comment"] for line in lines] == ["", "It should rhyme."]


def test_edit_takes_the_question_back_and_retry_asks_it_again(url: str, visit: Open, corpus: StandIn) -> None:
    one = visit(url)
    one.ask("first?")
    one.page.click("#latest [data-act=edit]")
    one.page.wait_for_selector(".turn", state="detached")
    assert one.page.input_value("#question textarea") == "first?"
    one.ask("second?")
    one.page.click("#latest [data-act=retry]")
    one.page.wait_for_function("document.querySelectorAll('.turn').length === 1")
    one.page.wait_for_timeout(500)
    assert [question for question, history, _ in corpus.heard[-2:] if not history] == ["second?", "second?"]


def test_a_conversation_survives_a_reload_and_can_be_found_renamed_and_deleted(url: str, visit: Open) -> None:
    one = visit(url)
    one.ask("kept?")
    one.ask("kept too?")
    one.reload()
    assert one.page.locator(".turn .question").all_inner_texts() == ["kept?", "kept too?"]
    one.page.click('#latest .cite[data-cite="1"]')
    assert one.marked() == " ".join(CUT.quote.split())
    one.page.keyboard.press("Escape")
    one.page.click("[data-act=new]")
    one.page.wait_for_selector(".turn", state="detached")
    one.page.click("[data-act=past]")
    one.page.locator("#past .kept .tool").first.click()
    one.page.keyboard.type("Better name ")
    one.page.keyboard.press("Enter")
    one.page.fill("#past .search", "no such words")
    assert one.page.locator("#past .kept li").count() == 0
    one.page.fill("#past .search", "better")
    one.page.click("#past .kept .name")
    one.page.wait_for_selector("#latest .cite")
    one.page.click("[data-act=past]")
    one.forget()
    assert one.page.locator("#past .kept li").count() == 0


def test_a_second_click_deletes_a_conversation_and_the_focus_goes_to_the_next(url: str, visit: Open) -> None:
    one = visit(url)
    for question in ("first?", "second?", "third?"):
        one.ask(question)
        one.page.click("[data-act=new]")
        one.page.wait_for_selector(".turn", state="detached")
    focused = "document.activeElement.ariaLabel ?? document.activeElement.textContent"
    names = one.page.locator("#past .kept .name")
    one.page.click("[data-act=past]")
    one.page.click("#past [aria-label='Rename second?']")
    one.page.keyboard.press("Enter")
    assert one.page.evaluate(focused) == "Rename second?"
    one.page.click("#past [aria-label='Rename second?']")
    one.page.keyboard.press("Tab")
    assert one.page.evaluate(focused) == "first?"  # what comes next
    one.page.click("#past [aria-label='Delete second?']")
    assert names.all_inner_texts() == ["third?", "second?", "first?"]
    assert one.page.evaluate(focused) == "Really delete? Delete second?"
    one.page.keyboard.press("Enter")
    assert names.all_inner_texts() == ["third?", "first?"] and one.page.evaluate(focused) == "first?"
    one.forget()
    assert names.all_inner_texts() == ["third?"] and one.page.evaluate(focused) == "third?"
    one.forget()
    assert names.count() == 0 and one.page.evaluate(focused) == "Search the conversations"


def test_a_conversation_can_be_taken_away_and_opened_again(url: str, visit: Open, tmp_path: Path) -> None:
    one = visit(url)
    one.ask("take me away")
    one.page.click("[data-act=past]")
    with one.page.expect_download() as download:
        one.page.click("[data-export=json]")
    file = tmp_path / "taken.json"
    download.value.save_as(file)
    kept = json.loads(file.read_text(encoding="utf-8"))
    kept["exchanges"][0]["answer"]["citations"][0]["start"] += 1
    file.write_text(json.dumps(kept), encoding="utf-8")
    other = visit(url)
    other.page.click("[data-act=past]")
    other.page.set_input_files("#past input[type=file]", file)
    other.page.wait_for_selector("#latest .remark")
    assert "Quote 1 no longer stands" in other.page.inner_text("#latest")


def test_the_library_opens_articles_and_narrows_the_chat_down(url: str, visit: Open) -> None:
    one = visit(url)
    one.page.click("[data-act=library]")
    one.page.wait_for_selector(".articles")
    one.page.click(".articles .title >> nth=1")
    one.page.wait_for_selector("#pane .source")
    assert "The ships sailed home." in one.page.inner_text("#pane")
    one.page.keyboard.press("Escape")
    assert "Searchable" in one.page.inner_text(".articles tbody tr >> nth=0")
    one.page.fill("#wanted input, #wanted textarea", "resume")
    one.page.wait_for_function("document.querySelectorAll('.articles tbody tr').length === 1")
    one.page.click(".timeline button")
    one.page.wait_for_function("document.querySelector('#until input')?.value === '2024-01-31'")
    assert one.page.locator("#question").is_visible()


def test_another_corpus_is_another_conversation_and_a_reload_stays_with_it(visit: Open, tmp_path: Path) -> None:
    corpora = {"news": StandIn(path=tmp_path), "letters": StandIn(path=tmp_path)}
    with serving(app(corpora)) as address:
        one = visit(address)
        one.ask("of the news?")
        one.page.click("#corpus input")
        one.page.click("#corpus [role=option] >> text=letters")
        one.page.wait_for_selector(".turn", state="detached")
        one.ask("of the letters?")
        assert [question for question, _, _ in corpora["letters"].heard] == ["of the letters?"]
        assert [question for question, _, _ in corpora["news"].heard] == ["of the news?"]
        one.reload()
        one.page.wait_for_function("document.querySelector('#corpus input').value === 'letters'")
        one.ask("and then?")
        assert corpora["letters"].heard[-1][0] == "and then?"


def test_settings_change_the_next_answer_and_the_theme_outlives_a_reload(
    url: str, visit: Open, corpus: StandIn
) -> None:
    one = visit(url)
    one.page.click("[data-act=settings]")
    one.read_most(15)
    one.page.keyboard.press("Escape")
    one.page.click("[data-act=theme]")
    one.ask("deeper?")
    assert corpus.used[-1].retrieve.read == 15
    one.reload()
    assert one.page.evaluate("document.body.classList.contains('dark')")


def test_articles_come_and_go_and_what_failed_says_why(visit: Open, tmp_path: Path) -> None:
    good, bad = tmp_path / "storm.md", tmp_path / "noise.txt"
    good.write_text("---\ntitle: Storm over Halvik\n---\nThe storm passed over Halvik in June.", encoding="utf-8")
    bad.write_bytes(bytes(range(256)) * 8)
    with Corpus.open(tmp_path / "own.corpus") as own, serving(app(own)) as address:
        one = visit(address)
        one.page.click("[data-act=library]")
        one.page.set_input_files("#files input[type=file]", [good, bad])
        one.page.wait_for_selector("#outcome .failures")
        assert "noise.txt" in one.page.inner_text("#outcome .failures")
        one.page.wait_for_selector(".articles >> text=Storm over Halvik")
        one.page.click(".articles .title")
        with one.page.expect_download() as download:
            one.page.click("#pane .tool >> text=File")
        assert download.value.suggested_filename == "storm.md"
        one.page.keyboard.press("Escape")
        one.page.click(".articles [data-remove]")
        one.page.click(".articles [data-remove].armed")
        one.page.wait_for_selector(".articles", state="detached")
        assert own.articles() == []


def hostile_corpus(path: Path) -> StandIn:
    attack = '<img src=x onerror="alert(1)"><script>alert(2)</script>![x](http://evil.example/x.png)\u202e\u200b'
    bad: Article = replace(SHIPS, title=attack, author=attack, source=attack, url="javascript:alert(3)", path=attack)

    class Hostile(StandIn):
        def articles(self, where: Filter | None = None, *, limit: int | None = None, offset: int = 0) -> list[Article]:
            return [bad]

        def article(self, article_id: str) -> Article:
            return bad

        def text(self, article_id: str) -> str:
            return f"{attack}\n\n{super().text(article_id)}"

        def stream(self, question: str, **more: object) -> Iterator[object]:
            for event in super().stream(question):
                if hasattr(event, "citations"):
                    cited = replace(event.citations[0], article=bad, quote=attack, start=0, end=len(attack))
                    event = replace(event, text=f"{attack} [1]", short=attack, citations=(cited,), notes=(attack,))
                yield event

    return Hostile(path=path)


def test_hostile_articles_leave_the_page_unharmed(visit: Open, tmp_path: Path) -> None:
    with serving(app(hostile_corpus(tmp_path))) as address:
        one = visit(address)
        one.ask("<script>alert(0)</script> **why** [x](javascript:alert(4))")
        one.page.hover("#latest .cite")
        one.page.click("#latest .cite")
        one.page.wait_for_selector("#pane mark.focus")
        one.page.click("[data-act=past]")
        one.page.keyboard.press("Escape")
        one.page.click("[data-act=library]")
        one.page.wait_for_selector(".articles")
        elements = one.page.locator(".source, .turn, .articles, #past, .greeting")
        assert elements.locator("img, script, iframe").count() == 0
        assert one.page.locator("a[href^=javascript]").count() == 0
        one.reload()  # and no dialog, no outside request: `visit` checks


def test_articles_that_differ_are_set_beside_each_other(visit: Open, tmp_path: Path) -> None:
    with serving(app(Differing(path=tmp_path))) as address:
        one = visit(address)
        one.ask("how many ships?")
        said = one.page.inner_text("#latest .differ")
        assert "Two ships" in said and "Three ships" in said and "The Post · 9 January 2024" in said
        assert "As of 9 January 2024" in one.page.inner_text("#latest .as-of")
        one.page.click("#latest .differ .cite >> nth=1")
        one.page.wait_for_selector("#pane mark.focus")


class Differing(StandIn):
    """Two articles that count the same ships differently."""

    counted = MappingProxyType(
        {"talks": "Two ships will sail home from Halvik.", "ships": "Three ships sailed home from Halvik."}
    )

    def text(self, article_id: str) -> str:
        return self.counted[article_id]

    def stream(self, question: str, **more: object) -> Iterator[object]:
        two, three = self.counted.values()
        cited = (
            replace(CUT, quote=two, start=0, end=len(two)),
            replace(HURT, number=2, quote=three, start=0, end=len(three)),
        )
        yield replace(ANSWER, question=question, text="Two [1]. Three [2].", citations=cited)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_serious(url: str, visit: Open, width: int, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    one = visit(url, width=width, scheme=scheme)
    one.page.wait_for_selector("#begin .idea")
    found = axe_findings(axe, one)
    one.ask("why?")
    one.page.click('#latest .cite[data-cite="1"]')
    one.marked()
    found += axe_findings(axe, one)
    one.page.keyboard.press("Escape")
    for act in ("past", "settings", "library"):
        one.page.click(f"#masthead [data-act={act}]")
        one.page.wait_for_timeout(300)
        found += axe_findings(axe, one)
        one.page.keyboard.press("Escape")
    assert found == [], "\n".join(found)


def axe_findings(axe: object, one: Visit) -> list[str]:
    one.settle()
    results = axe.Axe().run(one.page).response["violations"]  # type: ignore[attr-defined]
    return [
        f"{found['id']}: {node['html'][:200]} {node['failureSummary'][:200]}"
        for found in results
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"]
    ]
