"""The slow things, begun once in the background, such as the import of a vendor's SDK."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import import_module
from types import ModuleType
from typing import Any, TypeVar

from tui_chat.interpreter import lasting_imports

T = TypeVar("T")

_lock = threading.Lock()
_begun: dict[str, Future[Any]] = {}


def begin_import(name: str, rehearse: Callable[[ModuleType], None]) -> Future[Any]:
    """Begin the one shared import of an SDK, and its rehearsal, in a thread of their own."""
    return begin(name, lambda: _sdk(name, rehearse))


def loaded_sdk(name: str) -> ModuleType | None:
    """Return an SDK that was begun and is loaded by now, or None."""
    with _lock:
        future = _begun.get(name)
    if future is None or not future.done() or future.exception() is not None:
        return None
    sdk: ModuleType = future.result()
    return sdk


async def loaded(future: Future[T]) -> T:
    """Wait for what was begun; the wait can be cancelled, the import goes on for whoever needs it next."""
    return await asyncio.wrap_future(future)


def begin(what: str, make: Callable[[], Any]) -> Future[Any]:
    """Make something that all share, in a thread of its own, unless it is made or being made."""
    with _lock:
        future = _begun.get(what)
        # One that failed is tried again: the missing package may have been installed meanwhile.
        if future is None or (future.done() and future.exception() is not None):
            future = _begun[what] = in_daemon_thread(make)
        return future


def _sdk(name: str, rehearse: Callable[[ModuleType], None]) -> ModuleType:
    with lasting_imports():
        sdk = import_module(name)
        # If it fails, all that is lost is some time in the first reply.
        with contextlib.suppress(Exception):
            rehearse(sdk)
    return sdk


def with_export(sdk: ModuleType, name: str) -> ModuleType:
    """Load what an SDK exports under a name; return the SDK."""
    with lasting_imports():
        getattr(sdk, name)
    return sdk


def in_daemon_thread(make: Callable[[], T]) -> Future[T]:
    """Run `make` in a thread that never keeps the program from ending."""
    future: Future[T] = Future()
    # Running at once, so that a waiter who is cancelled cannot cancel it for the others.
    future.set_running_or_notify_cancel()

    def run() -> None:
        try:
            future.set_result(make())
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits for the result
            future.set_exception(error)

    threading.Thread(target=run, name="tui-chat background", daemon=True).start()
    return future


class DaemonExecutor(ThreadPoolExecutor):
    """Runs each job in a daemon thread, so that a name lookup that hangs cannot hold up a loop that ends."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Start the job at once."""
        return in_daemon_thread(lambda: fn(*args, **kwargs))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for nothing."""


LOOKUPS = DaemonExecutor()
"""Looks up host names for a reply's event loop."""
