"""The providers' keys: from the environment, from the system's keyring, or held until the program ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from contextlib import suppress
from enum import Enum
from typing import TypeVar

from tui_chat.program import system_keyring
from tui_chat.program.system_keyring import KeyringProblem
from tui_chat.services import SERVICES, service
from tui_chat.settings import api_key, key_variable

T = TypeVar("T")

READ_S = 5.0
"""Seconds after which a keyring that does not answer counts as one without keys."""
WRITE_S = 60.0
"""Seconds that a change may take: the system may ask for the keyring's password meanwhile."""
NO_ANSWER = "The system's keyring does not answer."


class KeySource(Enum):
    """The place that a key comes from."""

    ENVIRONMENT = "environment"
    HELD = "this run"
    KEYRING = "keyring"
    NONE = "none"


class KeyringUse(Enum):
    """The way in which the keyring is read."""

    NEVER = "never"
    """It is left alone: only what was pasted, and the environment, have keys."""
    IN_BACKGROUND = "in the background"
    """Nobody waits for it: `begin` reads it, and until then its keys are pending."""
    WAITING = "waiting"
    """Whoever needs a key that the environment does not have waits for it."""


def account(provider: str) -> str:
    """Return the name under which a provider's key is kept: providers with the same key share it; "" without one."""
    variable = service(provider).key
    return next((name for name, known in SERVICES.items() if variable and known.key == variable), "")


def accounts() -> Mapping[str, str]:
    """Return the accounts that there can be, each with the variable of its key."""
    return {name: known.key for name, known in SERVICES.items() if known.key and account(name) == name}


class ApiKeys:
    """Knows each provider's key. The environment wins over what was pasted, and that over the keyring."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._held: dict[str, str] = {}
        self._kept: Future[Mapping[str, str]] | None = None
        """The keys of the keyring, once they are being read."""
        self._due = float("inf")
        self.use = KeyringUse.NEVER

    def of(self, provider: str) -> str:
        """Return a provider's key, or ""."""
        return api_key(self._environ, provider) or self._held.get(account(provider), "") or self._from_keyring(provider)

    def source(self, provider: str) -> KeySource:
        """Return where a provider's key comes from."""
        if key_variable(self._environ, provider):
            return KeySource.ENVIRONMENT
        if account(provider) in self._held:
            return KeySource.HELD
        return KeySource.KEYRING if self._from_keyring(provider) else KeySource.NONE

    def variable(self, provider: str) -> str:
        """Return the variable that a provider's key is in; "" where it is in none."""
        return key_variable(self._environ, provider)

    def is_pending(self, provider: str) -> bool:
        """True if the keyring may have a provider's key, and has yet to say so."""
        if self.use is not KeyringUse.IN_BACKGROUND or not account(provider):
            return False
        if api_key(self._environ, provider) or account(provider) in self._held:
            return False
        answered = self._kept is not None and (self._kept.done() or time.monotonic() > self._due)
        return not answered and system_keyring.is_installed()  # asked last: to look for a package takes long

    @property
    def left_s(self) -> float:
        """The seconds that the keyring still has to answer."""
        return max(0.0, self._due - time.monotonic())

    def begin(self) -> Future[Mapping[str, str]]:
        """Begin to read the keyring, unless that has begun."""
        if self._kept is None:
            self._due = time.monotonic() + READ_S
            self._kept = system_keyring.read_keys(accounts())
        return self._kept

    async def answered(self) -> None:
        """Begin to read the keyring, and return once it has answered or has had its time."""
        with suppress(KeyringProblem, TimeoutError):
            await asyncio.wait_for(asyncio.wrap_future(self.begin()), self.left_s)

    def wait(self, provider: str) -> str:
        """Return a provider's key, or "", once the keyring has answered or has had its time."""
        self._wait()
        return self.of(provider)

    def hold(self, provider: str, key: str) -> None:
        """Use a key until the program ends."""
        self._held[account(provider)] = key

    def keep(self, provider: str, key: str) -> None:
        """Keep a key in the keyring. A `KeyringProblem` says why it cannot be kept there."""
        _answer(lambda: system_keyring.write_key(account(provider), key))
        self._kept = None

    def remove(self, provider: str) -> bool:
        """Remove a key from the keyring; True if there was one. A `KeyringProblem` says why it cannot be told."""
        removed = _answer(lambda: system_keyring.remove_key(account(provider)))
        self._held.pop(account(provider), None)
        self._kept = None
        return removed

    def keyring_problem(self) -> str:
        """Return why the keyring cannot be used, in a sentence, as far as that is known; "" where it can."""
        if not system_keyring.is_installed():
            return system_keyring.not_installed()
        if self._kept is None:
            return ""
        if not self._kept.done():
            return NO_ANSWER if time.monotonic() > self._due else ""
        problem = self._kept.exception()
        return str(problem) if problem is not None else ""

    def _wait(self) -> None:
        """Wait until the keyring has answered or has had its time."""
        with suppress(KeyringProblem, NotInTime):
            self.begin().result(self.left_s)

    def _from_keyring(self, provider: str) -> str:
        if not account(provider) or self.use is KeyringUse.NEVER:
            return ""
        if self.use is KeyringUse.WAITING and system_keyring.is_installed():
            self._wait()
        if self._kept is None or not self._kept.done() or self._kept.exception() is not None:
            return ""
        return self._kept.result().get(account(provider), "")


def _answer(begin: Callable[[], Future[T]]) -> T:
    try:
        return begin().result(WRITE_S)
    except NotInTime:
        raise KeyringProblem(NO_ANSWER) from None
