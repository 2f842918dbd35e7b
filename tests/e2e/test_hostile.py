"""No byte that a model sends can touch the terminal: the corpus in a real terminal, the raw output read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.e2e.command import Command
from tests.e2e.scripted_server import Event, dictating, ending, reply_events
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram

CORPUS = json.loads((Path(__file__).parents[1] / "data" / "hostile.json").read_text())
BATCH = 16
"""The number of cases in a reply, each in a content block of its own: as many replies would be slower to ask for."""
SIZE = (80, 30)
TALL = (80, 10 * BATCH)
"""A terminal that has room for such a reply."""
TALLEST = (80, 1200)
"""One that has room for all of the corpus at once."""
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
    """Return those of the forbidden sequences that reached the terminal."""
    return [text for text in forbidden if text.encode("utf-8", "surrogatepass") in raw]


def say_cases(prompt: str) -> list[Event]:
    """Return the reply to "show N": that case and those after it, a block each, ended by a word that tells so.

    They come character by character; `test_steering` has attacks that come whole.
    """
    first = int(prompt.split()[-1])
    start, *_ = reply_events([])
    blocks: list[Event] = []
    for index, case in enumerate(CORPUS[first : first + BATCH]):
        text = f"{case['text']}\n\nEND{first + index}."
        blocks += [event | {"index": index} for event in reply_events(list(text))[1:-2]]
    return [start, *blocks, *ending()]


def unshown(screen: str, cases: Sequence[int]) -> list[str]:
    """Return the cases that are not on the screen, between the end of the one before and their own."""
    names = []
    for number in cases:
        shown = screen.partition(f"END{number}.")[0].rpartition(f"END{number - 1}.")[2]
        if f"END{number}." not in screen or CORPUS[number]["visible"] not in shown:
            names.append(CORPUS[number]["name"])
    return names


def test_the_corpus_is_harmless_while_it_streams(tmp_path: Path, warm: WarmProgram) -> None:
    with (
        dictating(say_cases) as url,
        Terminal([], environment(url, tmp_path), warm, size=TALL) as terminal,
    ):
        terminal.wait_for("Ready")
        for first in range(0, len(CORPUS), BATCH):
            begin, cases = len(terminal.raw), range(first, min(first + BATCH, len(CORPUS)))
            terminal.send(f"show {first}\r")
            assert not unshown(terminal.wait_for(f"END{cases[-1]}."), cases)
            raw = bytes(terminal.raw[begin:])
            assert not [CORPUS[number]["name"] for number in cases if leaked(raw, CORPUS[number]["forbidden"])]


def test_the_corpus_is_harmless_from_a_file_and_reopened(tmp_path: Path, warm: WarmProgram) -> None:
    replies = [f"{case['text']}\n\nEND{number}." for number, case in enumerate(CORPUS)]
    talk = {"title": f"Title {ATTACK}", "messages": [{"role": "assistant", "text": text} for text in replies]}
    file = tmp_path / "talk.json"
    file.write_text(json.dumps(talk))
    cli = Command(environment("http://127.0.0.1:9", tmp_path), warm)
    assert cli.run("history", "import", str(file)).returncode == 0
    with Terminal(["--continue"], environment("http://127.0.0.1:9", tmp_path), warm, size=TALLEST) as terminal:
        terminal.wait_for(lambda screen: not unshown(screen, range(len(CORPUS))))  # it comes piece by piece
        assert not leaked(bytes(terminal.raw), [*FORBIDDEN, *(text for case in CORPUS for text in case["forbidden"])])


def odd_places(prompt: str) -> list[Event]:
    """Return the attack in every place that a reply has."""
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


def test_names_thinking_and_arguments_are_harmless(tmp_path: Path, warm: WarmProgram) -> None:
    with dictating(odd_places) as url, Terminal([], environment(url, tmp_path), warm, size=SIZE) as terminal:
        terminal.wait_for("Ready")
        terminal.send("go\r")
        terminal.wait_for("key")
        terminal.send("\t")
        terminal.wait_for("Choose")
        terminal.send("\r")  # unfolds
        terminal.wait_for("hm ")
        terminal.wait_for('"value')
        assert not leaked(bytes(terminal.raw), FORBIDDEN)


def test_an_error_from_the_server_is_harmless(tmp_path: Path, warm: WarmProgram) -> None:
    error = {"type": "error", "error": {"type": "invalid_request_error", "message": f"no {ATTACK}"}}
    with dictating(lambda _: [error]) as url, Terminal([], environment(url, tmp_path), warm, size=SIZE) as terminal:
        terminal.wait_for("Ready")
        terminal.send("go\r")
        terminal.wait_for("failed")
        assert not leaked(bytes(terminal.raw), FORBIDDEN)
