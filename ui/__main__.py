"""`python -m ui` is `rag serve`."""

import sys

from rag.__main__ import main

if __name__ == "__main__":
    sys.argv[1:] = ["serve", *sys.argv[1:]]
    main()
