"""The library page's table and timeline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from stand_in import SHIPS, TALKS

from rag.records import Failure, SyncReport
from ui import shelf
from ui.filters import Holdings, Narrowing, choices
from ui.strings import ENGLISH


def on(year: int, month: int, day: int = 1) -> object:
    return replace(SHIPS, id=f"{year}-{month}-{day}", published=date(year, month, day), source="Annals")


def test_months_are_counted_with_their_gaps() -> None:
    bars = shelf.periods([on(2023, 12, 5), on(2024, 2, 29), on(2024, 2, 1), SHIPS], ENGLISH)
    assert [(bar.label, bar.count) for bar in bars] == [("December 2023", 1), ("January 2024", 0), ("February 2024", 2)]
    assert (bars[0].last, bars[2].last) == (date(2023, 12, 31), date(2024, 2, 29))


def test_many_months_become_years() -> None:
    bars = shelf.periods([on(2020, 1), on(2023, 1)], ENGLISH)
    assert [(bar.label, bar.count) for bar in bars] == [("2020", 1), ("2021", 0), ("2022", 0), ("2023", 1)]
    assert bars[0].first == date(2020, 1, 1) and bars[0].last == date(2020, 12, 31)


def test_all_of_time_is_drawn_in_a_few_bars() -> None:
    bars = shelf.periods([on(9999, 12, 31)], ENGLISH)
    assert [(bar.label, bar.last) for bar in bars] == [("December 9999", date(9999, 12, 31))]
    bars = shelf.periods([on(1, 1), on(1789, 7), on(9999, 12, 31)], ENGLISH)
    assert len(bars) == 100 and [bar.label for bar in bars if bar.count] == ["1 to 99", "1700 to 1799", "9900 to 9999"]
    assert (bars[0].first, bars[-1].last) == (date(1, 1, 1), date(9999, 12, 31))
    decades = shelf.periods([on(1789, 7), on(2024, 1)], ENGLISH)
    assert (len(decades), decades[0].label, decades[-1].label) == (25, "1780 to 1789", "2020 to 2029")


def test_nothing_dated_draws_no_timeline() -> None:
    assert shelf.timeline([SHIPS], ENGLISH) == ""


def test_search_wants_every_word_anywhere() -> None:
    articles = [TALKS, SHIPS]
    assert shelf.matching(articles, "post RESUME") == (TALKS,)
    assert shelf.matching(articles, "2024-01") == (TALKS,)
    assert shelf.matching(articles, "resume ships") == ()
    assert shelf.matching(articles, " ") == (TALKS, SHIPS)


def test_the_table_is_turned_page_by_page() -> None:
    holdings = Holdings(articles=tuple(replace(SHIPS, id=str(n), title=f"No {n}.") for n in range(120)))
    second = shelf.shelf(holdings, shelf.Wanted(page=1), lambda article: 3, ENGLISH)
    assert "No 50." in second and "No 49." not in second and "No 100." not in second
    assert "120 of 120 articles" in second and "2 of 3" in second
    assert second.count("<tr>") == 51


def test_a_report_names_what_failed_and_why() -> None:
    done = SyncReport(added=("a", "b"), failed=(Failure(path="/x/<i>.pdf", reason="needs a password"),))
    said = shelf.report(done, ENGLISH)
    assert "2 added" in said and "&lt;i&gt;.pdf" in said and "needs a password" in said
    assert ENGLISH.nothing_added in shelf.report(SyncReport(), ENGLISH)


def test_holdings_offer_distinct_choices() -> None:
    holdings = Holdings(articles=(TALKS, TALKS, on(2022, 8, 2), SHIPS))  # type: ignore[arg-type]
    assert holdings.sources == ["Annals", "The Post"] and holdings.authors == ["A. Writer"]
    assert holdings.dates == (date(2022, 8, 2), date(2024, 1, 9))
    assert choices(["x"], "Any") == [("Any", ""), ("x", "x")]


def test_nothing_filled_in_narrows_nothing_down() -> None:
    assert Narrowing(since=" ", until=None, source="", author=None).filter(ENGLISH) is None


def test_the_table_says_how_much_of_an_article_is_searched() -> None:
    rows = shelf.table([(TALKS, 1_200), (SHIPS, 0)], ENGLISH)
    assert "1,200" in rows and ENGLISH.ready in rows and ENGLISH.not_searched in rows
