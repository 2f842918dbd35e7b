"""Failures around the program: the network, the disk, the database, the terminal. In the app and in `ask`."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.command import Command, Run
from tests.e2e.faults import SETTINGS, check_database, stored_after
from tests.e2e.forking import FIRST
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.waiting import PATIENCE_S, wait_until
from tui_chat.demo import DemoServer, Log, script_for
from tui_chat.demo.faults import parse_faults

ANSWERED = " in / "
"""In the status bar after a reply that went well."""
QUIT, ESC, RETRY, TOGGLE_MODE = "\x11", "\x1b", "\x1b[15~", "\x14"
CERTIFICATE = Path(__file__).parents[1] / "unit" / "providers" / "untrusted.pem"
LEFT = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[<u")
"""The sequences that leave the screen, the cursor and the keyboard as they were."""
Opener = Callable[..., Terminal]


@pytest.fixture
def environment(server: DemoServer, tmp_path: Path) -> Mapping[str, str]:
    """Folders of the test's own, quick settings, and no proxy on the way to names that do not exist."""
    (tmp_path / "config").mkdir(exist_ok=True)
    (tmp_path / "config" / "config.toml").write_text(SETTINGS)
    return {
        "ANTHROPIC_API_KEY": "sk-ant-test-0123456789abcdefghijklmnopqrstuvwxyz",
        "ANTHROPIC_BASE_URL": server.url,
        "TUI_CHAT_CONFIG_DIR": str(tmp_path / "config"),
        "TUI_CHAT_DATA_DIR": str(tmp_path / "data"),
        "NO_PROXY": "*",
    }


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def opened(environment: Mapping[str, str], warm: WarmProgram) -> Opener:
    def open_terminal(
        *arguments: str, size: tuple[int, int] = (150, 30), ready: str = "Ready", first: str = ""
    ) -> Terminal:
        terminal = Terminal(["--model", "demo", *arguments], {**environment, FIRST: first}, warm, size=size)
        terminal.wait_for(ready)
        return terminal

    return open_terminal


def says(*sentences: str) -> Callable[[str], bool]:
    """Return a check that the screen has all of these, wherever it breaks its lines."""
    return lambda text: all(sentence in " ".join(re.sub("[│▌╭╮╰╯─]", " ", text).split()) for sentence in sentences)


def quit_well(terminal: Terminal, status: int = 0) -> None:
    """Check that the program ends by itself, and nothing of a fault was ever on the screen."""
    terminal.send(QUIT)
    assert terminal.exit_code() == status
    assert b"Traceback" not in terminal.raw


# -- the network


NOBODY = "http://127.0.0.1:9"
"""An address at which nothing listens. A port that was free a moment ago may be another test's now."""


@pytest.fixture
def impostor() -> Iterator[str]:
    """A server whose certificate nobody has signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=_shake_hands, args=(listener, context))
        thread.start()
        yield f"https://localhost:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(PATIENCE_S)


def _shake_hands(listener: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return  # the test is over
        with closing(connection), suppress(OSError):
            context.wrap_socket(connection, server_side=True).close()


NETWORK = {
    "refuse": (NOBODY, "Nothing answers at", "Retrying in"),
    "dns": ("http://does-not-exist.invalid", "The name does-not-exist.invalid does not resolve", "Retrying in"),
    "tls": ("impostor", "The certificate of localhost", ""),
}
"""The provider's address, what is said of it, and on the way to that."""


def _address(place: str, request: pytest.FixtureRequest) -> str:
    return place if "://" in place else str(request.getfixturevalue(place))


@pytest.mark.parametrize("fault", NETWORK)
def test_the_app_names_what_is_wrong_with_the_network(
    fault: str, opened: Opener, data: Path, request: pytest.FixtureRequest
) -> None:
    place, words, meanwhile = NETWORK[fault]
    with opened("--base-url", _address(place, request)) as terminal:
        terminal.send("Hello\r")
        if meanwhile:
            terminal.wait_for(meanwhile)
        shown = terminal.wait_for(says("f5 retry", words))
        assert "failed" in shown
        reply = stored_after(data, "Hello")
        assert reply.metadata.error is not None
        assert (reply.status.value, reply.metadata.error["kind"]) == ("failed", "network")
        assert reply.metadata.metrics.retries == bool(meanwhile)
        quit_well(terminal)
    check_database(data)


def test_a_request_that_failed_is_made_again_by_a_key_when_the_network_is_there(
    opened: Opener, cli: Command, data: Path
) -> None:
    assert cli.run("ask", "--model", "demo", "--base-url", NOBODY, "Hello").returncode == 1
    with opened("--continue", ready="failed · No connection") as terminal:
        terminal.send(RETRY)
        terminal.wait_for(ANSWERED)
        assert stored_after(data, "Hello").text == script_for("Hello")
        quit_well(terminal)


@pytest.mark.parametrize("fault", NETWORK)
def test_ask_names_what_is_wrong_with_the_network(
    fault: str, cli: Command, data: Path, request: pytest.FixtureRequest
) -> None:
    place, words, _ = NETWORK[fault]
    done = cli.run("ask", "--model", "demo", "--base-url", _address(place, request), "Hello")
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (1, b"", 1)
    assert words in done.stderr.decode()
    assert stored_after(data, "Hello").status.value == "failed"


CONNECTING_FOR_1_S = """
from functools import partial
from tui_chat.program import provider_choice

provider_choice.ProviderConfig = partial(provider_choice.ProviderConfig, connect_timeout_s=1.0)
"""


def test_blackhole_ends_in_a_timeout_and_is_left_by_esc(
    opened: Opener, cli: Command, data: Path, tmp_path: Path, blackhole: int
) -> None:
    (tmp_path / "config" / "config.toml").write_text(SETTINGS.replace("attempts = 1", "attempts = 0"))
    address = f"http://127.0.0.1:{blackhole}"
    done = cli.run("ask", "--model", "demo", "--base-url", address, "Hello", **{FIRST: CONNECTING_FOR_1_S})
    assert done.returncode == 1
    assert b"did not answer within 1 s" in done.stderr
    reply = stored_after(data, "Hello")
    assert reply.metadata.error is not None
    assert reply.metadata.error["kind"] == "timeout"
    with opened("--continue", "--base-url", address, ready="No answer in time") as terminal:
        terminal.send(RETRY)
        terminal.wait_for("Connecting")
        terminal.send(ESC)
        terminal.wait_for("stopped")
        quit_well(terminal)


# -- the disk


@contextmanager
def disk_full(process: Run) -> Iterator[None]:
    """Yield no file of this process can grow any more."""
    before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    yield
    if process.poll() is None:
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, before)


# Another process's limits are what fills its disk without filling the machine's; macOS has no such call.
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits another process")


@linux_only
def test_disk_full_is_said_once_in_the_app_and_nothing_is_lost_once_there_is_room(
    opened: Opener, data: Path, server: DemoServer
) -> None:
    with opened() as terminal:
        terminal.send("Hello\r")
        terminal.wait_for(ANSWERED)
        with disk_full(terminal.process):
            terminal.send("A table\r")
            terminal.wait_for(says("cannot be saved just now"))
            assert server.wait_for(lambda log: len(log.replies) == 2 and log.replies[-1].completed, PATIENCE_S)
            terminal.wait_for(says("f5 Again", ANSWERED))
        terminal.wait_for(says("Saving works again"))
        reply = stored_after(data, "A table")
        assert reply.text == script_for("A table", first=False)
        quit_well(terminal)
    check_database(data)


@linux_only
def test_disk_full_is_said_once_in_ask_and_the_reply_is_printed(cli: Command) -> None:
    with cli.start_cold("ask", "--model", "demo", "Hello") as process, disk_full(process):
        out, errors = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, out.decode()) == (0, script_for("Hello"))
    assert errors.count(b"\n") == len(set(errors.splitlines()))
    assert b"cannot be saved" in errors
    assert b"Traceback" not in errors


def test_read_only_folders_are_said_and_the_chat_goes_on_unsaved(
    opened: Opener, cli: Command, data: Path, tmp_path: Path, server: DemoServer
) -> None:
    shutil.rmtree(tmp_path / "config")
    for folder in (data, tmp_path / "config"):
        folder.write_text("in the way")
    with opened() as terminal:
        terminal.wait_for(says("cannot be saved in"))
        terminal.send("Hello\r")
        terminal.wait_for(ANSWERED)
        terminal.send(TOGGLE_MODE)
        terminal.wait_for("● Ready         batch")
        terminal.send("A table\r")
        assert server.wait_for(lambda log: len(log.replies) == 2 and log.replies[-1].completed, PATIENCE_S)
        terminal.wait_for(says("f5 Again", ANSWERED))
        quit_well(terminal)
    done = cli.run("ask", "--model", "demo", "Hello")
    assert (done.returncode, done.stdout.decode()) == (0, script_for("Hello"))
    assert b"cannot be saved" in done.stderr
    assert (data.read_text(), (tmp_path / "config").read_text()) == ("in the way", "in the way")


# -- the database


def _spoil(database: Path) -> bytes:
    database.parent.mkdir()
    database.write_bytes(b"SQLite format 3\x00" + bytes(range(256)) * 64)
    return database.read_bytes()


def test_corrupt_db_is_kept_beside_a_new_one_by_the_app(opened: Opener, data: Path) -> None:
    content = _spoil(data / "tui-chat.db")
    with opened() as terminal:
        terminal.wait_for(says("is damaged", "It is kept as"))
        terminal.send("Hello\r")
        terminal.wait_for(ANSWERED)
        quit_well(terminal)
    (kept,) = data.glob("tui-chat.damaged-*.db")
    assert kept.read_bytes() == content
    assert stored_after(data, "Hello").text == script_for("Hello")
    check_database(data)


def test_corrupt_db_is_kept_beside_a_new_one_by_ask(cli: Command, data: Path) -> None:
    content = _spoil(data / "tui-chat.db")
    done = cli.run("ask", "--model", "demo", "Hello")
    assert (done.returncode, done.stdout.decode()) == (0, script_for("Hello"))
    assert b"is damaged" in done.stderr
    (kept,) = data.glob("tui-chat.damaged-*.db")
    assert kept.read_bytes() == content
    check_database(data)


def test_newer_db_is_left_as_it_is(opened: Opener, cli: Command, data: Path) -> None:
    data.mkdir()
    with closing(sqlite3.connect(data / "tui-chat.db")) as connection:
        connection.execute("PRAGMA user_version = 9999")
        connection.execute("CREATE TABLE of_tomorrow (text)")
        connection.commit()
    content = (data / "tui-chat.db").read_bytes()
    with opened() as terminal:
        terminal.wait_for(says("newer version"))
        terminal.send("Hello\r")
        terminal.wait_for(ANSWERED)
        quit_well(terminal)
    done = cli.run("ask", "--continue", "--model", "demo", "Thanks")
    assert done.returncode == 0
    assert b"newer version" in done.stderr
    assert (data / "tui-chat.db").read_bytes() == content
    (own,) = data.glob("tui-chat.v*.db")
    with closing(sqlite3.connect(own)) as connection:
        assert connection.execute("SELECT count(*) FROM messages").fetchone() == (4,)


PATIENT = "from tui_chat.storage import writer; writer.PATIENCE_S = {}"
SAID_AFTER_1_S, NEVER_SAID = PATIENT.format(1.0), PATIENT.format(PATIENCE_S)
"""Run first, they make a moment shorter, or as long as it takes on a busy machine."""


def test_locked_db_is_waited_for_and_said_and_nothing_is_lost(opened: Opener, cli: Command, data: Path) -> None:
    cli.run("ask", "--model", "demo", "First")
    with opened(first=SAID_AFTER_1_S) as terminal:
        with closing(sqlite3.connect(data / "tui-chat.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with cli.start("ask", "--model", "demo", "Asked", **{FIRST: SAID_AFTER_1_S}) as ask:
                terminal.send("Hello\r")
                terminal.wait_for(says("Another program holds the database"))
                terminal.wait_for(ANSWERED)
                out, errors = ask.communicate(timeout=PATIENCE_S)
            other.execute("ROLLBACK")
        terminal.wait_for(says("Saving works again"))
        assert stored_after(data, "Hello").text == script_for("Hello")
        quit_well(terminal)
    assert (ask.returncode, out.decode()) == (0, script_for("Asked"))
    assert b"Another program holds the database" in errors
    check_database(data)


def test_locked_db_for_a_moment_is_not_worth_a_word(cli: Command, data: Path) -> None:
    cli.run("ask", "--model", "demo", "First")
    with closing(sqlite3.connect(data / "tui-chat.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with cli.start("ask", "--model", "demo", "Asked", **{FIRST: NEVER_SAID}) as ask:
            with pytest.raises(subprocess.TimeoutExpired):
                ask.wait(1.0)
            other.execute("ROLLBACK")
            out, errors = ask.communicate(timeout=PATIENCE_S)
    assert (ask.returncode, out.decode(), errors) == (0, script_for("Asked"), b"")
    assert stored_after(data, "Asked").text == script_for("Asked")


def test_two_apps_on_one_database_lose_no_message(opened: Opener, cli: Command, data: Path, server: DemoServer) -> None:
    cli.run("ask", "--model", "demo", "First")
    with opened("--continue", ready="First") as one, opened("--continue", ready="First") as other:
        for number in range(3):
            one.send(f"One {number}\r")
            other.send(f"Other {number}\r")
            done = cli.run("ask", "--continue", "--model", "demo", f"Third {number}")
            assert (done.returncode, done.stderr) == (0, b"")
            assert server.wait_for(partial(answered, 4 + 3 * number), PATIENCE_S)
        wait_until(lambda: statuses(data) == ["complete"] * 2 * (1 + 3 * 3), "all messages are stored")
        for terminal in (one, other):
            quit_well(terminal)
    check_database(data)
    assert statuses(data) == ["complete"] * 2 * (1 + 3 * 3)


def statuses(data: Path) -> list[str]:
    """Return those of all messages."""
    with closing(sqlite3.connect(f"file:{data / 'tui-chat.db'}?mode=ro", uri=True)) as connection:
        return [status for (status,) in connection.execute("SELECT streaming_status FROM messages")]


def answered(number: int, log: Log) -> bool:
    """True if so many replies were sent whole."""
    return len(log.replies) == number and all(reply.completed for reply in log.replies)


# -- the terminal


def test_tiny_terminals_and_resizing_while_it_streams_leave_it_usable(opened: Opener, data: Path) -> None:
    prompt = "/rate 60\n/tokens 240\nA table"
    with opened(size=(20, 5), ready="") as terminal:
        terminal.resize(80, 24)
        terminal.wait_for("Ready")
        terminal.send(f"\x1b[200~{prompt}\x1b[201~")
        terminal.wait_for("A table")
        terminal.send("\r")
        terminal.wait_for_moment("Streaming")
        for columns, rows in ((20, 5), (120, 40), (3, 2), (1, 1), (200, 60), (20, 5), (80, 24)):
            terminal.resize(columns, rows)
            if columns > 3:  # in less there may be nothing but space
                terminal.wait_for(lambda text: bool(text.strip()))
        terminal.wait_for(ANSWERED)
        assert stored_after(data, prompt).text == script_for(prompt)
        quit_well(terminal)


OVERTAKEN = """
import os, shutil, signal
from pathlib import Path

whole = shutil.get_terminal_size

def overtaken(*fallback):
    trigger = Path({trigger!r})
    if not trigger.exists():
        return whole(*fallback)
    trigger.unlink()
    os.kill(os.getpid(), signal.SIGWINCH)  # the terminal has its next size while one is still busy with this
    return os.terminal_size((20, 5))

shutil.get_terminal_size = overtaken
"""


def test_a_light_terminal_of_sixteen_colours_is_asked_for_its_ground_and_can_be_read(
    environment: Mapping[str, str], warm: WarmProgram
) -> None:
    surroundings = {**environment, "TERM": "xterm", "COLORTERM": ""}
    blue = re.compile(rb"\x1b\[(?:\d+;)*34(?:;\d+)*m")
    with Terminal(["--model", "demo"], surroundings, warm) as terminal:
        terminal.wait_for(lambda text: "Ready" in text and b"\x1b]11;?\x1b\\" in terminal.raw)
        assert not blue.search(terminal.raw)
        terminal.send("\x1b]11;rgb:ffff/ffff/ffff\x1b\\")
        terminal.wait_for(lambda _: bool(blue.search(terminal.raw)))
        quit_well(terminal)


def test_of_two_sizes_in_quick_succession_the_later_holds(
    environment: Mapping[str, str], warm: WarmProgram, tmp_path: Path
) -> None:
    trigger = tmp_path / "trigger"
    overtaken = {**environment, FIRST: OVERTAKEN.format(trigger=str(trigger))}
    with Terminal([], overtaken, warm, size=(100, 30)) as terminal:
        terminal.wait_for("Ready")
        trigger.touch()
        os.killpg(terminal.process.pid, signal.SIGWINCH)
        wait_until(lambda: not trigger.exists(), "the app hears of the size")
        for typed in ("The app has ", "had the time ", "to be told of both."):
            terminal.send(typed)
            terminal.wait_for(typed.strip())
        assert "The app has had the time to be told of both." in terminal.text
        quit_well(terminal)


ENDINGS = {"SIGTERM": 143, "SIGHUP": 129, "SIGINT": 130, "hangup": 129}
STALLED, COUNTDOWN, FLOWING = "stall@12xall", "429-seconds@60", "flood@400000"
PHASES = {STALLED: "Before anything", COUNTDOWN: "Retrying", FLOWING: "Streaming"}


@pytest.mark.parametrize(
    ("ending", "phase"),
    [
        ("SIGTERM", STALLED),
        ("SIGTERM", COUNTDOWN),
        ("SIGTERM", FLOWING),
        ("SIGHUP", STALLED),
        ("SIGINT", STALLED),
        ("hangup", COUNTDOWN),
        ("hangup", FLOWING),
    ],
)
def test_hangup_and_signals_keep_the_reply_and_end_the_app_at_once(
    ending: str, phase: str, opened: Opener, data: Path, server: DemoServer
) -> None:
    with opened("--model", f"demo+{phase}") as terminal:
        terminal.send("Hello\r")
        terminal.wait_for(PHASES[phase])
        if ending == "hangup":
            terminal.hang_up()
        else:
            os.kill(terminal.process.pid, signal.Signals[ending])
        assert terminal.exit_code() == ENDINGS[ending]
        if ending != "hangup":
            assert terminal.usable
            terminal.close()
            assert all(sequence in terminal.raw for sequence in LEFT)
        assert b"Traceback" not in terminal.raw
    assert server.wait_for(lambda log: log.open_connections == 0, PATIENCE_S)
    reply = stored_after(data, "Hello")
    assert reply.status.value == "interrupted"
    assert script_for("Hello", faults=parse_faults(phase)).startswith(reply.text)
    check_database(data)


def test_hangup_ends_a_program_whose_terminal_takes_nothing_any_more(opened: Opener, data: Path) -> None:
    with opened("--model", "demo+flood@400000") as terminal:
        terminal.send("Hello\r")
        terminal.wait_for("Streaming")
        with terminal.unread():
            os.kill(terminal.process.pid, signal.SIGTERM)
            assert terminal.process.wait(PATIENCE_S) == 143
    with opened("--continue", ready="interrupted") as terminal:
        quit_well(terminal)
    assert stored_after(data, "Hello").text
