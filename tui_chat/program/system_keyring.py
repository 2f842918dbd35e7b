"""The system's keyring, through the package `keyring`, which is imported when it is first used.

Whatever is asked of it runs in a thread that nothing waits for longer than it likes: D-Bus may hang.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from importlib.util import find_spec
from types import ModuleType
from typing import TypeVar

from tui_chat.installing import installing
from tui_chat.providers import in_daemon_thread

T = TypeVar("T")

PACKAGE = "keyring"
OURS = "tui-chat"
"""The name that our keys are under."""
NO_BACKEND = "This system has no keyring that can be used."


class KeyringProblem(Exception):
    """The reason why the keyring cannot be used, in one plain sentence."""


def is_installed() -> bool:
    """True if the package is there; whether the system has a keyring is another question."""
    return find_spec(PACKAGE) is not None


def not_installed() -> str:
    """Return what to do where the package is lacking, in a sentence."""
    return f"The system's keyring needs the package {PACKAGE}: `{installing(PACKAGE)}`."


def read_keys(accounts: Collection[str]) -> Future[Mapping[str, str]]:
    """Return the keys of those of these accounts that have one."""

    def read(keyring: ModuleType) -> Mapping[str, str]:
        found = {account: keyring.get_password(OURS, account) for account in accounts}
        return {account: key.strip() for account, key in found.items() if key and key.strip()}

    return _begin(read)


def write_key(account: str, key: str) -> Future[None]:
    """Keep a key, and make sure that it is kept: some backends take everything and keep nothing."""

    def write(keyring: ModuleType) -> None:
        keyring.set_password(OURS, account, key)
        if keyring.get_password(OURS, account) != key:
            raise KeyringProblem(NO_BACKEND)

    return _begin(write)


def remove_key(account: str) -> Future[bool]:
    """Remove a key; True if there was one."""

    def remove(keyring: ModuleType) -> bool:
        there = keyring.get_password(OURS, account) is not None
        if there:
            keyring.delete_password(OURS, account)
        return there

    return _begin(remove)


def _begin(work: Callable[[ModuleType], T]) -> Future[T]:
    return in_daemon_thread(lambda: _done(work))


def _done(work: Callable[[ModuleType], T]) -> T:
    """Do something with the keyring; whatever a backend raises becomes a sentence that quotes nothing of it."""
    if not is_installed():
        raise KeyringProblem(not_installed())
    try:
        import keyring

        return work(keyring)
    except KeyringProblem:
        raise
    except Exception as error:  # noqa: BLE001 - a backend is a plugin of anybody's, and may raise anything
        # Not the message, in which a backend may quote what it was given.
        kind = type(error).__name__
        sentence = NO_BACKEND if kind == "NoKeyringError" else f"The system's keyring cannot be used ({kind})."
        raise KeyringProblem(sentence) from None
