"""Servers over their standard streams: started when needed, asked, and ended with all that they started."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests import mcp_stub
from tests.unit.tools.conftest import SHORT
from tests.waiting import PATIENCE_S, wait_until
from tui_chat.chat.parts import ToolCallPart, ToolResultPart
from tui_chat.chat.request import Tool
from tui_chat.text.limits import LONGEST_TOOL_RESULT
from tui_chat.tools import NoServer, ServerSpec, ServerState, ToolOffer, ToolServers

Stub = Callable[..., ServerSpec]


@pytest.fixture
def stub(tmp_path: Path) -> Stub:
    """Makes servers that write down in the test's folder what happens to them."""

    def spec(tools: str, *faults: str, name: str = "stub") -> ServerSpec:
        environment = {"STUB_FOLDER": str(tmp_path), "PATH": os.environ["PATH"]}
        return ServerSpec(name, sys.executable, (mcp_stub.__file__, tools, *faults), environment)

    return spec


def noted(folder: Path, name: str) -> list[str]:
    file = folder / name
    return file.read_text().splitlines() if file.exists() else []


def call(offer: ToolOffer, tool: str, arguments: str = "{}") -> ToolResultPart:
    return asyncio.run(offer.run(ToolCallPart("call-1", tool, arguments)))


def offered(offer: ToolOffer) -> list[str]:
    return [tool.name for tool in asyncio.run(_offered(offer))]


async def _offered(offer: ToolOffer) -> Sequence[Tool]:
    return await offer.offered()


def is_alive(pid: str) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_a_tool_is_offered_and_called(servers: ToolServers, stub: Stub) -> None:
    offer = ToolOffer(servers, [stub("echo,fail")])
    assert offer.waits_for == ["stub"]
    assert offered(offer) == ["stub__echo", "stub__fail"]
    assert offer.waits_for == []
    assert call(offer, "stub__echo", '{"text": "Hi"}') == ToolResultPart("call-1", "Hi")
    assert call(offer, "stub__fail") == ToolResultPart("call-1", "It cannot be done.", failed=True)
    assert call(offer, "stub__other") == ToolResultPart("call-1", "There is no tool stub__other.", failed=True)
    tool = offer.tool("stub__echo")
    assert tool is not None
    assert (tool.server, tool.own_name, tool.read_only) == ("stub", "echo", True)


def test_a_server_lives_on_between_replies(servers: ToolServers, stub: Stub, tmp_path: Path) -> None:
    for _ in range(3):
        offered(ToolOffer(servers, [stub("echo")]))
    assert len(noted(tmp_path, "pids")) == 1
    assert noted(tmp_path, "lists") == ["echo"]


def test_nothing_starts_before_it_is_asked_for(servers: ToolServers, stub: Stub, tmp_path: Path) -> None:
    spec = stub("echo")
    ToolOffer(servers, [spec])
    assert servers.known([spec]) == {}
    assert servers.status("stub").state is ServerState.IDLE
    assert noted(tmp_path, "pids") == []


def test_two_servers_may_have_tools_of_one_name(servers: ToolServers, stub: Stub) -> None:
    offer = ToolOffer(servers, [stub("echo", name="one"), stub("echo", name="two")])
    assert offered(offer) == ["one__echo", "two__echo"]
    assert call(offer, "two__echo", '{"text": "two"}').text == "two"


def test_a_server_has_the_variables_that_it_is_given_and_no_others(servers: ToolServers, stub: Stub) -> None:
    offer = ToolOffer(servers, [stub("environment")])
    offered(offer)
    text = call(offer, "stub__environment").text
    assert "STUB_FOLDER" in text
    assert "HOME" not in text


def test_a_command_that_is_not_there(servers: ToolServers, problems: list[str]) -> None:
    offer = ToolOffer(servers, [ServerSpec("gone", "no-such-command-here")])
    assert offered(offer) == []
    assert problems == ["The MCP server gone cannot be started: there is no command 'no-such-command-here'."]
    offered(offer)
    assert len(problems) == 1


def test_a_server_that_ends_at_its_start(servers: ToolServers, stub: Stub, problems: list[str]) -> None:
    assert offered(ToolOffer(servers, [stub("echo", "die-at-start"), stub("echo", name="other")])) == ["other__echo"]
    assert problems == ["The MCP server stub ended. Its last words: no licence found."]
    assert servers.status("stub").state is ServerState.FAILED


def test_a_server_that_never_answers_is_waited_for_once(stub: Stub, problems: list[str], tmp_path: Path) -> None:
    servers = ToolServers(problems.append, replace(SHORT, start_s=0.5))
    try:
        for _ in range(2):
            assert offered(ToolOffer(servers, [stub("echo", "mute")])) == []
        assert problems == ["The MCP server stub did not answer in time."]
        assert not any(map(is_alive, noted(tmp_path, "pids")))
        servers.forget("stub")
        servers._patience = SHORT  # one that answers may take longer to start
        assert offered(ToolOffer(servers, [stub("echo")])) == ["stub__echo"]
    finally:
        servers.close()


def test_a_server_that_ends_in_a_call(servers: ToolServers, stub: Stub, tmp_path: Path) -> None:
    offer = ToolOffer(servers, [stub("die,echo")])
    offered(offer)
    result = call(offer, "stub__die")
    assert result.failed
    assert result.text == (
        "The MCP server stub ended before it answered; the call may have had its effect. Its last words: out of cheese."
    )
    assert call(offer, "stub__echo", '{"text": "again"}').text == "again"
    assert len(noted(tmp_path, "pids")) == 2


def test_a_server_that_ends_in_a_call_while_what_it_has_started_lives_on(servers: ToolServers, stub: Stub) -> None:
    offer = ToolOffer(servers, [stub("die", "child")])
    asyncio.run(offer.offered())
    assert "ended before it answered" in call(offer, "stub__die").text


def test_a_call_that_is_never_answered(stub: Stub, tmp_path: Path) -> None:
    servers = ToolServers(print, replace(SHORT, call_s=0.3))
    try:
        offer = ToolOffer(servers, [stub("hang,echo")])
        offered(offer)
        assert call(offer, "stub__hang").text == (
            "The MCP server stub did not answer within 0.3 s; the call may still have its effect."
        )
        wait_until(lambda: noted(tmp_path, "cancelled"), "the server is told")
        wait_until(lambda: call(offer, "stub__echo").text == "echo done", "it answers other calls")
    finally:
        servers.close()


def test_a_call_that_is_cancelled_ends_at_once_and_the_server_is_told(
    servers: ToolServers, stub: Stub, tmp_path: Path
) -> None:
    offer = ToolOffer(servers, [stub("hang,echo")])
    offered(offer)

    async def stopped() -> None:
        task = asyncio.create_task(offer.run(ToolCallPart("call-1", "stub__hang", "{}")))
        while not noted(tmp_path, "calls"):
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(stopped())
    wait_until(lambda: noted(tmp_path, "cancelled"), "the server is told")
    assert call(offer, "stub__echo").text == "echo done"


def test_a_wait_for_a_server_to_start_can_be_cancelled(servers: ToolServers, stub: Stub) -> None:
    async def stopped() -> None:
        task = asyncio.create_task(_offered(ToolOffer(servers, [stub("echo", "mute")])))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(stopped())


def test_a_result_of_10_mb_is_cut_and_says_so(servers: ToolServers, stub: Stub) -> None:
    offer = ToolOffer(servers, [stub("huge")])
    offered(offer)
    text = call(offer, "stub__huge", '{"count": 10000000}').text
    assert len(text) < LONGEST_TOOL_RESULT + 200
    assert text.endswith("[The result was cut here: 9,900,000 of its 10,000,000 characters are left out.]")


def test_a_result_beyond_all_bounds_ends_the_server(servers: ToolServers, stub: Stub) -> None:
    offer = ToolOffer(servers, [stub("huge,echo")])
    offered(offer)
    result = call(offer, "stub__huge", '{"count": 40000000}')
    assert result.failed
    assert "sent more than 16 MB at once" in result.text
    assert call(offer, "stub__echo").text == "echo done"


def test_a_tool_with_a_bad_schema_is_left_out_and_named(servers: ToolServers, stub: Stub, problems: list[str]) -> None:
    assert offered(ToolOffer(servers, [stub("no-schema,bad-schema,no-object,echo")])) == ["stub__echo"]
    (sentence,) = problems
    assert sentence.startswith("Left out of the tools of stub: no-schema (its arguments have no schema of an object), ")
    assert set(servers.left_out("stub")) == {"no-schema", "bad-schema", "no-object"}


def test_more_tools_than_a_model_takes_are_said_to_be_too_many(
    servers: ToolServers, stub: Stub, problems: list[str]
) -> None:
    offer = ToolOffer(servers, [stub(",".join(f"tool{number}" for number in range(130)))])
    assert len(offered(offer)) == 128
    assert len(offered(offer)) == 128
    assert problems == ["Only 128 of the 130 tools are offered: a model takes no more."]


def test_a_server_that_changes_its_tools(servers: ToolServers, stub: Stub) -> None:
    offer = ToolOffer(servers, [stub("change,echo")])
    offered(offer)
    call(offer, "stub__change")
    new = ["stub__echo", "stub__other"]
    wait_until(lambda: offered(ToolOffer(servers, [stub("change,echo")])) == new, "it has other tools")


def test_a_picture_is_named(servers: ToolServers, stub: Stub) -> None:
    offer = ToolOffer(servers, [stub("picture")])
    offered(offer)
    assert call(offer, "stub__picture").text == "[A picture (image/png, 3 kB) that is not passed on.]"


def test_a_server_has_no_terminal_and_its_errors_go_nowhere(
    servers: ToolServers, stub: Stub, capfd: pytest.CaptureFixture[str]
) -> None:
    offer = ToolOffer(servers, [stub("noise")])
    offered(offer)
    assert call(offer, "stub__noise").text == "There is no terminal."
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("faults", [(), ("child",), ("stay",), ("stay", "child")])
def test_nothing_is_left_of_a_server(stub: Stub, tmp_path: Path, faults: tuple[str, ...]) -> None:
    servers = ToolServers(print, SHORT)
    offered(ToolOffer(servers, [stub("echo", *faults)]))
    pids = noted(tmp_path, "pids")
    assert len(pids) == 1 + ("child" in faults)
    assert all(map(is_alive, pids))
    servers.close()
    wait_until(lambda: not any(map(is_alive, pids)), "all of it has ended")


def test_none_starts_once_all_have_ended(stub: Stub, tmp_path: Path) -> None:
    servers = ToolServers(print, SHORT)
    servers.close()
    with pytest.raises(NoServer):
        servers.tools([stub("echo")]).result(PATIENCE_S)
    assert noted(tmp_path, "pids") == []


def test_other_settings_start_it_anew(servers: ToolServers, stub: Stub, tmp_path: Path) -> None:
    offered(ToolOffer(servers, [stub("echo")]))
    assert offered(ToolOffer(servers, [stub("other")])) == ["stub__other"]
    first, second = noted(tmp_path, "pids")
    wait_until(lambda: not is_alive(first), "the first has ended")
    assert is_alive(second)


def test_in_a_hurry_a_server_that_would_stay_is_not_waited_for(stub: Stub, tmp_path: Path) -> None:
    servers = ToolServers(print, replace(SHORT, end_s=600))  # far more than the test may take
    offered(ToolOffer(servers, [stub("echo", "stay", "child")]))
    servers.hurry()
    servers.close()
    wait_until(lambda: not any(map(is_alive, noted(tmp_path, "pids"))), "all of it has ended")
