"""The modes, and what each key does in them."""

from __future__ import annotations

from enum import StrEnum

from tui_chat.records import dataclass, replace
from tui_chat.ui.composer.vim import operators
from tui_chat.ui.composer.vim.buffer import Buffer, Edit, Span
from tui_chat.ui.composer.vim.grammar import CASES, NOTHING, SAME_AS, WAITING, Command, parse
from tui_chat.ui.composer.vim.history import History
from tui_chat.ui.composer.vim.insertion import Insertion, Repeatable, entry, is_written_after, written
from tui_chat.ui.composer.vim.motions import (
    Find,
    Reach,
    Start,
    column_after,
    destination,
    find_meant,
    keeps_column,
    span_of,
)
from tui_chat.ui.composer.vim.operators import Change, Register
from tui_chat.ui.composer.vim.overwriting import Overwriting, overwritten
from tui_chat.ui.composer.vim.spans import line_count, selected_again, units, words
from tui_chat.ui.composer.vim.text_objects import TEXT_OBJECTS


class Mode(StrEnum):
    """A way to take the keys."""

    INSERT = "insert"
    NORMAL = "normal"
    VISUAL = "visual"
    VISUAL_LINE = "visual line"
    REPLACE = "replace"

    @property
    def selects(self) -> bool:
        """True if there is a selection, which moves with the cursor."""
        return self in (Mode.VISUAL, Mode.VISUAL_LINE)

    @property
    def writes(self) -> bool:
        """True if characters are text."""
        return self in (Mode.INSERT, Mode.REPLACE)


@dataclass(frozen=True, slots=True)
class _Selected:
    """A selection that can be made again."""

    mode: Mode
    anchor: int
    cursor: int


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of a key."""

    edit: Edit | None
    cursor: int


class Vim:
    """Takes keys, and keeps what they leave behind: the mode, what was taken, found and done last."""

    def __init__(self) -> None:
        self.mode = Mode.INSERT
        self._keys: list[str] = []
        """The beginning of a command."""
        self._anchor = 0
        """The place where the selection begins."""
        self._register = Register()
        self._find: Find | None = None
        self._last: Repeatable | None = None
        self._insertion: Insertion | None = None
        self._overwriting = Overwriting(NOTHING)
        self._selected: _Selected | None = None
        """The last selection."""
        self._history = History()
        self._wanted: float | None = None
        """The column that moves up and down keep."""
        self._left_at = -1
        """The place where the last key left the cursor."""

    @property
    def wants_escape(self) -> bool:
        """True if there is a mode, or the beginning of a command, that Esc ends."""
        return self.mode is not Mode.NORMAL or bool(self._keys)

    def begin(self) -> None:
        """Write in another text; nothing before it can be undone."""
        self.insert()
        self._history = History()

    def insert(self) -> None:
        """Take the keys for text."""
        self.mode, self._insertion = Mode.INSERT, None
        self._keys.clear()

    def select(self, anchor: int) -> None:
        """Take what is between a place and the cursor for selected."""
        self.mode, self._anchor = Mode.VISUAL, anchor

    def deselect(self) -> None:
        """Take nothing for selected."""
        if self.mode.selects:
            self.mode = Mode.NORMAL

    def selection(self, buffer: Buffer, cursor: int) -> Span | None:
        """Return what is selected; None if nothing is."""
        if not self.mode.selects:
            return None
        reach = Reach.LINEWISE if self.mode is Mode.VISUAL_LINE else Reach.INCLUSIVE
        return span_of(buffer, buffer.clamp(self._anchor), cursor, reach)

    def takes(self, key: str) -> bool:
        """True if a key is a command, or a part of one; printable keys are told by their characters."""
        if self.mode is Mode.INSERT or key == "escape":
            return key == "escape" and self.wants_escape
        if self.mode is Mode.REPLACE:
            return len(key) == 1 or key == "backspace"
        if key == "ctrl+r":
            return self.mode is Mode.NORMAL
        return len(key) == 1 or key in ("backspace", "delete") or (key in SAME_AS and self.wants_escape)

    def drop_command(self) -> None:
        """Forget the beginning of a command, because a key came that is none of vim's."""
        self._keys.clear()

    def press(self, key: str, buffer: Buffer, cursor: int) -> Result:
        """Do what a key does that vim takes."""
        if self.mode is Mode.REPLACE and key != "escape":
            change = self._overwriting.press(key, buffer, cursor)
            return Result(change.edit, change.cursor)
        self._history.note(buffer.content)
        if key == "escape":
            result = self._escape(buffer, cursor)
        else:
            cursor = buffer.clamp(cursor)
            self._wanted = self._wanted if cursor == self._left_at else None
            self._keys.append(key)
            result = self._parse(buffer, cursor)
        self._left_at = result.cursor
        return result

    def paste(self, text: str, buffer: Buffer, cursor: int) -> Result | None:
        """Put in what was pasted: after the cursor, or in the place of what is selected; None while one writes."""
        if self.mode.writes:
            return None
        self._keys.clear()
        self._history.note(buffer.content)
        span = self.selection(buffer, cursor)
        if span is None:
            place = buffer.after(cursor) if cursor < buffer.line_end(cursor) else cursor
            span = Span(place, place)
        edit = Edit(span.start, span.end, text)
        return self._changed(buffer, Change(edit, buffer.edited(edit).before(span.start + len(text))))

    # -- from keys to commands

    def _escape(self, buffer: Buffer, cursor: int) -> Result:
        """End the beginning of a command, or else the mode."""
        if self._keys or not self.mode.writes:
            if not self._keys:
                self._leave_selection(cursor)
            self._keys.clear()
            return Result(None, buffer.clamp(cursor))
        was, self.mode = self.mode, Mode.NORMAL
        if was is Mode.REPLACE:
            return self._end_overwriting(buffer, cursor)
        insertion, self._insertion = self._insertion, None
        if insertion is not None:
            self._last = replace(insertion.repeatable, typed=insertion.typed(buffer.content))
            if edit := insertion.repeated(buffer.content):
                return self._changed(buffer, Change(edit, edit.start + len(edit.text) - 1))
        return Result(None, buffer.clamp(buffer.step(cursor, -1)))

    def _end_overwriting(self, buffer: Buffer, cursor: int) -> Result:
        """Write it as often as the count says, and keep it for a repetition."""
        command, typed = self._overwriting.command, self._overwriting.typed
        if typed:
            self._last = Repeatable(command, typed=typed)
        if typed and command.times > 1:
            edit = overwritten(buffer, cursor, typed, command.times - 1)
            return self._changed(buffer, Change(edit, edit.start + len(edit.text) - 1))
        return Result(None, buffer.clamp(buffer.step(cursor, -1)))

    def _leave_selection(self, cursor: int) -> None:
        """Select nothing any more; it can be selected again."""
        if self.mode.selects:
            self._selected = _Selected(self.mode, self._anchor, cursor)
        self.mode = Mode.NORMAL

    def _select_again(self, buffer: Buffer, cursor: int) -> Result:
        """Select what was selected last; what is selected now comes in its place."""
        last = self._selected
        if last is None:
            return Result(None, cursor)
        if self.mode.selects:
            self._leave_selection(cursor)
        self.mode, self._anchor = last.mode, last.anchor
        return Result(None, buffer.clamp(last.cursor))

    def _parse(self, buffer: Buffer, cursor: int) -> Result:
        command = parse(self._keys, visual=self.mode.selects)
        if command == WAITING:
            return Result(None, cursor)
        self._keys.clear()
        if command == NOTHING:
            return Result(None, cursor)
        if command.is_motion:
            return self._go(command, buffer, cursor)
        span = self.selection(buffer, cursor)
        result = self._do(command, buffer, cursor) if span is None else self._do_selected(command, buffer, cursor, span)
        self._wanted = None
        return result

    def _go(self, command: Command, buffer: Buffer, cursor: int) -> Result:
        found = self._destination(command.name, command, buffer, cursor)
        if found is None:
            return Result(None, cursor)
        to = buffer.clamp(found[0])
        if not keeps_column(command.name):
            self._wanted = column_after(buffer, command.name, to)
        return Result(None, to)

    def _destination(self, keys: str, command: Command, buffer: Buffer, at: int) -> tuple[int, Reach] | None:
        if self._wanted is None:
            self._wanted = buffer.cells(at)
        start = Start(at, command.count, command.character, self._wanted, self._find)
        if command.character:
            self._find = find_meant(keys, start)
        return destination(buffer, keys, start)

    # -- commands without a selection

    def _do(self, command: Command, buffer: Buffer, cursor: int) -> Result:
        match command.name:
            case "v" | "V":
                self.mode = Mode.VISUAL if command.name == "v" else Mode.VISUAL_LINE
                self._anchor = cursor
            case "gv":
                return self._select_again(buffer, cursor)
            case "R":
                self.mode, self._overwriting = Mode.REPLACE, Overwriting(command)
            case "u" | "ctrl+r":
                steps = command.times if command.name == "u" else -command.times
                if change := self._history.go(steps):
                    return self._changed(buffer, change)
            case "." if self._last is not None:
                again = replace(self._last.command, count=command.count or self._last.command.count)
                return self._do_again(replace(self._last, command=again), buffer, cursor)
            case "y":
                if (span := self._span(command, buffer, cursor)) is not None:
                    self._register = operators.taken(buffer, span)
                    return Result(None, buffer.clamp(self._after_yank(command, buffer, span, cursor)))
            case _ if (change := self._change(Repeatable(command), buffer, cursor)) is not None:
                return self._finish(Repeatable(command), buffer, change)
        return Result(None, cursor)

    def _do_again(self, last: Repeatable, buffer: Buffer, cursor: int) -> Result:
        """Make the last change here, and write what was written after it."""
        change = self._change(last, buffer, cursor)
        if change is None:
            return Result(None, cursor)
        self._last = last
        if is_written_after(last.command.name):
            change = written(change, last)
        return self._changed(buffer, change)

    def _finish(self, repeatable: Repeatable, buffer: Buffer, change: Change) -> Result:
        """Make a change; or begin to write, if that is what comes after it."""
        if not is_written_after(repeatable.command.name):
            self._last = repeatable
            return self._changed(buffer, change)
        self.mode = Mode.INSERT
        self._insertion = Insertion(repeatable, change.edit.apply(buffer.content), change.cursor)
        return Result(change.edit, change.cursor)

    def _change(self, repeatable: Repeatable, buffer: Buffer, cursor: int) -> Change | None:
        """Return what a command changes; None if it is none, or there is nothing to change."""
        command = repeatable.command
        match command.name:
            case "R":
                edit = overwritten(buffer, cursor, repeatable.typed, command.times)
                return Change(edit, edit.start + len(edit.text) - 1)
            case "i" | "a" | "I" | "A" | "o" | "O":
                return entry(command.name, buffer, cursor)
            case "p" | "P" if not repeatable.size and self._register.text:
                return operators.put(buffer, cursor, self._register, command.times, after=command.name == "p")
            case "J" if not repeatable.size:
                return operators.join(buffer, cursor, max(command.times, 2))
        span = selected_again(repeatable, buffer, cursor) if repeatable.size else self._span(command, buffer, cursor)
        if span is None:
            return None
        change = self._operate(command, buffer, span)
        if command.name == "~" and change is not None and not repeatable.size:
            return replace(change, cursor=span.start + len(change.edit.text))
        if command.name in CASES and change is not None and span.linewise:
            is_doubled = command.target == command.name
            first = buffer.first_nonblank(span.start)
            return replace(change, cursor=first if is_doubled else self._after_yank(command, buffer, span, cursor))
        return change

    def _span(self, command: Command, buffer: Buffer, cursor: int) -> Span | None:
        """Return what a command acts on; None if that is nothing."""
        target, times = command.target, command.times
        if target and target == command.name:
            return span_of(buffer, cursor, buffer.lines_below(cursor, times - 1), Reach.LINEWISE)
        if target in TEXT_OBJECTS:
            span = TEXT_OBJECTS[target](buffer, cursor, times)
        elif target in ("w", "W"):
            span = words(command, buffer, cursor)
        elif command.name in ("~", "r"):
            span = units(command, buffer, cursor)
        else:
            found = self._destination(target, command, buffer, cursor)
            span = None if found is None else span_of(buffer, cursor, *found)
        if command.name == "c":
            return span or (Span(cursor, cursor) if target in ("l", "h", "w", "W", "$") else None)
        return span if span is not None and (span.linewise or span.start < span.end) else None

    def _after_yank(self, command: Command, buffer: Buffer, span: Span, cursor: int) -> int:
        """Return where the cursor lies after something was taken: where that begins, but in lines where it lay."""
        if not span.linewise or command.target in TEXT_OBJECTS:
            return span.start
        found = self._destination(command.target, command, buffer, cursor)
        return cursor if found is None else min(cursor, found[0])

    def _operate(self, command: Command, buffer: Buffer, span: Span) -> Change | None:
        """Return what an operator makes of a part of the text."""
        match command.name:
            case "d" | "c":
                self._register = operators.taken(buffer, span)
                return operators.delete(buffer, span) if command.name == "d" else operators.begin_change(span)
            case ">" | "<":
                times = 1 if command.target else command.times
                return operators.shift(buffer, span, times, right=command.name == ">")
            case "~" | "u" | "U" | "gu" | "gU" | "g~":
                return operators.with_case(buffer, span, command.name[-1])
            case "r":
                return operators.overwrite(buffer, span, command.character)
            case "J":
                return operators.join(buffer, span.start, max(line_count(buffer, span), 2))
            case "p" | "P":
                before, self._register = self._register, operators.taken(buffer, span)
                return operators.put_in_place(buffer, span, before)
        return None

    def _changed(self, buffer: Buffer, change: Change) -> Result:
        """Make a change; it can be undone."""
        after = buffer.edited(change.edit)
        self.mode = Mode.NORMAL
        self._history.note(after.content)
        return Result(change.edit, after.clamp(change.cursor))

    # -- commands with a selection

    def _do_selected(self, command: Command, buffer: Buffer, cursor: int, span: Span) -> Result:
        match command.name:
            case "v" | "V":
                mode = Mode.VISUAL if command.name == "v" else Mode.VISUAL_LINE
                if self.mode is mode:
                    self._leave_selection(cursor)
                else:
                    self.mode = mode
            case "gv":
                return self._select_again(buffer, cursor)
            case "o":
                self._anchor, cursor = cursor, buffer.clamp(self._anchor)
            case "select":
                return self._select_object(command, buffer, cursor)
            case _:
                return self._operate_on_selection(command, buffer, cursor, span)
        return Result(None, cursor)

    def _select_object(self, command: Command, buffer: Buffer, cursor: int) -> Result:
        span = TEXT_OBJECTS[command.target](buffer, cursor, command.times)
        if span is None or (span.start == span.end and not span.linewise):
            return Result(None, cursor)
        self.mode, self._anchor = Mode.VISUAL_LINE if span.linewise else Mode.VISUAL, span.start
        return Result(None, buffer.clamp(buffer.before(span.end) if span.end > span.start else span.start))

    def _operate_on_selection(self, command: Command, buffer: Buffer, cursor: int, span: Span) -> Result:
        if command.lines:
            span = span_of(buffer, span.start, max(buffer.before(span.end), span.start), Reach.LINEWISE)
        self._leave_selection(cursor)
        if command.name == "y":
            self._register = operators.taken(buffer, span)
            return Result(None, buffer.clamp(span.start))
        change = self._operate(command, buffer, span)
        if change is None:
            return Result(None, buffer.clamp(span.start))
        if command.name == "r":
            change = replace(change, cursor=span.start)
        size = line_count(buffer, span) if span.linewise else sum(1 for _ in buffer.units(span))
        return self._finish(Repeatable(command, size, span.linewise), buffer, change)
