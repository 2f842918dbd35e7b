"""A reply in the conversation, from its first token to its last."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.reactive import var
from textual.timer import Timer

from tui_chat.chat.citations import Source, sources_of
from tui_chat.chat.compaction import is_summary
from tui_chat.chat.events import MessageStart, StreamEvent, TextDelta
from tui_chat.chat.message import Message
from tui_chat.patterns import pattern
from tui_chat.records import replace
from tui_chat.rendering import Look
from tui_chat.text import cell_len
from tui_chat.ui.messages.highlights import marked
from tui_chat.ui.messages.message_marks import MessageMarks
from tui_chat.ui.messages.message_sections import (
    HeaderSection,
    Note,
    NoteSection,
    branch_actions,
)
from tui_chat.ui.messages.message_widget import MessageWidget
from tui_chat.ui.messages.notes import note_for
from tui_chat.ui.messages.reply_sections import ReplySections
from tui_chat.ui.messages.reply_style import WITHOUT_KEYS, ReplyStyle
from tui_chat.ui.messages.sections import MessageStyles, TextSection
from tui_chat.ui.messages.sources_section import SourcesSection
from tui_chat.ui.messages.tool_section import ToolSection
from tui_chat.ui.messages.work_turns import WorkTurns
from tui_chat.ui.shared.clipboard import copy
from tui_chat.ui.shared.model_label import model_label

BLINK_INTERVAL_S = 0.53
TICK_INTERVAL_S = 1.0
SEAM_MARK = "⋯"
_NUMBER = pattern(r"\[\d+\]")


class StreamingMessage(MessageWidget):
    """One reply: it takes events while they come, and shows how it ended."""

    cursor_lit: var[bool] = var(True, init=False)
    """True if the cursor is in the lit half of its blinking."""
    elsewhere: var[bool] = var(False, init=False)
    """True if another window fetches the reply: there it can be stopped."""

    def __init__(
        self, message: Message, style: ReplyStyle = WITHOUT_KEYS, turns: WorkTurns | None = None, *, last: bool = True
    ) -> None:
        """`turns` are shared with the other messages of a list."""
        super().__init__(message.id, turns or WorkTurns(self, style.frame_s))
        self._last = last
        self._note: NoteSection | None = None
        self._answers = ""
        """The names of those whose answers it is about."""
        self.message = message
        self._style = style
        self._live = message.status.live
        self._draws_diagrams = True
        self._sections = ReplySections(self.stack, show_thinking=style.show_thinking, counting=style.counting)
        self._blinking: Timer | None = None
        self._ticking: Timer | None = None

    def build(self) -> None:
        """Lay out the header, what there is of the reply, and how it ended."""
        self._header = HeaderSection(self._laid_out_width, self.palette, self._speaker)
        self._note = None
        self._sections.lay(
            self._header, self.message.parts, self._laid_out_width, self.look, self.palette, live=self._live
        )
        if self._live:
            self._show_live()
        else:
            self._show_end()
        self.lay_out_more()

    def on_unmount(self) -> None:
        """Let go of what has come, too."""
        self._sections.let_go()

    def show(self, message: Message, style: ReplyStyle | None = None) -> None:
        """Show another state of the reply, one that goes on or was taken back; or the same in another style."""
        self.message, self._live = message, message.status.live
        if style is not None:
            self._style = style
            self._sections.show_thinking, self._sections.counting = style.show_thinking, style.counting
            self._stop_timers()
        self.build()

    def take_up(self, message: Message, *, last: bool) -> None:
        """Show another state of the reply, and the keys that act on the last one."""
        if self.message is not message:
            self.show(message)
        self.show_last(last)

    def restyle(self, style: ReplyStyle, message: Message | None) -> None:
        """Show it in another style, unless it has gone."""
        if message is not None:
            self.show(message, style)

    def show_last(self, last: bool) -> None:
        """Show the keys that act on the last reply, or no longer."""
        if last is self._last:
            return
        self._last = last
        note = self._note_shown
        if self._note is not None and note is not None:
            self._note.note = note
            self._note.invalidate()
            self.update_lines()

    def show_marks(self, marks: MessageMarks) -> None:
        """Show them; and once it has ended, whose the answers were that it is about."""
        super().show_marks(marks)
        answers = marks.answers.get(self.message_id, "")
        if answers != self._answers:
            self._answers = answers
            if self.stack.sections and not self._live:
                self.build()

    def feed(self, events: Sequence[StreamEvent]) -> None:
        """Show what has come."""
        if not self.busy:
            self.hold_drawing()
        for event in events:
            self._sections.take(event)
            if isinstance(event, MessageStart) and event.model:
                self._show_model(event.model)
        self._keep_lit()
        self.lay_out_more()

    def read_along(self, message: Message) -> None:
        """Show what has come of it in another window since the last look; text costs what is new of it."""
        if self.busy:
            return  # what it shows is not all that it has; the next look is soon
        before = self.text
        if message.status.live and len(message.parts) == len(self.message.parts) and message.text.startswith(before):
            self.message = message
            if more := message.text[len(before) :]:
                self.feed([TextDelta(max(len(message.parts) - 1, 0), more)])
        else:
            self.show(message)

    def finish(self, message: Message) -> None:
        """Show how the reply ended, below what it already shows."""
        self.message, self._live = message, False
        self._show_end()
        self.lay_out_more()

    def work(self) -> bool:
        """Lay out more of the text; where the parts of the reply join is known when that is done."""
        done = super().work()
        if done:
            for y in self._open_seam_lines():
                self.redraw_line(y)
        return done

    @property
    def blinks(self) -> bool:
        """True if its cursor blinks."""
        return self._blinking is not None

    @property
    def sources(self) -> Sequence[Source]:
        """The sources that it cites, as far as it has come."""
        return self._sections.sources

    @property
    def source(self) -> str:
        """The text that it shows, with the numbers of sources."""
        return self._sections.source

    @property
    def text(self) -> str:
        """The text that it shows, as it came."""
        return self._sections.text

    @property
    def code_blocks(self) -> list[str]:
        """The texts of its code blocks, as they came."""
        return self._sections.code_blocks

    @property
    def can_fold(self) -> bool:
        """True if it has thinking or calls of tools."""
        return self._sections.can_fold

    def toggle_fold(self) -> None:
        """Fold or unfold the thinking and the calls of tools."""
        self._sections.toggle_folds()
        self.lay_out_more()

    def _new_looks(self) -> tuple[Look, MessageStyles]:
        look, palette = super()._new_looks()
        return replace(look, diagrams=self._style.diagrams if self._draws_diagrams else None), palette

    def toggle_diagrams(self) -> None:
        """Show the source of its diagrams, or draw them again."""
        self._draws_diagrams = not self._draws_diagrams
        self._restyle()

    def show_diagrams(self) -> None:
        """Show what has been drawn by now."""
        texts = [section for section in self.stack.sections if isinstance(section, TextSection)]
        waiting = [text for text in texts if text.document.waits_for_drawings]
        if waiting:
            self.stack.expect(*waiting)
            self.lay_out_more()

    def update_header(self) -> None:
        """Show who wrote it; the keys that stop it while it comes, then its number among the prompt's replies."""
        self._header.role, self._header.meta = self._speaker, self._about
        self._header.bookmarked, self._header.left_out = self.bookmarked, self.left_out
        key_of = self._style.key_of
        if self._style.headed or (self._live and self.elsewhere):
            self._header.actions = ()
        elif self._live:
            offered = (key_of("stop"), "stop", "screen.stop"), (key_of("cancel"), "discard", "screen.cancel")
            self._header.actions = tuple(target for target in offered if target[0])
        else:
            self._header.actions = branch_actions(self.message, self.branch, key_of)
        self._header.invalidate()

    @property
    def _speaker(self) -> str:
        """The writer of it; a summary is shown like a reply while it comes."""
        if self._style.headed:
            return "Reply"
        return "Summary" if is_summary(self.message_id) else self.message.metadata.speaker

    def action_toggle_fold(self) -> None:
        """Fold or unfold at a click."""
        self.toggle_fold()

    def on_click(self, event: events.Click) -> None:
        """Unfold a call whose heading is clicked; copy the code of a block whose label is; show a number's source."""
        at = event.get_content_offset(self)
        found = self.stack.locate(at.y) if at is not None else None
        if found is not None and isinstance(found[0], ToolSection) and found[1] == 0:
            event.stop()
            found[0].fold(unfolded=not found[0].unfolded)
            self.stack.expect(found[0])
            self.lay_out_more()
            return
        if found is None or not isinstance(found[0], TextSection):
            return
        code = next((block.text for block in found[0].document.code_blocks if block.first_line == found[1]), None)
        if code is not None:
            event.stop()
            copy(self.app, code, "the code")
        elif at is not None and (number := self._number_at(found[0], found[1], at.x)) is not None:
            event.stop()
            self.app.call_later(self.screen.run_action, f"open_source('{self.message_id}', {number})")

    def _number_at(self, section: TextSection, row: int, cell: int) -> int | None:
        """Return the source whose number is in a cell of a section."""
        text = "".join(segment.text for segment in section.line(row))
        inside = (match for match in _NUMBER.finditer(text) if cell_len(text[: match.start()]) <= cell)
        last = next((match for match in inside if cell < cell_len(text[: match.end()])), None)
        return self._sections.number_at(section, row, last.start()) if last is not None else None

    def watch_elsewhere(self) -> None:
        """Say so, or no longer."""
        self.update_header()
        self.update_lines()

    def watch_cursor_lit(self) -> None:
        """Redraw the one line that has the cursor."""
        self.redraw_line(self.stack.height - 1)

    def laid_out(self, width: int, look: Look, palette: MessageStyles) -> None:
        """Give sections to come the width and the colours of those that are there."""
        self._sections.restyle(width, look, palette)

    def segments_at(self, y: int) -> list[Segment]:
        """Return a line's segments; the last line of a reply that is coming ends in the cursor."""
        segments = self._with_numbers(super().segments_at(y), y)
        if self._live and self._style.cursor and y == self.stack.height - 1:
            return self._with_cursor(segments)
        return self._with_seam_mark(segments) if y in self._open_seam_lines() else segments

    def _with_numbers(self, segments: list[Segment], y: int) -> list[Segment]:
        """Return a line with the numbers of sources in the colour of those."""
        found = self.stack.locate(y) if self._sections.cites else None
        if found is None or not isinstance(found[0], TextSection):
            return segments
        text = "".join(segment.text for segment in segments)
        for match in _NUMBER.finditer(text):
            if self._sections.number_at(found[0], found[1], match.start()) is not None:
                segments = marked(segments, match.span(), self.palette.source)
        return segments

    def _open_seam_lines(self) -> set[int]:
        """Return the lines where nothing proves that the parts of the reply were joined as they belong."""
        seams = () if self._live else self.message.metadata.open_seams
        places = [self._sections.shown_place(max(seam - 1, 0)) for seam in seams]
        return {line for place in places if (line := self.stack.line_of_text(place)) is not None}

    def _with_seam_mark(self, segments: list[Segment]) -> list[Segment]:
        """Return a line with a quiet mark at its end, where there is room; it is no part of the text."""
        mark = Segment(f" {self._seam_mark}", self.palette.meta)
        used = cell_len("".join(segment.text for segment in segments).rstrip())
        if used + mark.cell_length > self._laid_out_width:
            return segments
        return [*Segment.adjust_line_length(segments, used, pad=False), mark]

    @property
    def _seam_mark(self) -> str:
        return "~" if self.look.ascii else SEAM_MARK

    def _with_cursor(self, segments: list[Segment]) -> list[Segment]:
        """Return the line with the cursor after its text; a code block's ground goes on behind and beyond it."""
        cursor = self._style.cursor if self.cursor_lit else " " * cell_len(self._style.cursor)
        colour = Style(color=self.palette.cursor.color)
        text, style, _ = segments[-1] if segments else Segment("")
        ground = text[len(text.rstrip()) :]
        if not ground:
            return [*segments, Segment(cursor, colour)]
        rest = Segment(ground[cell_len(cursor) :], style)
        return [*segments[:-1], Segment(text.rstrip(), style), Segment(cursor, (style or Style()) + colour), rest]

    def _show_model(self, model: str) -> None:
        """Show the model that answers: it may be another than was asked for."""
        self.message = replace(self.message, metadata=replace(self.message.metadata, model=model))
        self.update_header()

    def _show_live(self) -> None:
        self.add_class("-live")
        self.update_header()
        if self._style.cursor_blink and self._blinking is None:
            self._blinking = self.set_interval(BLINK_INTERVAL_S, self._blink)
        if self._style.counting and self._ticking is None:
            self._ticking = self.set_interval(TICK_INTERVAL_S, self._tick)

    def _show_end(self) -> None:
        self.remove_class("-live")
        self._stop_timers()
        self.update_header()
        self._sections.end(self.message.parts)
        if sources := sources_of(self.message.parts):
            self.stack.add(SourcesSection(self._laid_out_width, self.palette, self.message.id, sources))
        if self._answers:
            self.stack.add(NoteSection(self._laid_out_width, self.palette, Note(self._answers)))
        note = self._note_shown
        if note is not None:
            self._note = NoteSection(self._laid_out_width, self.palette, note)
            self.stack.add(self._note)

    @property
    def _note_shown(self) -> Note | None:
        """The note on how it ended; only the last reply has actions beside it, since the keys act on that."""
        note = note_for(self.message, self._style.key_of)
        return note if note is None or self._last else replace(note, actions=())

    @property
    def _about(self) -> str:
        """The model that wrote it, when, and whether the text that shows no seam has one; or where it is coming."""
        about = self.message.metadata
        resumed = "resumed" if about.metrics.resumes and about.seams else ""
        if about.open_seams and not self._live:
            resumed = f"{self._seam_mark} joined there, unproven"
        edited = "edited" if about.edited else ""
        coming = "coming in another window" if self._live and self.elsewhere else ""
        model = "" if self._style.headed else model_label(about.model)
        return " · ".join(filter(None, [model, edited, self._style.written_at(self.message), resumed, coming]))

    def _stop_timers(self) -> None:
        for timer in filter(None, (self._blinking, self._ticking)):
            timer.stop()
        self._blinking = self._ticking = None
        self.set_reactive(StreamingMessage.cursor_lit, True)

    def _blink(self) -> None:
        self.cursor_lit = not self.cursor_lit

    def _tick(self) -> None:
        self._sections.tick()
        self.update_lines()

    def _keep_lit(self) -> None:
        """Keep the cursor lit while text flows, as a cursor under a typing hand is."""
        if self._blinking is not None:
            self._blinking.reset()
        self.set_reactive(StreamingMessage.cursor_lit, True)
