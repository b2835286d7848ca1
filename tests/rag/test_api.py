import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

import rag


def test_public_names() -> None:
    for name in rag.__all__:
        assert getattr(rag, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        rag.nothing  # noqa: B018


def test_importing_rag_loads_no_heavy_library() -> None:
    code = (
        "import sys, rag; heavy = {'chromadb', 'gradio', 'llama_index', 'numpy', 'onnxruntime', 'pydantic', 'tantivy',"
        " 'tiktoken', 'typer'} & set(sys.modules); sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_query_answers_from_the_bundled_articles(home: Path) -> None:
    answer = rag.query("why were military channels cut?")
    assert answer.answered and "Pelosi" in answer.text and "August 2022" in answer.text
    with rag.Corpus.open() as corpus:
        for citation in answer.citations:
            assert corpus.text(citation.article.id)[citation.start : citation.end] == citation.quote
        again = asyncio.run(rag.aquery("why were military channels cut?", corpus=corpus))
    assert again.text == answer.text


def test_the_bundled_articles_are_taken_in_also_for_one_who_only_reads(home: Path) -> None:
    with rag.Corpus.open(read_only=True) as corpus:
        assert len(corpus.articles()) == 5
        with pytest.raises(rag.RagError, match="read"):
            corpus.remove(corpus.articles()[0].id)


@pytest.mark.parametrize("by", ["path", "environment"])
def test_a_slip_in_the_name_of_a_corpus_makes_none(by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slip = tmp_path / "typo.corpus"
    monkeypatch.setenv("RAG_CORPUS", str(slip))
    with pytest.raises(rag.UserError, match="holds no corpus: make one with"):
        rag.query("why?", corpus=slip if by == "path" else None)
    assert not slip.exists()


def test_an_unknown_generator_is_refused() -> None:
    with pytest.raises(rag.UserError, match="extractive"):
        rag.query("why?", llm="extractiv")


def test_two_processes_may_be_first(home: Path) -> None:
    code = "import rag; rag.Corpus.open().close()"
    both = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True) for _ in range(2)]
    errors = [child.communicate(timeout=120)[1] for child in both]
    assert [child.returncode for child in both] == [0, 0], errors
    with rag.Corpus.open() as corpus:
        assert len(corpus.articles()) == 5 and corpus.verify() == []
