"""The whole path on the bundled articles: question, answer, citation, highlighted words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pages import WARNINGS, Visit, serving

from rag import Corpus
from ui.server import app

pytestmark = [pytest.mark.browser, WARNINGS]
SEEDS = Path(__file__).parents[2] / "seeds"
QUESTION = "why were military channels cut?"


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    with Corpus.open(tmp_path_factory.mktemp("browser") / "seeds.corpus") as corpus:
        corpus.sync(SEEDS)
        yield corpus


@pytest.fixture(scope="module")
def url(seeds: Corpus) -> Iterator[str]:
    with serving(app(seeds)) as address:
        yield address


def test_first_questions_are_all_answered_and_one_click_asks(
    url: str, seeds: Corpus, visit: Callable[..., Visit]
) -> None:
    one = visit(url)
    one.page.wait_for_selector("#begin .idea")
    questions = one.page.locator("#begin .idea").all_inner_texts()
    assert len(questions) == len(set(questions)) >= 3
    assert [question for question in questions if not seeds.ask(question).answered] == []
    one.page.click("#begin .idea >> nth=1")
    one.page.wait_for_selector("#latest .cite")
    assert one.page.inner_text("#latest .question") == questions[1]
    assert not one.page.locator("#begin").is_visible()


def test_questions_to_go_on_with_follow_an_answer_and_are_answered(url: str, visit: Callable[..., Visit]) -> None:
    one = visit(url)
    one.ask(QUESTION)
    one.page.wait_for_selector("#further .idea")
    question = one.page.inner_text("#further .idea >> nth=0")
    one.page.click("#further .idea >> nth=0")
    one.page.wait_for_selector('#turn-1[aria-busy="false"] .cite')
    assert one.page.inner_text("#latest .question") == question
    one.page.wait_for_selector('#further [data-for="turn-1"]')
    assert question not in one.page.locator("#further .idea").all_inner_texts()


def test_every_citation_highlights_exactly_its_quote(url: str, seeds: Corpus, visit: Callable[..., Visit]) -> None:
    answer = seeds.ask(QUESTION)
    assert answer.answered and answer.citations
    one = visit(url)
    one.ask(QUESTION)
    for citation in answer.citations:
        one.page.click(f'#latest .cite[data-cite="{citation.number}"]')
        one.page.wait_for_selector(f'#pane .source[data-focus="{citation.number}"]')
        assert one.marked() == " ".join(citation.quote.split())
        assert citation.article.title in one.page.inner_text("#pane header")
