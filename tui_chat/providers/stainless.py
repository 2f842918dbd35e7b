"""The common part of Anthropic's and OpenAI's SDKs, which come from one generator, Stainless.

Their clients have one HTTP library below them, httpx2, and their exceptions have one shape:

APIStatusError        an answer with an error status, or an error event in a stream (then only its type tells)
APIConnectionError    no answer; the reason is its __cause__, an exception of httpx2
httpx2.HTTPError      the line broke in mid-reply: these come as they are
ValueError            an event that is not JSON, or not UTF-8
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any

from tui_chat.chat.errors import ChatError
from tui_chat.providers.config import LOOPBACK, ProviderConfig
from tui_chat.providers.connection import ready
from tui_chat.providers.deferred_exports import defer_exports
from tui_chat.providers.errors import RequestContext
from tui_chat.providers.failure_reasons import Reason
from tui_chat.providers.loading import begin, begin_import, in_daemon_thread, loaded
from tui_chat.providers.model_catalog import catalog

PLAIN_HEADERS = (
    "host",
    "accept",
    "accept-encoding",
    "connection",
    "content-type",
    "content-length",
    "transfer-encoding",
    "user-agent",
)
"""The headers without which no request is understood; none of them says who sends it."""

MakeClient = Callable[[ProviderConfig, ModuleType, Any], Any]
"""Makes a vendor's client from how it is reached, its SDK and an HTTP client."""


def begin_sdk(name: str, rehearse: Callable[[ModuleType], None]) -> Future[Any]:
    """Begin what a reply waits for: the SDK, and beside it the TLS settings and what is known of models."""
    defer_exports(name)
    begin_tls()
    begin("the catalog of models", catalog)
    return begin_import(name, rehearse)


def begin_tls() -> Future[Any]:
    """Begin the one shared SSL context: reading the system's certificates costs more than a whole client."""
    return begin("an SSL context", _ssl_context)


def rehearse_reply(make: Callable[..., Any], body: bytes, ask: Callable[[Any], Any]) -> None:
    """Play one reply from nowhere.

    An SDK builds the types of its events when the first of them comes, in the event loop of a real reply, and for that
    long neither text nor Stop gets through. A rehearsal in the background builds them beforehand.
    """
    import anyio.lowlevel
    import httpx2

    def answer(_request: object) -> httpx2.Response:
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=body)

    async def play() -> None:
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
        async with (
            make(api_key="none", base_url="http://none.invalid", max_retries=0, http_client=http) as client,
            await ask(client) as events,
        ):
            async for _ in events:
                pass
        await anyio.lowlevel.checkpoint()  # which loads what the HTTP library's connections run on

    asyncio.run(play())


@asynccontextmanager
async def connected(
    config: ProviderConfig,
    begin_loading: Callable[[], Future[Any]],
    make: MakeClient,
    on_sent: Callable[[], None] | None = None,
) -> AsyncIterator[Any]:
    """Open a vendor's client; its connection is closed on the way out, whichever way that is."""
    config = await ready(config)
    sdk, tls = await loaded(begin_loading()), await loaded(begin_tls())
    from tui_chat.providers.incoming import PLAIN, bound_answer

    http = sdk.DefaultAsyncHttpxClient(
        verify=tls,
        follow_redirects=False,  # a redirect would carry the conversation along to wherever it points
        mounts={f"all://[{host}]" if ":" in host else f"all://{host}": None for host in LOOPBACK},
        headers=PLAIN,
        event_hooks={"request": list(_request_hooks(config, on_sent)), "response": [bound_answer]},
    )
    # A cloud's client looks for credentials when it is made: in files, in other programs, on the network.
    async with await loaded(in_daemon_thread(lambda: make(config, sdk, http))) as client:
        yield client


def timeouts(config: ProviderConfig, read_s: float) -> Any:
    """Return the timeouts of one request, as the HTTP library has them."""
    import httpx2

    return httpx2.Timeout(read_s, connect=config.connect_timeout_s)


class SdkRequest(RequestContext):
    """One request through such an SDK."""

    def answered_by(self, response: Any) -> None:
        """Take notice of the response: the answer has begun."""
        self.answered = True
        self.note_headers(response.headers)
        self.content_type = response.headers.get("content-type", "")
        self._note_address(response)

    def not_a_reply(self, body: object) -> ChatError:
        """Return the error for an answer that is neither a message nor an error status."""
        error = getattr(body, "error", None)
        return super().not_a_reply(body if error is None else {"error": error})

    def failure(self, error: Exception) -> ChatError:
        """Return the error for what the SDK has raised."""
        self._note_address(error)
        response, status, body = (getattr(error, name, None) for name in ("response", "status_code", "body"))
        if response is not None and status is not None:
            return self.refused(status, body, response.headers)
        return self.error_event(body) if body else super().failure(error)

    def sdk_reason(self, cause: BaseException) -> Reason | None:
        """Return what an exception of the SDK's, or of the HTTP library's, means by its type."""
        import httpx2

        from tui_chat.providers.incoming import AnswerTooLarge, EncodedAnswer

        match cause:
            case EncodedAnswer():
                return Reason.ENCODED
            case AnswerTooLarge():
                return Reason.TOO_LARGE
            case CertificatesUnreadable():
                return Reason.CERTIFICATES_UNREADABLE
            case httpx2.ConnectTimeout() | httpx2.PoolTimeout():
                return Reason.CONNECT_TIMEOUT
            case httpx2.TimeoutException():
                return Reason.STALLED
            case httpx2.UnsupportedProtocol() | httpx2.InvalidURL():
                return Reason.NOT_AN_ADDRESS
            case httpx2.ProxyError():
                return Reason.PROXY
            case httpx2.ConnectError():
                return Reason.UNREACHABLE
            case httpx2.HTTPError():
                return Reason.LOST
        return Reason.MISSING_PACKAGE if type(cause).__name__ == "MissingDependencyError" else None

    def _note_address(self, source: object) -> None:
        """Note the address that the request went to, which the SDK may have from the environment."""
        try:
            request = getattr(source, "request", None)
        except RuntimeError:  # what httpx2 says of an exception that belongs to no request
            return
        url = getattr(request, "url", None)
        if url is not None and url.host:
            self.address = f"{url.scheme}://{url.netloc.decode('ascii', 'replace')}"


class CertificatesUnreadable(Exception):
    """The certificates that the environment names cannot be read."""


def _ssl_context() -> Any:
    import httpx2

    try:
        return httpx2.create_ssl_context()
    except OSError as error:  # of ssl, too
        raise CertificatesUnreadable((error.strerror or "not certificates").lower()) from error


def _request_hooks(config: ProviderConfig, on_sent: Callable[[], None] | None) -> Iterator[Callable[[Any], Any]]:
    if config.keyless:
        yield _strip
    if on_sent is not None:
        yield _watch(on_sent)


async def _strip(request: Any) -> None:
    """Leave nothing in a request that says whose it is: the SDK reads keys, organisations and headers of its own."""
    for name in [name for name in request.headers if name.lower() not in PLAIN_HEADERS]:
        del request.headers[name]


def _watch(on_sent: Callable[[], None]) -> Callable[[Any], Any]:
    """Return a hook that has the transport tell when the request has gone out."""

    async def trace(event: str, _info: object) -> None:
        if event.endswith("send_request_body.complete"):
            on_sent()

    async def hook(request: Any) -> None:
        request.extensions["trace"] = trace

    return hook
