"""`tui-chat key`: a key in the system's keyring, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.e2e.command import Command
from tests.e2e.forking import FIRST
from tests.e2e.own_server import Handler, OwnServer, own_server
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.keyrings import FILE, FileKeyring, HangingKeyring, LeakyKeyring, backend
from tests.waiting import PATIENCE_S

KEY = "sk-ant-of-the-keyring-0123456789"
WAITS = "import tui_chat.program.api_keys as keys; keys.READ_S = keys.WRITE_S = {}"
QUICKLY, PATIENTLY = WAITS.format(0.2), WAITS.format(PATIENCE_S)
"""Run first, for a keyring that never answers and for one that does, however busy the machine is."""


class Refusing(Handler):
    """A server that takes no key."""

    def do_GET(self) -> None:
        error = b'{"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}}'
        self.say(401, "application/json", error)


@pytest.fixture
def provider() -> Iterator[OwnServer]:
    """A server in the provider's place."""
    with own_server({"id": "claude-test"}) as server:
        yield server


@pytest.fixture
def environment(environment: Mapping[str, str], provider: OwnServer, tmp_path: Path) -> Mapping[str, str]:
    """No key, and a keyring of the test's own."""
    return {
        **{name: value for name, value in environment.items() if name != "ANTHROPIC_API_KEY"},
        "ANTHROPIC_BASE_URL": provider.url,
        "PYTHON_KEYRING_BACKEND": backend(FileKeyring),
        FILE: str(tmp_path / "keyring.json"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }


def _files_with_key(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


def _keys_sent(provider: OwnServer) -> list[str]:
    """Return the key of each request, in whichever header the SDK sends it."""
    return [
        headers.get("x-api-key") or headers["authorization"].removeprefix("Bearer ") for headers in provider.headers
    ]


def test_a_key_is_checked_kept_and_sent_with_requests(cli: Command, provider: OwnServer, tmp_path: Path) -> None:
    done = cli.run("key", "set", stdin=f"  {KEY}\r\n")
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr == b"The key for Anthropic is in the system's keyring.\n"
    assert _keys_sent(provider) == [KEY]
    assert cli.run("ask", "--model", "claude-test", "hello").returncode == 0
    assert set(_keys_sent(provider)) == {KEY}
    assert _files_with_key(tmp_path) == ["keyring.json"]


def test_the_status_says_where_keys_come_from_and_shows_none(cli: Command) -> None:
    cli.run("key", "set", stdin=KEY)
    done = cli.run("key", "status", OPENAI_API_KEY="sk-of-the-environment")
    rows = [line.split(maxsplit=1) for line in done.stdout.decode().splitlines()]
    assert rows[1:] == [["anthropic", "keyring"], ["openai", "environment (OPENAI_API_KEY)"]]
    assert KEY.encode() not in done.stdout + done.stderr
    assert cli.run("key", "status", "openai").stdout.splitlines()[1:] == [b"openai    none"]


def test_the_environment_wins_over_the_keyring(cli: Command, provider: OwnServer) -> None:
    done = cli.run("key", "set", stdin=KEY, ANTHROPIC_API_KEY="sk-ant-of-the-environment")
    assert b"ANTHROPIC_API_KEY is set, and wins over it." in done.stderr
    cli.run("ask", "--model", "claude-test", "hello", ANTHROPIC_API_KEY="sk-ant-of-the-environment")
    assert _keys_sent(provider)[-1] == "sk-ant-of-the-environment"


def test_a_removed_key_is_gone(cli: Command, tmp_path: Path) -> None:
    cli.run("key", "set", stdin=KEY)
    assert cli.run("key", "remove").stderr == b"The key for Anthropic is removed.\n"
    assert cli.run("key", "remove").stderr == b"The keyring has no key for Anthropic.\n"
    assert _files_with_key(tmp_path) == []


def test_a_key_that_the_provider_rejects_is_not_kept(cli: Command, provider: OwnServer, tmp_path: Path) -> None:
    provider.RequestHandlerClass = Refusing
    done = cli.run("key", "set", stdin=KEY)
    assert done.returncode == 1
    assert b"Anthropic rejected the key." in done.stderr
    assert _files_with_key(tmp_path) == []


def test_a_key_is_kept_though_the_network_is_away(cli: Command, tmp_path: Path) -> None:
    done = cli.run("key", "set", stdin=KEY, ANTHROPIC_BASE_URL="http://127.0.0.1:9")
    assert done.returncode == 0
    assert b"The key could not be checked: " in done.stderr
    assert _files_with_key(tmp_path) == ["keyring.json"]


@pytest.mark.parametrize(
    ("kind", "first", "says"),
    [(LeakyKeyring, PATIENTLY, b"cannot be used (OSError)"), (HangingKeyring, QUICKLY, b"does not answer")],
    ids=["leaky", "hanging"],
)
def test_without_a_keyring_it_is_said_what_to_do(
    cli: Command, kind: type[FileKeyring], first: str, says: bytes
) -> None:
    done = cli.run("key", "set", stdin=KEY, PYTHON_KEYRING_BACKEND=backend(kind), **{FIRST: first})
    assert done.returncode == 1
    assert says in done.stderr
    assert b"You can set ANTHROPIC_API_KEY in the environment instead." in done.stderr
    assert KEY.encode() not in done.stderr


def test_a_keyring_that_hangs_holds_nothing_up_for_good(cli: Command) -> None:
    hanging = {"PYTHON_KEYRING_BACKEND": backend(HangingKeyring), FIRST: QUICKLY, "ANTHROPIC_BASE_URL": ""}
    assert b"There is no key for Anthropic" in cli.run("ask", "hello", **hanging).stderr
    assert b"does not answer" in cli.run("key", "status", **hanging).stderr


def test_what_is_typed_at_the_prompt_is_not_shown(
    environment: Mapping[str, str], warm: WarmProgram, tmp_path: Path
) -> None:
    with Terminal(["key", "set"], environment, warm) as terminal:
        terminal.wait_for("Key for Anthropic (hidden):")
        terminal.send(f"{KEY}\r")
        assert terminal.exit_code() == 0
        terminal.wait_for("is in the system's keyring")
        assert KEY.encode() not in terminal.raw
    assert _files_with_key(tmp_path) == ["keyring.json"]


def test_a_key_is_no_argument(cli: Command) -> None:
    done = cli.run("key", "set", KEY)
    assert done.returncode == 2
    assert KEY.encode() not in done.stderr
