"""One HTTP client per reply, in the reply's own event loop."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tui_chat.providers.config import ProviderConfig
from tui_chat.providers.loading import LOOKUPS, begin_import, begin_tls, loaded

BATCH_READ_TIMEOUT_S = 600.0
"""A reply that comes in one piece keeps the line silent while it is written."""


@dataclass(frozen=True, slots=True)
class Sdk:
    """A vendor's SDK, loaded."""

    module: Any
    tls: Any
    on_sent: Callable[[], None] | None = None

    def http_client(self) -> Any:
        """A client that verifies certificates and never follows a redirect: it would carry the conversation along."""
        return self.module.DefaultAsyncHttpxClient(
            verify=self.tls, follow_redirects=False, event_hooks={"request": [self._watch]}
        )

    async def _watch(self, request: Any) -> None:
        """Have the transport tell when the request has gone out."""

        async def trace(event: str, _info: object) -> None:
            if self.on_sent is not None and event.endswith("send_request_body.complete"):
                self.on_sent()

        request.extensions["trace"] = trace


async def load_sdk(module: str, on_sent: Callable[[], None] | None = None) -> Sdk:
    """The SDK as soon as it is there, in a loop whose name lookups cannot hang it."""
    asyncio.get_running_loop().set_default_executor(LOOKUPS)
    # The SDK warns of a model's end on standard error, which is the screen.
    warnings.filterwarnings("ignore", message="The model '.*' is deprecated|Using Claude with ")
    return Sdk(await loaded(begin_import(module)), await loaded(begin_tls()), on_sent)


def timeouts(config: ProviderConfig, *, batch: bool = False) -> Any:
    """The timeouts of one request."""
    import httpx2

    read_s = max(BATCH_READ_TIMEOUT_S, config.read_timeout_s) if batch else first_byte_timeout_s(config)
    return httpx2.Timeout(read_s, connect=config.connect_timeout_s)


def first_byte_timeout_s(config: ProviderConfig) -> float:
    """How long the first byte of the answer may take."""
    return config.first_byte_timeout_s or config.read_timeout_s


def expect_bytes_within(response: Any, timeout_s: float) -> None:
    """From here on, a line that is silent for this long is dead (the transport asks at each read)."""
    response.request.extensions["timeout"]["read"] = timeout_s
