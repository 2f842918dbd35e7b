"""Lets in only who asks for this server by its own name, from a page of its own."""

from __future__ import annotations

import asyncio

from aiohttp import web

REFUSAL_S = 1.0
"""Seconds that a refusal takes."""
MOST_WAITING = 64
"""The number of requests that may wait for theirs; others are cut off at once. Nobody let in ever waits."""

OWN_SITE = ("none", "same-origin")
"""The `Sec-Fetch-Site` of a request that no other page has caused."""


class Door:
    """Tells whom to let in, and takes its time with all others.

    A page of another site, or of another port of this machine, can send a browser here, too. It cannot hide where it
    comes from; and one that comes by a name of its own, which it has made to stand for this machine, names it as host.
    """

    def __init__(self, host: str) -> None:
        self._host = host
        self._origin = f"http://{host}"
        self._waiting = 0

    def admits(self, request: web.Request) -> bool:
        """True if no other site has a part in this request, but for a link that leads here."""
        site = request.headers.get("Sec-Fetch-Site", "none")
        return (
            request.headers.getall("Host", []) == [self._host]
            and request.headers.getall("Origin", [self._origin]) == [self._origin]
            and (site in OWN_SITE or request.path == "/")
        )

    def is_own_page(self, request: web.Request) -> bool:
        """True if a page of this server asks, as it says itself."""
        return self.admits(request) and "Origin" in request.headers

    async def refuse(self, request: web.Request) -> web.Response:
        """Refuse it, but slowly."""
        await self.slow_down(request)
        refusal = web.Response(status=403, text="Not for you.\n")
        refusal.force_close()
        return refusal

    async def slow_down(self, request: web.Request) -> None:
        """Make whoever is refused wait; where too many do already, close the connection."""
        if self._waiting >= MOST_WAITING:
            if request.transport is not None:
                request.transport.abort()
            return
        self._waiting += 1
        try:
            await asyncio.sleep(REFUSAL_S)
        finally:
            self._waiting -= 1
