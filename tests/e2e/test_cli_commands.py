"""The other commands of the real program: their exit status, and what they print where."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.command import Command
from tests.e2e.documented import ShellCommand
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.waiting import PATIENCE_S
from tui_chat import __version__
from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, utc_now
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.prompt import Prompt
from tui_chat.demo import DemoServer
from tui_chat.storage import Store
from tui_chat.storage.migrations import MIGRATIONS


@pytest.fixture
def stored(tmp_path: Path) -> Conversation:
    """A conversation that another run of the program has left."""
    store = Store.open(tmp_path / "data", on_problem=pytest.fail)
    messages = [{"role": "user", "text": "A question\x1b]0;evil\x07"}, {"role": "assistant", "text": "An answer"}]
    conversation = store.import_({"title": "A talk", "messages": messages})
    store.close()
    return conversation


@pytest.mark.parametrize("arguments", [["--version"], ["--version", "--demo"], ["-c", "--version"]])
def test_the_version(cli: Command, arguments: list[str]) -> None:
    done = cli.run(*arguments)
    assert (done.returncode, done.stdout) == (0, f"tui-chat {__version__}\n".encode())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["histroy"], "did you mean history?"),
        (["what is this"], "tui-chat ask"),
        (["ask", "--formt", "json"], "did you mean --format?"),
        (["ask", " "], "no prompt"),
        (["ask", "--persona", "nobody", "hello"], "nobody.md"),
    ],
)
def test_wrong_usage_exits_2_and_says_what_was_meant(cli: Command, arguments: list[str], says: str) -> None:
    done = cli.run(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert says in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_without_a_terminal_the_app_names_ask(cli: Command) -> None:
    done = cli.run()
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"tui-chat ask" in done.stderr


def test_history_in_json(cli: Command, stored: Conversation) -> None:
    (listed,) = cli.json("history", "list", "--format", "json")
    assert list(listed) == ["id", "title", "model", "created_at", "updated_at", "messages"]
    assert (listed["id"], listed["title"], listed["messages"]) == (stored.id, "A talk", 2)
    shown = cli.json("history", "show", stored.id[:6], "--format", "json")
    assert [message["text"] for message in shown["messages"]] == ["A question\x1b]0;evil\x07", "An answer"]


def test_history_as_text_is_safe_to_look_at(cli: Command, stored: Conversation) -> None:
    done = cli.run("history", "show", stored.id)
    assert "An answer" in done.stdout.decode()
    assert b"\x1b" not in done.stdout


def test_what_is_exported_can_be_imported_again(cli: Command, stored: Conversation) -> None:
    exported = cli.run("history", "export", stored.id)
    assert cli.run("history", "delete", "--yes", stored.id).returncode == 0
    imported = cli.run("history", "import", "-", stdin=exported.stdout)
    assert (imported.returncode, imported.stdout) == (0, b"1 conversation added.\n"), imported.stderr
    copy = cli.json("history", "show", stored.id, "--format", "json")
    assert [message["text"] for message in copy["messages"]] == [message.text for message in stored.messages]


def test_delete_does_not_ask_with_yes_and_refuses_where_it_cannot_ask(cli: Command, stored: Conversation) -> None:
    refused = cli.run("history", "delete", stored.id)
    assert refused.returncode == 2
    assert b"--yes" in refused.stderr
    assert cli.run("history", "delete", "--yes", stored.id).returncode == 0
    assert cli.json("history", "list", "--format", "json") == []
    assert cli.run("history", "show", stored.id).returncode == 1


@pytest.mark.parametrize(("answer", "left"), [("y", 0), ("n", 1), ("", 1)])
def test_delete_asks(
    environment: dict[str, str], cli: Command, warm: WarmProgram, stored: Conversation, answer: str, left: int
) -> None:
    with Terminal(["history", "delete", stored.id], environment, warm) as terminal:
        terminal.wait_for("[y/N]")
        terminal.send(f"{answer}\r")
        assert terminal.exit_code() == 0
    assert len(cli.json("history", "list", "--format", "json")) == left


def test_a_setting_is_kept(cli: Command) -> None:
    assert cli.run("config", "get", "streaming.mode").stdout == b"stream\n"
    assert cli.run("config", "set", "streaming.mode", "batch").returncode == 0
    assert cli.run("config", "get", "streaming.mode").stdout == b"batch\n"
    shown = cli.json("config", "show", "--format", "json")
    assert shown["streaming.mode"] == {"value": "batch", "from": "file"}
    assert shown["provider.temperature"] == {"value": None, "from": "default"}
    assert cli.json("ask", "--format", "json", "hello")["mode"] == "batch"
    assert cli.json("ask", "--format", "json", "--stream", "hello")["mode"] == "stream"
    assert cli.run("config", "unset", "streaming.mode").returncode == 0
    assert cli.run("config", "get", "streaming.mode").stdout == b"stream\n"


def test_edit_opens_the_editor_and_checks_the_file_afterwards(cli: Command, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text(f"#!{sys.executable}\nimport sys\nopen(sys.argv[-1], 'w').write('[streaming]\\nmode = 7\\n')\n")
    editor.chmod(0o755)
    done = cli.run("config", "edit", VISUAL=f"{editor} --wait", EDITOR="false")
    assert done.returncode == 2
    assert b"line 2: streaming.mode" in done.stderr


def test_a_problem_in_the_settings_is_said_once_and_the_reply_comes(cli: Command, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir(exist_ok=True)
    (tmp_path / "config" / "config.toml").write_text("[streaming]\nframes_per_second = 900\n")
    done = cli.run("ask", "hello")
    assert done.returncode == 0
    assert done.stderr.decode().count("frames_per_second") == 1


def test_a_data_folder_that_cannot_be_used_is_said_once_and_the_reply_comes(cli: Command, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = cli.run("ask", "--data-dir", str(tmp_path / "file"), "hello")
    assert done.returncode == 0
    assert done.stdout
    assert done.stderr.decode().count("cannot be saved") == 1


def test_stats_count_the_replies(cli: Command) -> None:
    cli.run("ask", "hello")
    cli.run("ask", "--batch", "hello")
    sums = cli.json("stats", "--format", "json")
    assert (sums["replies"], sums["stream"], sums["batch"]) == (2, 1, 1)
    (day,) = cli.json("stats", "--by", "day", "--format", "json")
    assert day["replies"] == 2
    assert b"Replies" in cli.run("stats", "--since", "1d").stdout


def test_models_are_those_of_the_provider(cli: Command) -> None:
    offered = {model["id"] for model in cli.json("models", "--format", "json")}
    assert "demo-fast" in offered
    known = cli.run("models", ANTHROPIC_API_KEY="", ANTHROPIC_BASE_URL="")
    assert known.returncode == 0
    assert b"claude-" in known.stdout
    assert b"ANTHROPIC_API_KEY" in known.stderr


def test_doctor_tries_the_connection_and_never_shows_the_key(cli: Command) -> None:
    done = cli.run("doctor", "--online")
    assert done.returncode == 0, done.stdout
    assert "ANTHROPIC_API_KEY is set" in done.stdout.decode()
    assert "offers" in done.stdout.decode()
    assert cli.run("doctor", "--online", "--base-url", "http://127.0.0.1:9").returncode == 1


def test_the_demo_server_prints_its_address_and_ends_on_a_signal(cli: Command) -> None:
    with cli.start("demo-server", "--rate", "0", "--latency", "0", "--fault", "529x1") as process:
        assert process.stdout is not None
        url = process.stdout.readline().decode().strip()
        reply = cli.json("ask", "--format", "json", "hello", ANTHROPIC_BASE_URL=url)
        assert reply["metrics"]["retries"] == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 0


def test_a_port_that_is_taken_is_a_sentence(cli: Command, environment: dict[str, str]) -> None:
    port = environment["ANTHROPIC_BASE_URL"].rpartition(":")[2]
    done = cli.run("demo-server", "--port", port)
    assert done.returncode == 1
    assert port in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1


def test_the_bash_completion_completes(
    cli: Command, tmp_path: Path, stored: Conversation, warm: WarmProgram, request: pytest.FixtureRequest
) -> None:
    (tmp_path / "plan.md").touch()
    (tmp_path / "config" / "personas").mkdir(parents=True)
    (tmp_path / "config" / "personas" / "pirate.md").touch()
    (tmp_path / "config" / "templates").mkdir()
    (tmp_path / "config" / "templates" / "review.md").touch()
    cli.run("models")
    commands = tmp_path / "bin"
    commands.mkdir()
    request.addfinalizer(ShellCommand(warm, commands).close)
    script = tmp_path / "completion.bash"
    script.write_bytes(cli.run("completion", "bash").stdout)
    program = """
        source "$1"; shift
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        "$(complete -p tui-chat | sed 's/.*-F \\([^ ]*\\).*/\\1/')" tui-chat "${@: -1}"
        echo "${COMPREPLY[@]}"
    """
    for words, completed in (
        [["hist"], "history"],
        [["config", "get", "streaming.m"], "streaming.mode"],
        [["config", "set", "streaming.mode", ""], "stream batch"],
        [["config", "set", "ui.theme", "no"], "nord"],
        [["config", "set", "provider.system", ""], ""],
        [["ask", "--attach", str(tmp_path / "plan")], str(tmp_path / "plan.md")],
        [["ask", "--persona", "pi"], "pirate"],
        [["ask", "--template", "re"], "review"],
        [["demo-server", "--fault", "stal"], "stall"],
        [["history", "show", ""], stored.id],
        [["history", "export", "1234", stored.id[:4]], stored.id],
        [["history", "export", "--output", str(tmp_path / "plan")], str(tmp_path / "plan.md")],
        [["ask", "--resume", stored.id[:4]], stored.id],
        [["--persona", ""], "pirate"],
        [["--model", "demo-thin"], "demo-thinking"],
        [["ask", "--compare", "demo-thin"], "demo-thinking"],
        [["ask", "--compare", "demo,demo-thin"], "demo,demo-thinking"],
    ):
        done = subprocess.run(
            ["bash", "-c", program, "bash", str(script), "tui-chat", *words],
            env=cli.environment | {"PATH": f"{commands}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == completed


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_there_is_a_completion_for_the_shell(cli: Command, shell: str) -> None:
    done = cli.run("completion", shell)
    assert done.returncode == 0
    assert b"demo-server" in done.stdout
    assert b"zsh_eval_context[-1] == eval" not in done.stdout  # else it cannot be read by `source`


@pytest.mark.parametrize("arguments", [["--help"], ["config", "show"], ["completion", "bash"]])
def test_a_closed_pipe_ends_it_quietly(cli: Command, arguments: list[str]) -> None:
    with cli.start_cold(*arguments) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert (process.stderr.read(), process.wait(PATIENCE_S)) == (b"", 0)


def test_a_full_disk_is_a_sentence(cli: Command) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "tui_chat", "config", "show"],
            env=cli.environment,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 1
    assert b"No space left" in done.stderr


def test_import_of_what_is_no_conversation_is_a_sentence(cli: Command, tmp_path: Path) -> None:
    file = tmp_path / "file.json"
    for content in ("no json", json.dumps({"messages": []}), json.dumps([1])):
        file.write_text(content)
        done = cli.run("history", "import", str(file))
        assert done.returncode == 1
        assert done.stderr.count(b"\n") == 1
        assert b"Traceback" not in done.stderr


def test_history_waits_while_another_process_upgrades_the_database(cli: Command, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with closing(sqlite3.connect(tmp_path / "data" / "tui-chat.db", isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        for migration in MIGRATIONS[:-1]:
            migration(other)
        other.execute(f"PRAGMA user_version = {len(MIGRATIONS) - 1}")
        other.execute("BEGIN IMMEDIATE")
        with cli.start("history", "list", "--format", "json") as listing:
            assert listing.stderr is not None
            said = listing.stderr.readline()
            other.execute("ROLLBACK")
            out, errors = listing.communicate(timeout=PATIENCE_S)
    assert said == b"The database is being upgraded; waiting for it.\n"
    assert (listing.returncode, json.loads(out), errors) == (0, [], b"")


def test_a_conversation_whose_reply_comes_elsewhere_is_not_deleted(cli: Command, tmp_path: Path) -> None:
    other = Store.open(tmp_path / "data", on_problem=pytest.fail)
    pending = exchange.send(Conversation(), Prompt("Hello"), ReplyMetadata(), utc_now())
    other.journal.begin(pending).result(PATIENCE_S)
    done = cli.run("history", "delete", pending.conversation.id, "--yes")
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"coming in another window" in done.stderr
    assert other.conversation(pending.conversation.id) is not None
    other.close()


def test_doctor_tries_the_address_in_its_other_form(cli: Command, server: DemoServer) -> None:
    done = cli.run("doctor", "--online", "--base-url", f"{server.url}/v1")
    assert done.returncode == 1
    assert f"{server.url} answers: make that the base URL." in done.stdout.decode()


def test_doctor_says_what_is_set_and_notices_a_model_that_is_not_offered(cli: Command, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir(exist_ok=True)
    (tmp_path / "config" / "config.toml").write_text('[ui]\nascii = 7\n[provider]\nmodel = "nosuch"\n')
    said = cli.run("doctor", ANTHROPIC_API_KEY="", ANTHROPIC_AUTH_TOKEN="a-token").stdout.decode()
    assert "ok      Settings" not in said
    assert "broken  Settings" in said
    assert "ANTHROPIC_AUTH_TOKEN is set" in said
    said = cli.run("doctor", "--online", ANTHROPIC_API_KEY="").stdout.decode()
    assert "ANTHROPIC_API_KEY is set" not in said
    assert "note    Model        nosuch is not among the models that are offered" in said
