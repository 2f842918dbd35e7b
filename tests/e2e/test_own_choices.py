"""What was chosen for a conversation: it holds there, and goes with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tests.e2e.command import Command
from tests.e2e.own_server import TEXT, own_server
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.waiting import wait_until
from tui_chat.chat.message import new_id
from tui_chat.demo import DemoServer

CHOSEN = {"provider.name": "anthropic", "provider.model": "demo-fast", "provider.temperature": "0.5"}


def asked(server: DemoServer) -> list[str]:
    return [sent.body["model"] for sent in server.log.replies]


def test_a_conversations_choices_hold_are_exported_and_imported_and_give_way_to_options(
    cli: Command, server: DemoServer, tmp_path: Path
) -> None:
    first = cli.json("ask", "--format", "json", "--model", "demo", "/tokens 3\nOne")["conversation_id"]
    data = cli.json("history", "export", first)
    assert "settings" not in data, "an option holds for its run"
    file = tmp_path / "talk.json"
    second = new_id()
    file.write_text(json.dumps({**data, "id": second, "settings": CHOSEN}))
    assert cli.run("history", "import", str(file)).returncode == 0
    assert cli.run("ask", "--resume", second, "/tokens 3\nTwo").returncode == 0
    assert cli.run("ask", "--resume", second, "--model", "demo", "/tokens 3\nThree").returncode == 0
    assert cli.run("ask", "-c", "--no-save", "/tokens 3\nFour").returncode == 0
    assert cli.run("ask", "--model", "demo", "/tokens 3\nFive").returncode == 0
    assert asked(server) == ["demo", "demo-fast", "demo", "demo-fast", "demo"]
    exported = cli.json("history", "export", second)["settings"]
    assert CHOSEN.items() <= exported.items()
    file.write_text(json.dumps({**data, "settings": ["not", "an", "object"]}))
    assert cli.run("history", "import", str(file)).returncode == 0


def test_a_conversation_of_a_provider_without_a_key_is_not_sent_to_another(
    cli: Command, server: DemoServer, tmp_path: Path
) -> None:
    file = tmp_path / "talk.json"
    settings = {"provider.name": "openai", "provider.model": "gpt-6.1-sol"}
    talk = new_id()
    file.write_text(json.dumps({"id": talk, "messages": [{"role": "user", "text": "Hi"}], "settings": settings}))
    assert cli.run("history", "import", str(file)).returncode == 0
    done = cli.run("ask", "--resume", talk, "Well?", OPENAI_API_KEY="", OPENAI_BASE_URL="")
    assert done.returncode == 1
    assert b"There is no key for OpenAI" in done.stderr
    assert asked(server) == []


SECRETS = {
    "OPENAI_API_KEY": "sk-secret",
    "OPENAI_ORG_ID": "org-secret",
    "OPENAI_PROJECT_ID": "project-secret",
    "OPENAI_CUSTOM_HEADERS": "X-Token: secret\nAuthorization: Bearer secret",
    "HTTPS_PROXY": "http://127.0.0.1:9",
}


def test_a_server_on_this_machine_is_asked_where_the_conversation_says_and_hears_nothing_of_the_user(
    cli: Command, server: DemoServer, tmp_path: Path
) -> None:
    file, talk = tmp_path / "talk.json", new_id()
    with own_server({"id": "llama", "object": "model"}) as here:
        settings = {"provider.name": "openai", "provider.base_url": f"{here.url}/v1"}
        data = {"id": talk, "messages": [{"role": "user", "text": "Hi"}], "settings": settings}
        file.write_text(json.dumps(data))
        assert cli.run("history", "import", str(file)).returncode == 0
        reply = cli.json("ask", "--resume", talk, "--format", "json", "Well?", **SECRETS)
        assert (reply["text"], reply["model"]) == (TEXT, "llama")
        assert len(here.headers) == 2, "its list, and the reply"
        assert "secret" not in str(here.headers)
        assert not [headers for headers in here.headers if "authorization" in headers]
        assert cli.json("history", "export", talk)["settings"] == settings
    assert asked(server) == []


def test_an_address_of_an_import_is_not_asked_and_the_command_lines_is(
    cli: Command, server: DemoServer, tmp_path: Path
) -> None:
    file, talk = tmp_path / "talk.json", new_id()
    with own_server({"id": "llama", "object": "model"}) as hostile:
        settings = {**CHOSEN, "provider.base_url": hostile.url}
        data = {"id": talk, "messages": [{"role": "user", "text": "Hi"}], "settings": settings}
        file.write_text(json.dumps(data))
        assert cli.run("history", "import", str(file)).returncode == 0
        done = cli.run("ask", "--resume", talk, "/tokens 3\nWell?")
        assert done.returncode == 2
        assert f"This conversation's model was chosen at {hostile.url}; the settings" in done.stderr.decode()
        assert cli.run("ask", "--resume", talk, "--base-url", server.url, "/tokens 3\nWell?").returncode == 0
        assert hostile.headers == []
    assert asked(server) == ["demo-fast"]


def test_a_server_found_on_this_machine_stays_the_conversations_own(
    environment: Mapping[str, str], warm: WarmProgram, server: DemoServer, tmp_path: Path
) -> None:
    with own_server({"id": "llama", "object": "model"}) as here:
        port = here.server_address[1]
        file = tmp_path / "config" / "config.toml"
        file.write_text(file.read_text().replace("server_ports = []", f"server_ports = [{port}]"))
        with Terminal([], {**environment, **SECRETS}, warm, size=(100, 30)) as app:
            app.wait_for("Ready")
            open_picker(app, f"on this machine, port {port}")
            app.send("\r")
            app.wait_for("Message llama")
            app.send("Why?\r")
            app.wait_for(TEXT)
            app.send("\x11")
            assert app.exit_code() == 0
        file.write_text("[local]\nserver_ports = []\n")
        with Terminal(["-c"], {**environment, **SECRETS}, warm, size=(100, 30)) as app:
            app.wait_for("Message llama")
            app.send("And why?\r")
            wait_until(lambda: len(here.asked) == 2, "the other prompt has reached it")
            app.wait_for(lambda text: text.count(TEXT) == 2 and "● Ready" in text)
            app.send("\x0e")
            app.wait_for("Message Claude")
        assert [asked["model"] for asked in here.asked] == ["llama", "llama"]
        assert "secret" not in str(here.headers)
        assert not [headers for headers in here.headers if "authorization" in headers]
    assert asked(server) == []


def open_picker(app: Terminal, shown: str) -> None:
    """Open the model picker, again if need be: on a busy machine half a second may be too short to find a server."""
    for _ in range(20):
        app.send("\x0c")
        app.wait_for("Type to search")
        app.send("llama")
        with suppress(AssertionError):
            app.wait_for(shown, patience_s=3)
            return
        app.send("\x1b")
        app.wait_for("Message Claude")
    raise AssertionError(f"this was never found: {shown}")
