"""From a reply's parts and events to the sections that it is drawn from."""

from __future__ import annotations

import logging
import time
from collections import deque
from itertools import groupby
from typing import TypeVar

from tui_chat.chat.accumulator import TOOL_CALLS
from tui_chat.chat.events import (
    BlockStart,
    BlockStop,
    InputJsonDelta,
    MessageStart,
    SignatureDelta,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
    ToolAnswered,
)
from tui_chat.chat.parts import (
    UNREADABLE,
    OpaquePart,
    Part,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolResultPart,
    text_of,
)
from tui_chat.rendering import Look
from tui_chat.ui.messages.message_sections import HeaderSection, RawSection, ToolCallSection, ToolResultSection
from tui_chat.ui.messages.sections import BlankSection, MessageStyles, Section, SectionStack, TextSection
from tui_chat.ui.messages.thinking_section import ThinkingSection

log = logging.getLogger(__name__)

AnySection = TypeVar("AnySection", bound=Section)
_BLOCKS = (TextSection, ThinkingSection, ToolCallSection)


class ReplySections:
    """Keeps a stack of sections in step with a reply: its stored parts first, then what comes."""

    def __init__(self, stack: SectionStack, *, show_thinking: bool, counting: bool = True) -> None:
        self.stack = stack
        stack.in_place_of = self._raw_for
        self.show_thinking = show_thinking
        """True if thinking has a section, from the next `lay` on."""
        self.counting = counting
        """True if thinking that is under way says how long and how much; from the next `lay` on, too."""
        self._by_index: dict[int, Section] = {}
        """The sections of the content blocks that are coming."""
        self._unended: tuple[type[Section], ...] = ()
        """The types of section that what comes next may continue, if the last one laid is of them."""
        self._text_goes_on = False
        """True if text that comes next is of the text before it, though it is a block of its own."""
        self._thinking_since: float | None = None
        """The start of thinking of which no text has come yet."""
        self._reopened: ThinkingSection | None = None
        """Thinking that was laid half-way, until something comes after it."""

    def lay(
        self,
        header: HeaderSection,
        parts: tuple[Part, ...],
        width: int,
        look: Look,
        palette: MessageStyles,
        *,
        live: bool = False,
    ) -> None:
        """Begin with the header and what the message holds already; if it is live, its last part may go on."""
        self._header, self._parts = header, joined_texts(parts)
        self._width, self._look, self._palette = width, look, palette
        self._start_over()
        last = self._parts[-1] if self._parts else None
        self._unended = () if isinstance(last, OpaquePart) or last == TextPart("") else _BLOCKS  # these have no section
        self._reopened = None
        if live and isinstance(last, ThinkingPart) and not last.signature:  # that comes at its end
            self._reopen(self.stack.sections[-1])

    def take(self, event: StreamEvent) -> None:
        """Show what has come; where that cannot be drawn, as it stands."""
        index, raw = _text_in(event)
        section = self._by_index.get(index)
        if isinstance(section, RawSection):
            section.append(raw)
            return
        try:
            self._take(event)
        except Exception:
            log.exception("a part of a reply could not be drawn")
            self._show_raw(index, raw)

    def _reopen(self, section: Section) -> None:
        """Let thinking go on that was laid as far as it has come."""
        if isinstance(section, ThinkingSection):
            section.go_on()
            self._reopened = section

    def _show_raw(self, index: int, raw: str) -> None:
        """Put what there is of a block in the place of the section that failed over it."""
        failed = self._by_index.get(index)
        before = failed.document.raw if isinstance(failed, TextSection | ThinkingSection) else ""
        self.stack.sections = [section for section in self.stack.sections if section is not failed]
        self._by_index[index] = self._add(RawSection(self._width, self._palette, before + raw))

    def _raw_for(self, failed: Section) -> Section:
        """Return the raw text of a section that failed when it was laid out or drawn."""
        text = failed.document.raw if isinstance(failed, TextSection | ThinkingSection) else ""
        raw = RawSection(self._width, self._palette, text)
        self._by_index = {index: raw if one is failed else one for index, one in self._by_index.items()}
        return raw

    def _take(self, event: StreamEvent) -> None:
        if _ends_text(event):
            self._text_goes_on = False
        if self._reopened is not None and not isinstance(event, SignatureDelta):
            if not isinstance(event, ThinkingDelta):
                self._reopened.end()
            self._reopened = None
        match event:
            case MessageStart():
                self._unended = (TextSection,)
                self._by_index.clear()  # after the results of calls, blocks are numbered anew
            case ToolAnswered(call_id, text, failed):
                self._text_goes_on = False
                self._add(ToolResultSection(self._width, self._palette, ToolResultPart(call_id, text, failed)))
            case BlockStart(index, kind, block):
                self._begin(index, kind, str(block.get("name") or ""))
            case TextDelta(index, text) if text:
                section = self._text(index)
                section.document.append(text)
                self.stack.expect(section)
            case ThinkingDelta(index, text) if text and self.show_thinking:
                thought = self._thinking(index)
                thought.append(text)
                self.stack.expect(thought)
            case BlockStop(index) if isinstance(ended := self._by_index.get(index), ThinkingSection):
                ended.end()
                self.stack.expect(ended)
            case InputJsonDelta(index, partial_json):
                self._tool_call(index).append(partial_json)

    def restyle(self, width: int, look: Look, palette: MessageStyles) -> None:
        """Give this width and these colours to sections made from now on."""
        self._width, self._look, self._palette = width, look, palette

    def toggle_thinking(self) -> None:
        """Fold or unfold the thinking."""
        for section in self._thoughts:
            section.fold(unfolded=not section.unfolded)

    def tick(self) -> None:
        """Say anew how long the thinking has been under way."""
        for section in self._thoughts:
            section.tick()

    @property
    def code_blocks(self) -> list[str]:
        """The texts of the code blocks, as they came."""
        documents = [section.document for section in self.stack.sections if isinstance(section, TextSection)]
        return [block.text for document in documents for block in document.code_blocks]

    def end(self, parts: tuple[Part, ...]) -> None:
        """Take the parts as they are kept: no more will come."""
        self._drop_blank()
        for section in self.stack.sections:
            if isinstance(section, TextSection):
                section.document.finish()
        self.stack.expect(*self.stack.sections)
        kept = [part for part in parts if isinstance(part, ThinkingPart) and part.text]
        for thought, part in zip(self._thoughts, kept, strict=False):
            thought.end()
            thought.took_ms = part.duration_ms  # as measured where it came; here it was only shown

    @property
    def source(self) -> str:
        """The text that is shown, as it came."""
        return "".join(section.document.source for section in self.stack.sections if isinstance(section, TextSection))

    def _start_over(self) -> None:
        earlier = deque(section for section in self.stack.sections if isinstance(section, TextSection))
        self.stack.begin(self._header)
        self._by_index.clear()
        self._text_goes_on = isinstance(last := self._parts[-1] if self._parts else None, TextPart) and bool(last.text)
        for part in self._parts:
            self._add_drawable(part, earlier)
        if not self._parts:
            self.stack.add(BlankSection(self._width, self._palette))

    def _add_drawable(self, part: Part, earlier: deque[TextSection]) -> None:
        """Add a part; one that cannot be drawn fails alone, and is shown as it stands."""
        before = len(self.stack.sections)
        try:
            self._add_part(part, earlier)
        except Exception:
            log.exception("a part of a message could not be drawn")
            del self.stack.sections[before:]
            self._add(RawSection(self._width, self._palette, _text_of(part)))

    def _add_part(self, part: Part, earlier: deque[TextSection]) -> None:
        match part:
            case OpaquePart(kind=kind) if kind == UNREADABLE:
                self._add(RawSection(self._width, self._palette, _text_of(part)))
            case TextPart(text) if text:
                self._add_text(text, earlier.popleft() if earlier else None)
            case ThinkingPart(text) if text and self.show_thinking:
                thought = self._add(self._new_thought())
                thought.append(text)
                thought.took_ms = part.duration_ms
            case ToolCallPart(name=name, arguments=arguments):
                self._add(ToolCallSection(self._width, self._palette, name)).append(arguments)
            case ToolResultPart():
                self._add(ToolResultSection(self._width, self._palette, part))

    def _add_text(self, text: str, before: TextSection | None) -> None:
        """Add a text; a section that shows the beginning of it goes on, so that what is read stays where it is."""
        if before is None or not before.document.is_beginning_of(text, self._width, self._look):
            self._add(TextSection(self._width, self._look)).document.append(text)
            return
        section = self._add(before)
        if more := text[len(section.document.source) :]:
            section.document.append(more)

    @property
    def _thoughts(self) -> list[ThinkingSection]:
        return [section for section in self.stack.sections if isinstance(section, ThinkingSection)]

    def _begin(self, index: int, kind: str, name: str) -> None:
        """Begin a block: in a reply that was laid half-way the last section is whole, then."""
        if self._unended == _BLOCKS:
            self._unended = ()
        if kind == "thinking":
            self._thinking_since = time.monotonic()
        if kind in TOOL_CALLS and index not in self._by_index:
            self._by_index[index] = self._add(ToolCallSection(self._width, self._palette, name))

    def _text(self, index: int) -> TextSection:
        section = self._begun(index)
        if self._text_goes_on and not isinstance(section, TextSection):
            section = self.stack.sections[-1]
        if not isinstance(section, TextSection):
            section = self._add(TextSection(self._width, self._look))
        self._by_index[index], self._text_goes_on = section, True
        return section

    def _thinking(self, index: int) -> ThinkingSection:
        section = self._begun(index)
        if not isinstance(section, ThinkingSection):
            section = self._add(self._new_thought())
        self._by_index[index] = section
        section.go_on(self._thinking_since)
        self._thinking_since = None
        return section

    def _new_thought(self) -> ThinkingSection:
        return ThinkingSection(self._width, self._look, self._palette, counting=self.counting)

    def _tool_call(self, index: int) -> ToolCallSection:
        section = self._begun(index)
        if not isinstance(section, ToolCallSection):
            section = self._add(ToolCallSection(self._width, self._palette, ""))
        self._by_index[index] = section
        return section

    def _begun(self, index: int) -> Section | None:
        """Return the section of a block; the first text of a reply that goes on joins the text that it ends in."""
        last, unended, self._unended = self.stack.sections[-1], self._unended, ()
        return self._by_index.get(index, last if isinstance(last, unended) else None)

    def _add(self, section: AnySection) -> AnySection:
        self._drop_blank()
        self.stack.add(section)
        return section

    def _drop_blank(self) -> None:
        """Take out the empty line that a reply has while nothing has come."""
        if isinstance(self.stack.sections[-1], BlankSection):
            self.stack.sections.pop()


def joined_texts(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the parts with texts that follow each other joined: one with citations comes in a block for each."""
    joined: list[Part] = []
    for are_texts, found in groupby(parts, key=lambda part: isinstance(part, TextPart)):
        group = tuple(found)
        joined += [TextPart(text_of(group))] if are_texts else group
    return tuple(joined)


def _ends_text(event: StreamEvent) -> bool:
    """True if text after this event is no longer of the text before it."""
    if isinstance(event, BlockStart):
        return event.kind not in ("", "text")
    return isinstance(event, ThinkingDelta | InputJsonDelta)


def _text_of(part: Part) -> str:
    """Return the raw text of a part, where it cannot be drawn."""
    match part:
        case TextPart(text=text) | ThinkingPart(text=text) | ToolCallPart(arguments=text) | ToolResultPart(text=text):
            return text
        case OpaquePart(block=block):
            return str(block.get("raw", ""))
    return ""


def _text_in(event: StreamEvent) -> tuple[int, str]:
    """Return the index of the block that an event belongs to, -1 for none, and the text that it brings."""
    match event:
        case TextDelta(index, text) | ThinkingDelta(index, text) | InputJsonDelta(index, text):
            return index, text
        case BlockStart(index=index) | BlockStop(index=index):
            return index, ""
    return -1, ""
