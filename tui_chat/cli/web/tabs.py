"""The tabs that there are: each is opened by a key that is good for one, and known by a secret of its own."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from urllib.parse import urlencode

from tui_chat.cli.web.tab import SERVER_ENDS, Tab, TabCommands

MOST_APPS = 16
"""The number of apps that may run at once: each takes as much memory as one in a terminal does."""


class Full(Exception):
    """No more apps may run."""


class Tabs:
    """Opens tabs and finds them again."""

    def __init__(self, commands: TabCommands, offer: Callable[[str], object]) -> None:
        """`offer` is told the query of the link for the next tab, whenever the one before it has been used."""
        self._commands = commands
        self._offer = offer
        self._tabs: dict[str, Tab] = {}
        self._key = _secret()

    @property
    def query(self) -> str:
        """The query of the link that opens the next tab."""
        return urlencode({"key": self._key})

    def open(self, key: str) -> str | None:
        """Open a tab; return its secret, or None if this is not the key."""
        if not secrets.compare_digest(key.encode("utf-8", "replace"), self._key.encode()):
            return None
        self._make_room()
        self._key = _secret()
        secret = _secret()
        self._tabs[secret] = Tab(self._commands)
        self._offer(self.query)
        return secret

    def find(self, secret: str) -> Tab | None:
        """Return the tab that knows this secret."""
        tab = self._tabs.get(secret)
        if tab is not None and not tab.running:
            self._make_room()
        return tab

    async def end(self) -> None:
        """End all apps."""
        await asyncio.gather(*(tab.end(SERVER_ENDS) for tab in self._tabs.values()))

    def _make_room(self) -> None:
        if sum(tab.running for tab in self._tabs.values()) >= MOST_APPS:
            raise Full


def _secret() -> str:
    return secrets.token_hex(32)  # a terminal may drop a "-" at the end of a link
