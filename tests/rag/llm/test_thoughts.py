import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.llm.thoughts import Thoughts


def heard(*texts: str) -> str:
    thoughts, said = Thoughts(), ""
    for text in texts:
        forget, more = thoughts.feed(text)
        said = more if forget else said + more
    return said + thoughts.close()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<think>\nWell.\n</think>\n\nOn Monday.", "On Monday."),
        ("\n<Thinking>Well.</Thinking>On Monday.", "On Monday."),
        ("<think>One.</think><reasoning>Two.</reasoning> On Monday.", "On Monday."),
        ("Well, it is Monday.\n</think>\nOn Monday.", "On Monday."),
        ("<think>cut off", ""),
        ("On <b>Monday</b>, 3 < 5 <", "On <b>Monday</b>, 3 < 5 <"),
        ("<table>", "<table>"),
        ("<thin", "<thin"),
        ("", ""),
    ],
)
def test_what_is_thought_is_not_said_however_the_stream_is_cut(text: str, said: str) -> None:
    assert heard(text) == heard(*text) == said


PARTS = st.sampled_from(["<think>", "</think>", "<", "think>", "On Monday", " ", "</thin", "</reasoning>", "<b>"])


@settings(max_examples=60, deadline=None)
@given(st.lists(PARTS, max_size=12))
def test_every_cut_gives_the_same(parts: list[str]) -> None:
    assert heard(*parts) == heard("".join(parts)) == heard(*"".join(parts))


def test_only_what_may_begin_a_tag_waits() -> None:
    thoughts = Thoughts()
    assert [thoughts.feed(text) for text in ("<t", "able> a", " <", "b")] == [
        (False, ""), (False, "<table> a"), (False, " "), (False, "<b")
    ]  # fmt: skip
