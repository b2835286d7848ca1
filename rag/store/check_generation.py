"""`python -m rag.store.check_generation FOLDER ROWS`: exit 0 when a closed generation reads back whole."""

import sys
from pathlib import Path

from rag.store.dense import check_generation

if __name__ == "__main__":
    problem = check_generation(Path(sys.argv[1]), int(sys.argv[2]))
    if problem:
        sys.exit(problem)
