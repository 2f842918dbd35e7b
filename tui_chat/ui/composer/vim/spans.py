"""The parts of a text that commands act on, where that is more than where a motion leads."""

from __future__ import annotations

from tui_chat.ui.composer.vim.buffer import SPACE, Buffer, Span
from tui_chat.ui.composer.vim.grammar import Command
from tui_chat.ui.composer.vim.insertion import Repeatable
from tui_chat.ui.composer.vim.motions import Reach, next_word, span_of, word_end


def selected_again(last: Repeatable, buffer: Buffer, cursor: int) -> Span:
    """Return as much from the cursor on as was selected."""
    if last.linewise:
        return span_of(buffer, cursor, buffer.lines_below(cursor, last.size - 1), Reach.LINEWISE)
    end = cursor
    for _ in range(last.size):
        end = buffer.after(end)
    return Span(cursor, end)


def words(command: Command, buffer: Buffer, cursor: int) -> Span:
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


def units(command: Command, buffer: Buffer, cursor: int) -> Span | None:
    """Return as many units as the count says, in the line; None if one is to be put in the place of more than that."""
    enough = command.name != "r" or buffer.step(cursor, command.times - 1) < buffer.line_end(cursor)
    return Span(cursor, buffer.step(cursor, command.times)) if enough else None


def line_count(buffer: Buffer, span: Span) -> int:
    """Return the number of lines that a part has something of."""
    return buffer.content.count("\n", span.start, span.end) + 1
