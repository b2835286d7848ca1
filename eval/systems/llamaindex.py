"""LlamaIndex's starter as a baseline: the few lines that its documentation opens with, on the same articles.

The embedder is ours, so that both search with the same vectors. In place of a language model stands one
that copies the sentence of its context nearest to the question, so that the baseline runs anywhere, free
and offline. Titles are part of what is embedded, but not of what may be copied. Chunk size and number of
chunks are LlamaIndex's defaults. The starter has no conversation and never refuses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata
from llama_index.core.schema import MetadataMode, NodeWithScore
from pydantic import PrivateAttr

from eval.cases import Suite
from eval.record import FoundHit, Reply
from eval.systems.base import Exchange, Said, Wish, looks_refused
from eval.systems.footnote import versions
from rag.models.embedder import Embedder, Vectors
from rag.models.embedder import load as load_embedder

_PROMPT = re.compile(r"-{5,}\n(?P<context>.*)\n-{5,}\n.*Query: (?P<question>.*?)\nAnswer:", re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]*\s+|\n+")


class LocalEmbedding(BaseEmbedding):
    """Our embedder behind LlamaIndex's interface."""

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(model_name=embedder.name)
        self._embedder = embedder

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._embed([query])[0]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._embed([query])[0]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._embed([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._embed(texts)

    def _embed(self, texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = self._embedder.embed(texts).tolist()
        return rows


class CopyingLLM(CustomLLM):
    """Copies the sentence of the context whose vector is nearest to the question's."""

    _embedder: Embedder = PrivateAttr()
    _known: dict[str, Vectors] = PrivateAttr(default_factory=dict)

    def __init__(self, embedder: Embedder) -> None:
        super().__init__()
        self._embedder = embedder

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="copies-a-sentence", context_window=1_000_000)

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        return CompletionResponse(text=self._nearest(prompt))

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        yield CompletionResponse(text=(said := self._nearest(prompt)), delta=said)

    def _nearest(self, prompt: str) -> str:
        parts = _PROMPT.search(prompt)
        if parts is None:
            return ""
        sentences = [s.strip() for s in _SENTENCE.split(parts["context"]) if s.strip()]
        question = self._embedder.embed([parts["question"]])[0]
        return max(sentences, key=lambda s: float(self._vector(s) @ question), default="")

    def _vector(self, sentence: str) -> Vectors:
        if sentence not in self._known:
            self._known[sentence] = self._embedder.embed([sentence])[0]
        return self._known[sentence]


class Starter:
    """The starter's index over a suite's articles."""

    def __init__(self, suite: Suite, wish: Wish) -> None:
        model = load_embedder()
        embedder = LocalEmbedding(model)
        documents = [
            Document(
                text=article.text,
                doc_id=article.id,
                metadata={"title": article.title},
                excluded_llm_metadata_keys=["title"],
            )
            for article in suite.articles.values()
        ]
        wish.on_progress("articles", 0, len(documents))
        index = VectorStoreIndex.from_documents(documents, embed_model=embedder)
        self._engine = index.as_query_engine(llm=CopyingLLM(model))
        self._index, self._embedder = index, embedder

    def ask(self, question: str, history: Sequence[Exchange]) -> Said:
        """Answer one question; the starter has no conversation."""
        response = self._engine.query(question)
        text = str(response)
        hits = tuple(_hit(found) for found in response.source_nodes)
        return Said(reply=Reply(text=text, answered=not looks_refused(text), hits=hits, generator="CopyingLLM"))

    def search(self, question: str, k: int) -> list[FoundHit]:
        """Return the first `k` chunks."""
        retriever = self._index.as_retriever(similarity_top_k=k)
        return [_hit(found) for found in retriever.retrieve(question)]

    def about(self) -> Mapping[str, Any]:
        """Return what the baseline is made of."""
        settings = {"embedder": self._embedder.model_name, "llm": "CopyingLLM", "similarity_top_k": 2}
        return {"settings": settings, "versions": versions("llama-index-core")}

    def close(self) -> None:
        """Let go of nothing: the index is in memory."""


def _hit(found: NodeWithScore) -> FoundHit:
    node = found.node
    return FoundHit(
        article=node.ref_doc_id or "",
        text=node.get_content(metadata_mode=MetadataMode.NONE),
        score=found.score,
    )
