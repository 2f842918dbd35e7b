"""The ground of every test: an environment without the user's own settings."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Generator, Iterator

import pytest
from hypothesis import settings

from tests.evidence import found_in
from tests.waiting import PATIENCE_S
from tui_chat.interpreter import lasting_imports

_OURS = (
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_BASE_URL",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "OLLAMA_HOST",
    "TUI_CHAT_CONFIG_DIR",
    "TUI_CHAT_DATA_DIR",
    "DISPLAY",
    "WAYLAND_DISPLAY",
)
"""The key, the address, the folders and the clipboard of whoever runs the tests."""

# Before Textual is imported: some would change what the screen looks like.
for _variable in (*_OURS, "NO_COLOR", "TEXTUAL_THEME", "TEXTUAL_ANIMATIONS", "COLORTERM", "FORCE_COLOR"):
    os.environ.pop(_variable, None)

# An image of a container may have set this: every worker, and every program that starts cold, would compile all anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# The keyring of whoever runs the tests is nobody's business; those that are about one have a backend of their own.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"

# A shell starts what runs in the background deaf to Ctrl+C, and nohup to a hangup, and so would be every program that a
# test starts.
for _number, _handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, _handler)

# The same examples every time, so that a change fails for what it changes; HYPOTHESIS_PROFILE=explore looks for more.
settings.register_profile("same", derandomize=True, deadline=None, max_examples=30)
settings.register_profile("explore", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


def pytest_sessionfinish() -> None:
    """Find the garbage that is left once: pytest looks through all that the tests have left loaded five times."""
    gc.collect()
    gc.freeze()


_LONGEST_NAME = 100
"""The characters of a parameter that name a test."""


def pytest_make_parametrize_id(val: object) -> str | None:
    """Return a short name for a long parameter: some have megabytes, and workers tell each other names all the time."""
    if not isinstance(val, str | bytes) or len(val) <= _LONGEST_NAME:
        return None
    begun = val[:_LONGEST_NAME] if isinstance(val, str) else val[:_LONGEST_NAME].decode("latin-1")
    return f"{begun.encode('unicode_escape').decode()}... ({len(val)})"


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """Four workers more than processors for `-n auto`, since most tests wait now and then; xdist's variable wins."""
    workers = yield
    return workers if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ else workers + 4


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """All that is loaded for the tests stays: to look through it for garbage would take each worker seconds."""
    with lasting_imports():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Function) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails shows what its server was asked, and what the program has logged."""
    report = yield
    if report.failed:
        report.sections += found_in(item.funcargs)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how to have this order again; the header, which says it, too, is left out of a quiet run."""
    seed = terminalreporter.config.getoption("randomly_seed", None)
    if terminalreporter.verbosity < 0 and seed is not None:
        terminalreporter.write_line(f"Using --randomly-seed={seed}")


@pytest.fixture(scope="session", autouse=True)
def no_news() -> Iterator[None]:
    """No model is deprecated but by a test's own table, whatever the installed SDK says."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr("tui_chat.providers.anthropic_retirement.vendor_table", dict)
        yield


@pytest.fixture(scope="session", autouse=True)
def patient_reads() -> Iterator[None]:
    """A read finds what was written before it, however slow the disk is."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr("tui_chat.storage.store.OWN_WRITES_S", PATIENCE_S)
        yield


WAITED_FOR = (
    *("attachments.clipboard._TIMEOUT_S", "attachments.listing._LISTING_S"),
    *("program.clipboard.TOOL_TIMEOUT_S", "diagrams.drawer.PATIENCE_S"),
)


@pytest.fixture(scope="session", autouse=True)
def patient_tools() -> Iterator[None]:
    """Another program that the app asks something has the time to answer, but in a test of one that never does."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        for seconds in WAITED_FOR:
            monkeypatch.setattr(f"tui_chat.{seconds}", PATIENCE_S)
        yield


@pytest.fixture(autouse=True)
def own_log(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The log of a program that a test opens is closed with the test, and takes nothing of the next one's."""
    ours = logging.getLogger("tui_chat")
    monkeypatch.setattr(ours, "propagate", True)
    monkeypatch.setattr(ours, "handlers", [])
    monkeypatch.setattr(logging, "lastResort", logging.lastResort)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    yield
    for handler in ours.handlers:
        handler.close()
