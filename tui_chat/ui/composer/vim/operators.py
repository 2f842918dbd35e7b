"""The changes that commands make: each is an edit, and the place of the cursor after it."""

from __future__ import annotations

import re

from tui_chat.records import dataclass
from tui_chat.ui.composer.vim.buffer import Buffer, Edit, Span

INDENT = 4
"""Spaces by which lines are shifted."""
LONGEST_PUT = 1_000_000
"""Characters that a count may put in."""

_MARGIN = re.compile(rf"(?m)^(?:\t| {{1,{INDENT}}})")
_FILLED_LINE = re.compile(r"(?m)^(?=[^\n])")
_CLOSING = ")"


@dataclass(frozen=True, slots=True)
class Register:
    """The text that was taken last."""

    text: str = ""
    linewise: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """An edit, and where the cursor lies after it."""

    edit: Edit
    cursor: int

    def with_text(self, text: str) -> Change:
        """Return the change with a text put in at the cursor, which lies behind it then."""
        at, cursor = self.cursor - self.edit.start, self.cursor + len(text)
        replaced = self.edit.text[:at] + text + self.edit.text[at:]
        return Change(Edit(self.edit.start, self.edit.end, replaced), cursor)


def taken(buffer: Buffer, span: Span) -> Register:
    """Return what an operator takes of the text."""
    return Register(buffer.content[span.start : span.end], span.linewise)


# -- the operators


def delete(buffer: Buffer, span: Span) -> Change:
    """Delete it; whole lines with a line end."""
    if not span.linewise:
        return Change(Edit(span.start, span.end), span.start)
    is_last = span.end == len(buffer)
    edit = Edit(max(span.start - 1, 0), span.end) if is_last else Edit(span.start, span.end + 1)
    after = buffer.edited(edit)
    return Change(edit, after.first_nonblank(min(span.start, len(after))))


def begin_change(span: Span) -> Change:
    """Delete it, to write something in its place; of whole lines, an empty one stays."""
    return Change(Edit(span.start, span.end), span.start)


def shift(buffer: Buffer, span: Span, times: int, *, right: bool) -> Change:
    """Shift its lines, but for empty ones."""
    start, end = buffer.line_start(span.start), buffer.line_end(max(span.end - (not span.linewise), span.start))
    text = buffer.content[start:end]
    for _ in range(min(times, INDENT * 2)):
        text = _FILLED_LINE.sub(" " * INDENT, text) if right else _MARGIN.sub("", text)
    edit = Edit(start, end, text)
    return Change(edit, buffer.edited(edit).first_nonblank(start))


def with_case(buffer: Buffer, span: Span, how: str) -> Change:
    """Write it in capitals (U), in small letters (u), or each letter the other way (~); a token keeps its letters."""
    convert = {"U": str.upper, "u": str.lower, "~": str.swapcase}[how]
    units = ((buffer.is_token(start), buffer.content[start:end]) for start, end in buffer.units(span))
    text = "".join(unit if is_token else convert(unit) for is_token, unit in units)
    return Change(Edit(span.start, span.end, text), span.start)


def overwrite(buffer: Buffer, span: Span, character: str) -> Change:
    """Put a character in the place of each unit but line ends; the cursor lies on the last."""
    units = [buffer.content[start:end] for start, end in buffer.units(span)]
    text = "".join("\n" if unit == "\n" else character for unit in units)
    return Change(Edit(span.start, span.end, text), max(span.start + len(text) - len(character), span.start))


def join(buffer: Buffer, at: int, lines: int) -> Change | None:
    """Make one line of several, with a space where each was parted; None if there is none below."""
    start, end = buffer.line_end(at), buffer.line_end(buffer.lines_below(at, lines - 1))
    if start == end:
        return None
    joined, last_seam = buffer.line_text(at), len(buffer.line_text(at))
    for line in buffer.content[start + 1 : end].split("\n"):
        last_seam, text = len(joined), line.lstrip()
        spaced = joined and not joined[-1].isspace() and text and not text.startswith(_CLOSING)
        joined += f" {text}" if spaced else text
    line_start = buffer.line_start(at)
    return Change(Edit(line_start, end, joined), line_start + last_seam)


# -- putting in what was taken


def put(buffer: Buffer, at: int, register: Register, times: int, *, after: bool) -> Change:
    """Put it in before the cursor or after it; lines, above or below."""
    text = register.text
    times = max(min(times, LONGEST_PUT // max(len(text), 1)), 1)
    if register.linewise:
        return _put_lines(buffer, at, "\n".join([text] * times), below=after)
    place = buffer.after(at) if after and at < buffer.line_end(at) else at
    edit = Edit(place, place, text * times)
    return Change(edit, place if "\n" in text else buffer.edited(edit).before(place + len(edit.text)))


def _put_lines(buffer: Buffer, at: int, text: str, *, below: bool) -> Change:
    place = buffer.line_end(at) if below else buffer.line_start(at)
    edit = Edit(place, place, f"\n{text}" if below else f"{text}\n")
    return Change(edit, buffer.edited(edit).first_nonblank(place + below))


def put_in_place(buffer: Buffer, span: Span, register: Register) -> Change:
    """Put it in the place of what is selected."""
    text = f"\n{register.text}\n" if register.linewise and not span.linewise else register.text
    edit = Edit(span.start, span.end, text)
    if register.linewise or span.linewise:
        return Change(edit, buffer.edited(edit).first_nonblank(span.start + text.startswith("\n")))
    return Change(edit, max(buffer.edited(edit).before(span.start + len(text)), span.start))


def open_line(buffer: Buffer, at: int, *, below: bool) -> Change:
    """Begin a new line below this one, or above it."""
    place = buffer.line_end(at) if below else buffer.line_start(at)
    return Change(Edit(place, place, "\n"), place + below)
