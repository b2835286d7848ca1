import time

import pytest

from rag.answer.plain import plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("See ![chart](https://evil.example/x?q=1) here.", "See chart here."),
        ("See ![](https://evil.example/x).", "See ."),
        ("[the post](https://evil.example/a) says", "the post says"),
        ("as said [1](https://evil.example/a).", "as said [1]."),
        ("Go to <https://evil.example/a?b=c>.", "Go to (a link to evil.example)."),
        ("Go to www.evil.example/x, now.", "Go to (a link to evil.example), now."),
        ("Run javascript:alert(1) now", "Run (a link)) now"),
        ("<img src=x onerror=alert(1)>Talks <b>were</b> cut.", "Talks were cut."),
        ("[a]: https://evil.example/b\nTalks.", "Talks."),
        ("Ta\u200blks\u202e were\U000e0041 cut", "Talks were cut"),
        ("Cut <<b>img src=//evil.example/p?q=s> now", "Cut  now"),
        ("Cut <img/src=//evil.example onerror=x", "Cut < img/src=//evil.example onerror=x"),
        ('Cut <img alt="<" src=//evil.example>', 'Cut < img alt="<" src=//evil.example>'),
        ("Cut <[99]img src=//evil.example", "Cut [99]img src=//evil.example"),
        ("See ![a [b] c](//evil.example/p.png).", "See a [b] c."),
        (r"See ![a\]b](//evil.example/p.png).", r"See a\]b."),
        ("See ![x](\n//evil.example/p.png).", "See x."),
        ("See ![x](//evil.example/p.png", "See ![x] (//evil.example/p.png"),
        ("See ![x]〔99〕(//evil.example", "See ![x]〔99〕 (//evil.example"),
        ("- [z]: //evil.example", "- [z] : //evil.example"),
        ("As [1]: talks", "As [1]: talks"),
        ("[1]: Talks were cut.\n- [12]: Why?", "[1] Talks were cut.\n- [12] Why?"),
        ("[1]: //evil.example/x\n[2]: <https://evil.example>\nTalks.", "Talks."),
        ("[note]: Talks were cut.", "[note] : Talks were cut."),
        ("5 < 7 and 8 > 3, on file: 12", "5 < 7 and 8 > 3, on file: 12"),
    ],
)
def test_what_a_model_wrote_is_made_harmless(text: str, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize("part", ["[", "[a](", "![a [b]", "<<b>", "<b ", "< ", "<!--", "[\\", "[1]: "])
def test_a_text_that_is_built_to_be_slow_is_not(part: str) -> None:
    began = time.monotonic()
    plain(part * 30_000)
    assert time.monotonic() - began < 4
