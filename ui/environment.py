"""What must be so before Gradio is imported."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

from rag.quiet import stay_offline

KEPT = frozenset({"GRADIO_TEMP_DIR"})
"""Gradio variables that a user may set; the others can open tunnels, folders and editors."""


def prepare() -> None:
    """Drop the `GRADIO_*` variables that are not ours, keep Gradio from calling home, and start it faster."""
    for name in [name for name in os.environ if name.startswith("GRADIO_") and name not in KEPT]:
        del os.environ[name]
    stay_offline()
    if "gradio" not in sys.modules:
        sys.meta_path.insert(0, _WithoutStubs())


class _WithoutStubs(MetaPathFinder):
    """Keeps Gradio from writing type stubs into its own installation.

    It parses and rewrites the source of all its 81 components whenever it is imported: half of the
    time that the import takes, and a write that a read-only installation refuses.
    """

    MODULE = "gradio.component_meta"

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != self.MODULE:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec and spec.loader:
            spec.loader = _Silenced(spec.loader)
        return spec


class _Silenced(Loader):
    def __init__(self, loader: Loader) -> None:
        self.loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self.loader.exec_module(module)
        module.create_or_modify_pyi = lambda *args: None  # type: ignore[attr-defined]
