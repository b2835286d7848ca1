import pytest

from rag.answer.markers import marks, uniform


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Cut [1].", [(1,)]),
        ("Cut [1, 3].", [(1, 3)]),
        ("Cut [1][3].", [(1, 3)]),
        ("Cut [1] [3].", [(1, 3)]),
        ("Cut【1】.", [(1,)]),
        ("Cut【1†L3-L5】.", [(1,)]),
        ("Cut【4†file-name.pdf】 [1†a; 3†b-2].", [(4, 1, 3)]),
        ("Cut [1" + "†-1" * 5_000 + "x", []),
        ("Cut [source" + " " * 5_000 + "x", []),
        ("Cut ［２］.", [(2,)]),
        ("Cut [2–4].", [(2, 3, 4)]),
        ("Cut [2-4, 7].", [(2, 3, 4, 7)]),
        ("Cut [^1].", [(1,)]),
        ("Cut [Source 2; Source 3].", [(2, 3)]),
        ("Cut [[1]].", [(1,)]),
        ("Cut [1 and 2].", [(1, 2)]),
        ("Cut [1, Coastal Wire] [2: Talks cut; why] [3 | date: 2023-07-10].", [(1, 2, 3)]),
        ("Cut [1, 2023-07-10; 2, Post].", [(1, 2)]),
        ("Cut [1, 2, and 3], [2, & 3], [1, see also 2].", [(1, 2, 3), (2, 3), (1, 2)]),
        ("Cut [1, Post, 2], [3, Post, July 10, 2023], [4, and the rest].", [(1, 2), (3,), (4,)]),
        (r"Cut [#1] [p2] [3.] {4} \[5\].", [(1, 2, 3, 4, 5)]),
        ("It is x^{2} (1) at [1, 2016] and [14 dead].", []),
        ("Cut [" + "1;1: a;" * 5_000, []),
        ("Cut [1" + ", a, 2023-07-10" * 5_000, []),
        ("Cut [1" + ", a, 2, and 3" * 5_000, []),
        ("Cut [1], back [2].", [(1,), (2,)]),
        ("Cut [99][0][-1].", [(99, 0, -1)]),
        ("Cut [1, 1].", [(1,)]),
        ("Cut [1-99].", [(1, 99)]),
        ("Opened in [2016] [5], cost [1,000], [2016–2020] and [1-9999].", [(5,)]),
        ("Cut [1†L100-L120].", [(1,)]),
        ("`a[1]` and [sic] and [in 2023] and [ ] and [1", []),
    ],
)
def test_marks(text: str, numbers: list[tuple[int, ...]]) -> None:
    assert [mark.numbers for mark in marks(text)] == numbers


@pytest.mark.parametrize("text", ["Cut [1, 3] and 【2】.", "Cut.[1]", "`a[1]` [2-3]", "[4] begins", "In [2016] [2]."])
def test_the_uniform_form_stays_as_it_is(text: str) -> None:
    once = uniform(text)
    assert uniform(once) == once
    assert [mark.numbers for mark in marks(once)] == [mark.numbers for mark in marks(text)]
