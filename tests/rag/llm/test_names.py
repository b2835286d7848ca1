import pytest

from rag.errors import ModelError
from rag.llm import names
from rag.llm.names import PROVIDERS, ModelName, address, check, needs_key, parse


@pytest.mark.parametrize(
    ("name", "parsed"),
    [
        ("extractive", None),
        ("openai:gpt-4o-mini", ModelName(kind="openai", model="gpt-4o-mini")),
        ("ollama:llama3.2:3b", ModelName(kind="ollama", model="llama3.2:3b")),
        ("openai:meta-llama/Llama-3:free", ModelName(kind="openai", model="meta-llama/Llama-3:free")),
        ("python:my.module:llm", ModelName(kind="python", model="my.module:llm")),
        ("fake:copy", ModelName(kind="fake", model="copy")),
    ],
)
def test_names_that_are_understood(name: str, parsed: ModelName | None) -> None:
    assert parse(name) == parsed
    assert parsed is None or str(parsed) == name


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("extractiv", "Did you mean extractive?"),
        ("opena", "Did you mean openai?"),
        ("olama:llama3.2", "Did you mean ollama:llama3.2?"),
        ("antropic:claude", "Did you mean anthropic:claude?"),
        ("gpt-4o", "Write extractive, or KIND:MODEL with one of: openai, ollama, anthropic, google, python, fake."),
        ("openai", "for example openai:gpt-4o-mini"),
        ("openai:", "for example openai:gpt-4o-mini"),
        ("fake:cpoy", "Did you mean fake:copy?"),
        ("python:module", "write python:module:object"),
        ("python::x", "write python:module:object"),
    ],
)
def test_a_wrong_name_says_what_was_probably_meant(name: str, said: str) -> None:
    with pytest.raises(ModelError) as caught:
        parse(name)
    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_a_missing_extra_gives_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "installed", lambda module: False)
    with pytest.raises(ModelError, match=r"pip install 'footnote-rag\[ollama\]'$"):
        check("ollama:llama3.2")


@pytest.mark.parametrize(
    ("name", "variable"),
    [("openai:m", "OPENAI_API_KEY"), ("anthropic:m", "ANTHROPIC_API_KEY"), ("google:m", "GOOGLE_API_KEY")],
)
def test_a_missing_key_gives_the_command(name: str, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "installed", lambda module: True)
    for each in (variable, "GEMINI_API_KEY", "GOOGLE_GEMINI_BASE_URL"):
        monkeypatch.delenv(each, raising=False)
    with pytest.raises(ModelError, match=rf"export {variable}="):
        check(name)
    monkeypatch.setenv(variable, "k")
    assert check(name) == parse(name)


def test_a_server_of_ones_own_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    openai = PROVIDERS["openai"]
    assert needs_key(openai) and not needs_key(openai, "http://localhost:8000/v1")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:8000/v1/")
    assert address(openai) == "http://localhost:8000/v1" and not needs_key(openai)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x",
        "http://",
        "https://user:secret@host/v1",
        "http://host:80a0/v1",
        "http://host:99999/v1",
        "http://[::1/v1",
        ":8000/v1",
    ],
)
def test_an_address_that_is_none_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ModelError) as caught:
        address(PROVIDERS["openai"], url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("0.0.0.0:11434", "http://127.0.0.1:11434"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("192.168.1.5", "http://192.168.1.5:11434"),
        (":8000", "http://127.0.0.1:8000"),
        ("gpu/ollama/", "http://gpu:11434/ollama"),
        ("[::1]", "http://[::1]:11434"),
        ("http://gpu", "http://gpu"),
    ],
)
def test_ollama_hosts_are_taken_as_ollama_takes_them(host: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", host)
    assert address(PROVIDERS["ollama"]) == url


@pytest.mark.parametrize("key", ["…", "“sk-abc”", "sk-abc\nfoo"])
def test_a_key_that_no_request_can_hold_is_refused_without_repeating_it(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "installed", lambda module: True)
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with pytest.raises(ModelError, match=r"copy it again\. Run: export OPENAI_API_KEY=") as caught:
        check("openai:m", "http://localhost:8000/v1")
    assert "abc" not in str(caught.value)
