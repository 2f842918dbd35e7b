"""What was chosen for a conversation, from the command line: it holds there, and goes with it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.e2e.command import Command
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
    chosen = {**CHOSEN, "provider.base_url": "http://127.0.0.1:9"}
    file.write_text(json.dumps({**data, "id": second, "settings": chosen}))
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
