"""Makes the sections of a reply, empty as they are before anything has come."""

from __future__ import annotations

from tui_chat.chat.server_results import ServerResult
from tui_chat.records import dataclass
from tui_chat.rendering import Look
from tui_chat.ui.messages.message_sections import RawSection
from tui_chat.ui.messages.sections import BlankSection, MessageStyles, TextSection
from tui_chat.ui.messages.server_result_section import ServerResultSection
from tui_chat.ui.messages.thinking_section import ThinkingSection
from tui_chat.ui.messages.tool_section import ToolSection


@dataclass(frozen=True, slots=True)
class SectionMaker:
    """The width and the colours of sections that are made from now on."""

    width: int
    look: Look
    palette: MessageStyles
    counting: bool
    """True if what is under way says how long and how much."""

    def blank(self) -> BlankSection:
        """Return the empty line of a reply of which nothing has come."""
        return BlankSection(self.width, self.palette)

    def raw(self, text: str) -> RawSection:
        """Return a section that shows this as it stands."""
        return RawSection(self.width, self.palette, text)

    def text(self) -> TextSection:
        """Return a section for text."""
        return TextSection(self.width, self.look)

    def thought(self) -> ThinkingSection:
        """Return a section for thinking."""
        return ThinkingSection(self.width, self.look, self.palette, counting=self.counting)

    def tool(self, name: str, *, waits: bool) -> ToolSection:
        """Return a section for a call of a tool; one that the vendor runs waits for no result of ours."""
        return ToolSection(self.width, self.look, self.palette, name, counting=self.counting, waits=waits)

    def server_result(self, result: ServerResult) -> ServerResultSection:
        """Return a section that shows what a tool has told that the provider ran."""
        return ServerResultSection(self.width, self.palette, result)
