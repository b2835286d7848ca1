import ast
from pathlib import Path

import pytest
from pydantic import ValidationError

from rag import settings
from rag.errors import UserError
from rag.settings import Ingest, Retrieve, Settings, load


def test_only_what_shapes_the_index_changes_the_fingerprint() -> None:
    plain = Settings().fingerprint("x")
    assert Settings(retrieve=Retrieve(candidates=5)).fingerprint("x") == plain
    assert Settings(ingest=Ingest(passage_tokens=100)).fingerprint("x") != plain
    assert Settings().fingerprint("another embedder") != plain


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_RETRIEVE__CANDIDATES", "7")
    monkeypatch.setenv("RAG_LLM", "fake:x")
    assert load().retrieve.candidates == 7
    assert load().answer.llm == "fake:x"
    assert load(llm="extractive").answer.llm == "extractive"
    monkeypatch.setenv("RAG_LLM", "")
    assert load().answer.llm == "extractive"


@pytest.mark.parametrize(("value", "says"), [("many", "valid integer"), ("0", "greater than or equal to 1")])
def test_a_value_that_does_not_fit_is_named(monkeypatch: pytest.MonkeyPatch, value: str, says: str) -> None:
    monkeypatch.setenv("RAG_RETRIEVE__READ", value)
    with pytest.raises(UserError, match=f"RAG_RETRIEVE__READ is not usable.*{says}"):
        load()


def test_a_group_that_is_not_json_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_INGEST", "foo")
    with pytest.raises(UserError, match=r"RAG_INGEST is not usable.*RAG_INGEST__NAME"):
        load()


def test_unknown_settings_are_refused() -> None:
    with pytest.raises(ValidationError, match="depth"):
        Settings(depth=3)  # type: ignore[call-arg]


def test_every_default_is_named_as_type_checkers_without_pydantics_plugin_need_it() -> None:
    calls = [
        node for node in ast.walk(ast.parse(Path(settings.__file__).read_text("utf-8"))) if isinstance(node, ast.Call)
    ]
    fields = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Field"]
    assert fields and not any(call.args for call in fields)
