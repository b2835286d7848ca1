"""Footnote's own language models as LlamaIndex's evaluators take them: same names, keys, retries and deadlines."""

from __future__ import annotations

from threading import Event
from typing import Any

from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata
from llama_index.core.llms.callbacks import llm_completion_callback
from pydantic import ConfigDict

from rag.errors import UserError
from rag.llm import attempt, build
from rag.llm.base import LanguageModel, Limits, Message
from rag.settings import Generate, Settings, load


def judge_model(name: str) -> AskedModel:
    """Return the language model of a name `KIND:MODEL`, as `--llm` takes it elsewhere.

    Raises:
        UserError: it cannot be used; the message says what to do.
    """
    settings: Settings = load()
    answer = settings.answer.model_copy(update={"llm": name})
    found = build.load(settings.model_copy(update={"answer": answer}))
    if found is None:
        raise UserError(f"{name!r} is no language model. Name a judge as KIND:MODEL, for example ollama:llama3.2.")
    return AskedModel(language_model=found, generate=settings.generate)


class AskedModel(CustomLLM):
    """A language model that answers one prompt at a time."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    language_model: Any
    """A `LanguageModel`; pydantic cannot check a protocol."""
    generate: Generate

    @property
    def metadata(self) -> LLMMetadata:
        """Return what LlamaIndex wants to know of it."""
        model: LanguageModel = self.language_model
        return LLMMetadata(model_name=model.name, num_output=self.generate.answer_tokens)

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        """Return the whole answer to a prompt.

        Raises:
            Fault: the model could not be reached, refused, or broke off.
        """
        limits = Limits.of(self.generate, Event())
        deltas = attempt.stream(self.language_model, [Message(role="user", text=prompt)], limits)
        return CompletionResponse(text="".join(delta.text for delta in deltas if delta))

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        """Return the whole answer as one piece; the evaluators do not stream."""
        yield self.complete(prompt, formatted, **kwargs)
