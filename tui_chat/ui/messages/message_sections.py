"""The sections of a message: its header, its parts, and what the program has to say about it."""

from __future__ import annotations

from collections.abc import Callable

from rich.segment import Segment
from rich.style import Style

from tui_chat.chat.message import BranchPlace, Message
from tui_chat.chat.parts import ToolResultPart
from tui_chat.records import dataclass
from tui_chat.text import cell_len, clean, clean_line
from tui_chat.text.limits import LONGEST_RAW
from tui_chat.ui.messages.message_marks import BOOKMARK
from tui_chat.ui.messages.sections import UNDRAWN, MessageStyles, Point, StaticSection
from tui_chat.ui.shared.text_rows import wrapped

LONGEST_SHOWN = 20_000
"""Characters shown of what goes to a tool and comes from it; nobody reads more."""


class HeaderSection(StaticSection):
    """The speaker, the facts about the message and, while it comes, the click target that stops it."""

    def __init__(self, width: int, palette: MessageStyles, role: str) -> None:
        super().__init__(width, palette)
        self.role = role
        self.meta = ""
        self.bookmarked = False
        self.left_out = ""
        self.actions: tuple[tuple[str, str, str], ...] = ()
        """Click targets at the right end: the key, the label and the action of each; without a key a label alone."""

    def make(self) -> list[list[Segment]]:
        """Return one line, cut to the width."""
        meta = f"  {clean_line(self.meta)}" if self.meta else ""
        left = [Segment(self.role, self.palette.role), Segment(meta, self.palette.meta)]
        if self.bookmarked:
            left.insert(1, Segment(f" {BOOKMARK}", self.palette.key))
        if self.left_out:
            left.insert(len(left) - 1, Segment(f"  {self.left_out}", self.palette.key))
        targets: list[Segment] = []
        for key, label, action in self.actions:
            click = Style.from_meta({"@click": action}) if action else Style()
            said = f" {label}" if key and label else label
            targets += [Segment("  "), Segment(key, self.palette.key + click), Segment(said, self.palette.meta + click)]
        room = self.width - sum(cell_len(target.text) for target in targets)
        if not targets or room < cell_len(self.role):
            return [list(Segment.adjust_line_length(left, self.width, pad=False))]
        return [[*Segment.adjust_line_length(left, room), *targets]]

    def source_between(self, start: Point, end: Point) -> str:
        """Return the speaker; the rest of the line is the program's own."""
        return self.role


def branch_actions(
    message: Message, place: BranchPlace | None, key_of: Callable[[str], str]
) -> tuple[tuple[str, str, str], ...]:
    """Return this message's number among those in its place, between the keys that go to the others."""
    if place is None:
        return ()
    turn = f"screen.turn_branch('{message.id}', {{}})"
    before, after = key_of("previous_branch"), key_of("next_branch")
    return (before, "", turn.format(-1)), ("", f"{place.at}/{place.of}", ""), (after, "", turn.format(1))


@dataclass(frozen=True)
class Note:
    """The content of a note."""

    label: str
    sentence: str = ""
    actions: tuple[tuple[str, str, str], ...] = ()
    """Key, label and action of each thing that can be done."""
    grave: bool = False
    """True if it tells of a failure."""


class NoteSection(StaticSection):
    """The program's note about a message: how it ended, what went wrong, what can be done."""

    def __init__(self, width: int, palette: MessageStyles, note: Note) -> None:
        super().__init__(width, palette)
        self.note = note

    def make(self) -> list[list[Segment]]:
        """Return the label, the sentence and the keys."""
        style = self.palette.error if self.note.grave else self.palette.status
        lines: list[list[Segment]] = [[Segment(text, style)] for text in wrapped(self.note.label, self.width)]
        lines += [[Segment(text, self.palette.meta)] for text in wrapped(self.note.sentence, self.width)]
        if self.note.actions:
            lines += self._actions()
        return lines

    def _actions(self) -> list[list[Segment]]:
        """Return the keys that act on the message, each also a click target, as many on a line as fit."""
        rows: list[list[Segment]] = [[]]
        used = 0
        for key, label, action in self.note.actions:
            text = f"{key} {label}"
            if used and used + 3 + cell_len(text) > self.width:
                rows.append([])
                used = 0
            if used:
                rows[-1].append(Segment("   "))
                used += 3
            click = Style.from_meta({"@click": action})
            rows[-1] += [Segment(key, self.palette.key + click), Segment(f" {label}", self.palette.meta + click)]
            used += cell_len(text)
        return [list(Segment.adjust_line_length(row, self.width, pad=False)) for row in rows]


class ToolResultSection(StaticSection):
    """A tool's result whose call is in another message, as plain text."""

    def __init__(self, width: int, palette: MessageStyles, result: ToolResultPart) -> None:
        super().__init__(width, palette)
        self._result = result

    def make(self) -> list[list[Segment]]:
        """Return a line that says whether it worked, and the text indented."""
        style = self.palette.error if self._result.failed else self.palette.tool
        title = Segment("Tool error" if self._result.failed else "Tool result", style)
        body = wrapped(shortened(self._result.text), max(self.width - 2, 1))
        return [
            list(Segment.adjust_line_length([title], self.width, pad=False)),
            *([Segment(f"  {text}", self.palette.meta)] for text in body),
        ]


class RawSection(StaticSection):
    """A part that cannot be drawn as what it is: a sentence that says so, and what there is of it."""

    def __init__(self, width: int, palette: MessageStyles, raw: str) -> None:
        super().__init__(width, palette)
        self._raw = raw[:LONGEST_RAW]

    def append(self, raw: str) -> None:
        """Add more of it."""
        if len(self._raw) < LONGEST_RAW:
            self._raw = (self._raw + raw)[:LONGEST_RAW]
            self.invalidate()

    def make(self) -> list[list[Segment]]:
        """Return the sentence, and the raw text below it."""
        said = [[Segment(text, self.palette.error)] for text in wrapped(f"{UNDRAWN} This is its text:", self.width)]
        return said + [[Segment(text, self.palette.meta)] for text in wrapped(clean(self._raw), self.width)]


def shortened(text: str) -> str:
    """Return as much of a foreign text as is shown, cleaned."""
    return clean(text) if len(text) <= LONGEST_SHOWN else f"{clean(text[:LONGEST_SHOWN])}…"
