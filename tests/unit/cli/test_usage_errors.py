"""Options and variables that cannot be used: each is a sentence and status 2, whatever is in them."""

from __future__ import annotations

import pwd

import pytest

from tests.unit.cli.conftest import Runner

NOBODY = "~nosuchuser/x"
NINES = "9" * 30


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["ask", "--data-dir", NOBODY, "Hi"],
            "--data-dir: ~nosuchuser/x leads nowhere, as there is no user nosuchuser.",
        ),
        (["ask", "--config", NOBODY, "Hi"], "--config: ~nosuchuser/x leads nowhere"),
        (["ask", "--demo", "--attach", NOBODY, "Hi"], "--attach: ~nosuchuser/x leads nowhere"),
        (["history", "list", "--limit", NINES], "is not a number from 1 to 1,000,000"),
        (["history", "search", "x", "--limit", "9" * 5000], "is not a number from 1 to 1,000,000"),
        (["demo-server", "--port", "9" * 5000], "is not a port"),
        (["ask", "--base-url", "http://[x", "Hi"], '--base-url "http://[x" is not allowed'),
        (["ask", "--base-url", "http://x:99999", "Hi"], '--base-url "http://x:99999" is not allowed'),
        (["ask", "--base-url", "ftp://me:hunter2@x", "Hi"], '--base-url "ftp://***@x" is not allowed'),
        (["config", "set", "telemetry.otlp_endpoint", "http://[x"], 'otlp_endpoint = "http://[x" is not allowed'),
        (["config", "set", "provider.base_url", "me:hunter2@[x?key=hunter2"], '"***@[x?key=***" is not allowed'),
        (["--base-ulr=http://me:hunter2@x"], "there is no option --base-ulr=http://***@x"),
    ],
)
def test_an_option_that_cannot_be_used_is_said(
    arguments: list[str], says: str, command: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-0123456789")
    done = command(*arguments)
    assert (done.status, done.out) == (2, "")
    assert says in done.err
    assert len(done.err) < 1000
    assert "hunter2" not in done.err


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("TUI_CHAT_DATA_DIR", NOBODY, "TUI_CHAT_DATA_DIR: ~nosuchuser/x leads nowhere"),
        ("TUI_CHAT_CONFIG_DIR", NOBODY, "TUI_CHAT_CONFIG_DIR: ~nosuchuser/x leads nowhere"),
        ("ANTHROPIC_BASE_URL", "http://me:hunter2@[x", 'ANTHROPIC_BASE_URL: provider.base_url = "http://***@[x" is'),
    ],
)
def test_a_variable_that_cannot_be_used_is_said(
    variable: str, value: str, says: str, command: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else is asked in the place of an address that cannot be used."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-0123456789")
    monkeypatch.setenv(variable, value)
    done = command("ask", "Hi")
    assert (done.status, done.out) == (2, "")
    assert says in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["ask", "--demo", "Hi"], ["history", "list"], ["config", "show"], ["doctor"]])
def test_without_a_home_folder_the_sentence_says_what_to_set(
    arguments: list[str], command: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("HOME", "TUI_CHAT_CONFIG_DIR", "TUI_CHAT_DATA_DIR"):
        monkeypatch.delenv(variable)
    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)  # as for a user without an entry
    done = command(*arguments)
    assert (done.status, done.out) == (2, "")
    assert done.err == "tui-chat: There is no home folder: set HOME, or TUI_CHAT_CONFIG_DIR and TUI_CHAT_DATA_DIR.\n"


def test_a_fault_is_a_sentence_even_where_it_cannot_be_logged(command: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("tui_chat.cli.config.put", fail)
    monkeypatch.setattr("tui_chat.cli.crash_report.log", None)
    assert command("config", "path") == (1, "", "tui-chat: This is a fault of tui-chat itself (ZeroDivisionError).\n")


def test_no_secret_of_an_address_is_shown(command: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    address = "http://me:hunter2@127.0.0.1:9/v1?api_key=hunter2"
    assert command("config", "set", "telemetry.otlp_endpoint", address).status == 0
    monkeypatch.setenv("ANTHROPIC_BASE_URL", address)
    for arguments in (["doctor"], ["config", "show"], ["config", "show", "--format", "json"]):
        done = command(*arguments)
        assert done.out.count("http://***@127.0.0.1:9/v1?api_key=***") == 2
        assert "hunter2" not in done.out + done.err


@pytest.mark.parametrize(
    ("option", "hint"),
    [("--nope", ""), ("--modle", "; did you mean --model?"), ("--basurl", "; did you mean --base-url?")],
)
def test_only_what_comes_near_is_suggested(option: str, hint: str, command: Runner) -> None:
    done = command(option)
    assert done.status == 2
    assert f"there is no option {option}{hint}\n" in done.err


def test_history_and_config_alone_list_and_show(command: Runner, talks: list[str]) -> None:
    assert command("history") == command("history", "list")
    assert talks[0][:8] in command("history").out
    assert command("config") == command("config", "show")


def test_completion_alone_says_for_which_shells_there_is_one(command: Runner) -> None:
    assert command("completion") == (2, "", "tui-chat: SHELL is not set: name bash, zsh or fish.\n")
