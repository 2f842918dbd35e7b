"""Evidence beside the error of a test that fails: the screen, the requests to a server, the program's log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tui_chat.demo import DemoServer
from tui_chat.demo.log import LoggedRequest

LAST_REQUESTS = 5
LAST_BYTES = 10_000
"""The length of a log that is shown."""


@contextmanager
def shown_with_errors(tell: Callable[[], str]) -> Iterator[None]:
    """Yield an error inside takes along what this tells: there is nobody to ask any more when it is read."""
    try:
        yield
    except BaseException as error:
        error.add_note(tell())
        raise


def found_in(fixtures: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return what the things that a test was given know, each with a title."""
    servers = [fixture for fixture in fixtures.values() if isinstance(fixture, DemoServer)]
    folders = [fixture for fixture in fixtures.values() if isinstance(fixture, Path) and fixture.is_dir()]
    requests = [("the last requests", requests_of(server)) for server in servers]
    logs = {log: _end_of(log) for folder in folders for log in sorted(folder.glob("**/*.log"))}
    return requests + [(str(log), text) for log, text in logs.items() if text]


def requests_of(server: DemoServer) -> str:
    """Return the last requests that a server got, a line each, and what became of them."""
    exchanges = server.log.exchanges[-LAST_REQUESTS:]
    return "\n".join(
        [*map(_line, exchanges), f"{server.log.total} in all, {server.log.open_connections} connections open"]
    )


def _line(exchange: LoggedRequest) -> str:
    ending = "completed" if exchange.completed else "closed early" if exchange.closed_early else "not completed"
    faults = f", struck by {' '.join(exchange.faults)}" if exchange.faults else ""
    return (
        f"{exchange.number}. {exchange.method} {exchange.path}: {exchange.status}, "
        f"{exchange.tokens_sent} tokens sent, {ending}{faults}"
    )


def _end_of(log: Path) -> str:
    return log.read_bytes()[-LAST_BYTES:].decode(errors="replace")
