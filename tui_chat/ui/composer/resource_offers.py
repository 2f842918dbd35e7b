"""The resources of MCP servers that an @ in the composer may mean: @SERVER: offers those of one server."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial

from tui_chat.program.server_resources import ServerResources
from tui_chat.records import replace
from tui_chat.tools import NoServer, ServerResource, beginning, fits
from tui_chat.ui.composer.offer_list import Offer

MOST_OFFERED = 50
_FRESH_S = 5.0
"""Seconds for which a list holds: long enough to type a name."""


class ResourceOffers:
    """Knows the list of one server, as it was looked up last."""

    def __init__(
        self,
        resources: ServerResources,
        take: Callable[[ServerResource], None],
        write: Callable[[str], None],
        say: Callable[[str], None],
    ) -> None:
        """Keep `take`, which has a resource read, `write`, which writes it no further than it is, and `say`."""
        self._resources = resources
        self._take = take
        self._write = write
        self._say = say
        self._listed: tuple[str, float, Sequence[ServerResource]] = ("", 0.0, ())

    def servers(self, typed: str) -> Sequence[Offer]:
        """Return the servers that may be meant by what is typed; of nothing typed, all."""
        names = [name for name in self._resources.servers() if name.startswith(typed)]
        writes = [partial(self._write, f"{name}:") for name in names]
        return [
            Offer(f"{name}:", write, write, about=f"Resources of the MCP server {name}")
            for name, write in zip(names, writes, strict=True)
        ]

    async def of_server(self, typed: str) -> Sequence[Offer] | None:
        """Return what may be meant by @SERVER: and more; None if no server is named."""
        server, colon, stem = typed.partition(":")
        if not colon or server not in self._resources.servers():
            return None
        found = await self._list(server)
        ranks = [(_rank(resource, stem), at) for at, resource in enumerate(found)]
        ranked = sorted((rank, at) for rank, at in ranks if rank is not None)
        return [self._row(found[at], stem) for _, at in ranked[:MOST_OFFERED]]

    async def _list(self, server: str) -> Sequence[ServerResource]:
        known, until, found = self._listed
        if known == server and time.monotonic() < until:
            return found
        try:
            found = await self._resources.listed(server)
        except NoServer as problem:
            self._say(str(problem))
            found = ()
        self._listed = (server, time.monotonic() + _FRESH_S, found)
        return found

    def _row(self, resource: ServerResource, stem: str) -> Offer:
        about = f"{resource.name} · {resource.about}" if resource.about else resource.name
        if resource.is_template and fits(resource.uri, stem):
            resource = replace(resource, uri=stem, name=stem, is_template=False)
        text = f"{resource.server}:{resource.uri}"
        if resource.is_template:
            take = partial(self._write, f"{resource.server}:{beginning(resource.uri)}")
        else:
            take = partial(self._take, resource)
        return Offer(text, take, take, about=about)


def _rank(resource: ServerResource, stem: str) -> int | None:
    """Return the place of a resource among those that have the stem in them; None if it has not."""
    wanted, uri, name = stem.casefold(), resource.uri.casefold(), resource.name.casefold()
    if uri.startswith(wanted) or name.startswith(wanted):
        return 0
    if wanted in uri or wanted in name:
        return 1
    return 2 if resource.is_template and stem.startswith(beginning(resource.uri)) else None
