"""From a reply's parts and events to the sections that it is drawn from."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Sequence
from typing import TypeVar

from tui_chat.chat.accumulator import OWN_CALL, TOOL_CALLS, result_of
from tui_chat.chat.citations import CitationJoiner, Source
from tui_chat.chat.events import (
    BlockStart,
    BlockStop,
    CitationsDelta,
    InputJsonDelta,
    JsonObject,
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
)
from tui_chat.chat.server_results import server_result
from tui_chat.rendering import Look
from tui_chat.ui.messages.message_sections import HeaderSection, RawSection
from tui_chat.ui.messages.reply_pieces import ends_text, raw_text_in, raw_text_of, runs
from tui_chat.ui.messages.section_maker import SectionMaker
from tui_chat.ui.messages.section_stack import SectionStack
from tui_chat.ui.messages.sections import BlankSection, MessageStyles, Section, TextSection
from tui_chat.ui.messages.thinking_section import ThinkingSection
from tui_chat.ui.messages.tool_section import ToolSection

log = logging.getLogger(__name__)

AnySection = TypeVar("AnySection", bound=Section)
_BLOCKS = (TextSection, ThinkingSection, ToolSection)


class ReplySections:
    """Keeps a stack of sections in step with a reply: its stored parts first, then what comes."""

    def __init__(self, stack: SectionStack, *, show_thinking: bool, counting: bool = True) -> None:
        self.stack = stack
        stack.in_place_of = self._raw_for
        self.show_thinking = show_thinking
        """True if thinking has a section, from the next `lay` on."""
        self.counting = counting
        """True if thinking that is under way says how long and how much; from the next `lay` on, too."""
        self._calls: dict[str, ToolSection] = {}
        """The calls of tools by their ids."""
        self._is_live = False
        self._by_index: dict[int, Section] = {}
        """The sections of the content blocks that are coming."""
        self._unended: tuple[type[Section], ...] = ()
        """The types of section that what comes next may continue, if the last one laid is of them."""
        self._growing: TextSection | None = None
        """The text that what comes next is of, though it may be a block of its own."""
        self._joiner = CitationJoiner()
        self._texts: list[str] = []
        """The text, as it came: its numbers are the program's own."""
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
        self._header, self._parts, self._is_live = header, parts, live
        self.restyle(width, look, palette)
        self._start_over()
        last = self._parts[-1] if self._parts else None
        self._unended = () if isinstance(last, OpaquePart) or last == TextPart("") else _BLOCKS  # these have no section
        self._reopened = None
        if live and isinstance(last, ThinkingPart) and not last.signature:  # that comes at its end
            self._reopen(self.stack.sections[-1])

    def take(self, event: StreamEvent) -> None:
        """Show what has come; where that cannot be drawn, as it stands."""
        index, raw = raw_text_in(event)
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
        if failed is self._growing:
            self._joiner.end_block()
            self._growing = None
        self.stack.sections = [section for section in self.stack.sections if section is not failed]
        self._by_index[index] = self._add(self._make.raw(before + raw))

    def _raw_for(self, failed: Section) -> Section:
        """Return the raw text of a section that failed when it was laid out or drawn."""
        text = failed.document.raw if isinstance(failed, TextSection | ThinkingSection) else ""
        if failed is self._growing:
            text += self._joiner.end_block()
            self._growing = None
        raw = self._make.raw(text)
        self._by_index = {index: raw if one is failed else one for index, one in self._by_index.items()}
        return raw

    def _take(self, event: StreamEvent) -> None:
        if ends_text(event):
            self._end_text()
        if self._reopened is not None and not isinstance(event, SignatureDelta):
            if not isinstance(event, ThinkingDelta):
                self._reopened.end()
            self._reopened = None
        match event:
            case MessageStart():
                self._unended = (TextSection,)
                self._by_index.clear()  # after the results of calls, blocks are numbered anew
            case ToolAnswered():
                self._answer(result_of(event))
            case BlockStart(index, kind, block):
                self._begin(index, kind, block)
                self._joiner.expect(block)
                self._add_result(kind, block)
            case TextDelta(index, text) if text:
                self._texts.append(text)
                self._grow(self._text(index), self._joiner.append(text))
            case CitationsDelta(citation=citation):
                self._joiner.cite(citation)
            case ThinkingDelta(index, text) if text and self.show_thinking:
                thought = self._thinking(index)
                thought.append(text)
                self.stack.expect(thought)
            case BlockStop(index) if isinstance(ended := self._by_index.get(index), ThinkingSection):
                ended.end()
                self.stack.expect(ended)
            case BlockStop(index) if isinstance(called := self._by_index.get(index), ToolSection):
                called.begin()
            case InputJsonDelta(index, partial_json):
                self._tool_call(index).append(partial_json)

    def restyle(self, width: int, look: Look, palette: MessageStyles) -> None:
        """Give this width and these colours to sections made from now on."""
        self._make = SectionMaker(width, look, palette, self.counting)

    @property
    def can_fold(self) -> bool:
        """True if there is thinking, or a call of a tool."""
        return bool(self._foldable)

    def toggle_folds(self) -> None:
        """Unfold the thinking and the calls of tools; fold them if all are unfolded."""
        foldable = self._foldable
        unfolded = not all(section.unfolded for section in foldable)
        for section in foldable:
            section.fold(unfolded=unfolded)
        self.stack.expect(*foldable)

    def tick(self) -> None:
        """Say anew how long the thinking, or a call, has been under way."""
        for section in self._foldable:
            section.tick()

    @property
    def code_blocks(self) -> list[str]:
        """The texts of the code blocks, as they came."""
        return [block.text for section in self.stack.of_type(TextSection) for block in section.document.code_blocks]

    def end(self, parts: tuple[Part, ...]) -> None:
        """Take the parts as they are kept: no more will come."""
        self._end_text()
        if self._joiner.is_behind:
            self._parts = parts
            self._start_over()  # with the numbers whose places came after the text
        self._drop_blank()
        for section in self.stack.of_type(TextSection):
            section.document.finish()
        for tool in self.stack.of_type(ToolSection):
            tool.end()
        self.stack.expect(*self.stack.sections)
        kept = [part for part in parts if isinstance(part, ThinkingPart) and part.text]
        for thought, part in zip(self.stack.of_type(ThinkingSection), kept, strict=False):
            thought.end()
            thought.took_ms = part.duration_ms  # as measured where it came; here it was only shown

    def let_go(self) -> None:
        """Let go of all that has come: it is shown no longer."""
        self._by_index.clear()
        self._calls.clear()
        self._growing, self._reopened, self._parts, self._texts = None, None, (), []

    @property
    def sources(self) -> Sequence[Source]:
        """The sources so far."""
        return self._joiner.sources

    @property
    def cites(self) -> bool:
        """True if there are numbers of sources in the text."""
        return bool(self._joiner.marks)

    def number_at(self, section: TextSection, row: int, x: int) -> int | None:
        """Return the source whose number is shown at a place of a section."""
        before = 0
        for other in self.stack.of_type(TextSection):
            if other is section:
                return self._joiner.number_at(before + section.document.source_at(row, x))
            before += len(other.document.source)
        return None

    @property
    def source(self) -> str:
        """The text that is shown, with the numbers of sources."""
        return "".join(section.document.source for section in self.stack.of_type(TextSection))

    @property
    def text(self) -> str:
        """The text, as it came."""
        return "".join(self._texts)

    def shown_place(self, place: int) -> int:
        """Return where a place in the text is in the text that is shown, which has the numbers of sources."""
        return self._joiner.shown_place(place)

    def _start_over(self) -> None:
        earlier = deque(self.stack.of_type(TextSection))
        self.stack.begin(self._header)
        self._by_index.clear()
        self._calls.clear()
        self._growing, self._joiner, self._texts = None, CitationJoiner(), []
        for run in runs(self._parts):
            self._add_drawable(run, earlier)
        if not self._parts:
            self.stack.add(self._make.blank())

    def _add_drawable(self, run: Sequence[Part], earlier: deque[TextSection]) -> None:
        """Add a part, or texts that follow each other; what cannot be drawn fails alone, and is shown as it stands."""
        before = len(self.stack.sections)
        try:
            self._add_run(run, earlier)
        except Exception:
            log.exception("a part of a message could not be drawn")
            del self.stack.sections[before:]
            self._add(self._make.raw("".join(map(raw_text_of, run))))

    def _add_run(self, run: Sequence[Part], earlier: deque[TextSection]) -> None:
        if texts := [part for part in run if isinstance(part, TextPart)]:
            self._add_text(texts, earlier.popleft() if earlier else None)
        for part in run:
            self._add_part(part)

    def _add_part(self, part: Part) -> None:
        if not isinstance(part, TextPart):
            self._end_text()
        match part:
            case OpaquePart(kind=kind) if kind == UNREADABLE:
                self._add(self._make.raw(raw_text_of(part)))
            case OpaquePart(kind, block):
                self._add_result(kind, block)
            case ThinkingPart(text) if text and self.show_thinking:
                thought = self._add(self._make.thought())
                thought.append(text)
                thought.took_ms = part.duration_ms
            case ToolCallPart(id=id, name=name, arguments=arguments, server=server):
                tool = self._new_tool(id, name, waits=not server)
                tool.append(arguments)
                if self._is_live:
                    tool.begin()
            case ToolResultPart():
                self._answer(part)

    def _add_result(self, kind: str, block: JsonObject) -> None:
        """Add the result of a tool that the provider ran, if the block is one."""
        if (result := server_result(kind, block)) is not None:
            self._add(self._make.server_result(result))

    def _add_text(self, texts: Sequence[TextPart], before: TextSection | None) -> None:
        """Add a text; a section that shows the beginning of it goes on, so that what is read stays where it is."""
        self._texts += (part.text for part in texts)
        text = "".join(f"{self._joiner.end_block()}{self._joiner.append_part(part)}" for part in texts)
        if not any(part.text for part in texts):
            return
        if before is None or not before.document.is_beginning_of(text, self._make.width, self._make.look):
            self._growing = self._add(self._make.text())
            self._growing.document.append(text)
            return
        self._growing = self._add(before)
        self._grow(before, text[len(before.document.source) :])

    def _grow(self, section: TextSection, text: str) -> None:
        """Add more text to a section."""
        if text:
            section.document.append(text)
            self.stack.expect(section)

    def _end_text(self) -> None:
        """End the text: something else follows, or nothing."""
        rest = self._joiner.end_block()
        if self._growing is not None:
            self._grow(self._growing, rest)
        self._growing = None

    @property
    def _foldable(self) -> list[ThinkingSection | ToolSection]:
        return [section for section in self.stack.sections if isinstance(section, ThinkingSection | ToolSection)]

    def _new_tool(self, id: str, name: str, *, waits: bool) -> ToolSection:
        """Add a call of a tool; one that the vendor runs waits for no result of ours."""
        section = self._calls[id] = self._make.tool(name, waits=waits)
        return self._add(section)

    def _answer(self, result: ToolResultPart) -> None:
        """Show a result with its call; one whose call is not here stands alone."""
        section = self._calls.get(result.call_id) or self._new_tool(result.call_id, "", waits=True)
        section.answer(result)
        self.stack.expect(section)

    def _begin(self, index: int, kind: str, block: JsonObject) -> None:
        """Begin a block: in a reply that was laid half-way the last section is whole, then."""
        if self._unended == _BLOCKS:
            self._unended = ()
        if self._growing is not None:
            self._grow(self._growing, self._joiner.end_block())
        if kind == "thinking":
            self._thinking_since = time.monotonic()
        if kind in TOOL_CALLS and index not in self._by_index:
            id, name = (str(block.get(key) or "") for key in ("id", "name"))
            self._by_index[index] = self._new_tool(id, name, waits=kind == OWN_CALL)

    def _text(self, index: int) -> TextSection:
        section = self._begun(index)
        if self._growing is not None and not isinstance(section, TextSection):
            section = self._growing
        if not isinstance(section, TextSection):
            section = self._add(self._make.text())
        self._by_index[index] = self._growing = section
        return section

    def _thinking(self, index: int) -> ThinkingSection:
        section = self._begun(index)
        if not isinstance(section, ThinkingSection):
            section = self._add(self._make.thought())
        self._by_index[index] = section
        section.go_on(self._thinking_since)
        self._thinking_since = None
        return section

    def _tool_call(self, index: int) -> ToolSection:
        section = self._begun(index)
        if not isinstance(section, ToolSection):
            section = self._new_tool("", "", waits=False)
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
