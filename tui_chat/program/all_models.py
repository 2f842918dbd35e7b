"""The models of every provider that can be asked now: what is known of them, and asking for the rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence

from tui_chat.chat.models import Model
from tui_chat.local import SMOLLM2
from tui_chat.program.model_offer import ModelOffer
from tui_chat.program.parts import Parts
from tui_chat.program.wiring import Program
from tui_chat.services import SERVICES, service


class AllModels:
    """Offers the models of the default provider, of the one in use, of each that has a key, and of this machine."""

    def __init__(self, program: Program, conversation_id: str) -> None:
        in_use = program.parts_of(conversation_id).provider.name
        self._program = program
        self._parts = {name: program.parts_choosing(name) for name in self._names(in_use)}

    def known(self) -> Sequence[ModelOffer]:
        """Return what is known without asking anybody."""
        return [parts.offer(model) for name, parts in self._parts.items() for model in _models(name, parts)]

    async def ask(self) -> AsyncIterator[str]:
        """Ask one provider after the other, each vendor at most once a day; yield what is wrong, "" if nothing is."""
        for name, parts in self._parts.items():
            if not service(name).runs_model:
                offered = await asyncio.wrap_future(parts.models.ask())
                yield offered.problem.sentence if offered.problem else ""

    def _names(self, in_use: str) -> Sequence[str]:
        """Return the providers' names, the one in use first; of several for the same service only the first."""
        names: dict[str, str] = {}
        for name in (in_use, self._program.provider.name, *self._others()):
            names.setdefault(service(name).title, name)
        return list(names.values())

    def _others(self) -> Iterator[str]:
        for name, known in SERVICES.items():
            keyed = known.key and self._program.parts_choosing(name).provider.key_problem() is None
            if keyed or (known.runs_model and self._is_installed()):
                yield name

    def _is_installed(self) -> bool:
        """True if a model is there that can run on this machine."""
        return bool(self._program.settings.now.local.model_path) or SMOLLM2.installed(self._program.models_folder)


def _models(name: str, parts: Parts) -> Sequence[Model]:
    """Return a provider's models as far as they are known; at least the one that it would be asked for."""
    usual = parts.provider.model
    if service(name).runs_model:  # one is loaded, and no other
        return [parts.models.find(usual) or Model(usual)]
    return parts.models.known().models or ([Model(usual)] if usual else [])
