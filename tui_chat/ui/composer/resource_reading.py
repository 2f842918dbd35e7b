"""The resources that are being read for what is written: a server may take its time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui_chat.attachments import FileRefused
from tui_chat.chat.parts import FilePart
from tui_chat.program.server_resources import ServerResources
from tui_chat.text import clean_line
from tui_chat.tools import NoServer, ServerResource


class ResourceReading:
    """Reads resources, and knows which are not here yet."""

    def __init__(
        self, resources: ServerResources, attach: Callable[[Sequence[FilePart]], str], say: Callable[[str], None]
    ) -> None:
        """Keep `attach`, which takes files or returns why they cannot go with the prompt."""
        self._resources = resources
        self._attach = attach
        self._say = say
        self._waited_for: list[ServerResource] = []
        self._was_said = False

    async def read(self, resource: ServerResource) -> None:
        """Read a resource and attach it, unless it was given up meanwhile."""
        self._waited_for.append(resource)
        self._was_said, sentence = False, ""
        try:
            files = await self._resources.files(resource)
        except (NoServer, FileRefused) as problem:
            sentence, files = str(problem), ()
        if any(other is resource for other in self._waited_for):
            self._waited_for = [other for other in self._waited_for if other is not resource]
            if sentence := sentence or self._attach(files):
                self._say(sentence)

    def hold(self) -> str:
        """Return, once, that a resource is not here yet; if that was said, give up what is not, and return ""."""
        if not self._waited_for or self._was_said:
            self.give_up()
            return ""
        self._was_said = True
        resource = self._waited_for[0]
        return f"{clean_line(resource.name)} is still being read from {resource.server}. Send again to go without it."

    def give_up(self) -> None:
        """Attach nothing of what is not here yet."""
        self._waited_for = []
