"""No byte that a model sends can touch the terminal: the corpus in a real terminal, the raw output read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.e2e.dictated import Event, dictating, ending, reply_events
from tests.e2e.terminal import Terminal

CORPUS = json.loads((Path(__file__).parents[1] / "data" / "hostile.json").read_text())
SIZE = (100, 30)
TALL = (100, 1500)
"""A terminal that has room for all of the corpus at once."""
MARK = "Zq7777"
ATTACK = f"\x1b]0;{MARK}\x07\x9b7777m\x1b[7777;7777H"
FORBIDDEN = (f"\x1b]0;{MARK}", "\x9b7777m", "\x1b[7777;7777H")


def environment(url: str, folder: Path) -> Mapping[str, str]:
    return {
        "ANTHROPIC_API_KEY": "test-key",
        "ANTHROPIC_BASE_URL": url,
        "TUI_CHAT_CONFIG_DIR": str(folder / "config"),
        "TUI_CHAT_DATA_DIR": str(folder / "data"),
    }


def leaked(raw: bytes, forbidden: Sequence[str]) -> list[str]:
    """Which of the forbidden sequences reached the terminal."""
    return [text for text in forbidden if text.encode("utf-8", "surrogatepass") in raw]


def say_case(prompt: str, step: int | None) -> list[Event]:
    """The reply to "show N": the case's text, then a word that tells that all of it has been shown."""
    number = int(prompt.split()[-1])
    text = f"{CORPUS[number]['text']}\n\nEND{number}"
    return reply_events([text[at : at + (step or len(text))] for at in range(0, len(text), step or len(text))])


@pytest.mark.parametrize("step", [None, 1], ids=["whole", "character by character"])
def test_the_corpus_is_harmless_streamed_and_reopened(step: int | None, tmp_path: Path) -> None:
    with dictating(lambda prompt: say_case(prompt, step)) as url:
        with Terminal([], environment(url, tmp_path), size=SIZE) as terminal:
            terminal.wait_for("Ready")
            for number, case in enumerate(CORPUS):
                begin = len(terminal.raw)
                terminal.send(f"show {number}\r")
                shown = terminal.wait_for(f"END{number}")
                assert not leaked(bytes(terminal.raw[begin:]), case["forbidden"]), case["name"]
                assert case["visible"] in shown, case["name"]
            terminal.wait_for("Ready")
            terminal.send("\x11")
            assert terminal.exit_code() == 0
        with Terminal(["--continue"], environment(url, tmp_path), size=TALL) as terminal:
            terminal.wait_for("show 0")
            terminal.wait_for(f"END{len(CORPUS) - 1}")
            assert not leaked(bytes(terminal.raw), [text for case in CORPUS for text in case["forbidden"]])


def odd_places(prompt: str) -> list[Event]:
    """The attack in every place that a reply has."""
    start, *_ = reply_events([], model=f"model{ATTACK}")
    tool = {"type": "tool_use", "id": f"t{ATTACK}", "name": f"tool{ATTACK}", "input": {}}
    arguments = json.dumps({f"key{ATTACK}": f"value{ATTACK}"})
    thinking = {"type": "thinking", "thinking": "", "signature": ""}
    return [
        start,
        {"type": "content_block_start", "index": 0, "content_block": thinking},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": f"hm {ATTACK}"}},
        {"type": "content_block_stop", "index": 0},
        {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": f"text {ATTACK}"}},
        {"type": "content_block_stop", "index": 1},
        {"type": "content_block_start", "index": 2, "content_block": tool},
        {"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": arguments}},
        {"type": "content_block_stop", "index": 2},
        *ending(),
    ]


def test_names_thinking_and_arguments_are_harmless(tmp_path: Path) -> None:
    with dictating(odd_places) as url, Terminal([], environment(url, tmp_path), size=SIZE) as terminal:
        terminal.wait_for("Ready")
        terminal.send("go\r")
        terminal.wait_for("value")
        terminal.send("\t")
        terminal.wait_for("Choose")
        terminal.send("\r")  # unfolds
        terminal.wait_for("hm ")
        assert not leaked(bytes(terminal.raw), FORBIDDEN)


def test_an_error_from_the_server_is_harmless(tmp_path: Path) -> None:
    error = {"type": "error", "error": {"type": "invalid_request_error", "message": f"no {ATTACK}"}}
    with dictating(lambda _: [error]) as url, Terminal([], environment(url, tmp_path), size=SIZE) as terminal:
        terminal.wait_for("Ready")
        terminal.send("go\r")
        terminal.wait_for("failed")
        assert not leaked(bytes(terminal.raw), FORBIDDEN)
