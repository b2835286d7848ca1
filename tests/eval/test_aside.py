from __future__ import annotations

import subprocess
import sys

import pytest

from eval.aside import stdout_aside


def test_whatever_is_printed_goes_to_stderr_by_whichever_way() -> None:
    """In a process of its own: here another has taken hold of the streams."""
    code = """if True:
        import os, sys
        from eval.aside import stdout_aside
        held = sys.stdout
        with stdout_aside(True):
            print("printed")
            print("held", file=held)
            os.write(1, b"written\\n")
        print("document")
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "document\n"
    assert sorted(done.stderr.split()) == ["held", "printed", "written"]


def test_without_a_wish_nothing_is_changed(capfd: pytest.CaptureFixture[str]) -> None:
    with stdout_aside(False):
        print("printed")
    assert capfd.readouterr() == ("printed\n", "")
