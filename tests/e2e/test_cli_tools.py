"""`tui-chat ask` with tools of real MCP servers: only what is named runs, and the reply goes on after the results."""

from __future__ import annotations

import json
import signal
import sqlite3
import sys
import threading
from collections.abc import Mapping
from contextlib import closing
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests import mcp_stub
from tests.e2e.command import Command
from tests.e2e.forking import FIRST
from tests.unit.tools.test_servers import is_alive, noted
from tests.waiting import PATIENCE_S, wait_until
from tui_chat.demo import DemoServer
from tui_chat.demo.made_files import CONTENT

TIME = 'time__convert_time {"source_timezone": "UTC", "time": "12:00", "target_timezone": "Asia/Tokyo"}'


def with_servers(environment: Mapping[str, str], **servers: Mapping[str, object]) -> None:
    """Write these servers into the settings file."""
    file = Path(environment["TUI_CHAT_CONFIG_DIR"]) / "config.toml"
    lines = [file.read_text()]
    for name, server in servers.items():
        lines += [f"\n[mcp.servers.{name}]", *(f"{key} = {json.dumps(value)}" for key, value in server.items())]
    file.write_text("\n".join(lines) + "\n")


def stub(tools: str, *faults: str) -> dict[str, object]:
    return {"command": sys.executable, "args": [mcp_stub.__file__, tools, *faults], "env": ["STUB_FOLDER"]}


def journal_of(folder: Path) -> str:
    """Return what is journalled of a reply that is coming."""
    with closing(sqlite3.connect(folder / "data" / "tui-chat.db")) as connection:
        return str(connection.execute("SELECT group_concat(events) FROM chunks").fetchone()[0])


@pytest.fixture
def folder(cli: Command, tmp_path: Path) -> Path:
    """The folder in which the stub writes down what happens to it."""
    cli.environment["STUB_FOLDER"] = str(tmp_path)
    return tmp_path


def test_a_real_server_is_asked_and_the_reply_goes_on(cli: Command, environment: Mapping[str, str]) -> None:
    with_servers(environment, time={"command": sys.executable, "args": ["-m", "mcp_server_time"]})
    done = cli.run("ask", "--allow-tool", "time:convert_time", f"/tool {TIME}\nWhat time is it there?")
    assert (done.returncode, done.stderr) == (0, b"")
    said = done.stdout.decode()
    assert "I ask time__convert_time.\n\nThe tools answered:" in said
    assert "21:00" in said


def test_calls_of_several_rounds_and_of_several_servers(
    cli: Command, environment: Mapping[str, str], folder: Path, server: DemoServer
) -> None:
    with_servers(environment, one=stub("echo"), two=stub("echo"))
    prompt = '/tool one__echo {"text": "A"}\n/tool two__echo {"text": "B"}\n/then one__echo {"text": "C"}\nGo'
    done = cli.run("ask", "--allow-tool", "one:echo", "--allow-tool", "two:echo", prompt)
    assert (done.returncode, done.stderr) == (0, b"")
    assert sorted(noted(folder, "calls")) == [json.dumps({"text": text}) for text in "ABC"]
    assert "```\nC\n```" in done.stdout.decode()
    assert len(server.log.replies) == 3


def test_only_tools_that_are_named_are_offered_and_run(
    cli: Command, environment: Mapping[str, str], folder: Path, server: DemoServer
) -> None:
    with_servers(environment, stub=stub("echo,other"), unused=stub("echo"))
    done = cli.run("ask", "--allow-tool", "stub:echo", "/tool stub__other {}\n/tool stub__echo {}\nGo")
    assert "The user did not allow this call." in done.stdout.decode()
    assert noted(folder, "calls") == ["{}"]
    assert [tool["name"] for tool in server.log.replies[0].body["tools"]] == ["stub__echo"]
    assert len(noted(folder, "pids")) == 1


def test_without_the_option_no_server_starts(
    cli: Command, environment: Mapping[str, str], folder: Path, server: DemoServer
) -> None:
    with_servers(environment, stub=stub("echo"))
    assert cli.run("ask", "hello").returncode == 0
    assert noted(folder, "pids") == []
    assert not server.log.replies[0].body.get("tools")


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("stab:echo", 'There is no MCP server "stab"; did you mean stub?'),
        ("off:echo", "The MCP server off is switched off (mcp.servers.off.enabled = false)."),
        ("echo", '"echo" is no SERVER:TOOL'),
    ],
)
def test_a_tool_that_cannot_be_meant(
    cli: Command, environment: Mapping[str, str], folder: Path, option: str, sentence: str
) -> None:
    with_servers(environment, stub=stub("echo"), off={**stub("echo"), "enabled": False})
    done = cli.run("ask", "--allow-tool", option, "hello")
    assert done.returncode == 2
    assert sentence in done.stderr.decode()


def test_a_tool_that_the_server_does_not_have(
    cli: Command, environment: Mapping[str, str], folder: Path, server: DemoServer
) -> None:
    with_servers(environment, stub=stub("echo"))
    done = cli.run("ask", "--allow-tool", "stub:ecko", "hello")
    sentence = 'The MCP server stub has no tool "ecko"; `tui-chat mcp test stub` shows those that it has'
    assert (done.returncode, sentence in done.stderr.decode()) == (2, True)
    assert not server.log.replies
    assert cli.json("history", "list", "--format", "json") == []
    wait_until(lambda: not any(map(is_alive, noted(folder, "pids"))), "nothing is left of the server")


def test_rounds_end_at_the_limit_and_it_is_said(cli: Command, environment: Mapping[str, str], folder: Path) -> None:
    with_servers(environment, stub=stub("echo"))
    file = Path(environment["TUI_CHAT_CONFIG_DIR"]) / "config.toml"
    file.write_text(file.read_text() + "\n[mcp]\nmax_rounds = 1\n")
    done = cli.run("ask", "--allow-tool", "stub:echo", "/tool stub__echo {}\n/then stub__echo {}\nGo")
    assert done.returncode == 0
    assert "a call of a tool that was not run" in done.stderr.decode()
    assert len(noted(folder, "calls")) == 1


UNHURRIED = f"""
from functools import partial
from tui_chat.tools import connection, servers

connection.HURRIED_END_S = {PATIENCE_S}
servers.Patience = partial(servers.Patience, end_s={PATIENCE_S})
"""
"""Run first, it gives a server the time to take what it is told: after Ctrl+C that is 10 ms otherwise."""


def test_ctrl_c_in_a_call_ends_the_call_and_the_server(
    cli: Command, environment: Mapping[str, str], folder: Path
) -> None:
    with_servers(environment, stub=stub("hang", "child"))
    ask = ("ask", "--allow-tool", "stub:hang", "/tool stub__hang {}\nGo")
    with cli.start(*ask, **{FIRST: UNHURRIED}) as process:
        wait_until(lambda: noted(folder, "calls"), "the tool is called")
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
    assert len(noted(folder, "cancelled")) == 1
    wait_until(lambda: not any(map(is_alive, noted(folder, "pids"))), "nothing is left of the server")


def test_kill_9_in_a_call_leaves_no_server_and_no_dangling_call(
    cli: Command, environment: Mapping[str, str], folder: Path, server: DemoServer
) -> None:
    with_servers(environment, stub=stub("hang,echo"))
    prompt = '/tool stub__echo {"text": "kept"}\n/then stub__hang {}\nGo'
    with cli.start("ask", "--allow-tool", "stub:echo", "--allow-tool", "stub:hang", prompt) as process:
        wait_until(lambda: len(noted(folder, "calls")) == 2, "the second tool is called")
        wait_until(lambda: "stub__hang" in journal_of(folder), "the second call is in the journal")
        process.kill()
        process.wait()
    wait_until(lambda: not any(map(is_alive, noted(folder, "pids"))), "nothing is left of the server")
    (found,) = cli.json("history", "list", "--format", "json")
    shown = cli.json("history", "show", found["id"], "--format", "json")
    assert shown["messages"][-1]["streaming_status"] == "interrupted"
    assert cli.run("ask", "-c", "And now?").returncode == 0
    sent = server.log.replies[-1].body["messages"]
    blocks = [block for message in sent for block in message["content"]]
    assert [block["name"] for block in blocks if block["type"] == "tool_use"] == ["stub__echo"]
    assert [block["content"] for block in blocks if block["type"] == "tool_result"] == ["kept"]


def test_what_a_server_writes_reaches_no_terminal_as_it_is(
    cli: Command, environment: Mapping[str, str], folder: Path
) -> None:
    with_servers(environment, stub=stub("hostile,noise"), dead=stub("echo", "die-at-start"))
    options = [word for tool in ("stub:hostile", "stub:noise", "dead:echo") for word in ("--allow-tool", tool)]
    done = cli.run("ask", *options, "/tool stub__noise {}\nGo")
    assert done.stderr.decode() == "tui-chat: The MCP server dead ended. Its last words: no licence found.\n"
    assert "noise for the terminal" not in done.stdout.decode()


def test_a_real_server_fetches_a_page(cli: Command, environment: Mapping[str, str], tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<html><body><p>The page on this machine.</p></body></html>")
    with_servers(
        environment, fetch={"command": sys.executable, "args": ["-m", "mcp_server_fetch", "--allow-private-ips"]}
    )
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as pages:
        threading.Thread(target=pages.serve_forever, daemon=True).start()
        order = json.dumps({"url": f"http://127.0.0.1:{pages.server_port}/page.html", "raw": True})
        done = cli.run("ask", "--allow-tool", "fetch:fetch", f"/tool fetch__fetch {order}\nWhat does it say?")
        pages.shutdown()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "The page on this machine." in done.stdout.decode()


def test_files_that_code_made_are_saved_over_none_that_is_there(cli: Command, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    assert cli.run("ask", "--save-files", str(folder), "Please run code").returncode == 2
    folder.mkdir()
    (folder / "squares.csv").write_text("mine")
    done = cli.run("ask", "--no-save", "--save-files", str(folder), "Please run code")
    assert (done.returncode, done.stderr.decode()) == (0, f"Saved squares (2).csv in {folder}.\n")
    assert (folder / "squares.csv").read_text() == "mine"
    made = folder / "squares (2).csv"
    assert made.read_text() == CONTENT
    assert made.stat().st_mode & 0o777 == 0o600
    assert "No files were made" in cli.run("ask", "--save-files", str(folder), "hello").stderr.decode()
