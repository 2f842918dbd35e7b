"""The modes, and what each key does in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from tui_chat.ui.composer.vim import operators
from tui_chat.ui.composer.vim.buffer import SPACE, Buffer, Edit, Span
from tui_chat.ui.composer.vim.grammar import CASES, NOTHING, SAME_AS, WAITING, Command, parse
from tui_chat.ui.composer.vim.history import History
from tui_chat.ui.composer.vim.insertion import Insertion, Repeatable
from tui_chat.ui.composer.vim.motions import (
    Find,
    Reach,
    Start,
    column_after,
    destination,
    find_meant,
    keeps_column,
    next_word,
    span_of,
    word_end,
)
from tui_chat.ui.composer.vim.operators import Change, Register
from tui_chat.ui.composer.vim.text_objects import TEXT_OBJECTS


class Mode(StrEnum):
    """A way to take the keys."""

    INSERT = "insert"
    NORMAL = "normal"
    VISUAL = "visual"
    VISUAL_LINE = "visual line"

    @property
    def selects(self) -> bool:
        """True if there is a selection, which moves with the cursor."""
        return self in (Mode.VISUAL, Mode.VISUAL_LINE)


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
        if key == "ctrl+r":
            return self.mode is Mode.NORMAL
        return len(key) == 1 or key in ("backspace", "delete") or (key in SAME_AS and self.wants_escape)

    def drop_command(self) -> None:
        """Forget the beginning of a command, because a key came that is none of vim's."""
        self._keys.clear()

    def press(self, key: str, buffer: Buffer, cursor: int) -> Result:
        """Do what a key does that vim takes."""
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
        if self.mode is Mode.INSERT:
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
        if self._keys or self.mode is not Mode.INSERT:
            if not self._keys:
                self.mode = Mode.NORMAL
            self._keys.clear()
            return Result(None, buffer.clamp(cursor))
        self.mode = Mode.NORMAL
        insertion, self._insertion = self._insertion, None
        if insertion is not None:
            self._last = replace(insertion.repeatable, typed=insertion.typed(buffer.content))
            if edit := insertion.repeated(buffer.content):
                return self._changed(buffer, Change(edit, edit.start + len(edit.text) - 1))
        return Result(None, buffer.clamp(buffer.step(cursor, -1)))

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
        if _is_written_after(last.command.name):
            change = _written(change, last)
        return self._changed(buffer, change)

    def _finish(self, repeatable: Repeatable, buffer: Buffer, change: Change) -> Result:
        """Make a change; or begin to write, if that is what comes after it."""
        if not _is_written_after(repeatable.command.name):
            self._last = repeatable
            return self._changed(buffer, change)
        self.mode = Mode.INSERT
        self._insertion = Insertion(repeatable, change.edit.apply(buffer.content), change.cursor)
        return Result(change.edit, change.cursor)

    def _change(self, repeatable: Repeatable, buffer: Buffer, cursor: int) -> Change | None:
        """Return what a command changes; None if it is none, or there is nothing to change."""
        command = repeatable.command
        match command.name:
            case "i" | "a" | "I" | "A" | "o" | "O":
                return _entry(command.name, buffer, cursor)
            case "p" | "P" if not repeatable.size and self._register.text:
                return operators.put(buffer, cursor, self._register, command.times, after=command.name == "p")
            case "J" if not repeatable.size:
                return operators.join(buffer, cursor, max(command.times, 2))
        span = _selected_again(repeatable, buffer, cursor) if repeatable.size else self._span(command, buffer, cursor)
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
            span = _words(command, buffer, cursor)
        elif command.name in ("~", "r"):
            span = _units(command, buffer, cursor)
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
                return operators.join(buffer, span.start, max(_line_count(buffer, span), 2))
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
                self.mode = Mode.NORMAL if self.mode is mode else mode
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
        self.mode = Mode.NORMAL
        if command.name == "y":
            self._register = operators.taken(buffer, span)
            return Result(None, buffer.clamp(span.start))
        change = self._operate(command, buffer, span)
        if change is None:
            return Result(None, buffer.clamp(span.start))
        if command.name == "r":
            change = replace(change, cursor=span.start)
        size = _line_count(buffer, span) if span.linewise else sum(1 for _ in buffer.units(span))
        return self._finish(Repeatable(command, size, span.linewise), buffer, change)


def _is_written_after(name: str) -> bool:
    return name in ("c", "i", "a", "I", "A", "o", "O")


def _entry(name: str, buffer: Buffer, at: int) -> Change:
    """Return where writing begins, and the line that is opened for it."""
    if name in ("o", "O"):
        return operators.open_line(buffer, at, below=name == "o")
    text = buffer.line_text(at)
    place = {
        "i": at,
        "a": buffer.step(at, 1),
        "I": buffer.line_start(at) + len(text) - len(text.lstrip()),
        "A": buffer.line_end(at),
    }[name]
    return Change(Edit(place, place), place)


def _written(change: Change, last: Repeatable) -> Change:
    """Return a change with what was written after it, as often as its count says."""
    command, typed = last.command, last.typed
    times = 1 if command.target or last.size else min(command.times, operators.LONGEST_PUT // max(len(typed), 1))
    between = "\n" if command.name in ("o", "O") else ""
    written = change.with_text(between.join([typed] * max(times, 1)))
    return replace(written, cursor=max(written.cursor - 1, change.cursor)) if typed else written


def _selected_again(last: Repeatable, buffer: Buffer, cursor: int) -> Span:
    """Return as much from the cursor on as was selected."""
    if last.linewise:
        return span_of(buffer, cursor, buffer.lines_below(cursor, last.size - 1), Reach.LINEWISE)
    end = cursor
    for _ in range(last.size):
        end = buffer.after(end)
    return Span(cursor, end)


def _words(command: Command, buffer: Buffer, cursor: int) -> Span:
    """Return words: what is changed ends with the last word, what is deleted with the spaces behind it in the line."""
    big, place = command.target == "W", cursor
    for _ in range(command.times - 1):
        place = next_word(buffer, place, big=big)
    if command.name == "c" and buffer.kind(cursor) != SPACE:
        return Span(cursor, word_end(buffer, place, big=big))
    end = next_word(buffer, place, big=big)
    if "\n" not in buffer.content[place:end]:
        return Span(cursor, end)
    if command.name != "c" and buffer.line_text(place) == "":  # an empty line is a word, and goes as a whole
        return span_of(buffer, cursor, place + 1, Reach.EXCLUSIVE)
    return Span(cursor, buffer.line_end(place))


def _units(command: Command, buffer: Buffer, cursor: int) -> Span | None:
    """Return as many units as the count says, in the line; None if one is to be put in the place of more than that."""
    enough = command.name != "r" or buffer.step(cursor, command.times - 1) < buffer.line_end(cursor)
    return Span(cursor, buffer.step(cursor, command.times)) if enough else None


def _line_count(buffer: Buffer, span: Span) -> int:
    return buffer.content.count("\n", span.start, span.end) + 1
