"""The corpus as LlamaIndex sees it: a retriever and a query engine. Its types appear in this file only."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.prompts.mixin import PromptDictType, PromptMixinType
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from rag.records import Article, Citation, Filter, Hit, to_plain

if TYPE_CHECKING:
    from rag.corpus import Corpus


class CorpusRetriever(BaseRetriever):
    """Hits as nodes; `start_char_idx` and `end_char_idx` are exact offsets in the article."""

    def __init__(self, corpus: Corpus, *, k: int, where: Filter | None) -> None:
        super().__init__()
        self._corpus = corpus
        self._k = k
        self._where = where

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._corpus.search(query_bundle.query_str, k=self._k, where=self._where)
        return [_hit_node(hit) for hit in hits]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


class CorpusQueryEngine(BaseQueryEngine):
    """Answers as responses: `source_nodes` are the citations, in the order of their numbers."""

    def __init__(self, corpus: Corpus, *, where: Filter | None) -> None:
        super().__init__(callback_manager=None)
        self._corpus = corpus
        self._where = where

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        answer = self._corpus.ask(query_bundle.query_str, where=self._where)
        metadata = {"answered": answer.answered, "confidence": answer.confidence, "generator": answer.generator}
        nodes = [_citation_node(citation) for citation in answer.citations]
        return Response(response=answer.text, source_nodes=nodes, metadata=metadata)

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompts(self) -> PromptDictType:
        return {}

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}

    def _update_prompts(self, prompts_dict: PromptDictType) -> None:
        """There are no prompts to update."""


def _hit_node(hit: Hit) -> NodeWithScore:
    passage = hit.passage
    return _node(passage.id, passage.text, passage.start, passage.end, hit.article, hit.score)


def _citation_node(citation: Citation) -> NodeWithScore:
    node_id = f"{citation.article.id}:{citation.start}-{citation.end}"
    return _node(node_id, citation.quote, citation.start, citation.end, citation.article, citation.support)


def _node(node_id: str, text: str, start: int, end: int, article: Article, score: float) -> NodeWithScore:
    record: dict[str, Any] = to_plain(article)
    metadata = {key: value for key, value in record.items() if value is not None and key != "sha256"}
    node = TextNode(id_=node_id, text=text, start_char_idx=start, end_char_idx=end, metadata=metadata)
    return NodeWithScore(node=node, score=score)
