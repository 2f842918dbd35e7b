"""MCP servers in the settings file: read one by one, and named with their line where something is not right."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tui_chat.settings import McpServer, SettingsFile
from tui_chat.settings.read import read
from tui_chat.settings.resolve import resolve

GOOD = b"""
[mcp]
max_rounds = 3

[mcp.servers.time]
command = "uvx"
args = ["mcp-server-time", ""]
env = ["API_KEY"]

[mcp.servers.far]
url = "https://example.org/mcp"
enabled = false
"""


def test_servers_are_read() -> None:
    loaded = read("config.toml", GOOD)
    assert loaded.problems == ()
    mcp = resolve(loaded, {}, {}).settings.mcp
    assert mcp.max_rounds == 3
    assert mcp.servers == {
        "time": McpServer("uvx", ("mcp-server-time", ""), ("API_KEY",)),
        "far": McpServer(url="https://example.org/mcp", enabled=False),
    }


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (
            '[mcp.servers.bad]\ncommand = "x"\nargs = 3',
            'config.toml line 3: mcp.servers.bad.args is not a list of texts, as in ["one", "two"]; '
            "the server is left out.",
        ),
        (
            "[mcp.servers.bad]\nargs = []",
            "config.toml line 1: mcp.servers.bad needs either a command or a url; the server is left out.",
        ),
        (
            '[mcp.servers.bad]\ncommand = "x"\nurl = "http://localhost"',
            "config.toml line 1: mcp.servers.bad needs either a command or a url; the server is left out.",
        ),
        (
            '[mcp.servers."a__b"]\ncommand = "x"',
            'config.toml line 1: mcp.servers."a__b": the name is not allowed (letters and digits, with single "-" and '
            '"_" between them, at most 32 characters); the server is left out.',
        ),
        ("[mcp]\nservers = 3", "config.toml line 2: mcp.servers is not a table, [mcp.servers.NAME]; it is left out."),
        ("[mcp.servers]\nbad = 3", "config.toml line 2: mcp.servers.bad is not a table; the server is left out."),
    ],
)
def test_a_server_that_is_not_right_is_left_out(table: str, sentence: str) -> None:
    good = '\n[mcp.servers.good]\ncommand = "x"\n' if "servers = 3" not in table else ""
    loaded = read("config.toml", f"{table}\n{good}".encode())
    assert [problem.message for problem in loaded.problems] == [sentence]
    assert list(loaded.servers) == (["good"] if good else [])


def test_values_where_names_of_variables_belong_are_not_quoted() -> None:
    loaded = read("config.toml", b'[mcp.servers.bad]\ncommand = "x"\nenv = { KEY = "sk-secret" }')
    (problem,) = loaded.problems
    assert "names of environment variables" in problem.message
    assert "sk-secret" not in problem.message
    assert loaded.servers == {}


@pytest.mark.parametrize("value", ['"Bearer sk-secret"', '"ghp_sk-secret"', '"sksecret"', "3"])
def test_headers_name_variables_and_a_value_in_their_place_is_not_quoted(value: str) -> None:
    table = '[mcp.servers.{}]\nurl = "http://localhost"\nheaders = {{ Authorization = {} }}\n'
    loaded = read("config.toml", (table.format("good", '"MY_TOKEN"') + table.format("bad", value)).encode())
    assert loaded.servers == {"good": McpServer(url="http://localhost", headers=(("Authorization", "MY_TOKEN"),))}
    (problem,) = loaded.problems
    assert "names of environment variables" in problem.message
    assert "secret" not in problem.message


def test_an_unknown_key_is_named_and_costs_nothing() -> None:
    loaded = read("config.toml", b'[mcp.servers.time]\ncommand = "x"\nenabeld = false')
    (problem,) = loaded.problems
    assert problem.message == ("config.toml line 3: mcp.servers.time.enabeld is not a setting; did you mean enabled?")
    assert list(loaded.servers) == ["time"]


def test_servers_are_added_and_switched(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "config.toml")
    server = McpServer("uvx", ("mcp-server-time",), ("KEY",))
    assert file.add_servers({"time": server}).servers == {"time": server}
    assert file.add_servers({"time": McpServer("other")}).servers == {"time": server}
    assert not file.switch_server("time", enabled=False).servers["time"].enabled
    assert file.switch_server("time", enabled=True).servers["time"] == McpServer("uvx", ("mcp-server-time",), ("KEY",))
    assert tomllib.loads(file.path.read_text())["mcp"]["servers"]["time"]["args"] == ["mcp-server-time"]
    file.reset_all()
    assert list(file.load().servers) == ["time"]
