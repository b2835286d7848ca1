from __future__ import annotations

from pathlib import Path

import pytest

from eval.suite import load
from eval.systems.base import Wish, build
from rag.errors import UserError


@pytest.mark.parametrize(
    ("name", "source", "words"),
    [
        ("nameless", "ask = undefined_name", "cannot be imported: NameError: name 'undefined_name' is not defined"),
        ("unclosed", "def ask(:", "cannot be imported: SyntaxError: "),
        ("leaving", "import sys\nsys.exit('set TOKEN first')", "cannot be imported: SystemExit: set TOKEN first"),
        (
            "unprepared",
            "def ask(q, h): return ''\ndef prepare(a): raise RuntimeError('no\\ndb')\nask.prepare = prepare",
            "could not prepare itself: RuntimeError: no",
        ),
    ],
)
def test_a_module_that_fails_is_the_callers_to_mend(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, source: str, words: str
) -> None:
    (tmp_path / f"{name}_system.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(UserError) as caught:
        build(Wish(name=f"python:{name}_system:ask"), load(tiny))
    assert str(caught.value).startswith(f"python:{name}_system:ask {words}")
    assert "\n" not in str(caught.value)
