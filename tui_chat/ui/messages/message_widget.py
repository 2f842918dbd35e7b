"""The common base of the widgets of prompts and replies: lines from sections, drawn one by one, selectable."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Offset, Region, Size
from textual.reactive import var
from textual.selection import Selection
from textual.strip import Strip

from tui_chat.chat.message import BranchPlace, Message
from tui_chat.records import replace
from tui_chat.rendering import Look
from tui_chat.text import TAB_SIZE, cell_len
from tui_chat.ui.look.text_styles import look_for
from tui_chat.ui.messages.highlights import marked
from tui_chat.ui.messages.message_marks import MessageMarks
from tui_chat.ui.messages.reply_style import ReplyStyle
from tui_chat.ui.messages.section_stack import SectionStack
from tui_chat.ui.messages.sections import MessageStyles, TextSection
from tui_chat.ui.messages.sideways_code import STEP, first_in_sight, part_in_sight, shift_for, strip_of
from tui_chat.ui.messages.text_selection import paragraph_at, selected_source, word_at
from tui_chat.ui.messages.work_turns import WorkTurns
from tui_chat.ui.textual_internals.drawn_lines import DrawnByLine


class MessageWidget(DrawnByLine):
    """One message, drawn by the line API: a new token redraws its own line and no other.

    The text is the `Message`'s; the widget is a view of it.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "message--role",
        "message--meta",
        "message--status",
        "message--error",
        "message--key",
        "message--thinking",
        "message--tool",
        "message--cursor",
        "message--source",
    }

    SPACED_HEADER: ClassVar[bool] = True
    """True if there is a blank line below its header."""

    text_cursor: var[tuple[int, int, int] | None] = var[tuple[int, int, int] | None](None, init=False)
    """The line of the cursor that text is selected with, and the code points that it is on."""

    def __init__(self, message_id: str, turns: WorkTurns) -> None:
        super().__init__(id=f"message-{message_id}")
        self.message_id = message_id
        self.turns = turns
        self.branch: BranchPlace | None = None
        """Its place among the messages on other branches, if there are any."""
        self.bookmarked = False
        self.left_out = ""
        """The words at it if it is not sent."""
        self.stack = SectionStack(spaced_header=self.SPACED_HEADER)
        self._laid_out_width = 80
        self._current_styles: tuple[Look, MessageStyles] | None = None
        """The looks that the sections were last given; asking the stylesheet for them takes its time."""
        self._base: Style | None = None
        self._drawn_height = 0
        self._drawn_at = 0.0
        self._pressed_at: Offset | None = None
        self._wraps_code: bool | None = None
        """True or False where this was said of its code alone."""
        self._code_shift = 0
        """The cells of its code that are left of what is in sight, where that is not wrapped."""

    @property
    def look(self) -> Look:
        """The styles of the text, from the theme."""
        return self._looks[0]

    @property
    def palette(self) -> MessageStyles:
        """The styles of what stands around the text, from the stylesheet."""
        return self._looks[1]

    @property
    def _looks(self) -> tuple[Look, MessageStyles]:
        if self._current_styles is None:
            self._current_styles = self._new_looks()
        return self._current_styles

    def _new_looks(self) -> tuple[Look, MessageStyles]:
        style = self.get_component_rich_style
        look = look_for(self.app)
        if self._wraps_code is not None:
            look = replace(look, wrap_code=self._wraps_code)
        return look, MessageStyles(
            role=style("message--role"),
            meta=style("message--meta"),
            status=style("message--status"),
            error=style("message--error"),
            key=style("message--key"),
            thinking=style("message--thinking"),
            tool=style("message--tool"),
            cursor=style("message--cursor"),
            source=style("message--source"),
        )

    def on_mount(self) -> None:
        """Make the sections, now that the stylesheet and the theme are known."""
        self._current_styles = None
        self.build()

    def build(self) -> None:
        """Make the sections."""

    def take_up(self, message: Message, *, last: bool) -> None:
        """Show the message as it is now; `last` is True for the last of the conversation."""

    def restyle(self, style: ReplyStyle, message: Message | None) -> None:
        """Show the message, as it is now, in another style; without one as it was."""

    @property
    def source(self) -> str:
        """The source of a text that may grow."""
        return ""

    @property
    def code_blocks(self) -> Sequence[str]:
        """The code in it that can be copied by itself."""
        return ()

    def on_unmount(self) -> None:
        """Let go of the text: the widget itself goes only with a garbage collection, which is rare."""
        self.stack.let_go()

    @property
    def busy(self) -> bool:
        """True if some of its text is not laid out yet."""
        return self.stack.busy

    def keep_line(self, line: int) -> Callable[[], int]:
        """Return what tells where the text of one of its lines is from now on."""
        if not self.stack.sections:
            return lambda: line
        top, line_now = self.gutter.top, self.stack.keep_line(line - self.gutter.top)
        return lambda: top + line_now()

    def work(self) -> bool:
        """Lay out more of the text, until the turn is over; True once nothing is left to do."""
        done = self.stack.advance(self.turns.may_go_on)
        if done or time.monotonic() >= self._drawn_at + self.turns.frame_s:
            self.update_lines()
        return done

    def lay_out_more(self) -> None:
        """Lay out what has come: now as far as this turn goes, the rest in turns to come."""
        if self.turns.may_go_on() and self.work():
            self.turns.done(self)
        else:
            self.turns.expect(self)

    def hold_drawing(self) -> None:
        """Draw nothing that is unfinished for a frame's time: what is laid out meanwhile is drawn once."""
        self._drawn_at = time.monotonic()

    def toggle_wrap(self) -> None:
        """Wrap the code of this message, or no longer."""
        self._wraps_code, self._code_shift = not self.look.wrap_code, 0
        self._restyle()

    def scroll_code(self, cells: int) -> None:
        """Move its code sideways, if it is not wrapped."""
        if not self.look.wrap_code:
            self._shift_code(min(max(self._code_shift + cells, 0), self._widest_code))

    def bring_column(self, y: int, x: int) -> None:
        """Move its code sideways until a code point of a line is in sight."""
        if (margin := self._sideways_margin(y)) is not None:
            text = "".join(segment.text for segment in self.stack.line(y))
            self._shift_code(shift_for(text, x, margin, self._code_shift, self._laid_out_width))

    def _shift_code(self, shift: int) -> None:
        if shift != self._code_shift:
            self._code_shift = shift
            self.refresh()

    @property
    def _widest_code(self) -> int:
        """The most that its code can be moved: the end of its longest line comes into sight."""
        texts = (section for section in self.stack.sections if isinstance(section, TextSection))
        lines = [line for text in texts for block in text.document.code_blocks for line in block.text.split("\n")]
        longest = max((cell_len(line.expandtabs(TAB_SIZE)) for line in lines), default=0)
        return max(longest - self._laid_out_width + STEP, 0)

    def _sideways_margin(self, y: int) -> int | None:
        """Return the cells before the code in a line that is not wrapped; None for any other line."""
        found = None if self.look.wrap_code else self.stack.locate(y)
        if found is None or not isinstance(found[0], TextSection):
            return None
        return found[0].document.sideways_margin(found[1])

    @property
    def can_fold(self) -> bool:
        """True if something of it can be folded or unfolded."""
        return False

    def toggle_fold(self) -> None:
        """Fold or unfold what can be folded."""

    def toggle_diagrams(self) -> None:
        """Show the source of its diagrams, or draw them again."""

    def show_marks(self, marks: MessageMarks) -> None:
        """Show where it stands among the messages on other branches, and whether it has a bookmark or is left out."""
        place, bookmarked = marks.branches.get(self.message_id), self.message_id in marks.bookmarked
        left_out = marks.left_out.get(self.message_id, "")
        if (place, bookmarked, left_out) != (self.branch, self.bookmarked, self.left_out):
            self.branch, self.bookmarked, self.left_out = place, bookmarked, left_out
            self.set_class(bool(left_out), "-left-out")
            if self.stack.sections:
                self.update_header()
                self.update_lines()

    def update_header(self) -> None:
        """Write the first line anew."""

    def update_lines(self) -> None:
        """Draw what has changed since the last call: the changed lines alone, unless the height is another."""
        self._drawn_at = time.monotonic()
        height, first = self.stack.height, self.stack.take_changed()
        if height != self._drawn_height:
            first = max(min(first, self._drawn_height - 1), 0)  # the former last line may have had the cursor
        if height != self._drawn_height or first < height:
            changed = Region(0, first, self.size.width, max(height, self._drawn_height) - first)
            self.refresh(changed, layout=max(height, 1) != self.size.height)
            self._drawn_height = height

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the height at a width; the text is laid out again if that is a new one."""
        if width != self._laid_out_width:
            self._laid_out_width = width
            self.screen.clear_selection()  # its lines are others now
            self.stack.resize(width)
            self.laid_out(width, self.look, self.palette)
            if not (self.turns.may_go_on() and self.stack.advance(self.turns.may_go_on)):
                self.turns.expect(self)
        return max(self.stack.height, 1)

    def render_line(self, y: int) -> Strip:
        """Return one line, each part of it with its place in the text: that is how a mouse finds what it selects."""
        segments = self._marked_segments(y)
        if (margin := self._sideways_margin(y)) is not None:
            parts = part_in_sight(segments, margin, self._code_shift, self._laid_out_width, self.look)
            first = first_in_sight(segments, margin, self._code_shift)
            return strip_of(parts, first, y, self._base_style, self.size.width)
        return Strip(self._padded(segments)).apply_offsets(0, y)

    def content_line(self, y: int) -> Sequence[Segment]:
        """Return one line, without these places."""
        if self._sideways_margin(y) is not None:
            return list(self.render_line(y))
        return self._padded(self._marked_segments(y))

    def _padded(self, segments: list[Segment]) -> list[Segment]:
        base = self._base_style
        return Segment.adjust_line_length(list(Segment.apply_style(segments, base)), self.size.width, style=base)

    def _marked_segments(self, y: int) -> list[Segment]:
        """Return the segments of a line, with what is selected, and the cursor that text is selected with."""
        segments = self.segments_at(y)
        cursor = self.text_cursor[1:] if self.text_cursor is not None and self.text_cursor[0] == y else None
        if cursor is not None and (missing := cursor[1] - sum(len(segment.text) for segment in segments)) > 0:
            segments = [*segments, Segment(" " * missing)]
        span = self.text_selection.get_span(y) if self.text_selection is not None else None
        if span is not None:
            segments = marked(segments, span, self.screen.get_component_rich_style("screen--selection"))
        return segments if cursor is None else marked(segments, cursor, Style(reverse=True))

    def watch_text_cursor(self, before: tuple[int, int, int] | None, now: tuple[int, int, int] | None) -> None:
        """Draw the line that the cursor has left, and the one that it is on."""
        for place in filter(None, (before, now)):
            self.redraw_line(place[0])

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the source of the selection, and the blank line that parts it from the next message."""
        text = selected_source(self.stack, selection)
        return (text, "\n\n") if text else None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Remember where, in case it becomes a double click."""
        self._pressed_at = event.get_content_offset(self)

    def text_select_all(self) -> None:
        """Select a word at a double click, not the whole message."""
        if self._pressed_at is None:
            return
        self.screen.selections = {self: word_at(self.stack, *self._pressed_at)}

    def on_click(self, event: events.Click) -> None:
        """Select a paragraph at a triple click, not the whole conversation."""
        if event.chain == 3 and self._pressed_at is not None:
            event.prevent_default()
            chosen = paragraph_at(self.stack, self._pressed_at.y)
            self.screen.selections = {self: chosen} if chosen is not None else {}

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw the selection."""
        self.refresh()

    def notify_style_update(self) -> None:
        """Drop all styles and lines: the theme or the stylesheet has changed."""
        super().notify_style_update()
        self._base = None
        if self.stack.sections:
            self.call_later(self._restyle)  # only then are the styles of the parts new, too

    def _restyle(self) -> None:
        """Draw the sections in new colours, if they have changed: laying a long text out again takes its time."""
        worn = self._new_looks()
        if worn != self._current_styles:
            self._current_styles = worn
            self.stack.restyle(*worn)
            self.laid_out(self._laid_out_width, *worn)
            self.lay_out_more()
            self.refresh(layout=True)

    def laid_out(self, width: int, look: Look, palette: MessageStyles) -> None:
        """Do what a new width or new colours of the sections ask for."""

    def segments_at(self, y: int) -> list[Segment]:
        """Return the segments of one line."""
        line = list(self.stack.line(y))
        if self.stack.busy:
            self.turns.expect(self)
        return line

    def redraw_line(self, y: int) -> None:
        """Draw one line again."""
        self.refresh(Region(0, y, self.size.width, 1))

    @property
    def _base_style(self) -> Style:
        """The style under all lines; working it out takes longer than drawing a line."""
        if self._base is None:
            self._base = self.rich_style
        return self._base
