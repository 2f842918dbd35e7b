"""The models of every provider that can be asked now: what is known of them, and asking for the rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence

from tui_chat.chat.models import Model
from tui_chat.local import SMOLLM2
from tui_chat.program.api_keys import accounts
from tui_chat.program.model_offer import ModelOffer
from tui_chat.program.parts import Parts
from tui_chat.program.wiring import Program
from tui_chat.providers import FoundServer, find_servers, in_daemon_thread, port_here
from tui_chat.services import SERVICES, own_servers, service


class AllModels:
    """Offers the models of the default provider, of the one in use, of each that has a key, and of this machine."""

    def __init__(self, program: Program, conversation_id: str) -> None:
        self._program = program
        self._own = program.parts_of(conversation_id)
        self._parts = {name: program.parts_choosing(name) for name in self._names()}
        self._found: Sequence[FoundServer] = ()

    def known(self) -> Sequence[ModelOffer]:
        """Return what is known without asking anybody."""
        offers = [parts.offer(model) for name, parts in self._parts.items() for model in _models(name, parts)]
        return list({offer.key: offer for offer in (*self._in_use(), *offers, *self._here())}.values())

    async def look(self) -> None:
        """Look for servers on this machine: nothing is sent to them but the question which models they have."""
        if ports := self._program.server_ports:
            self._found = await asyncio.wrap_future(in_daemon_thread(lambda: asyncio.run(find_servers(ports))))

    async def ask(self) -> AsyncIterator[str]:
        """Ask one provider after the other, each vendor at most once a day; yield what is wrong, "" if nothing is.

        Those whose key only the keyring has are among them once it has answered.
        """
        asked = dict(self._parts)
        async for problem in _ask(asked):
            yield problem
        if any(self._program.keys.is_pending(name) for name in accounts()):
            await self._program.keys.answered()
            self._parts = {name: self._program.parts_choosing(name) for name in self._names()}
            yield ""
            async for problem in _ask({name: parts for name, parts in self._parts.items() if name not in asked}):
                yield problem

    def _in_use(self) -> Iterator[ModelOffer]:
        """Yield the model of a server on this machine that the conversation uses, and no setting names."""
        if self._own.provider.config.keyless and self._own.provider.model:
            yield self._own.offer(Model(self._own.provider.model))

    def _here(self) -> Iterator[ModelOffer]:
        """Yield the models of the servers that were found on this machine, but for those that the settings name."""
        name_here = own_servers()
        known = {port_here(name, parts.provider.own_address) for name, parts in self._parts.items()}
        for server in self._found:
            if port_here(name_here, server.address) not in known:
                yield from (ModelOffer(name_here, model, server.address) for model in server.models)

    def _names(self) -> Sequence[str]:
        """Return the providers' names, the one in use first; of several for the same service only the first."""
        provider, names = self._own.provider, dict[str, str]()
        in_use = [] if provider.config.keyless else [provider.name]
        for name in (*in_use, self._program.provider.name, *self._others()):
            names.setdefault(service(name).title, name)
        return list(names.values())

    def _others(self) -> Iterator[str]:
        for name, known in SERVICES.items():
            told = known.key and not self._program.keys.is_pending(name)
            keyed = told and self._program.parts_choosing(name).provider.key_problem() is None
            if keyed or (known.runs_model and self._is_installed()):
                yield name

    def _is_installed(self) -> bool:
        """True if a model is there that can run on this machine."""
        return bool(self._program.settings.now.local.model_path) or SMOLLM2.installed(self._program.models_folder)


async def _ask(whom: Mapping[str, Parts]) -> AsyncIterator[str]:
    for name, parts in whom.items():
        if not service(name).runs_model:
            offered = await asyncio.wrap_future(parts.models.ask())
            yield offered.problem.sentence if offered.problem else ""


def _models(name: str, parts: Parts) -> Sequence[Model]:
    """Return a provider's models as far as they are known; at least the one that it would be asked for."""
    usual = parts.provider.model
    if service(name).runs_model:  # one is loaded, and no other
        return [parts.models.find(usual) or Model(usual)]
    return parts.models.known().models or ([Model(usual)] if usual else [])
