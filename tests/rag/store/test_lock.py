import subprocess
import sys
import time
from pathlib import Path

import pytest

from rag.errors import LockedError
from rag.store.lock import writing

HOLD = """
import pathlib, sys, time
from rag.store.lock import writing
with writing(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_writer_is_refused_quickly_with_the_pid(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        began = time.monotonic()
        with pytest.raises(LockedError, match=f"process {holder.pid}"), writing(tmp_path):
            pass
        assert time.monotonic() - began < 2
    finally:
        holder.kill()
        holder.communicate()
    with writing(tmp_path):  # the lock of a dead process blocks nobody
        pass


def test_the_lock_is_free_again_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), writing(tmp_path):
        raise RuntimeError
    with writing(tmp_path):
        pass
