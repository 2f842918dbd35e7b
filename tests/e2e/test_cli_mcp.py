"""`tui-chat mcp`: the servers of the settings, listed, tried out, and taken over from another client."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

from tests.e2e.command import Command
from tests.e2e.test_cli_tools import stub, with_servers

SECRET = "sk-very-secret-0123456789"


def test_servers_are_listed_without_being_started(cli: Command, environment: Mapping[str, str]) -> None:
    assert "There are no MCP servers" in cli.run("mcp", "list").stderr.decode()
    far = {"url": f"https://user:{SECRET}@example.org/mcp", "enabled": False}
    with_servers(environment, stub=stub("echo"), far=far)
    done = cli.run("mcp", "list")
    assert done.returncode == 0
    assert "with 2 arguments" in done.stdout.decode()
    assert SECRET not in done.stdout.decode()
    assert done.stderr.decode() == "stub is to have STUB_FOLDER, which is not set.\n"


def test_a_server_is_tried_out(cli: Command, environment: Mapping[str, str], tmp_path: Path) -> None:
    cli.environment["STUB_FOLDER"] = str(tmp_path)
    with_servers(environment, stub=stub("echo,hostile,bad-schema"), dead=stub("echo", "die-at-start"))
    done = cli.run("mcp", "test", "stub")
    assert done.returncode == 0
    lines = done.stdout.decode().splitlines()
    assert [line.split()[0] for line in lines] == ["TOOL", "echo", "hostile"] or len(lines) == 3
    assert "\x1b" not in done.stdout.decode()
    assert "bad-schema" in done.stderr.decode()
    dead = cli.run("mcp", "test", "dead")
    assert dead.returncode == 1
    assert "no licence found" in dead.stderr.decode()
    assert cli.run("mcp", "test", "stab").returncode == 2


def test_another_clients_servers_are_taken_over_without_secrets(
    cli: Command, environment: Mapping[str, str], tmp_path: Path
) -> None:
    servers = {
        "my time": {"command": "uvx", "args": ["mcp-server-time"], "env": {"TIME_KEY": SECRET}},
        "far": {"url": "https://example.org/mcp", "headers": {"Authorization": SECRET, "X-Team": "${TEAM}"}},
        "broken": {"args": []},
    }
    file = tmp_path / "other.json"
    file.write_text(json.dumps({"mcpServers": servers}))
    done = cli.run("mcp", "import", str(file))
    assert done.returncode == 0
    assert done.stdout.decode() == "my-time: added\nfar: added\n"
    said = done.stderr.decode()
    assert "Set these variables where you start tui-chat: TIME_KEY." in said
    assert "Set FAR_AUTHORIZATION to the value of the header Authorization that goes to far." in said
    assert "Set TEAM to the value of the header X-Team that goes to far." in said
    assert '"broken" is left out.' in said
    settings = (Path(environment["TUI_CHAT_CONFIG_DIR"]) / "config.toml").read_text()
    assert 'env = ["TIME_KEY"]' in settings
    headers = tomllib.loads(settings)["mcp"]["servers"]["far"]["headers"]
    assert headers == {"Authorization": "FAR_AUTHORIZATION", "X-Team": "TEAM"}
    assert "far is to have FAR_AUTHORIZATION, TEAM, which is not set." in cli.run("mcp", "list").stderr.decode()
    assert SECRET not in settings + said
    assert "is in the settings already" in cli.run("mcp", "import", str(file)).stdout.decode()
    file.write_text("{")
    assert cli.run("mcp", "import", str(file)).returncode == 1
