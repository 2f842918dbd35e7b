"""Every byte that a real terminal gets is one that the program itself makes, whatever some layer decodes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.control_sequences import foreign_to_a_command, foreign_to_a_drawing, foreign_to_the_app
from tests.e2e.command import Command
from tests.e2e.scripted_server import Event, dictating, ending, reply_events
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.steering import SEQUENCES, every_text

ATTACKS = list(every_text())
PARTS = [ATTACKS[at::3] for at in range(3)]
SIZE = (100, 900)
"""A terminal that has room for a third of them; what cannot be seen is not written."""
LAST = "The end of it."


def environment(url: str, folder: Path, **more: str) -> Mapping[str, str]:
    return {
        "ANTHROPIC_API_KEY": "test-key",
        "ANTHROPIC_BASE_URL": url,
        "TUI_CHAT_CONFIG_DIR": str(folder / "config"),
        "TUI_CHAT_DATA_DIR": str(folder / "data"),
        **more,
    }


def say(attacks: Sequence[str], step: int | None = None) -> list[Event]:
    """Return a reply that has each of these in a block of its own."""
    start, *_ = reply_events([])
    blocks: list[Event] = []
    for index, text in enumerate([*attacks, f"\n\n{LAST}"]):  # in a line of its own, whatever is open before it
        size = step or len(text)
        pieces = [text[at : at + size] for at in range(0, len(text), size)]
        blocks += [event | {"index": index} for event in reply_events(pieces)[1:-2]]
    return [start, *blocks, *ending()]


def think(attacks: Sequence[str]) -> list[Event]:
    """Return a reply that has all of them in its thinking."""
    start, *rest = reply_events([LAST])
    thinking = {"type": "thinking", "thinking": "", "signature": ""}
    delta = {"type": "thinking_delta", "thinking": "\n\n".join([*attacks, "Thought out."])}
    return [
        start,
        {"type": "content_block_start", "index": 0, "content_block": thinking},
        {"type": "content_block_delta", "index": 0, "delta": delta},
        {"type": "content_block_stop", "index": 0},
        *(event | {"index": 1} if "index" in event else event for event in rest),
    ]


def refuse(_: str) -> list[Event]:
    """Return a server's error that quotes every sequence."""
    return [{"type": "error", "error": {"type": "invalid_request_error", "message": f"no {''.join(SEQUENCES)}"}}]


def all_until_the_end(terminal: Terminal) -> bytes:
    """Quit, and return all that was written; before the end, the last sequence may be there in part."""
    terminal.send("\x11")
    terminal.exit_code()
    terminal.close()
    return bytes(terminal.raw)


@pytest.mark.parametrize(
    ("number", "arguments", "step"),
    [(0, [], 7), (1, [], None), (2, ["--batch"], None)],
    ids=["streamed", "a block at once", "batch"],
)
def test_a_reply_steers_nothing(
    number: int, arguments: list[str], step: int | None, tmp_path: Path, warm: WarmProgram
) -> None:
    with (
        dictating(lambda _: say(PARTS[number], step)) as url,
        Terminal(arguments, environment(url, tmp_path), warm, size=SIZE) as terminal,
    ):
        terminal.wait_for("Ready")
        terminal.send("go\r")
        terminal.wait_for(LAST)
        assert foreign_to_the_app(all_until_the_end(terminal), SIZE) == []


def test_thinking_steers_nothing(tmp_path: Path, warm: WarmProgram) -> None:
    with (
        dictating(lambda _: think(PARTS[0])) as url,
        Terminal([], environment(url, tmp_path), warm, size=SIZE) as terminal,
    ):
        terminal.wait_for("Ready")
        terminal.send("go\r")
        terminal.wait_for(LAST)
        terminal.send("\t")
        terminal.wait_for("Choose")
        terminal.send("\r")  # unfolds
        terminal.wait_for("Thought out.")
        assert foreign_to_the_app(all_until_the_end(terminal), SIZE) == []


def test_an_import_steers_nothing_wherever_it_is_shown(tmp_path: Path, warm: WarmProgram) -> None:
    where = environment("http://127.0.0.1:9", tmp_path)
    said = [{"role": "assistant", "text": text} for text in [*ATTACKS, LAST]]
    file = tmp_path / "talk.json"
    about = {"id": "0" * 32, "title": ATTACKS[0], "model": ATTACKS[-1]}
    file.write_text(json.dumps({**about, "messages": [*said[:-1], {"role": "user", "text": LAST}, said[-1]]}))
    assert Command(where, warm).run("history", "import", str(file)).returncode == 0
    with Terminal(["history", "show", about["id"]], where, warm, size=SIZE) as terminal:
        assert terminal.exit_code() == 0
        terminal.close()
        assert LAST.encode() in terminal.raw
        assert foreign_to_a_command(bytes(terminal.raw)) == []
    with Terminal(["--continue"], where, warm, size=SIZE) as terminal:  # which has room for the last of them
        terminal.wait_for(LAST)
        terminal.send("\x0f")  # all conversations
        terminal.wait_for("Close")
        terminal.send("\x1b")
        terminal.wait_for(lambda screen: "Close" not in screen)
        assert foreign_to_the_app(all_until_the_end(terminal), SIZE) == []


@pytest.mark.parametrize(("number", "step"), [(0, 11), (1, None), (2, None)])
def test_ask_steers_nothing(number: int, step: int | None, tmp_path: Path, warm: WarmProgram) -> None:
    with (
        dictating(lambda _: say(PARTS[number], step)) as url,
        Terminal(["ask", "go"], environment(url, tmp_path), warm, size=SIZE) as terminal,
    ):
        assert terminal.exit_code() == 0
        terminal.close()
        assert LAST in re.sub(r"\n│↪", "", terminal.text)
        assert foreign_to_a_drawing(bytes(terminal.raw)) == []


def test_an_error_of_a_server_steers_nothing(tmp_path: Path, warm: WarmProgram) -> None:
    with dictating(refuse) as url:
        where = environment(url, tmp_path)
        with Terminal([], where, warm) as terminal:
            terminal.wait_for("Ready")
            terminal.send("go\r")
            terminal.wait_for("failed")
            assert foreign_to_the_app(all_until_the_end(terminal), (80, 24)) == []
        with Terminal(["ask", "go"], where, warm) as terminal:
            assert terminal.exit_code() != 0
            terminal.close()
            assert b"\xef\xbf\xbd" in terminal.raw
            assert foreign_to_a_command(bytes(terminal.raw)) == []
