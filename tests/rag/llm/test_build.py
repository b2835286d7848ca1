import sys
import time
import types
from pathlib import Path
from threading import Event

import pytest

from rag.errors import ModelError
from rag.llm import attempt
from rag.llm.base import Limits, Message, Stopped
from rag.llm.build import load
from rag.llm.names import PROVIDERS, installed
from rag.settings import Settings

ASKED = [Message(role="system", text="Be brief."), Message(role="user", text="Why?")]


def limits(seconds: float = 10.0) -> Limits:
    return Limits(deadline=time.monotonic() + seconds, connect=1.0, tokens_out=50)


def test_any_llamaindex_llm_by_its_import_path() -> None:
    model = load(Settings().with_llm("python:llama_index.core.llms.mock:MockLLM"))
    assert model is not None and model.name == "python:llama_index.core.llms.mock:MockLLM"
    deltas = [delta for delta in attempt.stream(model, ASKED, limits()) if delta]
    assert "Be brief." in "".join(delta.text for delta in deltas) and deltas[-1].finish == "stop"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("no_such_module_here:llm", "there is no module 'no_such_module_here'"),
        ("rag.records:Anser", r"has no 'Anser'. Did you mean Answer\?"),
        ("rag.records:NOT_IN_CORPUS", "is a str, not a LlamaIndex LLM"),
    ],
)
def test_an_object_that_is_none_says_why(path: str, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        load(Settings().with_llm(f"python:{path}"))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def llm(): raise RuntimeError('no weights here')", "gave no model: RuntimeError: no weights here"),
        ("def llm(): raise SystemExit('no key')", "gave no model: SystemExit: no key"),
        ("def llm(: pass", "cannot be imported: SyntaxError"),
        ("raise ImportError('libx.so is missing')", "cannot be imported: ImportError: libx.so is missing"),
        ("import os\nllm = os.nope", "cannot be imported: AttributeError: module 'os' has no attribute 'nope'"),
        ("raise SystemExit('no key')", "cannot be imported: SystemExit: no key"),
    ],
)
def test_a_given_module_that_fails_says_how(
    source: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"failing_{abs(hash(source))}"
    (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModelError, match=said):
        load(Settings().with_llm(f"python:{name}:llm"))


def test_a_given_model_that_is_stuck_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    from llama_index.core.llms.mock import MockLLM

    class Stuck(MockLLM):
        def stream_chat(self, messages: object, **kwargs: object) -> object:  # type: ignore[override]
            time.sleep(3)
            raise AssertionError

    module = types.ModuleType("given_for_this_test")
    module.llm = Stuck()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "given_for_this_test", module)
    model = load(Settings().with_llm("python:given_for_this_test:llm"))
    assert model is not None
    stop, began = Event(), time.monotonic()
    waiting = model.stream(ASKED, Limits(deadline=began + 30, connect=1.0, tokens_out=50, stop=stop))
    assert next(waiting) is None
    stop.set()
    with pytest.raises(Stopped):
        list(waiting)
    assert time.monotonic() - began < 2


def test_the_extractive_generator_is_no_model() -> None:
    assert load(Settings()) is None


@pytest.mark.parametrize("kind", PROVIDERS)
def test_no_dump_of_a_model_holds_its_key(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if not installed(PROVIDERS[kind].integration):
        pytest.skip(f"the extra {kind} is not installed")
    key = "sk-planted-0123456789abcdef"
    for variable in (*PROVIDERS[kind].keys, "OLLAMA_API_KEY"):
        monkeypatch.setenv(variable, key)
    settings = Settings().with_llm(f"{kind}:m")
    model = load(settings)
    assert key not in repr(settings) + settings.model_dump_json() + repr(vars(model))
