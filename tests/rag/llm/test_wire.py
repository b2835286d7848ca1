import asyncio
import time

import httpx
import pytest

from rag.llm.base import Limits
from rag.llm.wire import Server, options

KEY = {"Authorization": "Bearer k"}


@pytest.mark.parametrize(
    ("url", "asked", "sent"),
    [
        ("https://llm.example:443/v1", "https://llm.example/v1/models", True),
        ("https://llm.example/v1", "https://llm.example:443/v1/models", True),
        ("http://llm.example:80/v1", "http://llm.example/v1/models", True),
        ("http://llm.example:8000/v1", "http://llm.example:8000/v1/models", True),
        ("https://llm.example/v1", "https://llm.example:444/v1/models", False),
        ("https://llm.example/v1", "http://llm.example:443/v1/models", False),
        ("https://llm.example/v1", "https://other.example/v1/models", False),
    ],
)
def test_the_key_goes_where_it_belongs_however_the_port_is_written(url: str, asked: str, sent: bool) -> None:
    async def ask() -> bool:
        limits = Limits(deadline=time.monotonic() + 10, connect=1.0, tokens_out=50)
        how = options(httpx, Server(url=url, model="openai:m", secret=KEY), limits)
        transport = httpx.MockTransport(lambda request: httpx.Response(200, json=dict(request.headers)))
        async with httpx.AsyncClient(transport=transport, **how) as client:
            return "authorization" in (await client.get(asked)).json()

    assert asyncio.run(ask()) is sent
