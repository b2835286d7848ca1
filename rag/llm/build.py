"""A model's name to the model. Only here is an integration imported, and only the one that is named."""

from __future__ import annotations

import importlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from rag.errors import ModelError
from rag.llm import cost, names
from rag.llm.adapt import GivenModel, ProviderModel
from rag.llm.base import THINKING, LanguageModel, Limits
from rag.llm.fake import CopyingModel, SilentModel
from rag.llm.names import PROVIDERS, ModelName, Provider
from rag.llm.wire import PLACEHOLDER, Server, certificates, options
from rag.records import Turn
from rag.settings import Generate, Settings

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage, ChatResponse
    from llama_index.core.llms import LLM
    from llama_index.llms.anthropic import Anthropic
    from llama_index.llms.google_genai import GoogleGenAI

Built = tuple["LLM", Any]
"""The integration's model and the HTTP client under it, which is closed after the call."""
_ABSENT = object()


def load(settings: Settings) -> LanguageModel | None:
    """Return the language model that the settings name, None for the extractive generator.

    Raises:
        ModelError: it cannot be used; the message says what to do.
    """
    name = names.check(settings.answer.llm, settings.generate.base_url)
    if name is None:
        return None
    if name.kind == names.FAKE:
        return CopyingModel() if name.model == "copy" else SilentModel()
    if name.kind == names.PYTHON:
        return GivenModel(str(name), _given(name.model))
    provider = PROVIDERS[name.kind]
    for module in (provider.integration, *provider.loads):
        importlib.import_module(module)  # slow: not within the time of an answer
    return ProviderModel(str(name), _server(name, provider, settings), _builder(name, settings))


class Models:
    """The models that a corpus has been asked to use, each made once."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, Generate], LanguageModel | None] = {}

    def choose(self, settings: Settings, history: Sequence[Turn]) -> tuple[LanguageModel | None, tuple[str, ...]]:
        """Return the model that answers next, None for none, and what is to be said about that.

        Raises:
            ModelError: see `load`.
        """
        limit = settings.generate.conversation_tokens
        if settings.answer.llm != names.EXTRACTIVE and limit is not None and cost.spent(history) >= limit:
            return None, (f"The conversation has used its {limit:,} tokens: the articles are quoted from here on.",)
        key = (settings.answer.llm, settings.generate)
        if key not in self._made:
            self._made[key] = load(settings)
        return self._made[key], ()


def _server(name: ModelName, provider: Provider, settings: Settings) -> Server:
    secret = names.key(provider)
    headers: dict[str, str] = {}
    if secret and name.kind == "openai":
        headers = {"Authorization": f"Bearer {secret}"}
    elif secret and name.kind == "anthropic":
        headers = {"x-api-key": secret}
    elif secret and name.kind == "google":
        headers = {"x-goog-api-key": secret}
    return Server(url=names.address(provider, settings.generate.base_url), model=str(name), secret=headers)


def _builder(name: ModelName, settings: Settings) -> Callable[[Server, Limits], Built]:
    build = _BUILDERS[name.kind]
    context = settings.generate.prompt_tokens + settings.generate.answer_tokens + 1_000
    return lambda server, limits: build(name.model, server, limits, context)


def _openai(model: str, server: Server, limits: Limits, context: int) -> Built:
    import httpx
    import openai
    from llama_index.llms.openai.utils import O1_MODELS
    from llama_index.llms.openai_like import OpenAILike

    # Others get no more: with `max_tokens` a model or server of a small context refuses what it may never need.
    thinking = THINKING if model in O1_MODELS else 0
    client = httpx.AsyncClient(**options(httpx, server, limits))
    llm = OpenAILike(
        model=model,
        api_base=server.url,
        api_key=PLACEHOLDER,
        is_chat_model=True,
        context_window=context,
        temperature=0.0,
        max_tokens=limits.tokens_out + thinking,
        max_retries=0,
        additional_kwargs={"stream_options": {"include_usage": True}},
    )
    llm._aclient = openai.AsyncOpenAI(
        api_key=PLACEHOLDER, base_url=server.url, max_retries=0, http_client=client, timeout=client.timeout
    )
    return llm, client


def _ollama(model: str, server: Server, limits: Limits, context: int) -> Built:
    import httpx
    import ollama
    from llama_index.llms.ollama import Ollama

    client = ollama.AsyncClient(host=server.url, **options(httpx, server, limits))
    llm = Ollama(
        model=model,
        base_url=server.url,
        temperature=0.0,
        context_window=context,
        additional_kwargs={"num_predict": limits.tokens_out},
        async_client=client,
    )
    return llm, client._client


def _anthropic(model: str, server: Server, limits: Limits, context: int) -> Built:
    import anthropic

    library = importlib.import_module(anthropic.DefaultAsyncHttpxClient.__mro__[1].__module__.partition(".")[0])
    client = library.AsyncClient(**options(library, server, limits))
    llm = _any_anthropic(model, server.url).model_copy(update={"max_tokens": limits.tokens_out})
    llm._aclient = anthropic.AsyncAnthropic(
        api_key=PLACEHOLDER, base_url=server.url, max_retries=0, http_client=client, timeout=client.timeout
    )
    return llm, client


@cache
def _any_anthropic(model: str, url: str) -> Anthropic:
    """Return the integration's model without its list of known names, which refuses any that is newer.

    Made once: it makes clients of its own, which is slow and which are not used.
    """
    from llama_index.core.base.llms.types import LLMMetadata
    from llama_index.llms.anthropic import Anthropic

    class AnyAnthropic(Anthropic):
        @property
        def metadata(self) -> LLMMetadata:
            return LLMMetadata(num_output=self.max_tokens, is_chat_model=True, model_name=self.model)

    return AnyAnthropic(model=model, api_key=PLACEHOLDER, base_url=url, temperature=0.0)


def _google(model: str, server: Server, limits: Limits, context: int) -> Built:
    import google.genai
    import httpx

    client = httpx.AsyncClient(**options(httpx, server, limits))
    llm = _any_google(model, server.url, limits.tokens_out + THINKING, context).model_copy()
    # It loads certificates twice unless it is given some.
    trust = {"client_args": {"verify": certificates()}, "async_client_args": {"ssl": certificates()}}
    llm._client = google.genai.Client(
        vertexai=False,
        api_key=PLACEHOLDER,
        http_options={"base_url": server.url, "httpx_async_client": client, **trust},
    )
    return llm, client


@lru_cache(maxsize=8)
def _any_google(model: str, url: str, tokens_out: int, context: int) -> GoogleGenAI:
    """Return the integration's model with a stream that says how it ends.

    The integration's own stream leaves out every part without text, even the one that ends the answer, and fails at
    each end but `STOP`. Made once: it makes clients of its own, which is slow and which are not used.
    """
    from llama_index.llms.google_genai import GoogleGenAI
    from llama_index.llms.google_genai.utils import prepare_chat_params

    # Where both its variables are set, it would say at every question which key it takes; it is given neither.
    logging.getLogger("google_genai._api_client").setLevel(logging.ERROR)

    class WholeGoogle(GoogleGenAI):
        async def astream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> AsyncIterator[ChatResponse]:
            config = {**self._generation_config, "automatic_function_calling": {"disable": True}}
            last, chat, _ = await prepare_chat_params(model, messages, "inline", generation_config=config)
            chunks = await self._client.aio.models.generate_content_stream(
                model=model, contents=[*chat["history"], last], config=chat["config"]
            )
            return (_of_google(chunk) async for chunk in chunks)

    return WholeGoogle(
        model=model, api_key=PLACEHOLDER, max_tokens=tokens_out, context_window=context, http_options={"base_url": url}
    )


def _of_google(chunk: Any) -> ChatResponse:
    from llama_index.core.base.llms.types import ChatMessage, ChatResponse

    first = chunk.candidates[0] if chunk.candidates else None
    parts = first.content.parts or () if first and first.content else ()
    finish = first.finish_reason if first else chunk.prompt_feedback and chunk.prompt_feedback.block_reason
    usage = chunk.usage_metadata
    out = usage and (usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0)  # both are paid for
    return ChatResponse(
        message=ChatMessage(role="assistant", content=""),
        delta="".join(part.text for part in parts if part.text and not part.thought),
        raw={
            "finish_reason": finish,
            "usage": {"input_tokens": usage and usage.prompt_token_count, "output_tokens": out or None},
        },
    )


_BUILDERS: Mapping[str, Callable[[str, Server, Limits, int], Built]] = {
    "openai": _openai,
    "ollama": _ollama,
    "anthropic": _anthropic,
    "google": _google,
}


def _given(path: str) -> LLM:
    """Import `module:object`: an LLM, or what makes one when called without arguments.

    Raises:
        ModelError: it cannot be imported, or is no LLM.
    """
    from llama_index.core.llms import LLM

    module_name, _, attribute = path.partition(":")
    try:
        module = importlib.import_module(module_name)
        found = getattr(module, attribute, _ABSENT)
    except ModuleNotFoundError as error:
        raise ModelError(f"python:{path}: there is no module {error.name!r}. Install it, or set PYTHONPATH.") from None
    except (Exception, SystemExit) as error:  # what a module does when it is imported is its own
        raise ModelError(f"python:{path} cannot be imported: {_said(error)}") from error
    if found is _ABSENT:
        hint = names.meant(attribute, (name for name in dir(module) if not name.startswith("_")))
        raise ModelError(f"python:{path}: the module has no {attribute!r}.{hint}")
    try:
        made = found if isinstance(found, LLM) else found() if callable(found) else found
    except (Exception, SystemExit) as error:
        raise ModelError(f"python:{path} gave no model: {_said(error)}") from error
    if not isinstance(made, LLM):
        raise ModelError(
            f"python:{path} is a {type(made).__name__}, not a LlamaIndex LLM or a function that returns one."
        )
    return made


def _said(error: BaseException) -> str:
    """Return an error's kind and the first line of what it says."""
    return f"{type(error).__name__}: {str(error).strip()}".splitlines()[0][:300]
