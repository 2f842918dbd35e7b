"""The slow things, begun once in the background: a vendor's SDK and the TLS settings."""

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


def begin_sdk(name: str, rehearse: Callable[[ModuleType], None]) -> Future[Any]:
    """The one shared import of an SDK, and its rehearsal, in a thread of their own."""
    return _begin(name, lambda: _sdk(name, rehearse))


def begin_tls() -> Future[Any]:
    """The one shared SSL context: reading the system's certificates costs more than a whole client."""
    return _begin("an SSL context", _ssl_context)


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


def _begin(what: str, make: Callable[[], Any]) -> Future[Any]:
    with _lock:
        future = _begun.get(what)
        # One that failed is tried again: the missing package may have been installed meanwhile.
        if future is None or (future.done() and future.exception() is not None):
            future = _begun[what] = in_daemon_thread(make)
        return future


def _sdk(name: str, rehearse: Callable[[ModuleType], None]) -> ModuleType:
    with lasting_imports():
        sdk = import_module(name)
        # Whatever may go wrong in it, all that is lost is some time in the first reply.
        with contextlib.suppress(Exception):
            rehearse(sdk)
    return sdk


class CertificatesUnreadable(Exception):
    """The certificates that the environment names cannot be read."""


def _ssl_context() -> Any:
    import httpx2

    try:
        return httpx2.create_ssl_context()
    except OSError as error:  # of ssl, too
        raise CertificatesUnreadable(error.strerror or "not certificates") from error


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
        """Nothing to wait for."""


LOOKUPS = DaemonExecutor()
"""What a reply's event loop looks host names up with."""
