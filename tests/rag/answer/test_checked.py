import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answer.checked import UNSUPPORTED, Checked, Rules, Tally
from rag.answer.support import WordSupport
from rag.errors import UnknownArticleError
from rag.records import Article, Hit, Passage

TEXTS = {
    "a": "Tessaly suspended its military hotline with Orvane on Monday. "
    "An Orvani drone had crossed the border on 3 July.",
    "b": "The ferry Halcyon Star rolled over in heavy seas. At least 14 people died.",
    "c": "Talks between the defence ministers will resume in October in Halvik.",
}
RULES = Rules(judge=WordSupport(), threshold=0.5, strict=False, text_of=TEXTS.__getitem__)
STATED = "The ferry Halcyon Star rolled over"


def hit(id: str) -> Hit:
    article = Article(id=id, title="", chars=len(TEXTS[id]), sha256="")
    passage = Passage(id=id, article_id=id, start=0, end=len(TEXTS[id]), text=TEXTS[id])
    return Hit(passage=passage, article=article, score=1.0, relevance=1.0)


HITS = [hit("a"), hit("b"), hit("c")]
NAMED = replace(
    HITS[1],
    article=replace(
        HITS[1].article, title="Ferry sinks", author="Mara Lind", source="Coastal Wire", published=date(2023, 7, 10)
    ),
)


def check(prose: str, *, strict: bool = False) -> tuple[str, Checked]:
    checked = Checked(HITS, replace(RULES, strict=strict))
    return "".join([*checked.feed(prose), *checked.close()]), checked


def quotes(checked: Checked) -> list[str]:
    return [citation.quote for citation in checked.citations]


def test_numbers_are_given_by_first_use_and_quotes_are_slices() -> None:
    text, checked = check("Talks will resume in October [3]. Tessaly suspended its military hotline with Orvane [1].")
    assert text == "Talks will resume in October [1]. Tessaly suspended its military hotline with Orvane [2]."
    assert quotes(checked) == [TEXTS["c"], "Tessaly suspended its military hotline with Orvane on Monday."]
    for citation in checked.citations:
        assert TEXTS[citation.article.id][citation.start : citation.end] == citation.quote


def test_one_sentence_may_cite_several_passages_each_for_its_part() -> None:
    text, checked = check("Tessaly suspended its military hotline [1], while the ferry Halcyon Star rolled over [2].")
    assert text == "Tessaly suspended its military hotline [1], while the ferry Halcyon Star rolled over [2]."
    assert [citation.article.id for citation in checked.citations] == ["a", "b"]


def test_a_citation_of_the_wrong_passage_is_corrected() -> None:
    text, checked = check(f"{STATED} [1].")
    assert text == f"{STATED} [1]." and checked.citations[0].article.id == "b" and checked.tally.moved == 1


def test_a_sentence_without_a_mark_gets_the_quote_that_backs_it() -> None:
    assert check("At least 14 people died.")[0] == "At least 14 people died [1]."


def test_unknown_numbers_are_dropped_and_counted() -> None:
    text, checked = check(f"{STATED} [2][99][0][-1].")
    assert text == f"{STATED} [1]." and checked.tally.unknown == 2


def test_what_its_quote_does_not_back_is_marked_or_left_out() -> None:
    prose = f"{STATED} [2]. The captain was arrested by customs officers in Lisbon [2]."
    text, checked = check(prose)
    assert text.endswith(f"in Lisbon [2]. {UNSUPPORTED}")
    assert checked.citations[1].support < 0.5 and checked.tally.marked == 1
    strict, checked = check(prose, strict=True)
    assert strict == f"{STATED} [1]." and checked.tally.dropped == 1 and len(checked.citations) == 1


def test_what_nothing_backs_and_nothing_cites_is_left_out() -> None:
    text, checked = check(f"{STATED} [2]. Subscribe to our newsletter for more exclusive insights today.")
    assert text == f"{STATED} [1]." and checked.tally.dropped == 1


@pytest.mark.parametrize(
    "prose", ["", "Penguins live in Antarctica. They eat fish.", "## Talks\nPenguins eat fish.", "[1] [2]"]
)
def test_without_a_backed_sentence_nothing_is_shown(prose: str) -> None:
    assert check(prose)[0] == ""


def test_headings_wait_for_a_sentence_and_lists_stay_lists() -> None:
    text, _ = check(
        f"## The Ferry\nThese are known:\n- {STATED} [2]\n- Penguins eat fish.\n- At least 14 people died [2]\n"
    )
    assert text == f"## The Ferry\nThese are known:\n- {STATED} [1]\n- At least 14 people died [2]"


@pytest.mark.parametrize(
    "head",
    [
        "**The captain was convicted of fraud in 2019.**",
        "**1999**",
        "**Yes**",
        "**No**",
        "# The captain stole nine billion dollars",
        "## Captain arrested",
        "The captain was convicted of fraud, the passages say:",
    ],
)
@pytest.mark.parametrize("strict", [False, True])
def test_a_heading_that_states_something_is_no_heading(head: str, strict: bool) -> None:
    text, checked = check(f"{head}\n\n{STATED} [2].", strict=strict)
    assert text == f"{STATED} [1]." and checked.tally.dropped == 1


@pytest.mark.parametrize(
    "head",
    ["## Halcyon Star", "**The ferry**", "Key points:", "Based on the passages:", "1. Talks in October:", "### Drones"],
)
def test_a_heading_that_names_what_a_passage_is_about_stays(head: str) -> None:
    assert check(f"{head}\n\n{STATED} [2].")[0] == f"{head}\n\n{STATED} [1]."


@pytest.mark.parametrize("head", ["**Tessaly suspended its hotline**", "Tessaly suspended its military hotline:"])
def test_a_heading_that_is_a_backed_sentence_is_cited(head: str) -> None:
    assert check(f"{head}\n\n{STATED} [2].")[0] == f"{head} [1]\n\n{STATED} [2]."


@pytest.mark.parametrize("cited", [" [2]", ""])
def test_what_an_article_no_longer_says_is_not_quoted(cited: str) -> None:
    changed = {**TEXTS, "b": f"Corrected on 5 May. {TEXTS['b']}"}
    checked = Checked(HITS, replace(RULES, text_of=changed.__getitem__))
    prose = f"{STATED}{cited}. Talks will resume in October [3]."
    assert "".join([*checked.feed(prose), *checked.close()]) == "Talks will resume in October [1]."
    assert quotes(checked) == [TEXTS["c"]] and checked.tally.dropped == 1


def test_an_article_that_is_gone_is_not_quoted() -> None:
    def gone(id: str) -> str:
        raise UnknownArticleError(id)

    checked = Checked(HITS, replace(RULES, text_of=gone))
    assert [*checked.feed(f"{STATED} [2]."), *checked.close()] == [] and checked.citations == ()


def test_an_article_that_changes_between_two_sentences_is_quoted_as_it_is() -> None:
    texts = dict(TEXTS)
    checked = Checked(HITS, replace(RULES, text_of=texts.__getitem__))
    first = f"{STATED} [2]. At least 14 people died [2]. Talks will resume in October [3]. "
    said = [*checked.feed(first)]
    assert said == [f"{STATED} [1]."]
    texts["b"] = "A correction: the Halcyon Star is safe in Halvik."
    said += [*checked.feed("They will resume in Halvik [3]."), *checked.close()]
    assert "14" not in "".join(said) and [c.article.id for c in checked.citations] == ["b", "c"]


def test_a_marker_of_ours_stands_behind_an_abbreviation() -> None:
    texts = {"a": "The line was closed at 5 p.m."}
    article = Article(id="a", title="", chars=29, sha256="")
    passage = Passage(id="a", article_id="a", start=0, end=29, text=texts["a"])
    hits = [Hit(passage=passage, article=article, score=1.0, relevance=1.0)]
    checked = Checked(hits, replace(RULES, text_of=texts.__getitem__))
    assert "".join([*checked.feed("The line was closed at 5 p.m."), *checked.close()]).endswith("5 p.m. [1]")


def test_a_number_that_the_quote_does_not_have_is_not_backed() -> None:
    text, _ = check(f"{STATED} [2]. At least 41 people died [2].")
    assert UNSUPPORTED in text


def test_an_invented_number_is_marked_in_a_long_sentence_too() -> None:
    said = "Tessaly suspended its military hotline with Orvane on Monday as an Orvani drone had crossed the border on"
    for number, marked in (("19", 1), ("3", 0)):
        assert check(f"{STATED} [2]. {said} {number} July [1].")[1].tally.marked == marked


def test_what_the_passages_do_not_say_is_left_out() -> None:
    refusal = "The passages do not say why Tessaly suspended its military hotline with Orvane [1]."
    text, checked = check(f"{STATED} [2]. {refusal} At least 14 people died [2].")
    assert text == f"{STATED} [1]. At least 14 people died [2]." and checked.tally.declined == 1
    assert check(refusal)[0] == ""


def test_marks_in_code_are_left_alone() -> None:
    text, checked = check("At least 14 people died [2]. The ferry Halcyon Star rolled over in heavy `seas[3]` [2].")
    assert "heavy `seas[3]` [2]" in text and [citation.article.id for citation in checked.citations] == ["b", "b"]


PARTS = st.sampled_from(
    [f"{STATED}", "At least 14 people died", "Penguins eat fish", " [1]", "[2]", " [1, 3]",
     "【2†x】", " [2–3]", " [7]", "[", "]", ". ",
     "\n", "\n- ", "## ", ":\n", "```\n", "`x[1]`", " ![i](http://evil.example/)", " U.S."]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(PARTS, max_size=25).map("".join), st.data())
def test_markers_and_citations_agree_however_the_stream_is_cut(prose: str, data: st.DataObject) -> None:
    text, whole = check(prose)
    checked, pieces, place = Checked(HITS, RULES), [], 0
    for cut in [*sorted(data.draw(st.lists(st.integers(0, len(prose)), max_size=10))), len(prose)]:
        pieces += checked.feed(prose[place:cut])
        place = cut
    pieces += checked.close()
    assert "".join(pieces) == text and checked.citations == whole.citations
    shown = re.sub(r"`[^`\n]*`", "", text)
    markers = {int(number) for number in re.findall(r"\[(\d+)\]", shown)}
    assert markers == {citation.number for citation in whole.citations} == set(range(1, len(whole.citations) + 1))
    assert "evil" not in text


@pytest.mark.parametrize(
    "end",
    [
        "\n\nReferences:\n[1] Ferry sinks, Coastal Wire, 2023-07-10",
        '\n\n**Sources:**\n- [1] "Ferry sinks" by Mara Lind, 10 July 2023\n- [1] https://evil.example/a',
        "\n\nSources: [1] Mara Lind, [1] Coastal Wire.",
        "\n\nReferences: [1], [1]",
        "\n\n[1] Ferry sinks | outlet: Coastal Wire",
        "\n\n[^1]: Ferry sinks",
        "\n\n[1]: Ferry sinks. Coastal Wire. 10 July 2023.",
        "\n\n[1]: Passage 1\n[1]: Article on the ferry\n[^1]: See p. 2\n[1]: Lind, M. (2023)",
    ],
)
def test_a_list_of_sources_is_no_claim(end: str) -> None:
    checked = Checked([NAMED], RULES)
    assert "".join([*checked.feed(f"{STATED} [1].{end}"), *checked.close()]) == f"{STATED} [1]."
    assert len(checked.citations) == 1 and checked.tally == Tally(supported=1)


def test_a_claim_in_the_words_of_a_title_is_judged() -> None:
    named = replace(HITS[1], article=replace(HITS[1].article, title=STATED, source="Coastal Wire"))
    checked = Checked([named], RULES)
    prose = f"At least 14 people died [1].\n\n[1] {STATED}.\nSources say that penguins eat fish [1]."
    text = "".join([*checked.feed(prose), *checked.close()])
    assert text.startswith(f"At least 14 people died [1].\n\n [1] {STATED}.\nSources say")
    assert checked.tally == Tally(supported=2, marked=1)


def test_an_outlet_or_a_date_alone_is_an_answer() -> None:
    checked = Checked([NAMED], RULES)
    prose = f"{STATED} [1].\n- [1] Coastal Wire, 10 July 2023\n- [1] Mara Lind"
    "".join([*checked.feed(prose), *checked.close()])
    assert checked.tally.supported + checked.tally.marked == 3


def test_a_heading_stays_over_a_line_that_names_its_source() -> None:
    checked = Checked([NAMED], RULES)
    prose = f"**Background**\n\nSource: Coastal Wire\n\n{STATED} [1]."
    assert "".join([*checked.feed(prose), *checked.close()]) == f"**Background**\n\n{STATED} [1]."


def test_a_sentence_may_number_itself() -> None:
    prose = f"(1) {STATED} [2].\n(2) At least 14 people died [2]."
    assert check(prose)[0] == f"(1) {STATED} [1].\n(2) At least 14 people died [2]."


@pytest.mark.parametrize(
    ("given", "shown"),
    [(f"{STATED} [2].", f"{STATED}."), (f"{STATED} [97].", ""), (f"x = [3] {STATED}", ""), (f"{STATED}[2]", "")],
)
def test_sentences_in_a_block_of_code_are_judged_and_shown_without_their_marks(given: str, shown: str) -> None:
    text = check(f"Here is the answer:\n```\n{given}\n```")[0]
    assert text == (f"Here is the answer:\n```\n{shown}\n```\n[1]" if shown else "")
