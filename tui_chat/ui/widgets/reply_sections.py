"""From a reply's parts and events to the sections that it is drawn from."""

from __future__ import annotations

from typing import TypeVar

from tui_chat.chat.accumulator import TOOL_CALLS
from tui_chat.chat.events import BlockStart, InputJsonDelta, MessageStart, StreamEvent, TextDelta, ThinkingDelta
from tui_chat.chat.parts import Part, TextPart, ThinkingPart, ToolCallPart
from tui_chat.rendering import Look
from tui_chat.ui.widgets.message_sections import HeaderSection, ThinkingSection, ToolCallSection
from tui_chat.ui.widgets.sections import BlankSection, Palette, Section, SectionStack, TextSection

AnySection = TypeVar("AnySection", bound=Section)


class ReplySections:
    """Keeps a stack of sections in step with a reply: its stored parts first, then what comes."""

    def __init__(self, stack: SectionStack, *, show_thinking: bool) -> None:
        self.stack = stack
        self.show_thinking = show_thinking
        """Whether thinking has a section, from the next `lay` on."""
        self._by_index: dict[int, Section] = {}
        """The sections of the content blocks that are coming."""

    def lay(self, header: HeaderSection, parts: tuple[Part, ...], width: int, look: Look, palette: Palette) -> None:
        """Begin with the header and what the message holds already."""
        self._header, self._parts = header, parts
        self._width, self._look, self._palette = width, look, palette
        self._start_over()

    def take(self, event: StreamEvent) -> None:
        """Show what has come."""
        match event:
            case MessageStart():
                self._start_over()
            case BlockStart(index, kind, block) if kind in TOOL_CALLS:
                self._tool_call(index, str(block.get("name") or ""))
            case TextDelta(index, text) if text:
                self._text(index).document.append(text)
            case ThinkingDelta(index, text) if text and self.show_thinking:
                self._thinking(index).append(text)
            case InputJsonDelta(index, partial_json):
                self._tool_call(index).append(partial_json)

    def restyle(self, width: int, look: Look, palette: Palette) -> None:
        """Sections made from now on have this width and these colours."""
        self._width, self._look, self._palette = width, look, palette

    def toggle_thinking(self) -> None:
        """Fold or unfold the thinking."""
        for section in self.stack.sections:
            if isinstance(section, ThinkingSection):
                section.fold(unfolded=not section.unfolded)

    @property
    def code_blocks(self) -> list[str]:
        """The texts of the code blocks, as they came."""
        documents = [section.document for section in self.stack.sections if isinstance(section, TextSection)]
        return [block.text for document in documents for block in document.code_blocks]

    def end(self) -> None:
        """No more will come."""
        self._drop_blank()
        for section in self.stack.sections:
            if isinstance(section, TextSection | ThinkingSection):
                section.document.finish()

    @property
    def source(self) -> str:
        """The text that is shown, as it came."""
        return "".join(section.document.source for section in self.stack.sections if isinstance(section, TextSection))

    def _start_over(self) -> None:
        self.stack.sections = [self._header]
        self._by_index.clear()
        for part in self._parts:
            self._add_part(part)
        if not self._parts:
            self.stack.add(BlankSection(self._width, self._palette))

    def _add_part(self, part: Part) -> None:
        match part:
            case TextPart(text) if text:
                self._add(TextSection(self._width, self._look)).document.append(text)
            case ThinkingPart(text) if text and self.show_thinking:
                self._add(ThinkingSection(self._width, self._look, self._palette)).append(text)
            case ToolCallPart(name=name, arguments=arguments):
                self._add(ToolCallSection(self._width, self._palette, name)).append(arguments)

    def _text(self, index: int) -> TextSection:
        """The section of a text block; the first text of a reply that goes on joins the text that it ends in."""
        last = self.stack.sections[-1]
        section = self._by_index.get(index, None if self._by_index else last)
        if not isinstance(section, TextSection):
            section = self._add(TextSection(self._width, self._look))
        self._by_index[index] = section
        return section

    def _thinking(self, index: int) -> ThinkingSection:
        section = self._by_index.get(index)
        if not isinstance(section, ThinkingSection):
            section = self._add(ThinkingSection(self._width, self._look, self._palette))
            self._by_index[index] = section
        return section

    def _tool_call(self, index: int, name: str = "") -> ToolCallSection:
        section = self._by_index.get(index)
        if not isinstance(section, ToolCallSection):
            section = self._add(ToolCallSection(self._width, self._palette, name))
            self._by_index[index] = section
        return section

    def _add(self, section: AnySection) -> AnySection:
        self._drop_blank()
        self.stack.add(section)
        return section

    def _drop_blank(self) -> None:
        """Take out the empty line that a reply has while nothing has come."""
        if isinstance(self.stack.sections[-1], BlankSection):
            self.stack.sections.pop()
