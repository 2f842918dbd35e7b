"""`tui-chat ask` at a terminal draws the reply; in a pipe, and with --raw, it prints what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import pytest

from tests.control_sequences import foreign_to_a_command, foreign_to_a_drawing
from tests.e2e.command import Command
from tests.e2e.scripted_server import Event, dictating, reply_events
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram

TEXT = "## Lakes\n\nA **deep** lake, and `code`.\n\n- one\n- two\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\nthe end\n"
DRAWN = ["Lakes", "A deep lake, and code.", "• one", "• two", "the end"]


def _reply(_prompt: str, text: str = TEXT) -> Sequence[Event]:
    return reply_events([text[at : at + 3] for at in range(0, len(text), 3)])


@pytest.fixture
def asked(environment: Mapping[str, str]) -> Mapping[str, str]:
    """The environment of a program that has no colours switched off."""
    return {**environment, "NO_COLOR": ""}


def _draw(
    environment: Mapping[str, str], warm: WarmProgram, *options: str, columns: int = 80, text: str = TEXT
) -> tuple[str, bytes]:
    """Return the screen after a reply was drawn, and all that was written."""
    with dictating(partial(_reply, text=text)) as url:
        there = {**environment, "ANTHROPIC_BASE_URL": url}
        with Terminal(["ask", *options, "go"], there, warm, size=(columns, 30)) as terminal:
            assert terminal.exit_code() == 0
            terminal.close()
            return terminal.text, bytes(terminal.raw)


def _lines(screen: str) -> list[str]:
    return [line.strip() for line in screen.splitlines()]


@pytest.mark.parametrize("columns", [80, 24])
def test_a_reply_is_drawn(asked: Mapping[str, str], warm: WarmProgram, columns: int) -> None:
    screen, raw = _draw(asked, warm, columns=columns)
    assert set(DRAWN) <= set(_lines(screen))
    assert "**" not in screen
    assert b"\x1b[1m" in raw
    assert foreign_to_a_drawing(raw) == []


def test_each_of_several_replies_is_drawn_below_its_name(asked: Mapping[str, str], warm: WarmProgram) -> None:
    screen, raw = _draw(asked, warm, "--compare", "demo,demo")
    lines = _lines(screen)
    names = [at for at, line in enumerate(lines) if line.startswith("demo")]
    assert [lines[at].split(" · ")[0] for at in names] == ["demo", "demo (2)"]
    assert [at for at, line in enumerate(lines) if line == "Lakes"] == [at + 2 for at in names]
    assert set(DRAWN) <= set(lines[names[0] : names[1]]) & set(lines[names[1] :])
    assert "**" not in screen
    assert foreign_to_a_drawing(raw) == []


def test_raw_is_the_text_of_several_replies_as_it_came(asked: Mapping[str, str], warm: WarmProgram) -> None:
    _, raw = _draw(asked, warm, "--compare", "demo,demo", "--raw")
    assert raw.decode().replace("\r\n", "\n").count(TEXT) == 2
    assert foreign_to_a_command(raw) == []


def test_without_colours_there_are_styles_alone(asked: Mapping[str, str], warm: WarmProgram) -> None:
    screen, raw = _draw({**asked, "NO_COLOR": "1"}, warm)
    assert set(DRAWN) <= set(_lines(screen))
    assert b"\x1b[3" not in raw


def test_with_plain_glyphs_it_is_ascii(asked: Mapping[str, str], warm: WarmProgram) -> None:
    (Path(asked["TUI_CHAT_CONFIG_DIR"]) / "config.toml").write_text("[ui]\nascii = true\n")
    _, raw = _draw(asked, warm)
    assert raw.isascii()


DIAGRAM = "Look:\n\n```mermaid\ngraph LR\n  A[Here] --> B[There]\n```\n\nthe end\n"


@pytest.mark.parametrize("options", [[], ["--compare", "demo,demo"]])
def test_a_diagram_takes_the_place_of_its_source(
    asked: Mapping[str, str], warm: WarmProgram, options: list[str]
) -> None:
    screen, raw = _draw(asked, warm, *options, text=DIAGRAM)
    assert "graph LR" not in screen
    assert len([line for line in _lines(screen) if "Here" in line and "There" in line]) == (2 if options else 1)
    assert _lines(screen).count("the end") == (2 if options else 1)
    assert foreign_to_a_drawing(raw) == []


@pytest.mark.parametrize(("options", "more"), [(["--raw"], {}), ([], {"TERM": "dumb"})])
def test_raw_is_the_text_as_it_came(
    asked: Mapping[str, str], warm: WarmProgram, options: list[str], more: Mapping[str, str]
) -> None:
    _, raw = _draw({**asked, **more}, warm, *options)
    assert raw.decode().replace("\r\n", "\n") == TEXT
    assert foreign_to_a_command(raw) == []


def test_a_pipe_gets_the_text_as_it_came(cli: Command) -> None:
    with dictating(_reply) as url:
        assert cli.run("ask", "go", ANTHROPIC_BASE_URL=url).stdout.decode() == TEXT


def test_a_terminal_of_another_size_shows_the_rest(asked: Mapping[str, str], warm: WarmProgram) -> None:
    with Terminal(["ask", "--model", "demo+stall@60", "hello"], asked, warm, size=(100, 40)) as terminal:
        terminal.wait_for("You are talking to the demo server")
        terminal.resize(50, 30)
        terminal.send("\x03")
        assert terminal.exit_code() == 130
        terminal.wait_for("Response cancelled")
        assert foreign_to_a_drawing(bytes(terminal.raw)) == []


def test_ctrl_c_leaves_the_terminal_as_it_was(asked: Mapping[str, str], warm: WarmProgram) -> None:
    with Terminal(["ask", "--model", "demo+flood@1000000", "hello"], asked, warm) as terminal:
        terminal.wait_for(lambda screen: len(screen.split()) > 20)
        terminal.send("\x03")
        assert terminal.exit_code() == 130
        terminal.wait_for("Response cancelled")
        assert terminal.usable
        raw = bytes(terminal.raw)
        assert raw.rindex(b"\x1b[0m") > max(raw.rfind(b"\x1b[1"), raw.rfind(b"\x1b[3"), raw.rfind(b"\x1b[9"))
        assert foreign_to_a_drawing(raw) == []
