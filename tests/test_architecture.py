"""The shape of the house: which way imports point, where each heavy library lives, how long things may be."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("rag", "ui", "eval")
FILES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
HOMES = {
    "chromadb": {"rag/store/dense.py"},
    "tantivy": {"rag/store/lexical.py"},
    "tiktoken": {"rag/models/tokens.py"},
    "torch": set(),
    "pickle": set(),
    "nltk": set(),
}
FORBIDDEN = {"rag": {"ui", "eval"}, "ui": {"eval"}, "eval": set()}
DOORS = {("rag/cli.py", "ui"), ("rag/cli.py", "eval")}  # `rag serve` and `rag eval` hand over


@cache
def imports(path: Path) -> frozenset[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return frozenset(found)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_point_one_way(path: Path) -> None:
    found = {(name(path), module) for module in imports(path) if module in FORBIDDEN[name(path).split("/")[0]]}
    assert found <= DOORS


@pytest.mark.parametrize("library", HOMES)
def test_a_heavy_library_lives_in_one_file(library: str) -> None:
    assert {name(path) for path in FILES if library in imports(path)} <= HOMES[library]


@pytest.mark.parametrize("path", FILES, ids=name)
def test_sizes(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= 320, "split the module"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 50, f"{node.name} is too long"
