"""One client per reply, in the reply's own event loop."""

from __future__ import annotations

import asyncio
import re
import warnings
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any

from tui_chat.providers.config import LOOPBACK, ProviderConfig, key_problem
from tui_chat.providers.loading import LOOKUPS, begin_tls, in_daemon_thread, loaded

BATCH_TIMEOUT_S = 600.0
"""How long a reply that comes in one piece may keep the line silent while it is written."""

MakeClient = Callable[[ProviderConfig, ModuleType, Any], Any]
"""Makes a vendor's client from how it is reached, its SDK and an HTTP client."""


@asynccontextmanager
async def connected(
    config: ProviderConfig,
    begin_loading: Callable[[], Future[Any]],
    make: MakeClient,
    on_sent: Callable[[], None] | None = None,
) -> AsyncIterator[Any]:
    """A vendor's client; its connection is closed on the way out, whichever way that is."""
    problem = key_problem(config)
    if problem is not None:
        raise problem
    _let_lookups_hang()
    if config.starting is not None:
        config = await loaded(config.starting)
    sdk, tls = await loaded(begin_loading()), await loaded(begin_tls())
    from tui_chat.providers.incoming import PLAIN, bound_answer

    http = sdk.DefaultAsyncHttpxClient(
        verify=tls,
        follow_redirects=False,  # a redirect would carry the conversation along to wherever it points
        mounts={f"all://[{host}]" if ":" in host else f"all://{host}": None for host in LOOPBACK},
        headers=PLAIN,
        event_hooks={"request": [_watch(on_sent)] if on_sent else [], "response": [bound_answer]},
    )
    # A cloud's client looks for credentials when it is made: in files, in other programs, on the network.
    async with await loaded(in_daemon_thread(lambda: make(config, sdk, http))) as client:
        yield client


def timeouts(config: ProviderConfig, read_s: float) -> Any:
    """The timeouts of one request, as the HTTP library has them."""
    import httpx2

    return httpx2.Timeout(read_s, connect=config.connect_timeout_s)


async def next_event(wire: Any, config: ProviderConfig, *, flowing: bool) -> Any:
    """A stream's next event; StopAsyncIteration after the last.

    The transport bears silences for as long as the first token may take. Once tokens flow, a shorter one is a stall.
    """
    if not flowing or config.read_timeout_s >= config.patience_s:
        return await anext(wire)
    async with asyncio.timeout(config.read_timeout_s):
        return await anext(wire)


def keep_off_the_screen(model: str) -> None:
    """Silence an SDK's warnings about a model: they go to standard error, and the program says such things itself."""
    warnings.filterwarnings("ignore", message=rf"(?s).*(?<![\w-]){re.escape(model)}(?![\w-])")


def _watch(on_sent: Callable[[], None]) -> Callable[[Any], Any]:
    """A hook that has the transport tell when the request has gone out."""

    async def trace(event: str, _info: object) -> None:
        if event.endswith("send_request_body.complete"):
            on_sent()

    async def hook(request: Any) -> None:
        request.extensions["trace"] = trace

    return hook


def _let_lookups_hang() -> None:
    """See to it that the end of this loop does not wait for a name lookup, which nothing can stop.

    A loop that already has an executor keeps it: its owner waits for the work in there.
    """
    loop = asyncio.get_running_loop()
    if getattr(loop, "_default_executor", None) is None:
        loop.set_default_executor(LOOKUPS)
