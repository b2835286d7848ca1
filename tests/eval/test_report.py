from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from eval.report import curves, plots, write
from eval.report.curves import Bin
from eval.report.page import render
from eval.report.view import section
from eval.run import Plan, run
from eval.runfile import Run, read_run
from eval.score import rows
from eval.suite import load
from eval.systems.base import Wish, build
from rag.errors import UserError
from tests.eval.conftest import CASES, write_suite

HOSTILE = "</script><script>alert('q')</script> | `x` [red]"


def made(suite: Path, out: Path, name: str) -> Run:
    loaded = load(suite)
    system = build(Wish(name=f"python:tests.eval.fakes:{name}"), loaded)
    run(loaded, system, Plan(system=name, out=out / "tiny" / "run.jsonl"))
    return read_run(out / "tiny" / "run.jsonl")


class Page(HTMLParser):
    """Collects tags, addresses and visible text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [v or "" for k, v in attrs if k in {"src", "href", "action", "data", "xlink:href"}]
        assert not [k for k, _ in attrs if k.startswith("on")], "no handler in an attribute"

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def pair(tmp_path: Path) -> list[Run]:
    suite = write_suite(tmp_path / "tiny", [{**CASES[0], "id": "bad", "question": HOSTILE}, *CASES])
    return [made(suite, tmp_path / name, name) for name in ("good", "hostile", "raises")]


def test_the_page_is_whole_and_fetches_nothing(pair: list[Run]) -> None:
    html = render(pair)
    page = Page(html)
    assert all(address.startswith("#") for address in page.addresses), "only places within the page"
    assert "default-src 'none'" in html
    assert page.tags.count("svg") == 4
    assert page.tags.count("details") >= 4
    assert "no such prize" in page.text, "tracebacks are shown"
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_words_of_others_stay_words(pair: list[Run]) -> None:
    html = render(pair)
    page = Page(html)
    assert page.tags.count("script") == 1
    assert page.tags.count("img") == 0
    assert HOSTILE in page.text
    assert "{{ 7*7 }}" in page.text


def test_the_same_runs_give_the_same_page(pair: list[Run]) -> None:
    assert render(pair) == render(pair)


def test_one_run_and_a_search_suite_have_their_pages(pair: list[Run], tmp_path: Path) -> None:
    assert "by kind of question" in render(pair[:1]).lower()
    head = pair[0].head.model_copy(update={"task": "search"})
    assert "recall@5" in render([Run(path=pair[0].path, head=head, cases=pair[0].cases, end=None)])


def test_runs_that_share_no_case_are_shown_with_all_their_cases(pair: list[Run]) -> None:
    good, hostile, _ = pair
    apart = [replace(good, cases=good.cases[:2]), replace(hostile, cases=hostile.cases[2:])]
    found = section("tiny", apart)
    assert [(case.id, [told.run for told in case.told]) for case in found.cases] == [
        ("bad", ["good"]),
        ("when", ["good"]),
        ("won", ["hostile"]),
        ("again", ["hostile"]),
    ]
    assert found.cases[2].told[0].series == 2, "the colour of the second run"
    assert [kind for kind, _, _ in found.kinds] == ["fact", "unanswerable", "follow-up"]
    assert found.unpaired == ("hostile: 4 left out",)
    assert "0 shared cases, 4 left out" in write.markdown(apart)
    assert "hostile: 4 left out" in Page(render(apart)).text


def test_a_case_that_was_edited_between_two_runs_is_shown_as_two(pair: list[Run]) -> None:
    good, other, _ = pair
    edited = other.cases[1].model_copy(update={"case": other.cases[1].case.model_copy(update={"answers": ("May",)})})
    found = section("tiny", [good, replace(other, cases=(edited,))])
    assert [(case.answers, len(case.told)) for case in found.cases if case.id == "when"] == [
        (("March 2022",), 1),
        (("May",), 1),
    ]


def test_evidence_is_marked_inside_a_hit(pair: list[Run]) -> None:
    shown = section("tiny", pair[:1]).cases[1].told[0]
    assert shown.hits[0].parts == ((True, 'Talks ended in "March" 2022 after a visit.'),)
    assert shown.quotes[0][3] is True


def test_what_was_judged_not_relevant_is_not_shown_as_evidence(pair: list[Run]) -> None:
    case = pair[0].cases[1]
    (piece,) = case.case.evidence
    (span,) = case.gold
    asked = case.case.model_copy(update={"evidence": (piece.model_copy(update={"grade": 0}),)})
    graded = case.model_copy(update={"case": asked, "gold": (span.model_copy(update={"grade": 0}),)})
    (found,) = section("tiny", [replace(pair[0], cases=(graded,))]).cases
    (told,) = found.told
    assert found.evidence == ()
    assert told.quotes[0][3] is False
    assert (told.hits[0].gold, [marked for marked, _ in told.hits[0].parts]) == (False, [False])


def test_a_search_that_does_not_find_is_shown_and_counted_as_wrong(pair: list[Run]) -> None:
    """`hostile` finds nothing; "won" has nothing to find."""
    head = pair[1].head.model_copy(update={"task": "search"})
    searched = replace(pair[1], head=head)
    states = {case.id: case.state for case in section("tiny", [searched]).cases}
    assert states == {"bad": "wrong", "when": "wrong", "won": "right", "again": "wrong"}
    (suite,) = ET.fromstring(write.junit([searched])).findall("testsuite")
    assert (suite.get("failures"), suite.get("errors")) == ("3", "0")


def test_risk_and_coverage_by_hand(pair: list[Run]) -> None:
    """Three of four are answered, with the same confidence, and all are right."""
    assert curves.risk(rows(pair[0])) == ((0.75, 0.0),)
    assert curves.risk(rows(pair[2])) == ()


def test_reliability_by_hand(pair: list[Run]) -> None:
    low, high = curves.reliability(rows(pair[0]))
    assert (low.confidence, low.share, low.n) == (0.1, 0.0, 1)
    assert (round(high.confidence, 3), high.share, high.n) == (0.9, 1.0, 3)


def test_the_plots_leave_nothing_outside_our_home(tmp_path: Path) -> None:
    """In a process of its own: matplotlib looks for its place once."""
    users = tmp_path / "user"
    users.mkdir()
    kept = {k: v for k, v in os.environ.items() if not k.startswith("XDG_") and k != "MPLCONFIGDIR"}
    told = {**kept, "HOME": str(users), "RAG_HOME": str(tmp_path / "ours")}
    code = "from eval.report import plots; plots.recall({'a': ((1.0, 1.0),)})"
    subprocess.run([sys.executable, "-c", code], env=told, check=True, timeout=120)
    assert list(users.iterdir()) == []
    assert (tmp_path / "ours" / "matplotlib").is_dir()


def test_files_are_written(pair: list[Run], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = write.Files(html=tmp_path / "x" / "r.html", markdown=tmp_path / "r.md", junit=tmp_path / "r.xml")
    assert write.report([run.path for run in pair], files) == 0
    assert capsys.readouterr().out.splitlines() == [
        str(tmp_path / "x" / "r.html"),
        *map(str, (files.markdown, files.junit)),
    ]
    suites = ET.parse(tmp_path / "r.xml").getroot().findall("testsuite")
    assert [suite.get("errors") for suite in suites] == ["0", "0", "1"]
    assert [suite.get("failures") for suite in suites] == ["0", "4", "1"]
    markdown = (tmp_path / "r.md").read_text(encoding="utf-8")
    assert "| answer_match | 1.000 |" in markdown
    assert "<script>" not in markdown


def test_a_place_that_cannot_be_written_is_named(pair: list[Run], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UserError, match="cannot be written"):
        write.report([pair[0].path], write.Files(html=tmp_path / "file" / "r.html"))


def test_a_year_in_brackets_stays_in_the_answer(pair: list[Run]) -> None:
    case = pair[0].cases[1]
    assert case.reply is not None
    answered = case.model_copy(update={"reply": case.reply.model_copy(update={"text": "Cut in [2022] [1]"})})
    shown = section("tiny", [replace(pair[0], cases=(answered,))]).cases[0].told[0]
    assert shown.parts == (("text", "Cut in [2022]"), ("marker", "1"))


def test_a_run_without_its_times_has_its_page(pair: list[Run]) -> None:
    good = pair[0]
    assert good.end is not None
    head, end = good.head.model_copy(update={"times": {}}), good.end.model_copy(update={"times": {}})
    assert "Started" not in Page(render([replace(good, head=head)])).text
    assert "Started" in Page(render([replace(good, end=end)])).text


def test_a_name_that_begins_with_an_underscore_stands_in_the_legend() -> None:
    points = ((1.0, 0.5), (5.0, 0.9))
    bins = (Bin(confidence=0.5, share=0.5, n=2),)
    drawn = (
        plots.recall({"_old": points, "new": points}),
        plots.risk({"_old": points, "new": points}),
        plots.reliability({"_old": bins, "new": bins}),
        plots.latency({"_old": (5.0, 9.0), "new": (6.0,)}),
    )
    for svg in drawn:
        text = Page(svg).text
        assert "_old" in text
        assert "new" in text
