"""Kill a sync again and again and see whether anything is lost: `python -m tools.torture`."""

import os

from rag.quiet import silence

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a process with threads cannot be forked safely
silence()
