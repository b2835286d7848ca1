"""How a Python process of ours is started: with our modules, and with none that lie in the current folder.

subprocess.run(child.command("rag.store.check_generation", "gen-000001"), env=child.environment())
"""

from __future__ import annotations

import os
import sys

from rag.quiet import OFFLINE


def command(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module as a program."""
    # `-m` alone looks in the current folder first: a json.py that lies among somebody's articles would be run.
    return [sys.executable, "-P", "-m", module, *arguments]


def environment() -> dict[str, str]:
    """Return our environment, in which a child finds what we find, also in a checkout that is not installed."""
    return {**OFFLINE, **os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
