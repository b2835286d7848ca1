"""Records to HTML. The expected markup is read back with the standard library's parser."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from stand_in import ANSWER, CUT, DEAD, REFUSAL, SHIPS, TALKS, TALKS_TEXT

from rag.records import Filter
from ui import render, shelf, source, welcome, why
from ui.filters import Holdings
from ui.session import Exchange, Session
from ui.strings import ENGLISH

HOSTILE = "<img src=x onerror=alert(1)>\"'><script>x</script> ![a](http://evil.example/b) [y](javascript:z)"
DONE = Exchange(question="why?", state="done", answer=ANSWER)


class Page(HTMLParser):
    """Collects the elements, and the text inside `mark` elements."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.marked: list[tuple[dict[str, str | None], str]] = []
        self.text = ""
        self._mark: dict[str, str | None] | None = None
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "mark":
            self._mark = dict(attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self._mark = None

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._mark is not None:
            self.marked.append((self._mark, data))

    def having(self, attribute: str) -> list[str | None]:
        return [attrs[attribute] for _, attrs in self.elements if attribute in attrs]


def view(**changes: object) -> source.View:
    marks = (
        source.Mark(number=1, start=CUT.start, end=CUT.end),
        source.Mark(number=2, start=DEAD.start, end=DEAD.end),
    )
    base = source.View(turn=0, article=TALKS, marks=marks, focus=1, total=3)
    return replace(base, **changes)


def test_an_answer_shows_short_form_markers_and_footnotes() -> None:
    page = Page(render.exchange(DONE, 4, ENGLISH))
    assert page.having("data-cite") == ["1", "2", "3", "1", "2", "3"]  # markers, then footnotes
    assert set(page.having("data-turn")) == {"4"}
    assert page.text.index("Pelosi visited Taiwan") < page.text.index("Beijing cut")
    assert "Source 1: Talks resume, The Post, 9 January 2024" in page.having("aria-label")
    assert ("article", {"class": "turn", "id": "turn-4", "aria-busy": "false"}) in page.elements


def test_a_short_answer_that_is_the_sentence_is_not_said_twice() -> None:
    whole = replace(DONE, answer=replace(ANSWER, short=CUT.quote.rstrip(".")))
    assert 'class="short"' in render.exchange(DONE, 0, ENGLISH)
    assert 'class="short"' not in render.exchange(whole, 0, ENGLISH)


def test_a_marker_without_a_citation_stays_text() -> None:
    assert render.prose("So it says [7].", {1: "<b>"}) == '<p>So it <span class="marked">says [7].</span></p>'


def test_a_run_of_markers_stays_with_the_word_before_it_and_the_signs_after() -> None:
    said = render.prose("**Cut** in 2022 [1][7], it*[1]b [1]", {1: "<i>1</i>"})
    assert said == (
        '<p><strong>Cut</strong> in <span class="marked">2022<i>1</i>[7],</span> '
        '<span class="marked">it*<i>1</i></span><span class="marked">b<i>1</i></span></p>'
    )


def test_a_quotation_mark_after_a_marker_stays_whole() -> None:
    assert render.prose('"cut [1]" again', {1: "<i>1</i>"}).count("&quot;") == 2


def test_a_very_long_word_is_drawn_at_once() -> None:
    """Nothing is measured: in quadratic time this would not end."""
    word = "a" * 200_000
    assert render.prose(f"{word} [1]", {1: "<i>1</i>"}) == f'<p><span class="marked">{word}<i>1</i></span></p>'


def test_prose_knows_paragraphs_lists_bold_and_code_and_nothing_else() -> None:
    said = render.prose("**Two** `ships`:\n\n- *one*\n- two\n\n<b>x</b> ![i](http://e.example)", {})
    assert said == (
        "<p><strong>Two</strong> <code>ships</code>:</p><ul><li>*one*</li><li>two</li></ul>"
        "<p>&lt;b&gt;x&lt;/b&gt; ![i](http://e.example)</p>"
    )


def test_streamed_markup_only_grows() -> None:
    text = "Cut in 2022 [1]. <b> Then [2][13] & more [x] [1"
    texts = [text[:n] for n in range(len(text))]
    seen = [render.streaming(Exchange(question="q", partial=text), 0, ENGLISH) for text in texts]
    assert all(later.startswith(earlier) for earlier, later in pairwise(seen))
    assert seen[-1].endswith(
        '&lt;b&gt; Then<sup class="cite-wait">2</sup><sup class="cite-wait">13</sup> &amp; more [x]'
    )


def test_a_refusal_says_so_and_offers_the_nearest_passages() -> None:
    page = Page(render.exchange(Exchange(question="who won?", state="done", answer=REFUSAL), 0, ENGLISH))
    assert "The articles do not answer this question." in page.text
    assert page.having("data-near") == ["0"]
    assert page.having("data-cite") == []


@pytest.mark.parametrize(
    ("confidence", "threshold", "told"),
    [
        (0.4951, 0.5, "Usually 50%; these articles reached 49%."),
        (0.5035, 0.504, "Usually 51%; these articles reached 50%."),
        (0.29, 0.55, "Usually 55%; these articles reached 29%."),
    ],
)
def test_what_a_refusal_reached_never_reads_as_enough(confidence: float, threshold: float, told: str) -> None:
    answer = replace(REFUSAL, confidence=confidence)
    refused = Exchange(question="who won?", state="done", answer=answer, threshold=threshold)
    page = Page(render.exchange(refused, 0, ENGLISH, last=True))
    assert told in page.text and told[8:10] in page.having("value")
    assert f"{told[-4:-2]}%, too little" in why.pane(answer, 0, ENGLISH)
    assert f"Only {told[-4:-2]}% sure" in ENGLISH.warning(answer)


def test_a_screen_reader_is_told_how_an_exchange_ended() -> None:
    def told(one: Exchange, *, last: bool = True) -> list[str | None]:
        return Page(render.exchange(one, 0, ENGLISH, last=last)).having("data-told")

    assert told(DONE) == ["The answer is there: Pelosi visited Taiwan"]
    (long,) = told(replace(DONE, answer=replace(ANSWER, short=None)))
    assert long is not None and "Beijing cut" in long and "[1]" not in long and len(long) < 230
    assert told(Exchange(question="q", state="done", answer=REFUSAL)) == [REFUSAL.text]
    assert told(Exchange(question="q", state="stopped", partial="Half an")) == [ENGLISH.stopped]
    assert told(Exchange(question="q", state="failed")) == told(DONE, last=False) == told(Exchange(question="q")) == []


def test_stopped_and_failed_exchanges_keep_what_came_and_say_why() -> None:
    stopped = Page(render.exchange(Exchange(question="q", state="stopped", partial="Half an"), 0, ENGLISH))
    assert "Half an" in stopped.text and ENGLISH.stopped in stopped.text
    failed = Page(render.exchange(Exchange(question="q", state="failed", error="No <b>port</b>."), 0, ENGLISH))
    assert "No <b>port</b>." in failed.text and "b" not in [tag for tag, _ in failed.elements]


def test_a_filter_is_shown_with_the_answer() -> None:
    where = Filter(published_from=date(2023, 1, 1), source="The Post")
    assert render.describe_filter(where, ENGLISH) == "The Post, from 1 January 2023"
    assert "Asked only of The Post" in render.exchange(replace(DONE, where=where), 0, ENGLISH)
    assert render.describe_filter(Filter(), ENGLISH) == ""


def test_the_pane_marks_all_quotes_by_their_offsets_and_focuses_one() -> None:
    page = Page(source.pane(view(), TALKS_TEXT, ENGLISH))
    assert [(attrs["class"], attrs["data-n"], said) for attrs, said in page.marked] == [
        ("quote focus", "1", CUT.quote),
        ("quote", "2", DEAD.quote),
    ]
    assert page.text.count("Talks resume") == 1  # the text's own first line is not shown twice
    assert "Officers met again in January 2024." in page.text


def test_overlapping_quotes_and_quotes_over_two_paragraphs_share_their_pieces() -> None:
    text = "One two.\n\nThree four."
    marks = (source.Mark(number=1, start=4, end=15), source.Mark(number=2, start=10, end=21))
    page = Page(source.pane(view(marks=marks, focus=2), text, ENGLISH))
    assert [(attrs["data-n"], said) for attrs, said in page.marked] == [
        ("1", "two."),
        ("1 2", "Three"),
        ("2", " four."),
    ]


def test_steps_lead_to_the_other_quotes_and_end_at_the_ends() -> None:
    page = Page(source.pane(view(), TALKS_TEXT, ENGLISH))
    steps = [attrs for _, attrs in page.elements if attrs.get("class") == "tool step"]
    assert [(attrs["data-cite"], "disabled" in attrs) for attrs in steps] == [("0", True), ("2", False)]
    assert "1 of 3" in page.text


def test_only_web_addresses_become_links() -> None:
    link = [attrs for tag, attrs in Page(source.pane(view(), TALKS_TEXT, ENGLISH)).elements if tag == "a"]
    assert [(attrs["href"], attrs["rel"]) for attrs in link] == [
        ("https://post.example/talks", "noopener noreferrer nofollow")
    ]
    bad = replace(TALKS, url="javascript:alert(1)")
    assert "javascript" not in source.pane(view(article=bad), TALKS_TEXT, ENGLISH)


def test_a_copied_quote_carries_its_reference() -> None:
    assert source.reference(CUT, ENGLISH) == (
        f"“{CUT.quote}”\nTalks resume, The Post, 9 January 2024\nhttps://post.example/talks"
    )


def hostile_pages() -> list[str]:
    article = replace(TALKS, title=HOSTILE, author=HOSTILE, source=HOSTILE, url=HOSTILE, path=HOSTILE)
    citation = replace(CUT, article=article, quote=HOSTILE)
    answer = replace(ANSWER, text=f"{HOSTILE} [1]", short=f"{HOSTILE} 1", citations=(citation,), notes=(HOSTILE,))
    hit = replace(REFUSAL.nearest[0], article=article)
    refusal = replace(REFUSAL, nearest=(hit,), text=HOSTILE)
    where = Filter(source=HOSTILE, author=HOSTILE)
    exchanges = (
        Exchange(question=HOSTILE, state="done", answer=answer, where=where),
        Exchange(question=HOSTILE, state="done", answer=refusal),
        Exchange(question=HOSTILE, state="failed", error=HOSTILE, partial=HOSTILE),
        Exchange(question=HOSTILE, partial=HOSTILE),
    )
    mark = source.Mark(number=1, start=3, end=40)
    return [
        *(render.exchange(one, 0, ENGLISH) for one in exchanges),
        source.pane(view(article=article, marks=(mark,), reference=HOSTILE), HOSTILE, ENGLISH),
        welcome.greeting(Holdings(articles=(article,)), ENGLISH),
        render.suggestions([HOSTILE], ENGLISH.try_one, turn=0),
        shelf.shelf(Holdings(articles=(article,)), shelf.Wanted(), lambda article: 1, ENGLISH),
        why.pane(replace(answer, hits=(hit,), generator=HOSTILE, standalone_question=HOSTILE), 0, ENGLISH),
    ]


@pytest.mark.parametrize("markup", hostile_pages())
def test_hostile_records_add_no_element_link_or_handler(markup: str) -> None:
    page = Page(markup)
    assert not {"script", "img", "a", "iframe", "object", "style"} & {tag for tag, _ in page.elements}
    assert not [name for _, attrs in page.elements for name in attrs if name.startswith("on")]
    assert "<script>x</script>" in page.text  # it is there, as text


def test_the_greeting_counts_what_can_be_asked_about() -> None:
    assert welcome.inventory(Holdings(articles=(TALKS, SHIPS)), ENGLISH) == "2 articles · 9 January 2024 · The Post"
    older = replace(SHIPS, published=date(2022, 8, 2), source="Annals")
    assert welcome.inventory(Holdings(articles=(TALKS, older)), ENGLISH) == (
        "2 articles · 2 August 2022 to 9 January 2024 · Annals, The Post"
    )
    assert ENGLISH.no_articles in welcome.greeting(Holdings(articles=()), ENGLISH)


def test_a_session_passes_finished_turns_on_and_nothing_that_failed() -> None:
    session = Session().asked(DONE).asked(Exchange(question="x", state="failed"))
    session = session.asked(Exchange(question="and?", partial="Half"))
    assert [(turn.question, turn.answer) for turn in session.history] == [("why?", ANSWER), ("and?", "Half")]
    assert session.stopped().exchanges[-1].state == "stopped"


def test_each_article_of_a_list_has_its_line() -> None:
    assert render.prose("One: it rang.\nTwo: it did not.", {}) == "<p>One: it rang.<br>Two: it did not.</p>"


def test_a_passage_that_was_never_read_shows_its_ranks_alone() -> None:
    unread, read = replace(ANSWER.hits[0], relevance=0.0), replace(ANSWER.hits[1], relevance=0.25)
    first, second = why.pane(replace(ANSWER, hits=(unread, read)), 0, ENGLISH).split('data-hit="0"')[1].split("<li>")
    assert "not read · by meaning 1" in first and "meter" not in first and "0.00" not in first
    assert "relevance 0.25 · by meaning 1" in second and "meter" in second


def test_an_outlet_from_right_to_left_leaves_the_date_whole() -> None:
    article = replace(TALKS, source="\u0627\u0644\u0634\u0631\u0642")
    assert source.imprint(article, ENGLISH) == f"<bdi>{article.source}</bdi> · 9 January 2024"
    assert source.imprint(replace(article, source=None), ENGLISH) == "9 January 2024"
