"""The next prompt: filled from a template or by a server, written in an editor, with resources."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests import mcp_stub
from tests.unit.cli.lines.conftest import Chat, Opener


def test_a_template_is_filled(chat: Chat, tmp_path: Path) -> None:
    assert chat.type("/template") == ["There are no templates yet. /edit_template writes one."]
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "explain.md").write_text("Explain {{what}} to {{whom=me}} in {{length:a word|a page}}.\n")
    lines = chat.type("/template", "1", "tides", "{}", "2")
    assert lines[0] == "Which template?"
    assert lines[-1] == "Press Enter to send it. Ctrl+C clears the line."
    chat.type("{}")
    assert chat.said()[0] == "Explain tides to me in a page."
    assert chat.type("/template explain", "")[-1] == "Cancelled."


def test_an_editor_writes_the_prompt_and_a_template(
    chat: Chat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "editor.py"
    script.write_text("import sys; open(sys.argv[-1], 'a').write('two\\n')")
    monkeypatch.setenv("VISUAL", f"{sys.executable} {script}")
    chat.type("/edit_in_editor one")
    chat.type("{}")
    assert chat.said()[0].rstrip() == "onetwo"
    assert chat.type("/edit_template short") == ["The template short is there."]
    assert chat.type("/edit_template ../x")[0].startswith('"../x" cannot be the name of a template')
    monkeypatch.setenv("VISUAL", "false")
    assert chat.type("/edit_in_editor") == ["false exited with status 1; prompt unchanged."]


def test_servers_are_switched_and_give_prompts_and_resources(opened: Opener, tmp_path: Path) -> None:
    arguments = json.dumps([mcp_stub.__file__, "prompts", "resources"])
    way = f"command = {json.dumps(sys.executable)}\nargs = {arguments}\n"
    chat = opened(f"[mcp.servers.stub]\n{way}")
    chat.begin()
    assert chat.type("/server_prompt") == ["No MCP server that runs has such a prompt. /servers starts one."]
    lines = chat.type("/resource", "1")
    assert lines[0] == "Which resource?"
    assert lines[-1].endswith("goes with the next prompt. /detach takes it away again.")
    lines = chat.type("/servers", "1", "1")
    assert lines[1].startswith("1. stub, on, ")
    assert lines[-1] == "Switched off."
    assert chat.type("/servers nobody")[0].startswith("No MCP servers match.")
