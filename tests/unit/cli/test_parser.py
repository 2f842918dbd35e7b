"""Errors that name what was meant, and commands that are defined when they are used."""

from __future__ import annotations

import pytest

from tests.unit.cli.conftest import Runner
from tui_chat.cli.main import COMMANDS, build_parser
from tui_chat.cli.parser import Parser, nearest, one_of


def test_a_command_is_defined_only_when_it_is_used() -> None:
    defined: list[str] = []
    parser = Parser(prog="p")
    commands = parser.add_commands()
    for name in ("one", "two"):
        commands.add_parser(name, define=lambda command, name=name: defined.append(name))
    parser.parse_args(["two"])
    assert defined == ["two"]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help_that_fits_a_terminal(command: Runner, name: str) -> None:
    done = command(name, "--help")
    assert done.status == 0
    assert done.out.startswith(f"usage: tui-chat {name}")
    own = done.out.split("faults, ")[0]  # the demo server's table of faults says it in its own words
    assert max(map(len, own.splitlines())) <= 82


def test_options_may_stand_before_and_after_a_command() -> None:
    args = build_parser().parse_args(["--model", "a", "--data-dir", "x", "ask", "--system", "b", "hi"])
    assert (args.model, args.system, str(args.data_dir), args.words) == ("a", "b", "x", ["hi"])
    assert build_parser().parse_args(["--model", "a", "ask", "--model", "b"]).model == "b"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--model", "x", "config", "path"], "--model does not go with this command"),
        (["--prompt", "x", "ask"], "--prompt does not go with this command"),
        (["--continue", "history", "list"], "--continue does not go with this command"),
    ],
)
def test_an_option_that_would_be_ignored_is_refused(command: Runner, words: list[str], says: str) -> None:
    done = command(*words)
    assert done.status == 2
    assert says in done.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["histroy"], "did you mean history?"),
        (["what is this"], "tui-chat ask"),
        (["history", "lst"], "did you mean list?"),
        (["local"], "say install, status or remove"),
        (["history", "show"], "ID is missing"),
        (["config", "set"], "KEY, VALUE are missing"),
        (["ask", "--format", "jsn"], "did you mean json?"),
        (["ask", "--timeout", "soon", "x"], "seconds"),
        (["ask", "--base-url", "nowhere", "x"], "--base-url"),
        (["ask", "--provider", "antropic", "x"], "--provider"),
        (["config", "get", "a", "b"], "quotes"),
        (["config", "set", "streaming.mod", "batch"], "did you mean streaming.mode?"),
        (["config", "get", "mode"], "did you mean streaming.mode?"),
        (["config", "get", "colour"], "config show"),
        (["config", "set", "streaming.mode", "fast"], "stream or batch"),
        (["config", "set", "ui.theme", "norde"], "There is no theme norde; did you mean nord?"),
        (["demo-server", "--fault", "rest"], "did you mean 'reset'?"),
        (["demo-server", "--port", "70000"], "65535"),
        (["demo-server", "--rate", "-1"], "0 or more"),
        (["stats", "--since", "ever"], "30d"),
        (["completion", "tcsh"], "bash, zsh or fish"),
    ],
)
def test_wrong_usage_exits_2_and_says_what_was_meant(command: Runner, words: list[str], says: str) -> None:
    done = command(*words)
    assert (done.status, done.out) == (2, "")
    assert says in done.err


@pytest.mark.parametrize("words", [["--modle", "x"], ["--modle=x"], ["--modle", "x", "ask", "hi"]])
def test_a_mistyped_option_is_named_whatever_follows_it(command: Runner, words: list[str]) -> None:
    done = command(*words)
    assert done.status == 2
    assert "did you mean --model?" in done.err


def test_options_are_not_guessed_from_their_beginning(command: Runner) -> None:
    assert command("--mod", "x").status == 2


def test_a_wrong_word_cannot_act_on_the_terminal(command: Runner) -> None:
    done = command("--\x1b]0;evil\x07")
    assert done.status == 2
    assert "\x1b" not in done.err


@pytest.mark.parametrize(("words", "text"), [(["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c")])
def test_a_choice_in_words(words: list[str], text: str) -> None:
    assert one_of(words) == text


def test_nothing_is_suggested_where_nothing_comes_near() -> None:
    assert nearest("xyz", ["history", "stats"]) == ""


@pytest.mark.parametrize(
    "words", [["LONG"], ["--LONG"], ["history", "list", "--limit", "LONG"], ["ask", "--timeout", "LONG"]]
)
def test_what_is_not_understood_is_quoted_shortly(command: Runner, words: list[str]) -> None:
    done = command(*(word.replace("LONG", "9" * 5_000) for word in words))
    assert done.status == 2
    assert max(map(len, done.err.splitlines())) < 350
