"""Servers at an address, over streamable HTTP: a real one of the `mcp` package, in a thread of the test's own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator

import pytest

from tests.unit.tools.http_server import HttpServer
from tests.unit.tools.test_servers import call, offered
from tests.waiting import wait_until
from tui_chat.chat.parts import ToolCallPart
from tui_chat.program.mcp_tools import McpTools
from tui_chat.settings import McpServer
from tui_chat.tools import ServerSpec, ToolOffer, ToolServers


@pytest.fixture
def far() -> Iterator[HttpServer]:
    far = HttpServer()
    yield far
    far.stop()


def test_a_tool_is_called_over_http(servers: ToolServers, far: HttpServer) -> None:
    offer = ToolOffer(servers, [ServerSpec("far", url=far.url)])
    assert offered(offer) == ["far__double", "far__hang"]
    assert call(offer, "far__double", '{"number": 21}').text == "42"


def test_headers_go_with_every_request_and_into_no_words(
    servers: ToolServers, far: HttpServer, problems: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    tools = McpTools({"FAR_TOKEN": " Bearer very-secret\n", "BAD": "Bearer s\x07"}, problems.append)
    server = McpServer(url=far.url, headers=(("Authorization", "FAR_TOKEN"), ("X-Bad", "BAD"), ("X-No", "NO")))
    spec = tools.spec("far", server)
    offer = ToolOffer(servers, [spec])
    offered(offer)
    assert call(offer, "far__double", '{"number": 21}').text == "42"
    assert far.authorizations == {"Bearer very-secret"}
    assert tools.unset_variables(server) == ["BAD", "NO"]
    assert "very-secret" not in caplog.text + repr(spec) + repr(server)


def test_tools_that_change_are_offered_anew(servers: ToolServers, far: HttpServer) -> None:
    spec = ServerSpec("far", url=far.url)
    offered(ToolOffer(servers, [spec]))
    far.mcp.remove_tool("hang")
    servers.forget("far")
    assert offered(ToolOffer(servers, [spec])) == ["far__double"]


def test_a_call_that_is_cancelled_ends_its_request(servers: ToolServers, far: HttpServer) -> None:
    offer = ToolOffer(servers, [ServerSpec("far", url=far.url)])
    offered(offer)

    async def stopped() -> None:
        task = asyncio.create_task(offer.run(ToolCallPart("call-1", "far__hang", "{}")))
        while not far.hanging:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(stopped())
    wait_until(lambda: far.let_go == 1, "the server's work has ended")
    assert call(offer, "far__double", '{"number": 1}').text == "2"


def test_an_address_where_nobody_listens(servers: ToolServers, problems: list[str]) -> None:
    assert offered(ToolOffer(servers, [ServerSpec("gone", url="http://127.0.0.1:9/mcp")])) == []
    assert problems == ["The MCP server gone cannot be reached."]
