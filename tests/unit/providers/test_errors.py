"""Every way in which a request can fail, against a real server, and the sentence that the user then reads."""

from __future__ import annotations

import asyncio
import socket
import sys
import traceback
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.waiting import PATIENCE_S
from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.events import StreamEvent, TextDelta
from tui_chat.chat.protocols import StreamingProvider
from tui_chat.chat.request import ReplyRequest
from tui_chat.providers import ProviderConfig, create_provider, loading
from tui_chat.providers.errors import DETAIL_LENGTH, RequestContext

if TYPE_CHECKING:
    from tests.unit.providers.conftest import Answer, Loopback

Collect = Callable[..., Awaitable[list[StreamEvent]]]
RequestFor = Callable[..., ReplyRequest]

KEY = "sk-ant-test-0123456789abcdef"
START = {"type": "message_start", "message": {"id": "i", "model": "m"}}
TEXT = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "so far"}}


def error_body(type: str, message: str = "Because.") -> dict[str, Any]:
    return {"type": "error", "error": {"type": type, "message": message}, "request_id": "req_body"}


async def _stream(provider: StreamingProvider, request: ReplyRequest, came: list[StreamEvent]) -> None:
    async for event in provider.stream(request, lambda: None):
        came.append(event)


async def failure(
    provider: StreamingProvider, request: ReplyRequest, came: list[StreamEvent] | None = None
) -> ChatError:
    with pytest.raises(ChatError) as failed:
        await _stream(provider, request, [] if came is None else came)
    error = failed.value
    everything = "".join(traceback.format_exception(error)) + repr(provider) + str(error.to_json())
    assert KEY not in everything
    assert "<" not in error.sentence
    assert "\n" not in error.sentence
    assert error.sentence.endswith(".")
    return error


STATUSES = [
    (400, error_body("invalid_request_error"), ErrorKind.INVALID_REQUEST, False, "Because"),
    (
        400,
        error_body("invalid_request_error", "prompt is too long: 9 > 8"),
        ErrorKind.TOO_LARGE,
        False,
        "oldest messages",
    ),
    (
        400,
        error_body("invalid_request_error", "Your credit balance is too low"),
        ErrorKind.PERMISSION,
        False,
        "account",
    ),
    (401, error_body("authentication_error"), ErrorKind.AUTHENTICATION, False, "ANTHROPIC_API_KEY"),
    (402, error_body("billing_error"), ErrorKind.PERMISSION, False, "account"),
    (403, error_body("permission_error"), ErrorKind.PERMISSION, False, "another key"),
    (404, error_body("not_found_error", "model: nosuch"), ErrorKind.MODEL_NOT_FOUND, False, "claude-haiku-4-5"),
    (404, "<html>Not here</html>", ErrorKind.INVALID_REQUEST, False, "the base URL looks wrong; try http://127.0.0.1:"),
    (404, {"detail": "Cannot POST /v1/v1/models"}, ErrorKind.INVALID_REQUEST, False, "the base URL looks wrong"),
    (
        400,
        {"error": {"message": "Invalid model name passed in model=claude-haiku-4-5", "type": None, "code": "400"}},
        ErrorKind.MODEL_NOT_FOUND,
        False,
        "has no model “claude-haiku-4-5”",
    ),
    (
        422,
        {"error": {"message": "Budget has been exceeded! Max budget: 1", "type": "budget_exceeded", "code": "422"}},
        ErrorKind.PERMISSION,
        False,
        "Budget has been exceeded",
    ),
    (405, "", ErrorKind.INVALID_REQUEST, False, "405"),
    (408, "", ErrorKind.TIMEOUT, True, "retry"),
    (409, "", ErrorKind.SERVER, True, "retry"),
    (413, error_body("request_too_large"), ErrorKind.TOO_LARGE, False, "oldest messages"),
    (400, error_body("invalid_request_error", "9 + 8 exceed context limit: 10"), ErrorKind.TOO_LARGE, False, "oldest"),
    (422, error_body("strange"), ErrorKind.INVALID_REQUEST, False, "Because"),
    (429, error_body("rate_limit_error"), ErrorKind.RATE_LIMITED, True, "wait"),
    (500, error_body("api_error"), ErrorKind.SERVER, True, "retry"),
    (502, "<html><h1>Bad gateway</h1></html>", ErrorKind.SERVER, True, "502"),
    (503, "", ErrorKind.OVERLOADED, True, "wait"),
    (504, error_body("timeout_error"), ErrorKind.TIMEOUT, True, "retry"),
    (529, error_body("overloaded_error"), ErrorKind.OVERLOADED, True, "wait"),
    (529, error_body("overloaded_error", "Overloaded"), ErrorKind.OVERLOADED, True, "is overloaded: wait"),
    (529, "not even JSON", ErrorKind.OVERLOADED, True, "(status 529: not even JSON)"),
    (500, error_body("api_error", "<b>Oops</b>"), ErrorKind.SERVER, True, "(status 500)"),
    (500, [1, 2], ErrorKind.SERVER, True, "500"),
    (500, {"error": "just words"}, ErrorKind.SERVER, True, "just words"),
]


@pytest.mark.parametrize(("status", "body", "kind", "retryable", "says"), STATUSES)
async def test_each_status_has_its_kind_and_its_sentence(
    status: int, body: object, kind: ErrorKind, retryable: bool, says: str, server: Loopback, request_for: RequestFor
) -> None:
    server.will(server.status(status, body, request_id="req_7"))
    error = await failure(server.provider(), request_for())
    assert (error.kind, error.retryable, error.request_id) == (kind, retryable, "req_7")
    assert says in error.sentence
    assert len(server.received) == 1, "the SDK must not retry by itself"


@pytest.mark.parametrize("name", ["anthropic", "openai"])
@pytest.mark.parametrize(("status", "body", "kind", "retryable", "says"), STATUSES[::3])
async def test_a_reply_in_one_piece_fails_in_the_same_way(
    status: int,
    body: object,
    kind: ErrorKind,
    retryable: bool,
    says: str,
    name: str,
    server: Loopback,
    request_for: RequestFor,
) -> None:
    server.will(server.status(status, body, x_request_id="req_7"))
    with pytest.raises(ChatError) as failed:
        await server.provider(name).create(request_for(), lambda: None)
    error = failed.value
    assert (error.kind, error.retryable, error.request_id) == (kind, retryable, "req_7")
    assert says.replace("ANTHROPIC", name.upper()) in error.sentence
    assert len(server.received) == 1, "the SDK must not retry by itself"


HALF = b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"type": "mess'


@pytest.mark.parametrize("name", ["anthropic", "openai"])
async def test_a_reply_in_one_piece_that_breaks_off_is_told(
    name: str, server: Loopback, request_for: RequestFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def reset(writer: asyncio.StreamWriter) -> None:
        writer.write(HALF)
        await server.reset(writer)

    async def quiet(writer: asyncio.StreamWriter) -> None:
        writer.write(HALF)
        await server.silence(writer)

    broken = server.status(200, "{oops", content_type="application/json")
    for answer, kinds in (
        (reset, {ErrorKind.NETWORK}),
        (server.raw(HALF), {ErrorKind.NETWORK}),
        (server.raw(), {ErrorKind.NETWORK}),
        (quiet, {ErrorKind.STALLED}),
        (server.silence, {ErrorKind.STALLED}),
        (broken, {ErrorKind.PROTOCOL}),
    ):
        server.will(answer)
        patience_s = 0.3 if kinds == {ErrorKind.STALLED} else PATIENCE_S
        monkeypatch.setattr(f"tui_chat.providers.{name}.BATCH_TIMEOUT_S", patience_s)
        with pytest.raises(ChatError) as failed:
            await server.provider(name, read_timeout_s=patience_s).create(request_for(), lambda: None)
        assert failed.value.kind in kinds, failed.value.sentence
        assert failed.value.retryable


@pytest.mark.parametrize(
    ("value", "least", "most"),
    [
        ("7", 7, 7),
        ("1.5", 1.5, 1.5),
        ("-3", 0, 0),
        (timedelta(minutes=10), 540, 600),
        (timedelta(minutes=-10), 0, 0),
        ("soon", None, None),
    ],
    ids=["seconds", "a fraction", "negative", "a date to come", "a date gone by", "no time"],
)
async def test_retry_after_is_read_as_seconds_and_as_a_date(
    value: str | timedelta, least: float | None, most: float | None, server: Loopback, request_for: RequestFor
) -> None:
    told = value if isinstance(value, str) else format_datetime(datetime.now(UTC) + value, usegmt=True)
    server.will(server.status(429, error_body("rate_limit_error"), retry_after=told))
    wait_s = (await failure(server.provider(), request_for())).retry_after_s
    if least is None or most is None:
        assert wait_s is None
    else:
        assert wait_s is not None
        assert least <= wait_s <= most


@pytest.mark.parametrize(("in_ms", "wait_s"), [("1500", 1.5), ("soon", 7.0)])
async def test_a_wait_in_milliseconds_is_read_before_one_in_seconds(
    in_ms: str, wait_s: float, server: Loopback, request_for: RequestFor
) -> None:
    server.will(server.status(429, error_body("rate_limit_error"), retry_after="7", retry_after_ms=in_ms))
    assert (await failure(server.provider(), request_for())).retry_after_s == wait_s


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed_but_told(status: int, server: Loopback, request_for: RequestFor) -> None:
    server.will(server.status(status, "", location=f"{server.url}/elsewhere"))
    error = await failure(server.provider(), request_for())
    assert (error.kind, error.retryable, error.streaming_unavailable) == (ErrorKind.PROTOCOL, False, True)
    assert len(server.received) == 1


@pytest.mark.parametrize(
    "answer",
    [
        {"body": "<html>Please sign in</html>"},
        {"body": {"content": "not a stream"}},
        {"body": "", "content_type": "text/plain"},
    ],
)
async def test_something_else_in_place_of_a_stream_is_told(
    answer: dict[str, Any], server: Loopback, request_for: RequestFor
) -> None:
    server.will(server.status(200, **answer))
    error = await failure(server.provider(), request_for())
    assert (error.kind, error.streaming_unavailable) == (ErrorKind.PROTOCOL, True)


@pytest.mark.parametrize(
    ("type", "kind"),
    [
        ("overloaded_error", ErrorKind.OVERLOADED),
        ("api_error", ErrorKind.SERVER),
        ("rate_limit_error", ErrorKind.RATE_LIMITED),
        ("authentication_error", ErrorKind.AUTHENTICATION),
        ("invalid_request_error", ErrorKind.INVALID_REQUEST),
        ("aurora_error", ErrorKind.SERVER),
    ],
)
async def test_an_error_event_is_known_by_its_type(
    type: str, kind: ErrorKind, server: Loopback, request_for: RequestFor
) -> None:
    server.will(server.sse(START, TEXT, error_body(type)))
    came: list[StreamEvent] = []
    error = await failure(server.provider(), request_for(), came)
    assert (error.kind, error.request_id) == (kind, "req_1")
    assert came[-1] == TextDelta(0, "so far")


async def test_an_error_event_that_is_not_json_is_an_error_all_the_same(
    server: Loopback, request_for: RequestFor
) -> None:
    server.will(server.sse(START, b"event: error\ndata: <html>oops</html>\n\n"))
    assert (await failure(server.provider(), request_for())).kind is ErrorKind.SERVER


CHUNKED = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


def midway(server: Loopback) -> dict[str, tuple[Answer, ErrorKind, str]]:
    return {
        "reset": (server.sse(START, TEXT, then=server.reset), ErrorKind.NETWORK, "lost"),
        "a body cut off": (
            server.sse(START, TEXT, content_length="9999"),
            ErrorKind.NETWORK,
            "lost",
        ),
        "an end without message_stop": (server.sse(START, TEXT), ErrorKind.PROTOCOL, "before it was whole"),
        "an end within an event": (
            server.sse(START, TEXT, b"event: message_stop\ndata: {"),
            ErrorKind.PROTOCOL,
            "before it was whole",
        ),
        "silence": (server.sse(START, TEXT, then=server.silence), ErrorKind.STALLED, "0.5 s"),
        "bad JSON": (server.sse(START, TEXT, b"event: ping2\ndata: {oops\n\n"), ErrorKind.PROTOCOL, "unreadable"),
        "bad UTF-8": (server.sse(START, TEXT, b"event: x\ndata: \xff\xfe\n\n"), ErrorKind.PROTOCOL, "unreadable"),
    }


@pytest.mark.parametrize(
    "fault",
    [
        "reset",
        "a body cut off",
        "an end without message_stop",
        "an end within an event",
        "silence",
        "bad JSON",
        "bad UTF-8",
    ],
)
async def test_what_came_before_the_line_broke_is_kept_and_the_break_is_told(
    fault: str, server: Loopback, request_for: RequestFor
) -> None:
    answer, kind, says = midway(server)[fault]
    server.will(answer)
    came: list[StreamEvent] = []
    patience_s = 0.5 if kind is ErrorKind.STALLED else PATIENCE_S
    error = await failure(server.provider(read_timeout_s=patience_s), request_for(), came)
    assert (error.kind, error.retryable, error.streaming_unavailable) == (kind, True, False)
    assert says in error.sentence
    assert came[-1] == TextDelta(0, "so far")


async def test_a_broken_chunk_is_a_lost_connection(server: Loopback, request_for: RequestFor) -> None:
    server.will(server.raw(CHUNKED, b"ff\r\nonly this much"))
    assert (await failure(server.provider(), request_for())).kind is ErrorKind.NETWORK


async def test_an_empty_stream_is_incomplete(server: Loopback, request_for: RequestFor) -> None:
    server.will(server.sse())
    error = await failure(server.provider(), request_for())
    assert (error.kind, error.streaming_unavailable) == (ErrorKind.PROTOCOL, False)


async def test_a_server_that_says_nothing_at_all_is_stalled(server: Loopback, request_for: RequestFor) -> None:
    server.will(server.silence)
    error = await failure(server.provider(read_timeout_s=0.5), request_for())
    assert (error.kind, error.retryable) == (ErrorKind.STALLED, True)
    assert server.url in error.sentence


async def test_a_late_first_token_may_have_more_time_than_a_silent_line(
    server: Loopback, collect: Collect, request_for: RequestFor
) -> None:
    async def late(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)
        await server.sse(START, TEXT, then=server.silence)(writer)

    server.will(late)
    came: list[StreamEvent] = []
    provider = server.provider(read_timeout_s=0.1, first_token_timeout_s=30.0)
    error = await failure(provider, request_for(), came)
    assert error.kind is ErrorKind.STALLED
    assert "0.1 s" in error.sentence
    assert came


async def test_pings_keep_the_line_alive(server: Loopback, collect: Collect) -> None:
    async def pings(writer: asyncio.StreamWriter) -> None:
        for _ in range(12):
            writer.write(b"event: ping\ndata: {}\n\n")
            await writer.drain()
            await asyncio.sleep(0.25)
        writer.write(b'event: message_stop\ndata: {"type": "message_stop"}\n\n')

    server.will(server.sse(START, then=pings))
    assert len(await collect(server.provider(read_timeout_s=2.5))) == 2


async def test_a_server_that_hangs_up_without_an_answer_is_a_network_error(
    server: Loopback, request_for: RequestFor
) -> None:
    server.will(server.raw())
    error = await failure(server.provider(), request_for())
    assert (error.kind, error.retryable) == (ErrorKind.NETWORK, True)
    assert "without an answer" in error.sentence


async def test_a_server_that_does_not_speak_http_is_a_network_error(server: Loopback, request_for: RequestFor) -> None:
    server.will(server.raw(b"SSH-2.0-OpenSSH_9.9\r\n"))
    assert (await failure(server.provider(), request_for())).kind is ErrorKind.NETWORK


REFUSED = "http://127.0.0.1:9"
"""Nothing listens there. A port that was free a moment ago may be another test's now."""


async def test_a_refused_connection_names_the_address(request_for: RequestFor) -> None:
    url = REFUSED
    error = await failure(create_provider(ProviderConfig("anthropic", url, KEY)), request_for())
    assert (error.kind, error.retryable) == (ErrorKind.NETWORK, True)
    assert url in error.sentence
    assert "refused" in error.sentence


async def test_a_name_that_does_not_resolve_is_told_so(request_for: RequestFor) -> None:
    error = await failure(create_provider(ProviderConfig("anthropic", "http://no.invalid", KEY)), request_for())
    assert error.kind is ErrorKind.NETWORK
    assert "no.invalid does not resolve" in error.sentence


async def test_a_certificate_that_does_not_verify_is_told_and_not_retried(
    untrusted_server: Loopback, request_for: RequestFor
) -> None:
    untrusted_server.will(untrusted_server.sse(START))
    error = await failure(untrusted_server.provider(), request_for())
    assert (error.kind, error.retryable) == (ErrorKind.NETWORK, False)
    assert "certificate" in error.sentence
    assert not untrusted_server.received, "nothing may be sent"


@pytest.fixture
def tls_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificates are read again: a program reads them once."""
    kept = {what: begun for what, begun in loading._begun.items() if what != "an SSL context"}
    monkeypatch.setattr(loading, "_begun", kept)


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
async def test_a_certificate_that_the_environment_vouches_for_is_trusted(
    variable: str,
    untrusted_server: Loopback,
    collect: Collect,
    tls_anew: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pem = Path(__file__).with_name("untrusted.pem")
    # In a folder, OpenSSL finds a certificate by the hash of its subject.
    (tmp_path / "ce275665.0").write_bytes(pem.read_bytes())
    monkeypatch.setenv(variable, str(pem if variable == "SSL_CERT_FILE" else tmp_path))
    untrusted_server.will(untrusted_server.sse(START, {"type": "message_stop"}))
    assert (await collect(untrusted_server.provider()))[-1].type == "message_stop"


@pytest.mark.parametrize("what", ["nowhere.pem", "empty.pem"])
async def test_certificates_that_cannot_be_read_are_told(
    what: str, request_for: RequestFor, tls_anew: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty.pem").write_text("not a certificate")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / what))
    error = await failure(create_provider(ProviderConfig("anthropic", api_key=KEY)), request_for())
    assert (error.kind, error.retryable) == (ErrorKind.INVALID_REQUEST, False)
    assert "SSL_CERT_FILE" in error.sentence


async def test_tls_to_a_server_that_says_nothing_is_a_timeout(server: Loopback, request_for: RequestFor) -> None:
    async def mute(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await gone.wait()
        writer.close()

    gone = asyncio.Event()
    listener = await asyncio.start_server(mute, "127.0.0.1", 0)
    url = f"https://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    async with listener:
        provider = create_provider(ProviderConfig("anthropic", url, KEY, connect_timeout_s=0.3))
        error = await failure(provider, request_for())
        gone.set()
    assert (error.kind, error.retryable) == (ErrorKind.TIMEOUT, True)


async def test_tls_to_a_server_without_it_is_told(server: Loopback, request_for: RequestFor) -> None:
    async def garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    listener = await asyncio.start_server(garbage, "127.0.0.1", 0)
    url = f"https://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    async with listener:
        error = await failure(create_provider(ProviderConfig("anthropic", url, KEY)), request_for())
    assert (error.kind, error.retryable) == (ErrorKind.NETWORK, False)
    assert "http://" in error.sentence


async def test_a_connection_that_hangs_is_a_timeout(request_for: RequestFor) -> None:
    # A listener whose queue is full answers no further connection.
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        queued = [socket.socket() for _ in range(4)]
        for waiting in queued:
            waiting.setblocking(False)
            waiting.connect_ex(address)
        config = ProviderConfig("anthropic", f"http://127.0.0.1:{address[1]}", KEY, connect_timeout_s=0.3)
        error = await failure(create_provider(config), request_for())
        for waiting in queued:
            waiting.close()
    assert (error.kind, error.retryable) == (ErrorKind.TIMEOUT, True)
    assert "0.3 s" in error.sentence


@pytest.mark.parametrize(
    "url", ["localhost", "ftp://example.com", "http://[::1", "file:///etc/passwd", "http://127.0.0.1:99999"]
)
async def test_an_address_that_is_none_is_told(url: str, request_for: RequestFor) -> None:
    error = await failure(create_provider(ProviderConfig("anthropic", url, KEY)), request_for())
    assert (error.kind, error.retryable) == (ErrorKind.NETWORK, False)
    assert "http://" in error.sentence


@pytest.mark.parametrize(
    "url",
    [
        "http://me:hunter2@127.0.0.1:9",
        "http://127.0.0.1:9/?key=hunter2",
        "http://127.0.0.1:9/hunter2/v1?token=hunter2&x=1",
        "ftp://me:hunter2@example.com",
        "me:hunter2@example.com",
        "https:///x?key=hunter2",
    ],
)
async def test_no_secret_of_an_address_is_told(url: str, request_for: RequestFor) -> None:
    error = await failure(create_provider(ProviderConfig("anthropic", url, KEY)), request_for())
    assert "hunter2" not in error.sentence


async def test_a_proxy_of_the_environment_is_used_and_its_refusal_told(
    server: Loopback, request_for: RequestFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", server.url)
    server.will(server.status(407, "", proxy_authenticate="Basic"))
    error = await failure(create_provider(ProviderConfig("anthropic", api_key=KEY)), request_for())
    assert server.received[0].line.startswith("CONNECT api.anthropic.com:443")
    assert (error.kind, error.retryable) == (ErrorKind.NETWORK, False)
    assert "proxy" in error.sentence


@pytest.mark.parametrize("name", ["anthropic", "openai"])
async def test_a_server_on_this_machine_is_asked_without_the_proxy(
    name: str, server: Loopback, collect: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(variable, REFUSED)
    end = {"choices": [{"delta": {}, "finish_reason": "stop"}]}
    server.will(server.sse(START, {"type": "message_stop"} if name == "anthropic" else end))
    assert (await collect(server.provider(name)))[-1].type == "message_stop"


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "bogus://user:secret@127.0.0.1:1", "http://[::"])
async def test_proxy_settings_that_cannot_be_used_are_told(
    proxy: str, request_for: RequestFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    monkeypatch.setitem(sys.modules, "socksio", None)
    error = await failure(create_provider(ProviderConfig("anthropic", api_key=KEY)), request_for())
    assert (error.kind, error.retryable) == (ErrorKind.INVALID_REQUEST, False)
    assert "secret" not in error.sentence
    assert "ALL_PROXY" in error.sentence


async def test_a_proxy_that_does_not_answer_is_named(request_for: RequestFor, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = REFUSED.partition("//")[2]
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:secret@{gone}")
    error = await failure(create_provider(ProviderConfig("anthropic", api_key=KEY)), request_for())
    assert (error.kind, error.retryable) == (ErrorKind.NETWORK, True)
    assert f"The proxy {gone} cannot be reached (connection refused)" in error.sentence


@pytest.mark.parametrize("bypassed", ["no.invalid", ".invalid", "*", "127.0.0.2, no.invalid"])
async def test_no_proxy_leads_past_the_proxy(
    bypassed: str, request_for: RequestFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", REFUSED)
    monkeypatch.setenv("NO_PROXY", bypassed)
    error = await failure(create_provider(ProviderConfig("anthropic", "http://no.invalid", KEY)), request_for())
    assert "The name no.invalid does not resolve" in error.sentence


async def test_a_proxy_of_the_environment_is_asked_for_an_http_address_too(
    server: Loopback, collect: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url)
    server.will(server.sse(START, {"type": "message_stop"}))
    await collect(create_provider(ProviderConfig("anthropic", "http://api.example", KEY)))
    assert server.received[0].line.startswith("POST http://api.example/v1/messages ")


@pytest.mark.parametrize(
    ("said", "never"),
    [
        (f"the key {KEY} is not known", KEY),
        ("the key sk-other-0123456789 is not known", "sk-other-0123456789"),
        ("see http://me:hunter2@example.com/x", "hunter2"),
        ("see http://example.com/x?api_key=hunter2&y=1", "hunter2"),
        ("no proxy at me:hunter2@example.com", "hunter2"),
        ("\x1b]0;owned\x07\x1b[31mred\r\n\u202eevil", "\x1b"),
        ("long " * 1000, "long " * 60),
        ("<script>alert(1)</script>", "script"),
    ],
)
async def test_foreign_words_are_cleaned(said: str, never: str, server: Loopback, request_for: RequestFor) -> None:
    server.will(server.status(400, error_body("invalid_request_error", said)))
    error = await failure(server.provider(), request_for())
    assert never not in error.sentence
    assert len(error.sentence) < 400


@pytest.mark.parametrize(
    ("name", "key", "url", "names"),
    [
        ("anthropic", "", None, "ANTHROPIC_API_KEY"),
        ("anthropic", "  \n", None, "ANTHROPIC_API_KEY"),
        ("anthropic", "sk-ant-\nbroken", None, "character"),
        ("anthropic", "sk-ant-ключ", "http://127.0.0.1:1", "character"),
        ("openai", "", None, "OPENAI_API_KEY"),
    ],
)
async def test_a_key_that_cannot_work_is_noticed_before_anything_is_sent(
    name: str, key: str, url: str | None, names: str, request_for: RequestFor
) -> None:
    error = await failure(create_provider(ProviderConfig(name, url, key)), request_for())
    assert (error.kind, error.retryable) == (ErrorKind.AUTHENTICATION, False)
    assert names in error.sentence
    assert "--local" in error.sentence
    assert not key.strip() or key.strip() not in error.sentence


async def test_a_line_end_on_the_key_does_no_harm(server: Loopback, collect: Collect) -> None:
    server.will(server.sse(START, {"type": "message_stop"}))
    await collect(create_provider(ProviderConfig("anthropic", server.url, f"{KEY}\n")))
    assert server.received[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("name", ["demo", "local"])
async def test_a_server_that_needs_no_key_is_not_shown_the_users(name: str, server: Loopback, collect: Collect) -> None:
    server.will(server.sse(START, {"type": "message_stop"}))
    await collect(server.provider(name))
    assert KEY not in str(server.received[0].headers)


@pytest.mark.parametrize(("name", "sent"), [("anthropic", "hunter2"), ("demo", None), ("local", None)])
async def test_the_users_own_headers_go_to_the_vendor_alone(
    name: str, sent: str | None, server: Loopback, collect: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "X-Gateway-Token: hunter2\nAuthorization: Bearer hunter2")
    server.will(server.sse(START, {"type": "message_stop"}))
    await collect(server.provider(name))
    assert server.received[0].headers.get("x-gateway-token") == sent
    assert name == "anthropic" or "hunter2" not in str(server.received[0].headers)


async def test_a_gateways_token_is_sent_as_one(server: Loopback, collect: Collect) -> None:
    server.will(server.sse(START, {"type": "message_stop"}))
    await collect(server.provider("anthropic", bearer=True))
    headers = server.received[0].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert "x-api-key" not in headers


@pytest.mark.parametrize("name", ["anthropic", "openai"])
async def test_a_server_of_ones_own_needs_no_key(name: str, server: Loopback, request_for: RequestFor) -> None:
    server.will(server.status(500))
    provider = create_provider(ProviderConfig(name, server.url))
    assert (await failure(provider, request_for())).kind is ErrorKind.SERVER
    assert server.received


def test_the_key_is_not_in_a_configurations_repr() -> None:
    assert KEY not in repr(ProviderConfig("anthropic", api_key=KEY))


@pytest.mark.parametrize(
    ("name", "begins"), [("demo", "The demo server failed"), ("local", "The local model failed"), ("anthropic", "http")]
)
async def test_a_sentence_names_who_failed(name: str, begins: str, server: Loopback, request_for: RequestFor) -> None:
    server.will(server.status(500))
    assert (await failure(server.provider(name), request_for())).sentence.startswith(begins)


async def test_counting_and_listing_fail_with_the_same_sentences(server: Loopback, request_for: RequestFor) -> None:
    server.will(server.status(401, error_body("authentication_error")))
    for asked in (server.provider().count_tokens(request_for()), server.provider().list_models()):
        with pytest.raises(ChatError) as failed:
            await asked
        assert failed.value.kind is ErrorKind.AUTHENTICATION


def refused_with(status: int, body: object = "", **headers: str) -> ChatError:
    """Return what is made of an answer of the vendor's own address."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return RequestContext(ProviderConfig("anthropic", api_key=KEY), "m").refused(status, body, sent)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, ErrorKind.INVALID_REQUEST),
        (401, ErrorKind.AUTHENTICATION),
        (402, ErrorKind.PERMISSION),
        (403, ErrorKind.PERMISSION),
        (404, ErrorKind.INVALID_REQUEST),
        (408, ErrorKind.TIMEOUT),
        (409, ErrorKind.SERVER),
        (413, ErrorKind.TOO_LARGE),
        (429, ErrorKind.RATE_LIMITED),
        (499, ErrorKind.INVALID_REQUEST),
        (500, ErrorKind.SERVER),
        (503, ErrorKind.OVERLOADED),
        (504, ErrorKind.TIMEOUT),
        (529, ErrorKind.OVERLOADED),
    ],
)
def test_a_status_without_words_has_its_kind(status: int, kind: ErrorKind) -> None:
    assert refused_with(status).kind is kind
    assert f"status {status}" in refused_with(status).sentence


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("authentication_error", ErrorKind.AUTHENTICATION),
        ("billing_error", ErrorKind.PERMISSION),
        ("permission_error", ErrorKind.PERMISSION),
        ("request_too_large", ErrorKind.TOO_LARGE),
        ("rate_limit_error", ErrorKind.RATE_LIMITED),
        ("overloaded_error", ErrorKind.OVERLOADED),
        ("timeout_error", ErrorKind.TIMEOUT),
        ("api_error", ErrorKind.SERVER),
        ("invalid_api_key", ErrorKind.AUTHENTICATION),
        ("insufficient_quota", ErrorKind.PERMISSION),
        ("budget_exceeded", ErrorKind.PERMISSION),
        ("model_not_found", ErrorKind.MODEL_NOT_FOUND),
        ("context_length_exceeded", ErrorKind.TOO_LARGE),
        ("exceed_context_size_error", ErrorKind.TOO_LARGE),
        ("rate_limit_exceeded", ErrorKind.RATE_LIMITED),
        ("server_error", ErrorKind.SERVER),
    ],
)
def test_a_known_name_says_more_than_the_status_whether_it_is_a_type_or_a_code(name: str, kind: ErrorKind) -> None:
    for error in ({"type": name}, {"code": name, "type": "new"}, {"code": "new", "type": name}):
        assert refused_with(418, {"error": error}).kind is kind


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("The prompt is too long", ErrorKind.TOO_LARGE),
        ("over the context window", ErrorKind.TOO_LARGE),
        ("over your quota", ErrorKind.PERMISSION),
        ("Unknown model x", ErrorKind.MODEL_NOT_FOUND),
        ("LLM Provider NOT provided", ErrorKind.MODEL_NOT_FOUND),
    ],
)
def test_words_tell_the_kind_only_of_a_request_that_is_rejected(words: str, kind: ErrorKind) -> None:
    kinds = [refused_with(status, {"error": {"message": words}}).kind for status in (400, 422, 500)]
    assert kinds == [kind, kind, ErrorKind.SERVER]
    assert RequestContext(ProviderConfig("anthropic")).error_event({"error": {"message": words}}).kind is kind


@pytest.mark.parametrize("header", ["request-id", "x-request-id", "x-amzn-requestid"])
def test_the_id_of_a_request_is_found_under_each_name_that_servers_give_it(header: str) -> None:
    assert refused_with(500, **{header: "req_8"}).request_id == "req_8"


def test_the_words_of_a_server_are_told_in_full_up_to_a_length() -> None:
    assert f": {'a' * (DETAIL_LENGTH - 13)})" in refused_with(500, "a" * (DETAIL_LENGTH - 13)).sentence
    longest, longer = "a" * DETAIL_LENGTH, "a" * (DETAIL_LENGTH + 1)
    assert f"({longest})" in refused_with(500, {"error": {"message": longest}}).sentence
    assert f"({longest[:-1]}…)" in refused_with(500, {"error": {"message": longer}}).sentence
    assert "(Because)" in refused_with(500, {"detail": "Because."}).sentence


def test_a_key_that_is_too_short_to_be_one_is_not_looked_for_in_words() -> None:
    said = {"error": {"message": "a short story"}}
    for key, told in (("short", "a short story"), ("ort stor", "a sh[key]y")):
        error = RequestContext(ProviderConfig("anthropic", api_key=key)).refused(500, said, {})
        assert f"({told})" in error.sentence
