"""What stands below an article: lines on its authors and its origin go, sentences of the article stay."""

import pytest

from rag.ingest.foot import is_below

AUTHORS = "Ann Lee and Bob Ray"


@pytest.mark.parametrize(
    "line",
    [
        "Reach Ann Lee at a.lee@example.org or 502-555-4472 and follow her on Twitter at @annlee.",
        "Contact him at 845-555-3222.",
        "Ann Lee can be reached at (262) 555-9141 or a.lee@example.org.",
        "This article originally appeared on NerdWallet.",
        "Originally published in Foreign Affairs, July 2021",
        "Contributing: The Associated Press",
        "The author is president of the harbour board.",
        "Bob Ray is the Beijing bureau chief for The Post.",
        "Ann Lee covers the courts.",
        "About the author: Ann Lee was born in Oslo.",
    ],
)
def test_lines_on_authors_and_origin_are_not_the_article(line: str):
    assert is_below(line, AUTHORS)


@pytest.mark.parametrize(
    "line",
    [
        "Rescuers could not reach them until Friday morning, when all eleven were brought out alive.",
        "Anyone who saw the two men near the river should contact them on 555-4472.",
        "The island can be reached at low tide only, said the harbour master on www.example.org.",
        "It was originally published in 1931 and sold only four hundred copies.",
        "Originally published in France, the novel sold only four hundred copies.",
        "The writer is buried in Oakdale, beside his wife.",
        "The author is a suspect in the death of a student.",
        "About the author little is known.",
        "Bob Ray was shot dead on Monday.",
    ],
)
def test_sentences_that_begin_alike_are(line: str):
    assert not is_below(line, AUTHORS)
